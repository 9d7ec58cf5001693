"""Pruning: what is older than a time goes with all that is kept of it and counts it; nothing younger does."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, event, select, text

from tests.conftest import batch_of
from tests.ingest.test_counts import NOTHING_DIFFERS
from webui import family_settings, grams
from webui.config import Settings
from webui.database import db, gather_statistics
from webui.ingest import prune, search_texts, store
from webui.ingest.attribution import recount
from webui.ingest.records import ActivityRecord
from webui.installation import facts, writing
from webui.models import (
    Activity,
    ActivityDetail,
    Conversation,
    Dialogue,
    InstallationWeek,
    MarketoLead,
    OtherGuid,
    Person,
    SearchText,
    Subject,
    UnknownLead,
)

LIMIT = datetime(2031, 4, 2, 12, tzinfo=UTC)  # amid a week
MICROSECOND = timedelta(microseconds=1)
OLD, YOUNG = LIMIT - timedelta(days=1), LIMIT + timedelta(days=1)


@pytest.fixture
def small_batches(monkeypatch):
    """Let batches be of three."""
    monkeypatch.setattr(prune, "BATCH", 3)


@pytest.fixture
def make_many(bare_app):
    """Store this many activities, a minute apart, the last one a minute before the limit."""

    def make(number, **fields):
        known = {"type_key": "engaged-dialogue", "is_flow": False, "dialogue_name": "Pricing"} | fields
        store.save(
            batch_of(
                *(
                    ActivityRecord(
                        guid=f"old-{n}",
                        marketo_id=501 + n % 3,
                        at=LIMIT - timedelta(minutes=n + 1),
                        **known,
                    )
                    for n in range(number)
                )
            )
        )

    return make


def pruned(before=LIMIT):
    """Prune to the end; return how many went, by batch."""
    return list(prune.prune(before))


def left():
    """Return the guids of the activities that there are, in order of time."""
    db.session.rollback()
    return list(db.session.scalars(select(Activity.guid).order_by(Activity.at)))


def found_by(word):
    """Return the ids of the activities that the index of the text search knows a word of."""
    asked = grams.of_word(word)
    if db.engine.dialect.name == "sqlite":
        query, given = "SELECT rowid FROM search_gram WHERE search_gram MATCH :asked", " ".join(asked)
    else:
        query, given = "SELECT key FROM search_gram WHERE grams @> :asked", list(asked)
    keys = db.session.scalars(text(query), {"asked": given})
    return {key // len(Subject) for key in keys if key % len(Subject) == Subject.ACTIVITY}


def recounted():
    """Return what a recount finds wrong."""
    with writing():
        return recount(None)


@contextmanager
def plans():
    """Gather how the database answers each SELECT and DELETE meanwhile: pairs of statement and plan."""
    found = []
    prefix = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "

    def explain(connection, _cursor, statement, parameters, _context, many):
        if statement.startswith(("SELECT", "DELETE")):
            cursor = connection.connection.cursor()
            cursor.execute(prefix + statement, parameters[0] if many else parameters)
            found.append((statement, "\n".join(row[-1] for row in cursor.fetchall())))

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)


def abouts():
    """Return what the activities that there are, and the text search, may be about."""
    db.session.rollback()
    searched = select(SearchText.folded).where(SearchText.key % len(Subject) == int(Subject.DIALOGUE))
    return set(db.session.scalars(select(Dialogue.name))), set(db.session.scalars(searched))


def test_what_only_pruned_activities_were_about_goes_along(small_batches, make_person, make_activity):
    make_person()
    for number in range(5):
        make_activity(f"Offer {number}", at=OLD, type_key="milestone-moment")
    make_activity("Pricing", at=OLD)
    make_activity("Pricing", at=YOUNG)
    assert len(abouts()[0]) == 6

    pruned()

    assert abouts() == ({"Pricing"}, {"pricing"})


def test_what_is_older_goes_and_what_is_younger_stays(make_person, make_activity):
    make_person()
    for guid, at in (("old", OLD), ("just", LIMIT - MICROSECOND), ("at", LIMIT), ("young", YOUNG)):
        make_activity(guid=guid, at=at)

    assert prune.count(LIMIT) == 2
    assert pruned() == [2]
    assert left() == ["at", "young"]
    assert prune.count(LIMIT) == 0


def test_all_that_is_kept_of_an_activity_goes_along(make_person, make_activity):
    make_person()
    make_activity(guid="old", at=OLD, transcript="zebra", goal_name="Demo")
    young = make_activity(guid="young", at=YOUNG, transcript="zebra", goal_name="Demo")
    for guid in ("old", "young"):
        of = select(Activity.id).where(Activity.guid == guid).scalar_subquery()
        db.session.execute(OtherGuid.__table__.insert().values(guid=f"other-{guid}", activity_id=of))
    db.session.commit()

    pruned()

    for column in (ActivityDetail.activity_id, Conversation.activity_id, OtherGuid.activity_id):
        assert db.session.scalars(select(column)).all() == [young]
    subjects = [divmod(key, len(Subject)) for key in db.session.scalars(select(SearchText.key))]
    assert [id_ for id_, subject in subjects if subject == Subject.ACTIVITY] == [young]
    assert found_by("zebra") == {young}


def test_it_is_as_if_the_old_had_never_come(contents, forget, make_person, make_activity):
    def come(*times):
        make_person("C1", kind="contact", account_crm_id="A1")
        make_person("L1", marketo_id=502)
        for at in times:
            for marketo_id in (501, 502):
                for type_key in ("engaged-dialogue", "reached-goal"):
                    make_activity(
                        guid=f"{at}-{marketo_id}-{type_key}", at=at, marketo_id=marketo_id, type_key=type_key
                    )

    weeks = [LIMIT + timedelta(days=7 * n) for n in range(3)]
    come(*weeks)
    wanted = contents()
    forget()
    come(OLD, *weeks, OLD - timedelta(days=400))

    pruned()

    assert contents() == wanted
    assert recounted() == NOTHING_DIFFERS


def test_a_week_of_which_a_part_goes_counts_what_is_left(make_person, make_activity):
    make_person("C1", kind="contact", account_crm_id="A1")
    make_activity(at=OLD)
    make_activity(at=YOUNG)
    make_activity(at=OLD - timedelta(days=7))

    pruned()

    assert db.session.execute(select(InstallationWeek.week, InstallationWeek.count)).all() == [
        (datetime(2031, 3, 31, tzinfo=UTC).date(), 1)
    ]
    assert recounted() == NOTHING_DIFFERS


def test_the_counts_are_right_after_each_batch(small_batches, make_person, make_many):
    make_person("C1", kind="contact", account_crm_id="A1")
    make_person("C2", kind="contact", marketo_id=502, account_crm_id="A1")
    make_many(8)
    sizes = []
    for size in prune.prune(LIMIT):
        sizes.append(size)
        assert recounted() == NOTHING_DIFFERS
    assert sizes == [3, 3, 2]


def test_activities_of_people_who_are_not_known_go_and_nobody_is_asked_for_any_more(make_activity):
    make_activity(at=OLD, marketo_id=701)
    make_activity(at=OLD, marketo_id=702)
    make_activity(at=YOUNG, marketo_id=702, guid="young")

    assert pruned() == [2]

    assert left() == ["young"]
    assert db.session.scalars(select(UnknownLead.marketo_id)).all() == [702]
    assert recounted() == NOTHING_DIFFERS


def test_activities_of_deleted_people_that_were_kept_go_too(make_person, make_activity, delete):
    make_person("C1", kind="contact", account_crm_id="A1")
    make_activity(at=OLD)
    delete(501, keep_activities=True)

    assert pruned() == [1]
    assert recounted() == NOTHING_DIFFERS


def test_people_records_and_the_switch_stay(app, make_person, make_activity, make_opportunity):
    make_person("C1", kind="contact", account_crm_id="A1")
    make_opportunity("006A", people=("C1",))
    make_activity(at=OLD)

    pruned()

    assert db.session.scalars(select(Person.crm_id)).all() == ["C1"]
    assert db.session.scalars(select(MarketoLead.marketo_id)).all() == [501]
    assert facts().chat_enabled


def test_many_of_one_moment_are_taken_batch_by_batch(small_batches, make_person, make_activity):
    make_person()
    for _ in range(7):
        make_activity(at=OLD)

    assert pruned() == [3, 3, 1]


def test_an_interrupted_run_is_completed_by_the_next(small_batches, make_person, make_many):
    make_person()
    make_many(8)
    run = prune.prune(LIMIT)
    next(run)
    run.close()
    assert left() == [f"old-{n}" for n in range(4, -1, -1)]
    assert recounted() == NOTHING_DIFFERS

    assert pruned() == [3, 2]


def test_a_batch_that_fails_leaves_its_rows_and_counts(small_batches, make_person, make_many, monkeypatch):
    make_person()
    make_many(5)
    run = prune.prune(LIMIT)
    next(run)
    with monkeypatch.context() as broken:
        broken.setattr(search_texts, "drop", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            next(run)

    assert len(left()) == 2
    assert recounted() == NOTHING_DIFFERS


def test_what_is_pruned_comes_back_with_its_file(make_person, make_activity):
    make_person()
    make_activity(guid="old", at=OLD)
    pruned()
    make_activity(guid="old", at=OLD)
    assert left() == ["old"]
    assert recounted() == NOTHING_DIFFERS


def test_an_open_list_learns_that_something_changed(make_person, make_activity):
    make_person()
    make_activity(at=OLD)
    version = facts().content_version
    pruned()
    assert facts().content_version > version


def test_another_writer_has_its_turn_between_two_batches(
    bare_app, settings: Settings, small_batches, make_person, make_many
):
    make_person()
    make_many(5)
    run = prune.prune(LIMIT)
    next(run)
    other = create_engine(settings.database, connect_args=at_once(settings))
    with other.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 1"))
        connection.execute(text("UPDATE installation SET content_version = content_version + 1"))
    other.dispose()

    assert list(run) == [2]


def at_once(settings: Settings):
    """Return how to connect and wait for no other writer."""
    return {"timeout": 0} if settings.database.startswith("sqlite") else {}


# How it is read


def test_no_batch_reads_or_sorts_all_activities(make_person, make_many, monkeypatch):
    monkeypatch.setattr(prune, "BATCH", 50)  # few of all, as the usual ones are of a large installation
    make_person()
    make_many(12_000, summary="a word", goal_name="Demo")
    gather_statistics()
    run = prune.prune(LIMIT, ["chat"])

    with plans() as found:
        next(run)
        next(run)

    batches = [plan for statement, plan in found if "LIMIT" in statement]
    assert len(batches) == 2
    for plan in batches:
        assert "ix_activity_family_at" in plan
        assert not re.search("Sort|TEMP B-TREE", plan), plan
    large = "activity|activity_detail|conversation|search_text"
    scans = re.compile(rf"(?:Seq Scan on|SCAN) (?:{large})\b")
    assert [one for one in found if scans.search(one[1])] == []


def test_a_batch_goes_on_in_the_index_where_the_one_before_ended(small_batches, make_person, make_many):
    """PostgreSQL's index still holds what was deleted: from its begin, each batch would pass over it all."""
    make_person()
    make_many(7)
    with plans() as found:
        list(prune.prune(LIMIT, ["chat"]))
    batches = [statement for statement, _ in found if "LIMIT" in statement]
    assert len(batches) == 3
    assert ["(activity.at, activity.id) >" in one for one in batches] == [False, True, True]


def test_counting_reads_the_index_by_family_and_time(make_person, make_many):
    make_person()
    make_many(3_000)
    gather_statistics()
    with plans() as found:
        prune.count(LIMIT - timedelta(minutes=2_900))
    assert "ix_activity_family_at" in found[0][1]


# By families


@pytest.fixture
def mixed(make_person, make_activity):
    """Two activities of each of three families, the later of each first."""
    make_person()
    for days in (1, 3):
        for number, key in enumerate(("engaged-dialogue", "visited-page", "changed-score")):
            at = LIMIT - timedelta(days=days, minutes=number)
            make_activity(guid=f"{key}-{days}", type_key=key, at=at)


def test_only_the_families_that_are_named_are_pruned(mixed):
    assert prune.count(LIMIT, ["web", "score"]) == 4
    assert list(prune.prune(LIMIT, ["web"])) == [2]

    assert [guid for guid in left() if guid.startswith("visited")] == []
    assert len(left()) == 4
    assert recounted() == NOTHING_DIFFERS


def test_all_families_go_where_none_is_named(mixed):
    assert sum(pruned()) == 6
    assert left() == []
    assert recounted() == NOTHING_DIFFERS


def test_within_a_family_the_oldest_go_first(mixed, monkeypatch):
    monkeypatch.setattr(prune, "BATCH", 1)
    run = prune.prune(LIMIT, ["score", "web"])

    gone = []
    for _ in run:
        gone += [guid for guid in ALL_MIXED if guid not in left() and guid not in gone]

    assert gone == ["changed-score-3", "changed-score-1", "visited-page-3", "visited-page-1"]


ALL_MIXED = [
    f"{key}-{days}" for key in ("engaged-dialogue", "visited-page", "changed-score") for days in (1, 3)
]


def test_from_when_on_each_family_is_kept_is_as_the_installation_says(bare_app):
    assert prune.kept_since() == {}
    family_settings.set_families("test", kept_days={"web": "31", "chat": "400"})

    since = prune.kept_since()

    assert since.keys() == {"web", "chat"}
    now = datetime.now(UTC)
    assert timedelta(0) <= now - timedelta(days=31) - since["web"] < timedelta(minutes=1)
    assert timedelta(0) <= now - timedelta(days=400) - since["chat"] < timedelta(minutes=1)
