"""What is read beside chat: the families that an admin wants, each by itself, and no other."""

from datetime import timedelta

import pytest

from webui import family_settings
from webui.sync.round import WITH_HISTORY

GUIDS = "SELECT guid FROM activity ORDER BY guid"
CURSORS = "SELECT name FROM sync_cursor WHERE name LIKE 'activities-%' ORDER BY name"
CLASSIC = {
    "moments": {46},
    "web": {1, 2, 3},
    "email": {6, 7, 8, 10, 11, 27, 39, 40, 41, 45, 48},
    "score": {22},
}
CHAT = set(range(1001, 1011))
MERGE = 32


@pytest.fixture
def turn(app):
    """Let these families alone be taken in beside chat."""
    return lambda *on: family_settings.set_families("test", on=on)


def asked(instance, since=0):
    """Return the type ids of each question for activities, merges left out."""
    questions = instance.asked_for("/activities.json")[since:]
    ids = [{int(one) for one in question.params["activityTypeIds"].split(",")} for question in questions]
    return [some for some in ids if some != {MERGE}]


def all_of(instance, since=0):
    return set().union(*asked(instance, since))


@pytest.fixture
def one_of_each(instance):
    """Something of each family, of 9 days ago; the guid is the family."""
    for family, number in (("chat", 1001), ("email", 6), ("moments", 46), ("score", 22), ("web", 1)):
        instance.add_activity(
            501,
            number,
            guid=family,
            primary="Something",
            attributes={"Change Value": "+5", "New Value": "15"} if family == "score" else {},
            at=instance.now() - timedelta(days=9),
        )
    return instance


def test_all_families_are_read_at_first(sync, one_of_each, stored):
    done = sync()

    assert done.failure is None
    assert stored("SELECT guid, family FROM activity ORDER BY guid") == [
        (family, family) for family in ("chat", "email", "moments", "score", "web")
    ]
    assert all_of(one_of_each) >= CHAT.union(*CLASSIC.values())
    assert max(map(len, asked(one_of_each))) == 10


def test_a_family_that_is_off_is_neither_asked_for_nor_stored(sync, turn, one_of_each, stored):
    turn("moments", "score")

    assert sync().failure is None

    assert stored(GUIDS) == [("chat",), ("moments",), ("score",)]
    assert not all_of(one_of_each) & (CLASSIC["web"] | CLASSIC["email"])


def test_each_family_is_read_by_itself_and_chat_under_the_name_it_always_had(sync, instance, stored):
    sync()

    assert stored(CURSORS) == [
        ("activities-0",),
        ("activities-email-0",),
        ("activities-email-1",),
        ("activities-moments-0",),
        ("activities-score-0",),
        ("activities-web-0",),
    ]
    assert all(any(some <= ids for ids in (CHAT, *CLASSIC.values())) for some in asked(instance))


def test_chat_is_read_first(sync, instance):
    sync()

    assert asked(instance)[0] <= CHAT


def test_chat_goes_on_where_it_stopped_when_families_come_and_go(sync, turn, instance, stored):
    turn()
    sync()
    cursor = "SELECT query, token FROM sync_cursor WHERE name = 'activities-0'"
    query = stored(cursor)[0][0]
    begun = len(instance.asked_for("/pagingtoken.json"))
    turn("web")
    sync()

    assert stored(cursor)[0][0] == query
    since = [one.params["sinceDatetime"] for one in instance.asked_for("/pagingtoken.json")[begun:]]
    usual = (instance.now() - timedelta(days=80)).isoformat()
    assert sum(one < usual for one in since) == 1, "web alone begins at the round's usual time"


def test_a_family_that_was_just_turned_on_is_read_with_its_history(sync, turn, one_of_each, stored):
    turn()
    sync()
    assert stored(GUIDS) == [("chat",)]
    turn("web")

    assert sync().reading.counts["added"] == 1
    assert stored(GUIDS) == [("chat",), ("web",)]


def test_a_family_that_was_off_for_a_while_goes_on_where_it_stopped(sync, turn, one_of_each, stored):
    sync()
    turn("moments", "email", "score")
    one_of_each.add_activity(501, 1, guid="web-meanwhile")
    sync()
    turn("moments", "email", "score", "web")

    assert sync().reading.counts["added"] == 1
    assert ("web-meanwhile",) in stored(GUIDS)


def test_late_news_are_of_conversations_alone(sync, instance):
    sync()
    before = len(instance.asked_for("/activities.json"))
    sync()

    late = asked(instance, before)[-1]
    assert late == {1001, 1002, 1006, 1007}


def test_history_by_extracts_is_of_the_families_that_are_wanted(sync, turn, one_of_each, stored):
    turn("score")

    assert sync(WITH_HISTORY).failure is None

    assert stored(GUIDS) == [("chat",), ("score",)]
    wanted = {
        number
        for made in one_of_each.asked_for("/create.json")
        for number in made.body["filter"]["activityTypeIds"]
    }
    assert wanted == CHAT | CLASSIC["score"]


def test_after_extracts_each_family_is_read_on_from_their_end(sync, instance):
    sync(WITH_HISTORY)

    since = [one.params["sinceDatetime"] for one in instance.asked_for("/pagingtoken.json")]
    recent = (instance.now() - timedelta(days=3)).isoformat()
    assert sum(one < recent for one in since) == 2, "merges and deletions, which no extract has"


def test_without_dynamic_chat_the_others_are_read_and_what_is_missing_is_said(marketo, live, sync, stored):
    marketo.records.types[:] = [one for one in marketo.records.types if not 1001 <= one["id"] <= 1011]
    marketo.add_lead(id=501, firstName="Ann", sfdcLeadId="00Q1")
    marketo.add_activity(501, 1, guid="web", primary="/pricing")

    done = sync()

    assert done.failure is None
    assert stored(GUIDS) == [("web",)]
    missing = [one for one in done.reading.remarks if one.startswith("Marketo has no activity type for")]
    assert len(missing) == 5


def test_when_nothing_is_left_to_ask_for_the_sentence_says_what_would_be(marketo, live, sync, turn):
    marketo.records.types[:] = [one for one in marketo.records.types if not 1001 <= one["id"] <= 1011]
    turn()

    failure = sync().failure

    assert "names no activity type of Dynamic Chat, and no other activities are taken in" in failure
    assert not marketo.asked_for("/activities.json")
