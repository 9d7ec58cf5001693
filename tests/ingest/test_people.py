"""People, accounts, opportunities and roles: the same store in whatever order the files come.

A lead is turned into a contact in the CRM, and Marketo goes on counting its activities under the same
Marketo id: the history must go along, once, and never back.
"""

from itertools import permutations

import pytest

from tests.ingest.files import GOAL, chat_row, numbered
from webui.database import db
from webui.ingest.people import full_name

LEAD = {"kind": "lead", "crm_id": "L1", "marketo_id": "501", "first_name": "Ann", "last_name": "Lee"}
CONTACT = {**LEAD, "kind": "contact", "crm_id": "C1", "account_crm_id": "A1"}


@pytest.fixture
def people(bring, crm_file):
    """Import rows of people.csv; return the counts."""
    return lambda *rows: bring(crm_file("people.csv", *rows))


@pytest.fixture
def whole_company(crm_file, extract):
    """Files in which everything is spoken of by another file too, some of it only there."""
    return (
        crm_file("accounts.csv", {"crm_id": "A1", "name": "Larkspur"}, {"crm_id": "A2", "name": "高橋商事"}),
        crm_file(
            "people.csv",
            {**LEAD, "account_crm_id": "A2", "owner": "Kim"},
            CONTACT,
            {"kind": "contact", "crm_id": "C2", "marketo_id": "502", "account_crm_id": "A3"},
            {"kind": "contact", "crm_id": "C2", "marketo_id": "503"},
            {"kind": "lead", "crm_id": "L2", "marketo_id": "504", "first_name": "健", "last_name": "高橋"},
            {"kind": "lead", "crm_id": "X1", "marketo_id": "505"},
            {"kind": "contact", "crm_id": "X1", "marketo_id": "506", "account_crm_id": "A2"},
        ),
        crm_file(
            "opportunities.csv",
            {"crm_id": "O1", "name": "Renewal", "account_crm_id": "A1"},
            {"crm_id": "O2", "name": "Expansion", "account_crm_id": "A4"},
        ),
        crm_file(
            "roles.csv",
            *(
                {"opportunity_crm_id": deal, "person_crm_id": person, "role": "Buyer", "is_primary": primary}
                for deal, person, primary in [
                    ("O1", "L1", "1"),
                    ("O1", "C1", "0"),
                    ("O1", "X1", "0"),
                    ("O2", "L2", "true"),
                    ("O3", "C2", "false"),
                    ("O3", "nobody", ""),
                ]
            ),
        ),
        extract(
            *numbered(
                *(
                    chat_row(leadId=str(lead), activityDate=f"2031-04-{day:02}T08:15:30Z")
                    for lead in (501, 502, 503, 504, 505, 506, 999)
                    for day in (2, 7)
                )
            )
        ),
    )


def test_the_files_give_the_same_store_in_every_order(whole_company, bring, contents, forget):
    *crm_files, extract = whole_company
    bring(*crm_files, extract)
    expected = contents()
    assert [row[:3] for row in expected["people"]] == [
        ("contact", "C1", "Ann Lee"),
        ("contact", "C2", "C2"),
        ("contact", "X1", "X1"),
        ("lead", "L2", "高橋 健"),
        ("lead", "X1", "X1"),
    ]
    orders = list(permutations(crm_files))
    for number in range(0, len(orders), 1 if db.engine.dialect.name == "sqlite" else 5):
        forget()
        order, place = orders[number], number % 5
        files = (*order[:place], extract, *order[place:])
        bring(*files)
        assert contents() == expected, [path.name for path in files]


def test_a_lead_its_contact_and_their_chats_give_the_same_store_in_every_order(
    crm_file, extract, bring, contents, forget
):
    files = (crm_file("old.csv", LEAD), crm_file("new.csv", CONTACT), extract(chat_row()))
    stores = {}
    for order in permutations(files):
        forget()
        bring(*order)
        ((chat,), people) = (contents()[kind] for kind in ("activities", "people"))
        stores[", ".join(path.stem for path in order)] = (
            people[0][1],
            chat["person"],
            chat["converted_from"],
        )
    assert set(stores.values()) == {("C1", "C1", "L1")}, stores


def test_the_same_files_again_change_nothing(whole_company, bring, contents):
    bring(*whole_company)
    before = contents()
    counts = bring(*whole_company)
    assert (counts["added"], counts["updated"]) == (0, 0)
    assert counts["unchanged"] == counts["read"]
    assert contents() == before


def test_an_account_given_for_a_lead_is_ignored_with_a_warning(people, contents, capsys):
    people({**LEAD, "account_crm_id": "A1"}, {**LEAD, "crm_id": "L2", "marketo_id": "", "account_crm_id": ""})
    assert [row[1::6] for row in contents()["people"]] == [("L1", None), ("L2", None)]
    warnings = [line for line in capsys.readouterr().err.splitlines() if "account" in line]
    assert len(warnings) == 1
    assert "ignored" in warnings[0]
    assert warnings[0].endswith("(1)")


def test_a_second_row_of_a_person_adds_a_marketo_id_and_its_chats(people, bring, extract, stored, contents):
    bring(extract(*numbered(chat_row(leadId="501"), chat_row(leadId="502"))))
    people(LEAD, {"kind": "lead", "crm_id": "L1", "marketo_id": "502"})
    assert [chat.person for chat in stored().values()] == ["L1", "L1"]
    assert [row[0] for row in contents()["marketo ids"]] == [501, 502]
    assert [row[2] for row in contents()["people"]] == ["Ann Lee"]


def test_an_empty_cell_changes_nothing_and_null_clears(people, contents):
    people({**CONTACT, "email": "ann@a.example", "owner": "Kim"})
    counts = people({**CONTACT, "first_name": "", "email": "", "owner": "", "account_crm_id": ""})
    assert counts["unchanged"] == 1
    people({**CONTACT, "email": "null", "account_crm_id": "null"})
    ((_, _, name, _, _, email, owner, account),) = contents()["people"]
    assert (name, email, owner, account) == ("Ann Lee", None, "Kim", None)


# A lead that became a contact


def test_a_contact_with_a_leads_marketo_id_takes_over_its_whole_history(
    people, bring, extract, make_opportunity, contents, stored
):
    people(LEAD, {**LEAD, "marketo_id": "502"})
    make_opportunity("O1", people=("L1",))
    bring(extract(*numbered(chat_row(leadId="501"), chat_row(leadId="502"))))

    people(CONTACT)

    held = contents()
    assert [row[:2] for row in held["people"]] == [("contact", "C1")]
    assert held["former records"] == [("lead", "L1", "contact", "C1")]
    assert held["marketo ids"] == [(501, "contact", "C1", "L1"), (502, "contact", "C1", "L1")]
    assert [row[-2:] for row in held["roles"]] == [("contact", "C1")]
    assert [(chat.person, chat.account, chat.converted_from) for chat in stored().values()] == [
        ("C1", "A1", "L1")
    ] * 2
    assert [(row[1], row[-1]) for row in held["weeks of people"]] == [("C1", 2)]
    assert [(row[0], row[-1]) for row in held["weeks of accounts"]] == [("A1", 2)]
    assert [row[-1] for row in held["weeks of all"]] == [2]


@pytest.mark.parametrize("order", [(LEAD, CONTACT), (CONTACT, LEAD)], ids=["lead first", "contact first"])
@pytest.mark.parametrize("at_once", [True, False], ids=["one file", "two files"])
def test_a_lead_and_its_contact_are_one_person_in_either_order(people, contents, order, at_once):
    if at_once:
        people(*order)
    else:
        people(order[0])
        people(order[1])
    held = contents()
    assert [row[:2] for row in held["people"]] == [("contact", "C1")]
    assert held["former records"] == [("lead", "L1", "contact", "C1")]


def test_whichever_rows_of_a_lead_and_its_contact_come_first_the_marketo_ids_came_from_the_lead(
    people, contents, forget
):
    rows = [LEAD, {**LEAD, "marketo_id": "502"}, CONTACT, {**CONTACT, "marketo_id": "502"}]
    stores = {}
    for order in permutations(rows):
        forget()
        people(*order)
        name = ", ".join(f"{row['kind']} {row['marketo_id']}" for row in order)
        stores[name] = contents()["marketo ids"]
    expected = [(501, "contact", "C1", "L1"), (502, "contact", "C1", "L1")]
    assert {name: found for name, found in stores.items() if found != expected} == {}


@pytest.mark.parametrize("older", [LEAD, {**LEAD, "marketo_id": ""}, {**LEAD, "first_name": "Anna"}])
def test_an_older_row_of_the_lead_never_turns_the_contact_back(people, contents, older):
    people(LEAD)
    people(CONTACT)
    before = contents()
    assert people(older)["unchanged"] == 1
    assert contents() == before


def test_a_marketo_id_that_only_the_old_lead_row_names_is_the_contacts(people, bring, extract, stored):
    people(LEAD)
    people(CONTACT)
    bring(extract(chat_row(leadId="502")))
    people({**LEAD, "marketo_id": "502"})
    assert stored()["880142"].person == "C1"


def test_two_leads_may_become_one_contact(people, contents):
    people(LEAD, {**LEAD, "crm_id": "L2", "marketo_id": "502"})
    people(CONTACT, {**CONTACT, "marketo_id": "502"})
    held = contents()
    assert [row[:2] for row in held["people"]] == [("contact", "C1")]
    assert [row[1] for row in held["former records"]] == ["L1", "L2"]


def test_a_role_of_the_old_lead_that_comes_late_is_the_contacts(people, make_opportunity, contents):
    people(LEAD)
    people(CONTACT)
    make_opportunity("O1", people=("L1",))
    assert [row[-2:] for row in contents()["roles"]] == [("contact", "C1")]


@pytest.mark.parametrize("first", [LEAD, CONTACT], ids=["lead", "contact"])
def test_a_marketo_id_of_another_person_of_the_same_kind_is_rejected(people, contents, first):
    people(first)
    counts = people({**first, "crm_id": "Z9"})
    held = contents()
    assert (counts["rejected"], len(held["people"])) == (1, 1)
    ((_, _, line, column, _, reason, _),) = held["rejected"]
    assert (line, column) == (2, "marketo_id")
    assert reason == f"Marketo lead 501 belongs to {first['kind']} {first['crm_id']} already"


# Accounts and opportunities


def test_a_contact_that_moves_to_another_account_takes_its_rows_and_counts_along(
    people, bring, extract, stored, contents
):
    people(CONTACT, {**CONTACT, "crm_id": "C2", "marketo_id": "502"})
    bring(extract(*numbered(chat_row(leadId="501"), chat_row(leadId="501", activityTypeId=GOAL))))
    bring(extract(chat_row(leadId="502"), name="b.csv"))

    people({**CONTACT, "account_crm_id": "A2"})

    assert [(chat.guid, chat.account) for chat in stored().values()] == [
        ("880142", "A1"),
        ("g1", "A2"),
        ("g2", "A2"),
    ]
    assert [(account, key, count) for account, _, key, count in contents()["weeks of accounts"]] == [
        ("A1", "engaged-dialogue", 1),
        ("A2", "engaged-dialogue", 1),
        ("A2", "reached-goal", 1),
    ]


def test_a_contact_that_leaves_its_account_takes_its_rows_and_counts_out(people, bring, extract, contents):
    people(CONTACT)
    bring(extract(chat_row()))
    people({**CONTACT, "account_crm_id": "null"})
    held = contents()
    assert held["weeks of accounts"] == []
    assert [row[-1] for row in held["weeks of people"]] == [1]


def test_a_role_waits_for_its_person_and_its_opportunity(bring, crm_file, people, contents):
    role = {"opportunity_crm_id": "O1", "person_crm_id": "C1", "role": "Buyer", "is_primary": "1"}
    bring(crm_file("roles.csv", role))
    assert contents()["roles"] == [("O1", "C1", "Buyer", True, None, None)]
    people(CONTACT)
    bring(crm_file("opportunities.csv", {"crm_id": "O1", "name": "Renewal", "account_crm_id": "A1"}))
    held = contents()
    assert held["roles"] == [("O1", "C1", "Buyer", True, "contact", "C1")]
    assert held["opportunities"] == [("O1", "Renewal", "A1")]


@pytest.mark.parametrize("order", [("lead", "contact"), ("contact", "lead")])
@pytest.mark.parametrize("role_first", [True, False])
def test_a_role_is_a_contacts_before_a_leads_of_the_same_id(
    people, make_opportunity, contents, order, role_first
):
    if role_first:
        make_opportunity("O1", people=("X1",))
    for kind in order:
        people({"kind": kind, "crm_id": "X1"})
    make_opportunity("O1", people=("X1",))
    assert [row[-2:] for row in contents()["roles"]] == [("contact", "X1")]


def test_a_role_that_became_the_main_one_is_updated(bring, crm_file, contents):
    role = {"opportunity_crm_id": "O1", "person_crm_id": "C1", "role": "Buyer", "is_primary": "no"}
    bring(crm_file("roles.csv", role))
    assert bring(crm_file("roles.csv", {**role, "is_primary": "yes"}))["updated"] == 1
    assert [row[3] for row in contents()["roles"]] == [True]


def test_accounts_and_opportunities_take_their_names_when_their_own_rows_come(
    bring, crm_file, people, contents
):
    people(CONTACT)
    bring(
        crm_file(
            "roles.csv", {"opportunity_crm_id": "O1", "person_crm_id": "C1", "role": "", "is_primary": ""}
        )
    )
    assert (contents()["accounts"], contents()["opportunities"]) == ([("A1", None)], [("O1", None, None)])

    bring(
        crm_file("accounts.csv", {"crm_id": "A1", "name": "Larkspur"}),
        crm_file("opportunities.csv", {"crm_id": "O1", "name": "Renewal", "account_crm_id": "A1"}),
    )
    held = contents()
    assert (held["accounts"], held["opportunities"]) == ([("A1", "Larkspur")], [("O1", "Renewal", "A1")])


# Names


@pytest.mark.parametrize(
    ("first", "last", "email", "name"),
    [
        ("Ann", "Lee", None, "Ann Lee"),
        ("健", "高橋", None, "高橋 健"),
        ("ゆい", "たかなし", None, "たかなし ゆい"),
        ("민준", "김", None, "김 민준"),
        ("Mei", "高橋", None, "高橋 Mei"),
        ("Åsa", "Öberg", None, "Åsa Öberg"),
        (None, "Lee", "ann@a.example", "Lee"),
        ("Ann", None, None, "Ann"),
        (None, None, "ann@a.example", "ann@a.example"),
        (None, None, None, "L1"),
    ],
)
def test_a_person_is_called_as_the_name_is_written(first, last, email, name):
    assert full_name(first, last, email, "L1") == name


def test_names_lose_control_and_bidi_characters(people, contents):
    people({**LEAD, "first_name": "A\u202enn\n", "last_name": "\u2066Lee\u0007"})
    assert set(contents()["people"][0][2]).isdisjoint("\u202e\u2066\n\u0007")
