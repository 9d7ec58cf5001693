"""What people of the demo company did beside their chats must hang together, and be hard enough to show.

Sends lead to deliveries, clicks to visits, and scores chain; a family that thins out is noticed here.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.seeds.files import SEEDS, Logged, Table, extracts, logged, marketing_extracts, table

FAMILIES = {
    "web": {1, 2, 3},
    "email": {6, 7, 8, 10, 11, 27},
    "sales-email": {39, 40, 41, 45, 48},
    "score": {22},
    "moment": {46},
}
TYPES = {
    1: ("Visit Webpage", "Webpage ID"),
    2: ("Fill Out Form", "Webform ID"),
    3: ("Click Link", "Link ID"),
    6: ("Send Email", "Mailing ID"),
    7: ("Email Delivered", "Mailing ID"),
    8: ("Email Bounced", "Mailing ID"),
    10: ("Open Email", "Mailing ID"),
    11: ("Click Email", "Mailing ID"),
    22: ("Change Score", "Score Name"),
    27: ("Email Bounced Soft", "Mailing ID"),
    39: ("Send Sales Email", "Artifact ID"),
    40: ("Open Sales Email", "Artifact ID"),
    41: ("Click Sales Email", "Artifact ID"),
    45: ("Receive Sales Email", "Artifact ID"),
    46: ("Interesting Moment", "Type"),
    48: ("Sales Email Bounced", "Artifact ID"),
}
NEWEST = datetime(2026, 6, 28, 1, 31, 9, tzinfo=UTC)

Owners = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def rows() -> list[Logged]:
    return [row for name in marketing_extracts() for row in logged(name)]


@pytest.fixture(scope="module")
def people() -> Table:
    return table("people.csv")


@pytest.fixture(scope="module")
def owners(people: Table) -> Owners:
    """The first row of the person behind each Marketo id, as a contact where a lead became one."""
    named = {(row["kind"], row["crm_id"]): row for row in people if row["last_name"]}
    order = sorted(people, key=lambda row: row["kind"], reverse=True)  # leads, then contacts over them
    return {row["marketo_id"]: named[row["kind"], row["crm_id"]] for row in order if row["marketo_id"]}


@pytest.fixture(scope="module")
def rows_of(rows: list[Logged], people: Table) -> Callable[[str], list[Logged]]:
    """A function that finds the rows of a lead or contact."""

    def find(crm_id: str) -> list[Logged]:
        ids = {row["marketo_id"] for row in people if row["crm_id"] == crm_id}
        return [row for row in rows if row.lead_id in ids]

    return find


def shown(panel: str) -> list[str]:
    """The crm_ids of the records of a kind that are worth opening."""
    listed: list[dict[str, Any]] = json.loads((SEEDS / "showcase.json").read_text(encoding="utf-8"))
    return [entry["crm_id"] for entry in listed if entry["panel"] == panel]


def of(rows: list[Logged], *type_ids: int) -> list[Logged]:
    """The rows of some types, without those that lack everything."""
    return [row for row in rows if row.type_id in type_ids and row.primary]


# The files


def test_the_script_makes_the_same_bytes_twice():
    make = "import json, make_seeds; print(json.dumps(make_seeds.make()))"
    made = [
        subprocess.run(
            [sys.executable, "-B", "-c", make],
            cwd=SEEDS,
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]


def test_there_is_one_extract_a_month_beside_that_of_the_chats():
    months = [name.partition("-")[2][:7] for name in marketing_extracts()]
    assert months == [name.partition("-")[2][:7] for name in extracts()]


def test_every_attribute_of_an_extract_is_a_text_a_number_or_a_boolean(rows: list[Logged]):
    kinds = {type(value) for row in rows for value in row.attributes.values()}
    assert kinds == {str, int, bool}


def test_the_answer_of_the_api_names_the_types_with_their_primary_and_other_attributes(rows: list[Logged]):
    answer = json.loads((SEEDS / "activity_types.json").read_text(encoding="utf-8"))
    known = {entry["id"]: entry for entry in answer["result"]}
    assert {
        number: (known[number]["name"], known[number]["primaryAttribute"]["name"]) for number in TYPES
    } == TYPES
    for row in rows:
        assert row.attributes.keys() <= {attribute["name"] for attribute in known[row.type_id]["attributes"]}


# How much there is, and when


@pytest.mark.parametrize(
    ("family", "least", "most"),
    [
        ("web", 11_000, 13_500),
        ("email", 10_500, 12_500),
        ("sales-email", 800, 1_100),
        ("score", 4_500, 5_500),
        ("moment", 1_400, 1_800),
    ],
)
def test_each_family_has_its_share_with_every_type_in_it(
    rows: list[Logged], family: str, least: int, most: int
):
    counts = Counter(row.type_id for row in rows if row.type_id in FAMILIES[family])
    assert least <= counts.total() <= most
    assert counts.keys() == FAMILIES[family]
    assert min(counts.values()) >= 10


def test_nothing_is_newer_than_the_newest_chat_and_the_newest_is_as_new(rows: list[Logged]):
    assert max(row.at for row in rows) == NEWEST
    assert min(row.at for row in rows) >= datetime(2025, 12, 29, tzinfo=UTC)
    assert sum(NEWEST - row.at < timedelta(minutes=20) for row in rows) >= 5


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_in_each_of_26_weeks_and_grows(rows: list[Logged], family: str):
    weeks = Counter(row.at.isocalendar().week for row in rows if row.type_id in FAMILIES[family])
    assert sorted(weeks) == list(range(1, 27))
    assert sum(weeks[week] for week in range(23, 27)) > 2 * sum(weeks[week] for week in range(1, 5))


def test_a_few_people_are_busy_and_most_did_little(rows: list[Logged]):
    counts = sorted(Counter(row.lead_id for row in rows).values())
    assert len(counts) >= 1_700
    assert counts[len(counts) // 2] <= 20
    assert counts[-1] >= 200


def test_only_people_whom_the_crm_knows_did_anything(rows: list[Logged], people: Table):
    assert {row.lead_id for row in rows} <= {row["marketo_id"] for row in people}


# Who has what


@pytest.mark.parametrize("crm_id", [*shown("leads"), *shown("contacts")])
def test_each_person_worth_opening_has_something_in_every_family(
    rows_of: Callable[[str], list[Logged]], crm_id: str
):
    types = {row.type_id for row in rows_of(crm_id)}
    assert [family for family, known in FAMILIES.items() if not types & known] == []


def test_in_the_first_account_many_contacts_are_active_on_the_website(rows: list[Logged], owners: Owners):
    account = shown("accounts")[0]
    readers = {row.lead_id for row in of(rows, 1) if owners[row.lead_id]["account_crm_id"] == account}
    assert len(readers) >= 20


def test_an_account_has_no_activity_of_any_family(rows: list[Logged], owners: Owners):
    assert shown("accounts")[3] not in {owners[row.lead_id]["account_crm_id"] for row in rows}


def test_a_lead_has_e_mails_opens_some_and_does_nothing_else(
    rows_of: Callable[[str], list[Logged]], people: Table
):
    reader = next(row for row in people if row["last_name"] == "Reader")
    chats = [row for name in extracts() for row in logged(name) if row.lead_id == reader["marketo_id"]]
    counts = Counter(row.type_id for row in rows_of(reader["crm_id"]))
    assert chats == []
    assert counts.keys() == {6, 7, 10}
    assert counts[6] >= 10


# Web


def test_visits_come_from_documentation_addresses_with_a_path(rows: list[Logged]):
    visits = [row.attributes for row in of(rows, 1) if row.primary_id and row.primary_id < "3900"]
    assert all(visit["Client IP Address"].startswith("192.0.2.") for visit in visits)
    assert all(visit["Webpage URL"].startswith("/") for visit in visits)
    for name in ("Referrer URL", "Query Parameters", "Search Engine", "Search Query"):
        assert sum(name in visit for visit in visits) >= 500


def test_many_chats_follow_a_visit_to_their_page(rows: list[Logged]):
    visits: dict[str, list[datetime]] = {}
    for row in of(rows, 1):
        visits.setdefault(row.lead_id, []).append(row.at)
    chats = [row for name in extracts() for row in logged(name) if row.type_id in {1001, 1006}]
    before = [
        any(timedelta(0) < chat.at - at < timedelta(minutes=5) for at in visits.get(chat.lead_id, ()))
        for chat in chats
    ]
    assert sum(before) >= 1_800


def test_a_click_in_an_e_mail_is_followed_by_a_visit(rows: list[Logged]):
    visits = {(row.lead_id, row.at) for row in of(rows, 1)}
    clicks = [row for row in of(rows, 11) if row.attributes["Link"].startswith("https://www.kumolane")]
    followed = [
        any((row.lead_id, row.at + timedelta(seconds=later)) in visits for later in range(1, 5))
        for row in clicks
    ]
    assert sum(followed) >= 0.97 * len(clicks)


# E-mails


def test_a_mailing_keeps_its_id_and_name_from_the_send_to_the_click(rows: list[Logged]):
    names: dict[str | None, set[str | None]] = {}
    for row in of(rows, *FAMILIES["email"]):
        names.setdefault(row.primary_id, set()).add(row.primary)
    assert len(names) >= 40
    assert {len(found) for found in names.values()} == {1}


@pytest.mark.parametrize(
    ("type_id", "after"), [(7, 6), (8, 6), (27, 6), (10, 7), (11, 10), (40, 39), (45, 40)]
)
def test_an_e_mail_goes_from_step_to_step(rows: list[Logged], type_id: int, after: int):
    """A mailing goes to a person once, so its first rows can be compared."""
    first: dict[tuple[str, str | None, int], datetime] = {}
    for row in of(rows, *FAMILIES["email"], *FAMILIES["sales-email"]):
        first.setdefault((row.lead_id, row.primary_id, row.type_id), row.at)
    steps = {key: at for key, at in first.items() if key[2] == type_id}
    assert len(steps) >= 10
    for (lead_id, email, _), at in steps.items():
        assert first[lead_id, email, after] < at


def test_what_bounced_was_neither_delivered_nor_opened(rows: list[Logged]):
    bounced = {(row.lead_id, row.primary_id) for row in of(rows, 8, 27)}
    assert not bounced & {(row.lead_id, row.primary_id) for row in of(rows, 7, 10, 11)}


def test_after_a_hard_bounce_nothing_more_is_sent(rows: list[Logged]):
    bounced = {row.lead_id: row.at for row in of(rows, 8)}
    assert not [row for row in of(rows, 6) if row.at > bounced.get(row.lead_id, NEWEST)]


def test_an_e_mail_of_a_rep_is_from_the_owner_if_there_is_one_and_named_by_its_subject(
    rows: list[Logged], owners: Owners
):
    for row in of(rows, *FAMILIES["sales-email"]):
        assert owners[row.lead_id]["owner"] in {row.attributes["Sent By"], ""}
        assert row.attributes["Sent By"].endswith("@kumolane.example")
        assert row.attributes["Email Subject"] == row.primary
    answers = of(rows, 45)
    assert all(row.attributes["Received By"] == row.attributes["Sent By"] for row in answers)


# Scores and moments


def test_the_values_of_a_score_chain_through_rises_and_decays(rows: list[Logged]):
    latest: dict[tuple[str, str | None], int] = {}
    falls = 0
    for row in of(rows, 22):
        old, new = row.attributes["Old Value"], row.attributes["New Value"]
        if row.primary and row.primary.endswith(("Lead Score", "Behavior Score", "Demographic Score")):
            assert latest.get((row.lead_id, row.primary), 0) == old
            assert row.attributes["Change Value"] == f"{new - old:+d}"
        latest[row.lead_id, row.primary] = new
        falls += new < old
    assert falls >= 80


def test_most_changes_are_of_the_lead_score_and_some_of_two_others(rows: list[Logged]):
    names = Counter(row.primary for row in of(rows, 22))
    assert names["Lead Score"] > 0.7 * names.total()
    assert names["Behavior Score"] >= 300
    assert names["Demographic Score"] >= 80


def test_the_first_leads_score_rises_decays_and_ends_at_the_very_top(
    rows: list[Logged], rows_of: Callable[[str], list[Logged]]
):
    story = [row.attributes for row in rows_of(shown("leads")[0]) if row.primary == "Lead Score"]
    values = [change["New Value"] for change in story]
    decay = next(number for number, change in enumerate(story) if "four weeks" in change["Reason"])
    assert values[decay - 1] >= 40 > values[decay]
    assert (
        values[-1]
        == max(values)
        == max(row.attributes["New Value"] for row in of(rows, 22) if row.primary == "Lead Score")
    )


def test_moments_are_of_three_kinds_and_a_sentence_in_the_persons_language(rows: list[Logged]):
    found = of(rows, 46)
    kinds = Counter(row.primary for row in found)
    japanese = [row for row in found if row.attributes["Description"].endswith("。")]
    assert min(kinds[kind] for kind in ("Email", "Milestone", "Web")) >= 300
    assert len(found) / 3 < len(japanese) < len(found) * 0.8
    assert {row.primary_id for row in found} == {None}
    assert all(row.attributes["Date"] == f"{row.at:%Y-%m-%dT%H:%M:%SZ}" for row in found)
    assert all(row.attributes["Source"] for row in found)


# Hard values


def values(rows: list[Logged]) -> list[str]:
    """All texts of some rows."""
    return [str(text) for row in rows for text in (row.primary, *row.attributes.values())]


@pytest.mark.parametrize("family", FAMILIES)
def test_markup_and_quotes_are_in_every_family(rows: list[Logged], family: str):
    texts = values([row for row in rows if row.type_id in FAMILIES[family]])
    for value in ("<", '"', "alert(1)"):
        assert any(value in text for text in texts)


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "data:text/html,",
        "{{ 7 * 7 }}",
        "\u202e",
        "\u200b",
        "مرحبًا",
        "👩‍👩‍👧‍👦",
        "🇯🇵",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    ],
)
def test_hard_values_are_in_the_extracts(rows: list[Logged], value: str):
    assert any(value in text for text in values(rows))


def test_very_long_names_addresses_and_words_are_in_the_extracts(rows: list[Logged]):
    names = [row.primary for row in rows if row.primary]
    assert max(len(name) for name in names) == 1800
    assert any(len(name) >= 60 and not name.isascii() for name in names)
    assert any(len(row.attributes["Form Fields"]) > 1_800 for row in of(rows, 2))


def test_one_row_of_each_type_has_neither_a_name_nor_any_attribute(rows: list[Logged]):
    empty = Counter(row.type_id for row in rows if row.primary is None and not row.attributes)
    assert empty == dict.fromkeys(TYPES, 1)


def test_a_moment_may_be_of_an_unknown_kind_and_a_change_may_lack_its_size(rows: list[Logged]):
    assert "Phone" in {row.primary for row in of(rows, 46)}
    sizes = [row.attributes.get("Change Value") for row in of(rows, 22)]
    assert (sizes.count(None), sizes.count("")) == (1, 1)


def test_a_contact_reads_thirty_pages_in_one_second(rows: list[Logged]):
    (_, count) = Counter((row.lead_id, row.at) for row in of(rows, 1)).most_common(1)[0]
    assert count == 30
