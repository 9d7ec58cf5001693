"""What Adobe sent while nobody was here to take it comes from its journal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.servers.adobe import CLIENT_ID, CLIENT_SECRET, ORG_ID, Adobe, chat_event, wrapped
from webui.ingest import activity_types
from webui.sync import journal
from webui.sync.journal import JournalFailure

COUNT = "SELECT COUNT(*) FROM activity"


@pytest.fixture(scope="module")
def running_adobe() -> Iterator[Adobe]:
    adobe = Adobe()
    yield adobe
    adobe.stop()


@pytest.fixture
def adobe(running_adobe):
    """An Adobe that is honest."""
    running_adobe.be_honest()
    return running_adobe


@pytest.fixture
def read(app, settings, adobe):
    """Read the journal of the last so many hours; what is to be otherwise is named."""
    activity_types.learn_types([(1001, "Engage with a Dialogue")])

    def replay(hours=1.0, **otherwise):
        told = {
            "adobe_client_id": CLIENT_ID,
            "adobe_client_secret": CLIENT_SECRET,
            "adobe_org_id": ORG_ID,
            "adobe_journal_url": adobe.journal.address,
            "adobe_ims_url": adobe.address,
            **otherwise,
        }
        since = datetime.now(UTC) - timedelta(hours=hours)
        return journal.replay(replace(settings, **told), since, sleep=lambda _: None)

    return replay


def test_the_journal_is_read_page_by_page_to_its_end(read, adobe, stored):
    adobe.journal.record(*(chat_event(leadId=str(number)) for number in range(1, 251)))
    assert read()["added"] == 250
    assert adobe.asked.count(adobe.journal.path) == 4  # three pages, and the one that says: no more
    assert stored(COUNT) == [(250,)]


def test_what_arrived_already_is_not_doubled(read, adobe, stored):
    adobe.journal.record(chat_event(), chat_event())
    read()
    assert (read()["added"], read()["unchanged"]) == (0, 2)
    assert stored(COUNT) == [(2,)]


def test_only_what_was_sent_since_is_read(read, adobe):
    adobe.journal.record(chat_event(), seconds_ago=7_200)
    adobe.journal.record(chat_event(), seconds_ago=600)
    assert read(hours=1)["read"] == 1
    assert read(hours=3)["read"] == 2


def test_what_is_older_than_the_journal_is_read_from_its_oldest_event(read, adobe):
    adobe.journal.record(chat_event(), seconds_ago=6 * 86_400)
    assert read(hours=24 * 30)["read"] == 1


def test_a_position_that_is_too_old_now_begins_with_the_oldest(read, adobe, stored, capsys):
    adobe.journal.page_size = 1
    adobe.journal.record(chat_event(), chat_event())
    page = adobe.journal.page

    def expiring(query, headers):
        if "since" in query:
            adobe.journal.page = page
            return 410, {}, b"{}"
        return page(query, headers)

    adobe.journal.page = expiring
    assert read()["added"] == 2
    assert "does not reach back that far" in capsys.readouterr().err


def test_a_journal_that_always_says_too_old_is_not_asked_for_ever(read, adobe):
    adobe.statuses[adobe.journal.path] = 410
    assert read()["read"] == 0
    assert adobe.asked.count(adobe.journal.path) == 2


def test_events_in_the_older_wrapping_are_read_too(read, adobe):
    adobe.journal.record(wrapped(chat_event()))
    assert read()["added"] == 1


def test_events_for_others_are_counted_and_not_stored(read, adobe, stored):
    adobe.journal.record({**chat_event(), "recipientclientid": "somebody-else"})
    counts = read()
    assert (counts["read"], counts["ignored"]) == (1, 1)
    adobe.journal.record(chat_event(munchkinId="999-XYZ-999"), chat_event())
    counts = read(marketo_munchkin_id="123-ABC-456")
    assert (counts["read"], counts["ignored"], counts["added"]) == (3, 2, 1)
    assert stored(COUNT) == [(1,)]


def test_an_event_that_cannot_be_used_is_kept_and_the_others_go_in(read, adobe, stored):
    adobe.journal.record(chat_event(leadId="nobody"), chat_event())
    counts = read()
    assert (counts["added"], counts["rejected"]) == (1, 1)
    assert stored("SELECT source FROM rejected") == [("adobe-io",)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"adobe_client_secret": "other"}, "Adobe gives no token (HTTP 401)"),
        ({"adobe_org_id": "other"}, "Adobe's journal cannot be read (HTTP 403)"),
    ],
)
def test_wrong_credentials_are_said_without_naming_them(read, wrong, said):
    with pytest.raises(JournalFailure) as failure:
        read(**wrong)
    assert said in str(failure.value)
    assert CLIENT_SECRET not in str(failure.value)


def test_a_server_that_fails_is_asked_a_few_times(read, adobe):
    adobe.statuses[adobe.journal.path] = 503
    with pytest.raises(JournalFailure, match="HTTP 503"):
        read()
    assert adobe.asked.count(adobe.journal.path) == 5


def test_an_adobe_that_is_not_there_is_said(read):
    with pytest.raises(JournalFailure, match="cannot be reached: ConnectError"):
        read(adobe_ims_url="http://127.0.0.1:9")


def test_a_page_that_is_no_json_is_said(read, adobe):
    adobe.bodies[adobe.journal.path] = b"<html>"
    with pytest.raises(JournalFailure, match="not JSON"):
        read()


def test_no_other_host_is_asked_and_none_gets_the_token(read, adobe):
    adobe.journal.record(chat_event())
    page = adobe.journal.page

    def elsewhere(query, headers):
        status, told, body = page(query, headers)
        return status, {**told, "Link": '<http://localhost:9/events>; rel="next"'}, body

    adobe.journal.page = elsewhere
    with pytest.raises(JournalFailure, match="another host"):
        read()
    adobe.redirects[adobe.journal.path] = "http://localhost:9/events"
    with pytest.raises(JournalFailure, match="HTTP 302"):
        read()
