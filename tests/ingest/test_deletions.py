"""People who were deleted: gone from every list and count, and no late event or old file brings them back.

With the option to keep activities, the account's history stays, without a name and without a word of theirs.
"""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.ingest.files import chat_row, numbered
from webui.database import db
from webui.ingest import store
from webui.ingest.attribution import recount
from webui.ingest.records import Batch, Rejection
from webui.installation import writing
from webui.models import (
    Activity,
    ActivityDetail,
    Conversation,
    Dialogue,
    FormerMarketoLead,
    OtherGuid,
    Person,
    Rejected,
    SearchText,
    Subject,
)

ANN = {
    "kind": "contact",
    "crm_id": "C1",
    "marketo_id": "501",
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@a.example",
    "account_crm_id": "A1",
    "owner": "Kim",
}
BO = {**ANN, "crm_id": "C2", "marketo_id": "502", "first_name": "Bo", "email": "bo@a.example"}
LEAD = {"kind": "lead", "crm_id": "L1", "marketo_id": "501"}
SAID = {
    "Conversation Status": "Completed",
    "Conversation Transcript": "Ann Lee: it is me, Ann",
    "Conversation Summary": "Ann asked",
    "Page URL": "https://a.example/pricing?email=ann@a.example",
    "Nickname": "Annie",
}


@pytest.fixture
def people(bring, crm_file):
    """Import rows of people.csv; return the counts."""
    return lambda *rows: bring(crm_file("people.csv", *rows))


@pytest.fixture
def chats_of(bring, extract):
    """Import a chat, with all that was said, of each of these Marketo ids; the guids are g1, g2 and so on."""
    return lambda *ids: bring(extract(*numbered(*(chat_row(SAID, leadId=str(id_)) for id_ in ids))))


def left(*models):
    """Return how many rows these tables hold."""
    return [db.session.execute(select(func.count()).select_from(model)).scalar_one() for model in models]


def nothing_differs():
    with writing():
        return not any(recount(None).values())


def test_a_deleted_person_is_gone_with_chats_roles_and_counts(
    people, chats_of, make_opportunity, delete, contents
):
    people(ANN, BO)
    chats_of(501, 501, 502)
    make_opportunity("O1", people=("C1", "C2"))

    assert delete(501) == 1

    held = contents()
    assert [row[1] for row in held["people"]] == ["C2"]
    assert [row[0] for row in held["marketo ids"]] == [502]
    assert [row[-1] for row in held["roles"]] == ["C2"]
    assert [(row[0], row[-1]) for row in held["weeks of accounts"]] == [("A1", 1)]
    assert [row[-1] for row in held["weeks of all"]] == [1]
    assert left(Activity, ActivityDetail, Conversation, OtherGuid) == [1, 1, 1, 0]
    assert nothing_differs()


@pytest.mark.parametrize("keep", [False, True])
def test_importing_the_old_files_again_brings_nobody_back(
    people, chats_of, bring, crm_file, delete, contents, keep
):
    role = {"opportunity_crm_id": "O1", "person_crm_id": "C1", "role": "Buyer", "is_primary": "1"}
    people(LEAD, ANN, BO)
    chats_of(501, 502)
    bring(crm_file("roles.csv", role))
    delete(501, keep_activities=keep)
    before = contents()

    counts = people(LEAD, ANN, BO) + chats_of(501, 502) + bring(crm_file("roles.csv", role))

    assert contents() == before
    assert (counts["ignored"], counts["unchanged"], counts["rejected"]) == (4, 2, 0)


def test_an_import_says_that_it_left_deleted_people_out(people, delete, capsys):
    people(ANN)
    delete(501)
    people(ANN)
    warnings = [line for line in capsys.readouterr().err.splitlines() if "deleted" in line]
    assert len(warnings) == 1
    assert warnings[0].endswith("(1)")


@pytest.mark.parametrize("keep", [False, True])
def test_a_late_chat_of_a_deleted_person_is_ignored(people, bring, extract, delete, stored, keep):
    people(ANN)
    bring(extract(chat_row()))
    delete(501, keep_activities=keep)
    counts = bring(extract(chat_row(SAID), chat_row(marketoGUID="late")))
    assert counts["ignored"] == 2
    assert [chat.transcript for chat in stored().values()] == ([None] if keep else [])


def test_an_id_that_nobody_has_heard_of_is_deleted_in_advance(chats_of, delete, stored):
    assert delete(501) == 1
    assert chats_of(501)["ignored"] == 1
    assert stored() == {}


def test_a_deletion_that_is_told_again_is_no_news(people, delete):
    people(ANN)
    assert [delete(501, 502), delete(502, 501)] == [2, 0]


def test_a_person_with_another_marketo_id_stays_with_its_chats(people, chats_of, delete, contents, stored):
    people(ANN, {**ANN, "marketo_id": "502"})
    chats_of(501, 502)
    delete(501)
    assert [row[1] for row in contents()["people"]] == ["C1"]
    assert list(stored()) == ["g2"]


def test_a_marketo_id_that_was_not_deleted_brings_the_person_back(people, delete, contents):
    people(ANN)
    delete(501)
    assert people({**ANN, "marketo_id": ""})["ignored"] == 1
    assert people({**ANN, "marketo_id": "503"})["added"] == 1
    assert contents()["marketo ids"] == [(503, "contact", "C1", None)]
    assert people(ANN)["unchanged"] == 1
    assert [row[0] for row in contents()["marketo ids"]] == [503]


def test_a_deleted_marketo_id_is_not_given_to_anybody_new(people, delete, contents):
    delete(501)
    people(ANN)
    assert contents()["marketo ids"] == []


# Deletions and merges


def test_who_was_merged_into_a_deleted_person_is_deleted_too(people, chats_of, merge, delete, stored):
    people(ANN, BO)
    chats_of(501, 502, 503)
    merge(503, into=501)
    delete(501)
    assert merge(502, into=503) == 1
    assert stored() == {}
    assert chats_of(501, 502, 503)["ignored"] == 3
    assert set(db.session.scalars(select(FormerMarketoLead.winner_id))) == {None}


def test_a_deleted_loser_does_not_come_back_as_the_winner(people, chats_of, merge, delete, stored):
    people(ANN, BO)
    chats_of(501, 502)
    delete(502)
    assert merge(502, into=501) == 0
    assert chats_of(501, 502)["ignored"] == 1
    assert list(stored()) == ["g1"]


def test_that_the_shell_of_a_merged_lead_was_deleted_leaves_the_winner_as_it_is(
    people, chats_of, merge, delete, contents
):
    people(ANN, BO)
    chats_of(501, 502)
    merge(502, into=501)
    before = contents()
    assert delete(502) == 0
    assert contents() == before


# What cannot be used


LATE = {
    "a row without a date": ("activities", "marketoGUID,leadId,conversationTranscript", "g,0501,I am Ann"),
    "a broken row": ("activities", "marketoGUID,leadId,conversationTranscript", 'g,501,"I am Ann'),
    "an event": ("adobe-io", "", '{"event": {"leadId": " 501", "text": "I am Ann"}}'),
    "an event that was cut": ("adobe-io", "", '{"event": {"leadId": "501", "text": "I am A'),
    "a lead": ("marketo-leads", "", '{"id": 501, "firstName": "Ann"}'),
}


@pytest.mark.parametrize("what", LATE)
def test_what_comes_late_about_a_deleted_person_and_cannot_be_used_is_not_kept(people, delete, what):
    people(ANN)
    delete(501)
    source, header, body = LATE[what]
    rejection = Rejection(line=2, body=body, reason="odd")
    counts = store.save(Batch(source=source, file="late", header=header, rejections=[rejection]))
    assert (counts["read"], counts["ignored"], counts["rejected"]) == (1, 1, 0)
    assert left(Rejected) == [0]


def test_what_comes_late_about_others_and_cannot_be_used_is_kept(people, delete):
    people(ANN)
    delete(501)
    rejection = Rejection(line=0, body='{"event": {"leadId": "502", "text": "501"}}', reason="odd")
    assert store.save(Batch(source="adobe-io", file="late", rejections=[rejection]))["rejected"] == 1
    assert left(Rejected) == [1]


@pytest.mark.parametrize("keep", [False, True])
def test_what_could_not_be_used_of_a_person_goes_when_they_are_deleted(people, chats_of, delete, keep):
    people(ANN, BO)
    chats_of(501)
    for body in ('{"leadId": 501}', '{"leadId": 502}', '{"sfdcContactId": "C1"}'):
        store.save(Batch(source="adobe-io", file="", rejections=[Rejection(line=0, body=body, reason="odd")]))
    delete(501, keep_activities=keep)
    assert list(db.session.scalars(select(Rejected.body))) == ['{"leadId": 502}']


# Kept without the name


def test_kept_chats_stay_in_the_accounts_counts_and_nowhere_under_a_name(
    people, chats_of, make_opportunity, delete, contents
):
    people(ANN, BO)
    chats_of(501, 502)
    make_opportunity("O1", people=("C1",))

    delete(501, keep_activities=True)

    held = contents()
    nameless = next(row for row in held["people"] if row[1] != "C2")
    assert (nameless[0], *nameless[2:]) == ("contact", "", None, None, None, None, "A1")
    assert nameless[1].startswith("deleted-")
    assert [(row[0], row[-1]) for row in held["weeks of accounts"]] == [("A1", 2)]
    assert [row[-1] for row in held["weeks of all"]] == [2]
    assert [row[-1] for row in held["roles"]] == [nameless[1]]
    assert nothing_differs()


def test_kept_chats_hold_no_text_of_the_person(people, chats_of, delete, contents):
    people({**LEAD, "crm_id": "L-Ann"}, ANN)
    chats_of(501)
    delete(501, keep_activities=True)
    (chat,) = contents()["activities"]
    assert (chat["status"], chat["dialogue"]) == ("completed", "Pricing page greeter")
    assert chat["page_url"] == "https://a.example/pricing"
    assert "Ann" not in repr(chat)
    assert "ann" not in repr(chat)


def told():
    """Return all that activities are about, and what the text search keeps of it."""
    texts = select(SearchText.folded).where(SearchText.key % len(Subject) == int(Subject.DIALOGUE))
    return sorted(db.session.scalars(select(Dialogue.name))), sorted(db.session.scalars(texts))


@pytest.mark.parametrize("keep", [False, True])
def test_what_was_written_to_a_deleted_person_is_nowhere_and_what_others_got_stays(
    people, make_activity, delete, keep
):
    people(ANN, BO)
    make_activity("Offer for Ann", type_key="sent-sales-email")
    make_activity("Ann called", type_key="milestone-moment")
    for marketo_id in (501, 502):
        make_activity("Spring mail", type_key="sent-email", marketo_id=marketo_id)

    delete(501, keep_activities=keep)

    assert told() == (["Spring mail"], ["spring mail"])


def test_kept_visits_and_clicks_lose_the_query_of_their_addresses_and_others_keep_theirs(
    people, make_activity, delete, stored
):
    people(ANN, BO)
    make_activity("a.example/news?to=ann@a.example#top", type_key="visited-page", dialogue_ref="7")
    make_activity("a.example/buy#ann", type_key="clicked-link")
    make_activity("?email=ann@a.example", type_key="clicked-link")
    make_activity("a.example/plain", type_key="visited-page")
    make_activity("Any questions?", type_key="filled-out-form")
    for marketo_id in (501, 502):
        make_activity("a.example/?page=2", type_key="visited-page", marketo_id=marketo_id)

    delete(501, keep_activities=True)

    assert [one.dialogue for one in stored().values()] == [
        "a.example/news",
        "a.example/buy",
        None,
        "a.example/plain",
        "Any questions?",
        "a.example/",
        "a.example/?page=2",
    ]
    assert "ann" not in repr(told())
    assert db.session.scalars(select(Dialogue.name).where(Dialogue.ref == "7")).all() == ["a.example/news"]


def test_of_a_person_with_another_marketo_id_the_deleted_ones_chats_lose_the_name(
    people, chats_of, delete, stored
):
    people(ANN, {**ANN, "marketo_id": "502"})
    chats_of(501, 502)
    delete(501, keep_activities=True)
    assert {guid: chat.person == "C1" for guid, chat in stored().items()} == {"g1": False, "g2": True}
    assert [chat.account for chat in stored().values()] == ["A1", "A1"]


def test_nobody_without_chats_is_kept(people, delete):
    people(ANN)
    delete(501, keep_activities=True)
    assert left(Person) == [0]


# Deleted records of the CRM


@pytest.mark.parametrize("marketo_id", ["501", ""])
def test_a_row_of_a_deleted_record_takes_the_person_away(people, chats_of, contents, stored, marketo_id):
    people({**ANN, "is_deleted": "false"}, BO)
    chats_of(501, 502)
    counts = people({**ANN, "marketo_id": marketo_id, "is_deleted": "true"}, {**BO, "is_deleted": ""})
    assert (counts["updated"], counts["unchanged"]) == (1, 1)
    assert [row[1] for row in contents()["people"]] == ["C2"]
    assert list(stored()) == ["g2"]
    assert people({**ANN, "is_deleted": "true"})["unchanged"] == 1
    assert people(ANN)["ignored"] == 1


def test_a_deleted_record_without_marketo_ids_goes_too(people, contents):
    people({**ANN, "marketo_id": ""})
    people({**ANN, "marketo_id": "", "is_deleted": "true"})
    assert contents()["people"] == []
    assert people({**ANN, "marketo_id": ""})["ignored"] == 1


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("marketo_id", ["", "501"])
def test_what_could_not_be_used_of_a_deleted_record_goes_with_it(
    people, chats_of, bare_app, monkeypatch, marketo_id, known, keep
):
    monkeypatch.setitem(
        bare_app.extensions, "chatpane", replace(bare_app.extensions["chatpane"], keep_deleted=keep)
    )
    ann = {**ANN, "marketo_id": marketo_id}
    people(*[ann] * known, BO)
    if marketo_id and known:
        chats_of(501)
    people({**ANN, "marketo_id": "abc"}, {**BO, "marketo_id": "abd"})
    people({**ann, "is_deleted": "true"})
    assert [one.body.split(",")[1] for one in db.session.scalars(select(Rejected))] == [BO["crm_id"]]


def test_a_deleted_row_of_a_converted_lead_leaves_the_contact(people, chats_of, contents):
    people(LEAD, ANN)
    chats_of(501)
    before = contents()
    assert people({**LEAD, "is_deleted": "true"})["unchanged"] == 1
    assert contents() == before


@pytest.mark.parametrize("first", [0, 1])
def test_a_record_that_the_crm_merged_into_another_hands_its_marketo_id_on(
    people, chats_of, contents, stored, first
):
    people(ANN, {**BO, "marketo_id": ""})
    chats_of(501)
    rows = [{**ANN, "marketo_id": "", "is_deleted": "true"}, {**BO, "marketo_id": "501"}]
    people(rows[first], rows[1 - first])
    assert contents()["former records"] == [("contact", "C1", "contact", "C2")]
    assert [chat.person for chat in stored().values()] == ["C2"]


@pytest.mark.parametrize(("setting", "kept"), [(False, 0), (True, 1)])
def test_the_option_to_keep_activities_goes_for_deleted_records_too(
    bare_app, people, chats_of, monkeypatch, setting, kept
):
    known = bare_app.extensions["chatpane"]
    monkeypatch.setitem(bare_app.extensions, "chatpane", replace(known, keep_deleted=setting))
    people(ANN)
    chats_of(501)
    people({**ANN, "is_deleted": "true"})
    assert left(Activity) == [kept]


def test_a_deleted_flag_that_is_neither_true_nor_false_is_rejected(people, contents):
    assert people({**ANN, "is_deleted": "maybe"})["rejected"] == 1
    assert [row[3] for row in contents()["rejected"]] == ["is_deleted"]
