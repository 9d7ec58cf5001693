"""History comes by bulk extracts, month by month, and goes on where a load was cut off."""

from datetime import timedelta

import pytest

from webui.sync.round import WITH_HISTORY

GUIDS = "SELECT guid FROM activity ORDER BY guid"
ALL = [("old-1",), ("old-2",), ("old-3",)]
LEFT = "SELECT state FROM bulk_export ORDER BY since"


@pytest.fixture
def bulk(sync):
    """Load the history by extracts, and then what is new."""
    return lambda **otherwise: sync(WITH_HISTORY, **otherwise)


@pytest.fixture
def history(instance):
    """Three months with a chat each."""
    for number, ago in enumerate((80, 50, 10), 1):
        instance.add_activity(501, guid=f"old-{number}", at=instance.now() - timedelta(days=ago))
    return instance


def made(instance):
    """Return the extracts that were made."""
    return instance.asked_for("/create.json")


def test_history_comes_in_windows_of_31_days_and_rest_goes_on_from_its_end(bulk, history, stored):
    done = bulk()
    assert done.failure is None
    assert stored(GUIDS) == ALL
    assert stored("SELECT DISTINCT person_id IS NULL FROM activity") == [(False,)]
    assert len(made(history)) == 3
    assert stored(LEFT) == []
    begun = [one.params["sinceDatetime"] for one in history.asked_for("/pagingtoken.json")]
    recent = (history.now() - timedelta(days=3)).isoformat()
    assert sum(since < recent for since in begun) == 2  # merges and deletions, which no extract has


def test_after_a_load_a_round_reads_on_by_rest(bulk, sync, history, stored):
    bulk()
    history.add_activity(501, guid="new")
    done = sync()
    assert done.reading.counts["added"] == 1
    assert len(made(history)) == 3
    assert stored(GUIDS) == [("new",), *ALL]


def test_history_that_rest_has_read_is_not_read_again_by_it(bulk, sync, history, stored):
    sync()
    assert bulk().reading.counts["added"] == 0
    assert stored(GUIDS) == ALL


def test_a_cut_download_goes_on_where_it_broke(bulk, history, stored):
    history.fail_next("/file.json", cut=True)
    assert bulk().failure is None
    assert stored(GUIDS) == ALL
    assert any("range" in one.headers for one in history.asked_for("/file.json"))


def test_a_damaged_file_is_not_imported_and_downloaded_anew_by_the_next_load(bulk, history, stored):
    history.fail_next("/file.json", spoil=True)
    assert "did not arrive as Marketo made it" in bulk().failure
    assert stored(GUIDS) == []
    assert bulk().failure is None
    assert stored(GUIDS) == ALL
    assert len(made(history)) == 3


def test_an_extract_that_failed_is_made_anew(bulk, history, stored):
    failed = b'{"requestId": "1", "success": true, "result": [{"exportId": "x", "status": "Failed"}]}'
    history.fail_next("/status.json", body=failed)
    assert bulk().failure is None
    assert len(made(history)) == 4
    assert stored(GUIDS) == ALL


def test_an_extract_that_fails_again_and_again_is_said_and_made_anew_by_the_next_load(bulk, history, stored):
    history.bulk.fails = "internal error"
    failure = bulk().failure
    assert "failed: internal error. Run `chatpane sync --bulk` again." in failure
    assert stored("SELECT error FROM source_state") == [(failure,)]
    history.bulk.fails = ""
    assert bulk().failure is None
    assert stored(GUIDS) == ALL


def test_a_load_that_broke_off_goes_on_with_the_windows_that_are_left(bulk, history, stored):
    history.fail_next("/create.json", http=502, times=None, after=2)
    assert bulk().failure is not None
    assert stored(GUIDS) == ALL[:2]
    assert stored(LEFT) == [("done",), ("done",), ("wanted",)]
    history.be_well()
    asked = len(made(history))
    assert bulk().failure is None
    assert len(made(history)) == asked + 1
    assert stored(GUIDS) == ALL
    assert stored(LEFT) == []


def test_an_extract_whose_answer_to_queueing_was_lost_is_not_made_twice(bulk, history, stored):
    history.fail_next("/enqueue.json", cut=True, times=1)
    assert bulk().failure is None
    assert len(made(history)) == 3
    assert stored(GUIDS) == ALL


def test_the_days_megabytes_are_respected_and_the_extract_is_queued_the_next_day(bulk, history, stored):
    history.bulk.bytes_per_day = 1
    failure = bulk().failure
    assert "bulk extract megabytes of the day are used up" in failure
    assert "The quota begins anew at" in failure
    assert stored(LEFT) == [("done",), ("made",), ("wanted",)]
    assert len(made(history)) == 2
    history.forward(days=1)
    history.bulk.bytes_per_day = 500_000_000
    assert bulk().failure is None
    assert len(made(history)) == 3
    assert stored(GUIDS) == ALL


def test_a_full_queue_is_waited_for(bulk, history, stored):
    history.fail_next("/enqueue.json", code="1029", message="Too many jobs (10) in queue", times=3)
    assert bulk().failure is None
    assert stored(GUIDS) == ALL


def test_a_queue_that_stays_full_ends_the_load_which_goes_on_later(bulk, history, stored):
    history.bulk.longest_queue = 0
    assert "queue of bulk extracts is full" in bulk().failure
    history.bulk.longest_queue = 10
    assert bulk().failure is None
    assert stored(GUIDS) == ALL
    assert len(made(history)) == 3


def test_a_file_that_is_gone_after_a_week_is_made_anew(bulk, history, stored):
    history.fail_next("/file.json", http=502, times=None)
    assert bulk().failure is not None
    history.be_well()
    history.forward(days=8)
    assert bulk().failure is None
    assert stored(GUIDS) == ALL
    assert len(made(history)) == 4


@pytest.mark.parametrize("code", ["603", "610", "703"])
def test_where_there_are_no_extracts_history_comes_by_rest(bulk, history, stored, code):
    history.fail_next("/create.json", code=code, times=None)
    done = bulk()
    assert done.failure is None
    assert any(f"(POST /bulk/v1/activities/export/create.json, {code}" in one for one in done.reading.remarks)
    assert stored(GUIDS) == ALL


def test_a_used_up_quota_pauses_a_load_too(bulk, history, stored):
    history.fail_next("/status.json", code="607")
    assert "calls of the day are used up" in bulk().failure
    assert stored("SELECT error_code, paused_until IS NULL FROM source_state") == [("607", False)]
    assert bulk().failure is None
    assert stored(GUIDS) == ALL


def test_a_history_that_begins_tomorrow_is_empty(bulk, history, stored):
    assert bulk(sync_since=history.now() + timedelta(days=1)).failure is None
    assert made(history) == []
    assert stored(GUIDS) == []


def test_what_a_killed_load_left_on_the_disk_goes_with_the_next_one(bulk, history, live):
    left = live.instance / "extract-killed"
    left.mkdir(exist_ok=True)
    (left / "x.csv").write_text("Ann Lee")
    bulk()
    assert list(live.instance.glob("extract-*")) == []
