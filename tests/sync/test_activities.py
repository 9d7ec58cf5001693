"""What a visitor does in the chat comes by itself, goes on where it stopped, and is never doubled."""

from datetime import timedelta

import pytest

GUIDS = "SELECT guid FROM activity ORDER BY guid"
POLLED = "/activities.json"


def polled(instance):
    """Return the questions for activities, but those for late news and merges."""
    return [one for one in instance.asked_for(POLLED) if "1004" in one.params["activityTypeIds"]]


def test_a_round_brings_what_is_new_and_whose_it_is(sync, instance, stored):
    instance.add_activity(
        501, 1001, guid="g1", primary="Pricing", attributes={"Conversation Status": "Initiated"}
    )

    done = sync()

    assert done.failure is None
    assert done.reading.counts["added"] == 1
    assert stored(
        "SELECT activity.guid, person.name, activity.status "
        "FROM activity JOIN person ON person.id = person_id"
    ) == [("g1", "Ann Lee", "initiated")]


def test_the_next_round_reads_only_what_came_since(sync, instance, stored):
    instance.add_activity(501, 1001, guid="g1")
    sync()
    instance.add_activity(501, 1004, guid="g2", attributes={"Goal Name": "Demo"})

    assert sync().reading.counts["added"] == 1
    assert stored(GUIDS) == [("g1",), ("g2",)]


@pytest.mark.parametrize(("days", "guids"), [(0, ["g1"]), (10, ["g1", "g2"]), (200, ["g1", "g2", "g3"])])
def test_the_first_round_begins_where_a_setting_says(sync, instance, stored, days, guids):
    for guid, ago in (("g1", 0), ("g2", 5), ("g3", 100)):
        instance.add_activity(501, guid=guid, at=instance.now() - timedelta(days=ago))
    sync(sync_since=instance.now() - timedelta(days=days, minutes=5))
    assert stored(GUIDS) == [(guid,) for guid in guids]


def test_the_first_round_begins_ninety_days_ago_when_nothing_is_said(sync, instance, stored):
    for guid, ago in (("g1", 89), ("g2", 91)):
        instance.add_activity(501, guid=guid, at=instance.now() - timedelta(days=ago))
    sync()
    assert stored(GUIDS) == [("g1",)]


def test_a_type_that_an_override_adds_is_read_with_its_history(sync, instance, stored):
    instance.add_type(100_001, "Ours alone")
    instance.add_activity(501, 1004, guid="g1", at=instance.now() - timedelta(days=9))
    instance.add_activity(501, 100_001, guid="g2", at=instance.now() - timedelta(days=9))
    sync()
    assert stored(GUIDS) == [("g1",)]
    done = sync(activity_types={100_001: "reached-goal"})
    assert done.reading.counts["added"] == 1
    assert stored(GUIDS) == [("g1",), ("g2",)]


def test_never_more_than_ten_types_are_asked_for_at_once(sync, instance, stored):
    overrides = {}
    for number in range(100_001, 100_016):
        instance.add_type(number, f"Custom {number}")
        instance.add_activity(501, number, guid=str(number))
        overrides[number] = "reached-goal"
    sync(activity_types=overrides)
    asked = [len(one.params["activityTypeIds"].split(",")) for one in instance.asked_for(POLLED)]
    assert max(asked) == 10
    assert [guid for (guid,) in stored(GUIDS)] == [str(number) for number in overrides]


def test_types_are_asked_for_once_a_day_but_until_one_is_wanted_in_each_round(marketo, live, sync, execute):
    execute("UPDATE installation SET families_off = 'email moments score web'")
    types, marketo.records.types[:] = list(marketo.records.types), []
    assert "names no activity type of Dynamic Chat" in sync().failure
    marketo.records.types[:] = types
    assert sync().failure is None
    sync()
    assert len(marketo.asked_for("/types.json")) == 2
    execute("DELETE FROM sync_cursor WHERE name = 'activity-types'")  # a day later
    sync()
    assert len(marketo.asked_for("/types.json")) == 3


def test_late_news_of_a_conversation_arrives_under_the_same_guid(sync, instance, stored):
    said = {"Conversation Status": "Initiated"}
    instance.add_activity(501, guid="g1", attributes=said, at=instance.now() - timedelta(minutes=5))
    sync()
    instance.change_activity("g1", **{"Conversation Status": "Completed", "Conversation Transcript": "Hi"})
    done = sync()
    assert (done.reading.counts["added"], done.reading.counts["updated"]) == (0, 1)
    assert stored("SELECT status, transcript FROM activity JOIN conversation ON activity_id = id") == [
        ("completed", "Hi")
    ]


@pytest.mark.parametrize(("hours", "status"), [(48, "completed"), (24, "initiated")])
def test_late_news_of_days_arrives_within_the_hour(sync, instance, stored, execute, hours, status):
    said = {"Conversation Status": "Initiated"}
    instance.add_activity(501, guid="g1", attributes=said, at=instance.now() - timedelta(hours=36))
    sync(late_news_hours=hours)
    instance.change_activity("g1", **{"Conversation Status": "Completed"})
    sync(late_news_hours=hours)
    assert stored("SELECT status FROM activity") == [("initiated",)]
    execute("DELETE FROM sync_cursor WHERE name = 'late-news'")  # an hour later
    sync(late_news_hours=hours)
    assert stored("SELECT status FROM activity") == [(status,)]


def test_a_refused_token_begins_anew_from_the_last_date_not_from_the_first(sync, instance, stored):
    instance.add_activity(501, guid="g1", at=instance.now() - timedelta(days=9))
    sync()
    instance.forget_paging_tokens()
    instance.add_activity(501, guid="g2", at=instance.now() - timedelta(minutes=30))
    done = sync()
    assert done.failure is None
    assert stored(GUIDS) == [("g1",), ("g2",)]
    begun = [one.params["sinceDatetime"] for one in instance.asked_for("/pagingtoken.json")]
    assert min(begun[-4:]) > (instance.now() - timedelta(days=3)).isoformat()


def test_what_marketo_denies_of_activities_is_said_and_nothing_is_forgotten(sync, instance, stored):
    instance.add_activity(501, guid="g1")
    instance.fail_next(POLLED, code="603", times=None)
    done = sync()
    assert "denies access to this call (GET /rest/v1/activities.json, 603" in done.failure
    assert stored("SELECT error, error_code FROM source_state") == [(done.failure, "603")]
    instance.be_well()
    assert sync().failure is None
    assert stored(GUIDS) == [("g1",)]


def test_a_round_takes_no_more_than_half_of_marketos_pace(sync, instance):
    for number in range(60):
        instance.add_activity(501, guid=f"g{number}")
    instance.rest.page_sizes = [1] * 60
    sync()
    assert instance.door.most_at_once <= 5
    assert instance.most_in(0.02) <= 50  # the tests' pace is Marketo's, a thousand times as fast
