"""Bulk extracts: made, queued, waited for, and downloaded whole."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webui.marketo import bulk, failures
from webui.marketo.download import download

MARCH = datetime(2031, 3, 1, 0, 0, 0, 999, tzinfo=UTC)
APRIL = MARCH + timedelta(days=31)
CHAT = [1001, 1004]


@pytest.fixture
def completed(marketo, connection):
    """A completed extract of a file of some size."""
    for day in range(20):
        said = {"Conversation Transcript": f'Bot: Hi, "Ann"\n{"é" * 500}', "Document Opened": True}
        marketo.add_activity(501, at=MARCH + timedelta(days=day), primary="Pricing", attributes=said)
    marketo.add_activity(502, 1004, at=MARCH + timedelta(days=1))
    marketo.add_activity(502, 32, at=MARCH + timedelta(days=1))
    marketo.add_activity(502, at=APRIL + timedelta(days=1))
    export = bulk.create_activities(connection, MARCH, APRIL, CHAT)
    return bulk.finished(connection, bulk.enqueue(connection, export))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "march.csv"


def nothing_in(folder):
    return list(folder.iterdir()) == []


def test_an_extract_is_made_queued_and_waited_for(marketo, completed):
    assert (completed.kind, completed.status, completed.records) == ("activities", "Completed", 21)
    assert not completed.is_running
    assert [one.method for one in marketo.asked] == ["POST", "POST", "GET", "GET"]
    window = {"startAt": "2031-03-01T00:00:00Z", "endAt": "2031-04-01T00:00:00Z"}
    wanted = {"createdAt": window, "activityTypeIds": CHAT}
    assert marketo.asked[0].body == {"format": "CSV", "filter": wanted}


def test_an_extract_that_is_not_queued_does_not_run(connection):
    export = bulk.create_activities(connection, MARCH, APRIL, CHAT)

    assert bulk.finished(connection, export).status == "Created"


def test_the_status_is_asked_for_once_in_a_while(marketo, connect):
    waits = []
    connection = connect(sleep=waits.append, bulk_poll=60.0)
    export = bulk.enqueue(connection, bulk.create_activities(connection, MARCH, APRIL, CHAT))

    bulk.finished(connection, export)

    assert waits == [60.0]


def test_more_than_31_days_are_not_asked_for(marketo, connection):
    with pytest.raises(ValueError, match="31 days"):
        bulk.create_activities(connection, MARCH, APRIL + timedelta(seconds=1), CHAT)
    assert marketo.asked == []


def test_what_is_queued_already_is_looked_at(connection):
    export = bulk.create_activities(connection, MARCH, APRIL, CHAT)
    bulk.enqueue(connection, export)

    assert bulk.enqueue(connection, export).is_running


def test_a_full_queue_is_told(marketo, connection):
    marketo.bulk.longest_queue = 0

    with pytest.raises(failures.QueueFull):
        bulk.enqueue(connection, bulk.create_activities(connection, MARCH, APRIL, CHAT))


def test_used_up_megabytes_are_told_with_their_end(marketo, connection, completed):
    marketo.bulk.bytes_per_day = completed.size

    with pytest.raises(failures.BulkQuotaUsedUp) as told:
        bulk.enqueue(connection, bulk.create_activities(connection, MARCH, APRIL, CHAT))
    assert told.value.until > datetime.now(UTC)


def test_an_extract_can_be_cancelled(connection):
    export = bulk.enqueue(connection, bulk.create_activities(connection, MARCH, APRIL, CHAT))

    assert bulk.cancel(connection, export).status == "Canceled"
    assert bulk.status(connection, export).status == "Canceled"


def test_a_failed_extract_says_why(marketo, connection):
    marketo.bulk.fails = "out of paper"
    export = bulk.enqueue(connection, bulk.create_activities(connection, MARCH, APRIL, CHAT))

    export = bulk.finished(connection, export)

    assert (export.status, export.error) == ("Failed", "out of paper")


def test_earlier_extracts_are_listed_by_status(connection, completed):
    made = bulk.create_activities(connection, MARCH, APRIL, CHAT)

    assert bulk.exports(connection, "activities", ["Completed"]) == [completed]
    assert bulk.exports(connection, "activities") == [completed, made]
    assert bulk.exports(connection, "leads") == []


def test_an_extract_that_marketo_does_not_know_is_refused(connection, completed):
    with pytest.raises(failures.Refused, match="no such extract"):
        bulk.status(connection, replace(completed, id="../other?"))


def test_people_can_be_extracted_by_their_creation(marketo, connection, path):
    marketo.add_lead(email="ann@example.com")
    start = marketo.now() - timedelta(days=1)
    export = bulk.create_leads(connection, start, start + timedelta(days=2), ["id", "email", "company"])

    download(connection, bulk.finished(connection, bulk.enqueue(connection, export)), path)

    assert path.read_text() == "id,email,company\n501,ann@example.com,null\n"


def test_extracting_people_by_their_changes_may_be_not_available(marketo, connection):
    marketo.bulk.has_updated_at = False

    with pytest.raises(failures.NotAvailable, match="1035"):
        bulk.create_leads(connection, MARCH, APRIL, ["id"], by="updatedAt")


def test_the_file_is_as_marketo_made_it(marketo, connection, completed, path):
    download(connection, completed, path)

    assert path.read_bytes() == marketo.bulk.jobs[completed.id].file
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == completed.records
    assert (rows[0]["primaryAttributeValue"], rows[0]["campaignId"]) == ("Pricing", "null")
    assert json.loads(rows[0]["attributes"])["Document Opened"] is True


def test_a_download_that_is_cut_goes_on_where_it_was(marketo, connection, completed, path):
    marketo.fail_next("file.json", cut=1_000)
    marketo.fail_next("file.json", cut=500)

    download(connection, completed, path)

    ranges = [one.headers.get("range") for one in marketo.asked_for("file.json")]
    assert ranges == [None, "bytes=1000-", "bytes=1500-"]
    assert path.read_bytes() == marketo.bulk.jobs[completed.id].file


def test_a_download_starts_over_where_marketo_gives_no_part(marketo, connection, completed, path):
    marketo.bulk.has_ranges = False
    marketo.fail_next("file.json", cut=1_000)

    download(connection, completed, path)

    assert path.read_bytes() == marketo.bulk.jobs[completed.id].file


def test_a_token_that_ends_before_the_download_is_renewed(marketo, connection, completed, path):
    marketo.end_token()

    download(connection, completed, path)

    assert path.stat().st_size == completed.size


def test_a_file_that_is_damaged_on_the_way_is_deleted(marketo, connection, completed, path):
    marketo.fail_next("file.json", spoil=True)

    with pytest.raises(failures.DamagedFile, match="the checksum differs"):
        download(connection, completed, path)
    assert nothing_in(path.parent)


def test_a_file_of_another_size_is_deleted(connection, completed, path):
    with pytest.raises(failures.DamagedFile, match="bytes came instead of"):
        download(connection, replace(completed, size=completed.size + 1), path)
    assert nothing_in(path.parent)


def test_a_line_that_is_always_cut_leaves_no_file(marketo, connection, completed, path):
    marketo.fail_next("file.json", cut=10, times=None)

    with pytest.raises(failures.Unreachable):
        download(connection, completed, path)
    assert nothing_in(path.parent)


def test_a_file_that_is_not_ready_is_told(connection, path):
    export = bulk.create_activities(connection, MARCH, APRIL, CHAT)

    with pytest.raises(failures.NotReady):
        download(connection, export, path)
    assert nothing_in(path.parent)


def test_a_file_is_gone_after_a_week(marketo, connection, completed, path):
    marketo.forward(days=7)

    with pytest.raises(failures.NotReady):
        download(connection, completed, path)


@pytest.mark.parametrize("fault", [{"http": 502}, {"body": b"<html>"}, {"code": "608"}], ids=str)
def test_something_else_than_the_file_is_not_taken_for_it(marketo, connection, completed, path, fault):
    marketo.fail_next("file.json", **fault)

    download(connection, completed, path)

    assert path.stat().st_size == completed.size


def test_a_file_of_before_stays_until_the_new_one_is_whole(marketo, connection, completed, path):
    path.write_text("of before")
    marketo.fail_next("file.json", spoil=True)

    with pytest.raises(failures.DamagedFile):
        download(connection, completed, path)
    assert path.read_text() == "of before"
