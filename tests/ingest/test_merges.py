"""Marketo leads that were merged: one is left, with everybody's chats, and no file brings the others back.

Dynamic Chat merges whenever a visitor gives an address that is known, so this is daily business. Merges
are told late, in any order, and may be told before anybody has imported the people.
"""

from itertools import permutations

import pytest

from tests.ingest.files import chat_row, numbered
from webui.ingest.attribution import recount
from webui.ingest.records import BadRow
from webui.installation import writing

ANN = {"kind": "lead", "crm_id": "L1", "marketo_id": "501", "first_name": "Ann", "last_name": "Lee"}
ANNA = {"kind": "lead", "crm_id": "L2", "marketo_id": "502", "first_name": "Anna", "last_name": "Lee"}
CONTACT = {"kind": "contact", "crm_id": "C1", "marketo_id": "501", "account_crm_id": "A1"}
OTHER_CONTACT = {"kind": "contact", "crm_id": "C2", "marketo_id": "502", "account_crm_id": "A2"}


@pytest.fixture
def people(bring, crm_file):
    """Import rows of people.csv; return the counts."""
    return lambda *rows: bring(crm_file("people.csv", *rows))


@pytest.fixture
def chats_of(bring, extract):
    """Import a chat of each of these Marketo ids; the guids are g1, g2 and so on."""
    return lambda *ids: bring(extract(*numbered(*(chat_row(leadId=str(id_)) for id_ in ids))))


@pytest.fixture
def whose(stored):
    """Return the Marketo id and the person of each chat, by guid."""
    return lambda: {guid: (chat.marketo_id, chat.person) for guid, chat in stored().items()}


def nothing_differs():
    with writing():
        return not any(recount(None).values())


def test_a_merge_brings_the_chats_roles_and_address_of_the_loser_to_the_winner(
    people, chats_of, make_opportunity, merge, contents, whose
):
    people(ANN, ANNA)
    chats_of(501, 502)
    make_opportunity("O1", people=("L2",))

    assert merge(502, into=501) == 1

    held = contents()
    assert [row[:3] for row in held["people"]] == [("lead", "L1", "Ann Lee")]
    assert held["former records"] == [("lead", "L2", "lead", "L1")]
    assert held["marketo ids"] == [(501, "lead", "L1", None)]
    assert [row[-2:] for row in held["roles"]] == [("lead", "L1")]
    assert whose() == {"g1": (501, "L1"), "g2": (501, "L1")}
    assert [row[-1] for row in held["weeks of people"]] == [2]
    assert [row[-1] for row in held["weeks of all"]] == [2]


def test_the_id_that_a_chat_was_logged_for_stays_on_it_through_further_merges(chats_of, merge, stored):
    chats_of(503, 501)
    merge(503, into=502)
    merge(502, into=501)
    assert [chat.merged_from for chat in stored().values()] == [503, None]


@pytest.mark.parametrize("order", [*permutations([(503, 502), (502, 501), (504, 503)])])
def test_a_chain_of_merges_ends_at_the_last_winner_in_whatever_order_it_is_told(
    people, chats_of, merge, whose, order
):
    people(ANN, ANNA)
    chats_of(501, 502, 503, 504)
    for loser, winner in order:
        assert merge(loser, into=winner) == 1
    assert set(whose().values()) == {(501, "L1")}
    assert nothing_differs()


def test_a_merge_that_is_told_again_is_no_news(people, chats_of, merge, contents):
    people(ANN, ANNA)
    chats_of(501, 502)
    merge(502, into=501)
    before = contents()
    assert merge(502, into=501) == 0
    assert contents() == before


def test_several_losers_of_one_merge_all_become_the_winner(chats_of, merge, whose):
    chats_of(501, 502, 503)
    assert merge(502, 503, into=501) == 2
    assert {id_ for id_, _ in whose().values()} == {501}


@pytest.mark.parametrize(
    ("losers", "winner"), [((501,), 501), ((501,), 502), ((504,), 503)], ids=["itself", "a cycle", "another"]
)
def test_a_merge_that_contradicts_what_is_known_is_refused_and_changes_nothing(
    people, chats_of, merge, contents, losers, winner
):
    people(ANN, ANNA)
    chats_of(501, 502)
    merge(502, 504, into=501)
    before = contents()
    with pytest.raises(BadRow, match=r"Marketo lead 50[14] was|merged into itself"):
        merge(*losers, into=winner)
    assert contents() == before


@pytest.mark.parametrize("order", [*permutations(["merge", "Ann", "Anna"])], ids=", then ".join)
def test_the_winners_record_is_the_one_that_stays_however_late_the_people_come(
    people, chats_of, merge, contents, whose, order
):
    chats_of(501, 502)
    steps = {
        "merge": lambda: merge(502, into=501),
        "Ann": lambda: people(ANN),
        "Anna": lambda: people(ANNA),
    }
    for step in order:
        steps[step]()
    held = contents()
    assert [row[:3] for row in held["people"]] == [("lead", "L1", "Ann Lee")]
    assert held["former records"] == [("lead", "L2", "lead", "L1")]
    assert set(whose().values()) == {(501, "L1")}
    assert nothing_differs()


def test_a_loser_whom_the_crm_knows_is_the_winner_whom_it_does_not(people, chats_of, merge, contents, whose):
    people(ANNA)
    chats_of(501, 502)
    merge(502, into=501)
    assert contents()["marketo ids"] == [(501, "lead", "L2", None)]
    assert set(whose().values()) == {(501, "L2")}


def test_a_loser_who_has_another_marketo_id_keeps_it_and_its_chats(people, chats_of, merge, contents, whose):
    people(ANN, ANNA, {**ANNA, "marketo_id": "503"})
    chats_of(501, 502, 503)
    merge(502, into=501)
    assert [row[1] for row in contents()["people"]] == ["L1", "L2"]
    assert whose() == {"g1": (501, "L1"), "g2": (501, "L1"), "g3": (503, "L2")}


@pytest.mark.parametrize(("loser", "winner"), [(501, 502), (502, 501)])
def test_a_lead_and_a_contact_that_are_merged_are_the_contact_whoever_won(
    people, chats_of, merge, contents, whose, loser, winner
):
    people(ANNA, CONTACT)
    chats_of(501, 502)
    merge(loser, into=winner)
    held = contents()
    assert [row[:2] for row in held["people"]] == [("contact", "C1")]
    assert held["former records"] == [("lead", "L2", "contact", "C1")]
    assert set(whose().values()) == {(winner, "C1")}
    assert [(row[0], row[-1]) for row in held["weeks of accounts"]] == [("A1", 2)]


def test_contacts_of_two_accounts_that_are_merged_count_for_the_winners(people, chats_of, merge, contents):
    people(CONTACT, OTHER_CONTACT)
    chats_of(501, 502)
    merge(502, into=501)
    assert [(row[0], row[-1]) for row in contents()["weeks of accounts"]] == [("A1", 2)]
    assert nothing_differs()


def test_a_record_that_once_led_to_the_loser_leads_on_to_the_winner(people, merge, contents):
    people(ANNA, OTHER_CONTACT, CONTACT)
    merge(502, into=501)
    assert [row[1:] for row in contents()["former records"]] == [
        ("C2", "contact", "C1"),
        ("L2", "contact", "C1"),
    ]


def test_a_late_chat_of_the_loser_is_the_winners_and_says_for_whom_it_was_logged(
    people, chats_of, merge, stored
):
    people(ANN, ANNA)
    merge(502, into=501)
    chats_of(502)
    (chat,) = stored().values()
    assert (chat.person, chat.marketo_id, chat.merged_from) == ("L1", 501, 502)


def test_a_late_update_of_a_chat_by_the_losers_id_updates_it_where_it_is(
    people, bring, extract, merge, stored
):
    people(ANN, ANNA)
    bring(extract(chat_row(leadId="503")))
    merge(503, into=502)
    merge(502, into=501)
    counts = bring(extract(chat_row({"Conversation Status": "Completed"}, leadId="502")))
    ((chat),) = stored().values()
    assert (counts["added"], chat.person, chat.marketo_id) == (0, "L1", 501)
    assert chat.merged_from == 503


def test_importing_the_old_files_again_changes_nothing_and_brings_nobody_back(
    people, chats_of, make_opportunity, merge, contents
):
    rows = (ANN, ANNA, {**ANNA, "marketo_id": "503"}, {**ANNA, "crm_id": "L3", "marketo_id": "504"})
    people(*rows)
    chats_of(501, 502, 503, 504)
    merge(502, 504, into=501)
    before = contents()

    counts = people(*rows) + chats_of(501, 502, 503, 504)

    assert {name: counts[name] for name in ("added", "updated", "ignored", "rejected")} == {
        "added": 0,
        "updated": 0,
        "ignored": 0,
        "rejected": 0,
    }
    assert contents() == before


def test_a_lead_whose_marketo_id_was_merged_into_a_contacts_is_that_contact(people, merge, contents):
    merge(502, into=501)
    people(CONTACT, ANNA)
    held = contents()
    assert [row[:2] for row in held["people"]] == [("contact", "C1")]
    assert held["former records"] == [("lead", "L2", "contact", "C1")]
