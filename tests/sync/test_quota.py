"""When Marketo's calls of the day are used up, reading rests until they are renewed, and then goes on."""

from datetime import UTC, datetime, timedelta

from tests.sync.faults import stored_time
from webui.marketo.failures import next_midnight
from webui.sync.round import paused_until

GUIDS = "SELECT guid FROM activity ORDER BY guid"


def paused(execute, until):
    """Let the pause end then."""
    execute("UPDATE source_state SET paused_until = :at", at=stored_time(until))


def test_reading_rests_until_midnight_in_chicago_and_says_so(sync, instance, stored):
    instance.door.elsewhere = instance.door.calls_per_day
    instance.add_activity(501, guid="g1")
    failure = sync().failure
    assert failure.startswith("Marketo's calls of the day are used up (")
    assert paused_until() == next_midnight(datetime.now(UTC))
    assert stored("SELECT error, error_code FROM source_state") == [(failure, "607")]


def test_what_was_read_before_the_quota_ended_stays_and_the_next_day_brings_the_rest(
    sync, instance, stored, execute
):
    for number in range(4):
        instance.add_activity(501, guid=f"g{number}")
    instance.rest.page_sizes = [1, 1, 1, 1]
    instance.fail_next("/activities.json", code="607", after=3)  # the first call asks for merges
    sync()
    assert stored(GUIDS) == [("g0",), ("g1",)]
    paused(execute, datetime.now(UTC) - timedelta(seconds=1))
    assert paused_until() is None
    assert sync().failure is None
    assert stored(GUIDS) == [("g0",), ("g1",), ("g2",), ("g3",)]
    assert stored("SELECT error, paused_until FROM source_state") == [(None, None)]


def test_if_the_quota_is_not_renewed_by_then_it_is_tried_again_an_hour_later(sync, instance, execute):
    instance.door.elsewhere = instance.door.calls_per_day
    sync()
    for _ in range(2):
        paused(execute, datetime.now(UTC) - timedelta(seconds=1))
        sync()
        left = paused_until() - datetime.now(UTC)
        assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_how_many_calls_are_used_is_noted_once_in_ten_minutes(sync, instance, stored):
    instance.door.elsewhere = 1_000
    sync()
    sync()
    ((used,),) = stored("SELECT calls_used FROM source_state")
    assert used > 1_000
    assert len(instance.asked_for("/usage.json")) == 1
