"""A row that cannot be used is kept whole, with its place and its reason; the rest of the file goes in."""

import os

import pytest
from sqlalchemy import select

from tests.ingest.files import DOCUMENT, HEADER, MEETING, chat_row, numbered, write_types
from webui.database import db
from webui.ingest import activity_types, rejected
from webui.ingest.retry import retry
from webui.models import Rejected

TEN_MEGABYTES = 10_000_000

BAD_ROWS = {
    "attributes": [
        ({"attributes": '{"Page URL": '}, "not JSON"),
        ({"attributes": "Page URL=https://a.example/"}, "not JSON"),
        ({"attributes": "7"}, "neither a JSON object nor a list"),
        ({"attributes": '["Page URL"]'}, "no `name`"),
        ({"attributes": "[" * 100_000}, "not JSON"),
    ],
    "marketoGUID": [
        ({"marketoGUID": ""}, "no guid"),
        ({"marketoGUID": "null"}, "no guid"),
        ({"marketoGUID": "9" * 129}, "longer than 128"),
    ],
    "leadId": [
        ({"leadId": text}, "is not a Marketo lead id")
        for text in ("", "null", "0", "-1", "1.5", "Ann", "٣", "1" * 20)
    ],
    "activityDate": [
        ({"activityDate": text}, "is not a date and time")
        for text in ("", "null", "yesterday", "2031-04-02", "2031-13-02T08:15:30Z", "0001-01-01T00:00:00Z")
    ],
    "Conversation Status": [
        ({"attributes": {"Conversation Status": "Paused"}}, "'Paused' is not a status"),
        ({"attributes": {"Conversation Status": 5}}, "'5' is not a status"),
    ],
    "Meeting Status": [
        (
            {"activityTypeId": MEETING, "attributes": {"Meeting Status": "Completed"}},
            "'Completed' is not a status of Scheduled Appointment (Scheduled, Rescheduled, Cancelled)",
        ),
    ],
    "Document Opened": [
        (
            {"activityTypeId": DOCUMENT, "attributes": {"Document Opened": "perhaps"}},
            "neither true nor false",
        ),
    ],
    "activityTypeId": [
        ({"activityTypeId": text}, "not among the activity types") for text in ("1999", "", "null", "-1001")
    ],
}


def kept() -> list[Rejected]:
    """Return what is kept as rejected, in the order of the files' lines."""
    return list(db.session.scalars(select(Rejected).order_by(Rejected.file, Rejected.line)))


@pytest.mark.parametrize("column", BAD_ROWS)
def test_bad_rows_are_kept_whole_with_place_and_reason_and_the_rest_goes_in(bring, extract, stored, column):
    bad = BAD_ROWS[column]
    rows = [chat_row(**cells) for cells, _ in bad]
    path = extract(chat_row(marketoGUID="before"), *rows, chat_row(marketoGUID="after"))

    counts = bring(path)

    assert (counts["read"], counts["added"], counts["rejected"]) == (len(bad) + 2, 2, len(bad))
    assert sorted(stored()) == ["after", "before"]
    found = kept()
    places = {(one.source, one.file, one.column, one.header) for one in found}
    assert places == {("activities", "activities.csv", column, ",".join(HEADER))}
    assert [one.line for one in found] == list(range(3, 3 + len(bad)))
    assert [one.body for one in found] == path.read_text(encoding="utf-8").splitlines(keepends=True)[2:-1]
    assert [one.reason for one, (_, reason) in zip(found, bad, strict=True) if reason not in one.reason] == []


@pytest.mark.parametrize(
    "cells",
    [
        {"leadId": "0" + "1" * 20},
        {"leadId": "0" + "1" * 5_000},
        {"activityTypeId": "9" * 5_000},
        {"activityDate": "9" * 5_000},
    ],
    ids=lambda cells: str(cells)[:40],
)
def test_a_number_that_no_machine_holds_does_not_stop_the_import(bring, extract, cells):
    counts = bring(extract(chat_row(**cells), chat_row(marketoGUID="after")))
    assert (counts["added"], counts["rejected"]) == (1, 1)
    assert [one.column for one in kept()] == list(cells)


def test_the_line_is_that_where_the_row_begins_when_cells_hold_line_ends(bring, extract):
    bring(
        extract(chat_row('{\n"Page URL":\n"https://a.example/"}', marketoGUID="1"), chat_row(leadId="none"))
    )
    assert [one.line for one in kept()] == [5]


def test_the_guid_of_a_bad_row_is_kept_with_it(bring, extract):
    bring(extract(chat_row(leadId="none")))
    assert [one.guid for one in kept()] == ["880142"]


def test_ten_megabytes_in_one_field_are_kept_whole(bring, extract, stored):
    path = extract(
        chat_row({"Page URL": "x" * TEN_MEGABYTES}, marketoGUID="big"), chat_row(marketoGUID="after")
    )

    assert bring(path)["rejected"] == 1

    (one,) = kept()
    assert (one.line, one.column, one.guid) == (2, "attributes", "big")
    assert one.body == path.read_text(encoding="utf-8").splitlines(keepends=True)[1]
    assert list(stored()) == ["after"]


@pytest.mark.parametrize(
    "cells", [{"leadId": "5\0001"}, {"activityTypeId": "10\00001"}, {"attributes": "\0"}]
)
def test_a_broken_row_with_a_nul_does_not_stop_the_import(bring, extract, cells):
    counts = bring(extract(chat_row(**cells), chat_row(marketoGUID="after")))
    assert (counts["added"], counts["rejected"]) == (1, 1)
    assert "\\x00" in kept()[0].body


def test_a_broken_row_below_a_header_that_is_not_utf8_does_not_stop_the_import(bring, tmp_path, contents):
    path = tmp_path / "accounts.csv"
    path.write_bytes("crm_id,name,Straße\nA1,Larkspur,\n,Nobody,\n".encode("latin-1"))

    counts = bring(path)

    assert (counts["added"], counts["rejected"]) == (1, 1)
    assert contents()["accounts"] == [("A1", "Larkspur")]


def test_a_broken_row_of_a_file_whose_name_is_not_utf8_does_not_stop_the_import(bring, tmp_path, contents):
    path = tmp_path / os.fsdecode("Straße.csv".encode("latin-1"))
    path.write_text("crm_id,name\nA1,Larkspur\n,Nobody\n")

    counts = bring(path)

    assert (counts["added"], counts["rejected"]) == (1, 1)
    assert [one.file for one in kept()] == ["Stra\\xdfe.csv"]


def test_bad_rows_of_crm_files_are_kept_with_place_and_reason(bring, tmp_path):
    cases = [
        ("people", "kind,crm_id\nlead,\n", "crm_id", "the id is missing"),
        ("people", "kind,crm_id\nuser,U1\n", "kind", "'user' is neither lead nor contact"),
        ("people", "kind,crm_id,marketo_id\nlead,L1,x\n", "marketo_id", "is not a Marketo lead id"),
        ("accounts", "crm_id,name\nA/1,Larkspur\n", "crm_id", "would not stand in a link"),
        ("accounts", f"crm_id,name\n{'A' * 129},Larkspur\n", "crm_id", "more than 128"),
        ("opportunities", "crm_id,name,account_crm_id\nnull,Renewal,A1\n", "crm_id", "is missing"),
        (
            "roles",
            "opportunity_crm_id,person_crm_id,role,is_primary\nO1,C1,Buyer,perhaps\n",
            "is_primary",
            "neither true nor false",
        ),
    ]
    paths = [tmp_path / f"{number}.csv" for number in range(len(cases))]
    for path, (_, text, _, _) in zip(paths, cases, strict=True):
        path.write_text(text, encoding="utf-8")

    assert bring(*paths)["rejected"] == len(cases)

    found = kept()
    assert [(one.source, one.column, one.line) for one in found] == [
        (source, column, 2) for source, _, column, _ in cases
    ]
    assert [case for one, case in zip(found, cases, strict=True) if case[3] not in one.reason] == []


def test_the_same_file_again_does_not_keep_its_bad_rows_twice(bring, extract):
    path = extract(chat_row(leadId="none"), chat_row(leadId="none"))
    bring(path)
    assert bring(path)["rejected"] == 2
    assert [one.line for one in kept()] == [2, 3]


def test_the_same_bad_row_in_another_file_is_kept_too(bring, extract):
    bring(extract(chat_row(leadId="none")), extract(chat_row(leadId="none"), name="other.csv"))
    assert [one.file for one in kept()] == ["activities.csv", "other.csv"]


# Trying again


def try_again(ids=None):
    """Retry with the types that are known now."""
    return retry(ids, activity_types.load({}))


def test_a_row_of_an_unknown_type_goes_in_once_the_type_is_learned_and_is_forgotten(
    bring, extract, crm_file, types, stored
):
    bring(extract(chat_row({"Goal Name": "Demo"}, activityTypeId="1999")))
    write_types(types, {1999: "Reached Dialogue Goal"})
    bring(crm_file("accounts.csv", {"crm_id": "A1", "name": "Larkspur"}), extract(name="none.csv"))

    counts = try_again()

    assert (counts["added"], counts["rejected"]) == (1, 0)
    assert stored()["880142"].goal_name == "Demo"
    assert kept() == []


def test_a_row_of_a_type_that_turns_out_not_to_be_ours_is_forgotten(bring, extract, types, stored):
    bring(extract(chat_row(activityTypeId="1999")))
    write_types(types, {1999: "Click Link in Chat in Dialogue"})
    bring(extract(name="none.csv"))
    assert try_again()["ignored"] == 1
    assert (kept(), stored()) == ([], {})


def test_a_row_that_is_as_bad_as_before_stays_and_takes_the_newer_reason(bring, extract, types):
    bring(extract(chat_row(activityTypeId="1999", leadId="none")))
    write_types(types, {1999: "Reached Dialogue Goal"})
    bring(extract(name="none.csv"))

    assert try_again()["rejected"] == 1

    (one,) = kept()
    assert (one.line, one.column) == (2, "leadId")
    assert "not a Marketo lead id" in one.reason


def test_only_the_rows_that_are_named_are_tried_again(bring, extract, types, stored):
    bring(extract(*numbered(*[chat_row(activityTypeId="1999")] * 3)))
    write_types(types, {1999: "Reached Dialogue Goal"})
    bring(extract(name="none.csv"))
    second = kept()[1]

    assert try_again([second.id])["added"] == 1

    assert list(stored()) == ["g2"]
    assert [one.guid for one in kept()] == ["g1", "g3"]


def test_rows_of_several_files_are_tried_again_below_their_own_headers(bring, extract, types, stored):
    row = chat_row({"Goal Name": "Demo"}, activityTypeId="1999")
    bring(
        extract({**row, "marketoGUID": "1"}, name="a.csv"),
        extract({**row, "marketoGUID": "2"}, name="b.tsv", columns=HEADER[::-1]),
    )
    write_types(types, {1999: "Reached Dialogue Goal"})
    bring(extract(name="none.csv"))

    assert try_again()["added"] == 2

    assert [(chat.guid, chat.goal_name) for chat in stored().values()] == [("1", "Demo"), ("2", "Demo")]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(lambda: "A1,Café\n".encode("latin-1"), id="not UTF-8"),
        pytest.param(lambda: b"A1," + b"x" * 17_000_000 + b"\n", id="cut, for it was too long"),
        pytest.param(lambda: b'A1,"Open\n', id="unclosed quote"),
    ],
)
def test_a_row_that_could_not_be_read_never_goes_in_mangled(bring, tmp_path, contents, row):
    path = tmp_path / "accounts.csv"
    path.write_bytes(b"crm_id,name\n" + row())
    bring(path)
    assert try_again()["rejected"] == 1
    assert (contents()["accounts"], len(kept())) == ([], 1)


def test_a_person_whose_marketo_id_is_anothers_goes_in_once_that_one_is_contact(bring, crm_file, contents):
    bring(
        crm_file("a.csv", {"kind": "lead", "crm_id": "L1", "marketo_id": "501"}),
        crm_file("b.csv", {"kind": "lead", "crm_id": "L2", "marketo_id": "501"}),
    )
    assert try_again()["rejected"] == 1
    bring(crm_file("c.csv", {"kind": "contact", "crm_id": "C1", "marketo_id": "501"}))

    assert try_again()["rejected"] == 0

    assert [row[:2] for row in contents()["people"]] == [("contact", "C1")]
    assert kept() == []


def test_what_is_dropped_is_gone_and_the_rest_stays(bring, extract):
    bring(extract(*numbered(*[chat_row(leadId="none")] * 3)))
    assert rejected.drop([kept()[0].id]) == 1
    assert [one.guid for one in kept()] == ["g2", "g3"]
    assert rejected.drop(None) == 2
    assert kept() == []
