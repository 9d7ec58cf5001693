"""One activity is one guid: read again it changes nothing, and only what is newer or was missing goes in.

Rows of an extract come in any order and more than once; a conversation is read while it goes on and
again when it has ended.
"""

import pytest
from sqlalchemy import func, select

from tests.ingest.files import DOCUMENT, GOAL, MEETING, chat_row
from webui.database import db
from webui.models import Installation, Rejected


@pytest.fixture
def chat(bring, extract, stored):
    """Import one row of the guid 880142; return what is stored of it, with what the import ``did``."""

    def import_row(attributes=None, **cells):
        counts = bring(extract(chat_row(attributes, **cells)))
        found = stored()["880142"]
        found.did = [name for name in ("added", "updated", "unchanged", "rejected") if counts[name]]
        return found

    return import_row


def test_the_same_file_again_changes_nothing(bring, extract, contents):
    path = extract(
        chat_row({"Conversation Status": "Completed", "Page URL": "https://a.example/", "UI Type": "popup"}),
        chat_row({"Scheduled For": "next week", "Topics": ["a"]}, marketoGUID="2", activityTypeId=MEETING),
        chat_row({"Document Opened": True}, marketoGUID="3", activityTypeId=DOCUMENT),
        chat_row(marketoGUID="4", activityTypeId=GOAL),
    )
    bring(path)
    before = contents()

    counts = bring(path)

    assert (counts["read"], counts["unchanged"]) == (4, 4)
    assert contents() == before


def test_two_guids_are_two_activities_however_alike(bring, extract):
    counts = bring(extract(chat_row(marketoGUID="1"), chat_row(marketoGUID="2")))
    assert counts["added"] == 2


def test_a_conversation_that_ended_takes_its_status_summary_and_transcript(chat):
    chat({"Conversation Status": "Initiated", "Page URL": "https://a.example/"})
    ended = chat(
        {
            "Conversation Status": "Completed",
            "Conversation Summary": "Asked for prices.",
            "Conversation Transcript": "Bot: Hi",
        }
    )
    assert (ended.did, ended.status) == (["updated"], "completed")
    assert (ended.summary, ended.transcript) == ("Asked for prices.", "Bot: Hi")
    assert ended.page_url == "https://a.example/"


def test_an_earlier_status_read_late_fills_gaps_and_overwrites_nothing(chat):
    chat({"Conversation Status": "Completed", "Page URL": "https://a.example/last", "UI Type": "popup"})
    late = chat(
        {
            "Conversation Status": "Initiated",
            "Page URL": "https://a.example/first",
            "UI Type": "inline",
            "Source Name": "Spring",
            "Conversation Score": 1,
        },
        primaryAttributeValue="Another name",
    )
    assert (late.did, late.status, late.dialogue) == (["updated"], "completed", "Pricing page greeter")
    assert (late.page_url, late.score) == ("https://a.example/last", 1)
    assert late.extra == {"UI Type": "popup", "Source Name": "Spring"}


def test_an_earlier_status_read_late_that_says_nothing_else_changes_nothing(chat):
    chat({"Conversation Status": "Completed"})
    assert chat({"Conversation Status": "Dropped"}).did == ["unchanged"]


@pytest.mark.parametrize(
    "nothing", [{}, {"Page URL": "", "Conversation Transcript": " ", "Conversation Status": ""}]
)
def test_a_field_that_is_absent_or_empty_changes_nothing(chat, nothing):
    chat(
        {
            "Conversation Status": "Completed",
            "Page URL": "https://a.example/",
            "Conversation Transcript": "Bot: Hi",
            "UI Type": "popup",
        }
    )
    again = chat(nothing, primaryAttributeValue="null")
    assert (again.did, again.status, again.dialogue) == (["unchanged"], "completed", "Pricing page greeter")
    assert (again.page_url, again.transcript, again.extra) == (
        "https://a.example/",
        "Bot: Hi",
        {"UI Type": "popup"},
    )


def test_an_explicit_null_clears(chat):
    told = {
        "Conversation Status": "Completed",
        "Page URL": "https://a.example/",
        "Conversation Transcript": "Bot: Hi",
        "Conversation Score": 2,
        "Discussed Topics": ["Pricing"],
    }
    chat(told)
    cleared = chat({**dict.fromkeys(told), "Conversation Status": "Completed"})
    assert (cleared.did, cleared.status) == (["updated"], "completed")
    assert (cleared.page_url, cleared.transcript, cleared.score, cleared.topics) == (None, None, None, None)


def test_an_explicit_null_clears_a_status(chat):
    chat({"Conversation Status": "Completed"})
    assert chat({"Conversation Status": None}).status is None


def test_an_appointment_that_moved_takes_its_new_time(chat):
    chat({"Scheduled For": "next week", "Meeting Status": "Scheduled"}, activityTypeId=MEETING)
    moved = chat(
        {"Scheduled For": "2031-04-09T10:00:00Z", "Meeting Status": "Rescheduled"}, activityTypeId=MEETING
    )
    assert (moved.status, moved.scheduled_text) == ("rescheduled", None)
    assert moved.scheduled_for.isoformat() == "2031-04-09T10:00:00+00:00"


def test_an_opened_document_that_was_downloaded_later_says_so(chat):
    chat({"Document Opened": True}, activityTypeId=DOCUMENT)
    assert chat({"Document Opened": True, "Document Downloaded": True}, activityTypeId=DOCUMENT).status == (
        "downloaded"
    )


def test_a_renamed_dialogue_takes_its_name(chat):
    chat()
    assert chat(primaryAttributeValue="Pricing concierge").dialogue == "Pricing concierge"


@pytest.mark.parametrize("statuses", [("Initiated", "Completed"), ("Completed", "Initiated")])
def test_a_guid_twice_in_one_file_is_one_activity_in_its_latest_state(bring, extract, stored, statuses):
    first, second = statuses
    counts = bring(
        extract(
            chat_row({"Conversation Status": first, f"From {first}": "yes"}),
            chat_row({"Conversation Status": second, f"From {second}": "yes"}),
        )
    )
    assert (counts["read"], counts["added"], counts["updated"]) == (2, 1, 1)
    (one,) = stored().values()
    assert (one.status, one.extra) == ("completed", {"From Initiated": "yes", "From Completed": "yes"})


@pytest.mark.parametrize("between", ["Pricing concierge", None])
def test_a_dialogue_that_was_renamed_and_got_its_name_back_in_one_file_has_it(
    bring, extract, chat, stored, between
):
    without_id = {"primaryAttributeValueId": ""}
    name = chat(**without_id).dialogue
    renamed = chat_row(primaryAttributeValue=between or "null", **without_id)
    bring(extract(renamed, chat_row(primaryAttributeValue=name, **without_id), name="later.csv"))

    (one,) = stored().values()
    assert one.dialogue == name


@pytest.mark.parametrize("in_one_file", [True, False])
def test_a_guid_that_is_known_with_another_type_is_rejected(bring, extract, stored, in_one_file):
    rows = [chat_row(), chat_row(activityTypeId=GOAL)]
    if in_one_file:
        bring(extract(*rows))
    else:
        bring(extract(rows[0]), extract(rows[1], name="later.csv"))

    (rejected,) = db.session.scalars(select(Rejected)).all()
    assert (rejected.column, rejected.guid) == ("activityTypeId", "880142")
    assert rejected.reason == "the guid is known as Engaged Dialogue, here it is Reached Goal"
    assert stored()["880142"].type_key == "engaged-dialogue"


def test_a_corrected_date_takes_the_activity_into_its_week(chat, make_person, contents):
    make_person()
    chat(activityDate="2031-04-06T23:59:59Z")
    chat(activityDate="2031-04-07T00:00:00Z")
    weeks = [(week.isoformat(), count) for week, _, count in contents()["weeks of all"]]
    assert weeks == [("2031-04-07", 1)]


def test_a_corrected_lead_takes_the_activity_to_the_other_person(chat, make_person, contents):
    make_person("L1", marketo_id=501)
    make_person("L2", marketo_id=502)
    chat(leadId="501")
    assert chat(leadId="502").person == "L2"
    assert [row[:2] for row in contents()["weeks of people"]] == [("lead", "L2")]


def test_activities_of_somebody_unknown_appear_when_the_person_arrives(chat, make_person, contents):
    assert chat().person is None
    assert contents()["weeks of all"] == []

    make_person("L1", marketo_id=501)

    assert chat().person == "L1"
    assert [row[1] for row in contents()["weeks of people"]] == ["L1"]
    assert len(contents()["weeks of all"]) == 1


def test_the_first_activity_connects_dynamic_chat_and_the_next_ones_are_noted(bring, extract):
    def connection():
        return db.session.execute(
            select(Installation.connected_at, Installation.connection_source, Installation.last_delivery_at)
        ).one()

    bring(extract(chat_row(activityTypeId="32"), chat_row(leadId="none")))
    assert connection() == (None, None, None)
    bring(extract(chat_row()))
    first = connection()
    bring(extract(chat_row()))
    again = connection()

    assert (first.connection_source, again.connected_at) == ("activities", first.connected_at)
    assert again.last_delivery_at >= first.last_delivery_at >= first.connected_at


def test_an_activity_of_another_family_connects_nothing(bring, extract):
    assert bring(extract(chat_row(activityTypeId="1")))["added"] == 1
    assert db.session.execute(select(Installation.connected_at)).scalar_one() is None


def test_every_import_moves_the_version_that_pages_are_told_apart_by(bring, extract):
    version = select(func.max(Installation.content_version))
    before = db.session.execute(version).scalar_one()
    bring(extract(chat_row()))
    assert db.session.execute(version).scalar_one() > before
