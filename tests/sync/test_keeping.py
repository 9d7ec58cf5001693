"""What is older than an admin lets its family be kept goes, once a day, and nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest

from webui import family_settings
from webui.ingest import prune
from webui.sync import keeping

GUIDS = "SELECT guid FROM activity ORDER BY guid"
A_DAY_LATER = "UPDATE sync_cursor SET since = since - :day WHERE name = 'kept'"


@pytest.fixture
def kept(app):
    """Let families be kept for so many days."""
    return lambda **days: family_settings.set_families("test", kept_days=days)


@pytest.fixture
def old(make_person, make_activity):
    """A chat and a visit of 50 days ago, and a visit of yesterday."""
    make_person()
    make(make_activity, "chat-old", "engaged-dialogue", 50)
    make(make_activity, "web-old", "visited-page", 50)
    make(make_activity, "web-young", "visited-page", 1)


def make(make_activity, guid, type_key, days):
    make_activity(guid=guid, type_key=type_key, at=datetime.now(UTC) - timedelta(days=days))


@pytest.fixture
def keep():
    """Delete what is due; return how many went."""
    return lambda: keeping.keep(lambda _seconds: None)


@pytest.fixture
def a_day_later(app, execute):
    """Let a day pass since what was due was deleted."""

    def pass_by():
        day = timedelta(days=1).total_seconds() * 1_000_000
        is_sqlite = "sqlite" in app.config["SQLALCHEMY_DATABASE_URI"]
        execute(A_DAY_LATER, day=int(day) if is_sqlite else timedelta(days=1))

    return pass_by


def test_each_family_is_kept_as_long_as_is_said_of_it(kept, keep, old, stored):
    kept(web="31", chat="60")

    assert keep() == 1
    assert stored(GUIDS) == [("chat-old",), ("web-young",)]


def test_at_first_all_is_kept_for_ever(keep, old, stored):
    assert keep() == 0
    assert len(stored(GUIDS)) == 3


def test_it_is_done_once_a_day(kept, keep, old, make_activity, stored, a_day_later):
    kept(web="31")
    keep()
    make(make_activity, "web-again", "visited-page", 40)

    assert keep() == 0
    a_day_later()
    assert keep() == 1
    assert ("web-again",) not in stored(GUIDS)


def test_what_an_admin_says_otherwise_holds_at_once(kept, keep, old):
    kept(web="60")
    assert keep() == 0
    kept(web="31")
    assert keep() == 1


def test_a_family_that_is_off_is_pruned_all_the_same(kept, keep, old, stored):
    kept(web="31")
    family_settings.set_families("test", on=["email"])

    assert keep() == 1
    assert ("web-old",) not in stored(GUIDS)


def test_a_run_that_is_stopped_midway_goes_on_at_once(kept, keep, old, make_activity, stored, monkeypatch):
    monkeypatch.setattr(prune, "BATCH", 1)
    make(make_activity, "web-older", "visited-page", 90)
    kept(web="31")

    def stop(_seconds):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeping.keep(stop)
    assert ("web-older",) not in stored(GUIDS)
    assert ("web-old",) in stored(GUIDS)

    assert keep() == 1


def test_it_rests_after_each_batch_so_that_others_find_their_turn(kept, old, make_activity, monkeypatch):
    monkeypatch.setattr(prune, "BATCH", 1)
    make(make_activity, "web-older", "visited-page", 90)
    kept(web="31")
    rests = []

    keeping.keep(rests.append)

    assert rests == [prune.REST, prune.REST]
