"""The counts that are kept on write are always those of the rows: of a person, of an account, of everybody.

Pages read kept counts only. Here people and activities arrive, change, move, convert, are merged and
deleted in any order that hypothesis can think of, and after each step the counts are held against COUNT.
"""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as effort
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec import UNSET
from sqlalchemy import func, select, text, tuple_, update

from tests.conftest import batch_of
from tests.ingest.files import GOAL, chat_row, numbered
from webui.database import db
from webui.ingest import deletions, merges, prune, search_texts, store
from webui.ingest.attribution import recount
from webui.ingest.records import ActivityRecord, BadRow, PersonRecord
from webui.installation import writing
from webui.models import (
    AccountWeek,
    Activity,
    FormerMarketoLead,
    FormerRecord,
    Installation,
    InstallationWeek,
    MarketoLead,
    Person,
    PersonWeek,
    SearchText,
)

NOTHING_DIFFERS = {"person_week": 0, "account_week": 0, "installation_week": 0}

MONDAY = datetime(2031, 4, 7, tzinfo=UTC)
MOMENTS = st.sampled_from([MONDAY + timedelta(seconds=s) for s in (-604_800, -1, 0, 1, 604_799, 604_800)])
MARKETO_IDS = st.sampled_from([501, 502, 503, 504, 505, 506])
SELDOM = st.sampled_from([False] * 9 + [True])

ACTIVITIES = st.builds(
    ActivityRecord,
    guid=st.sampled_from([f"g{number}" for number in range(8)]),
    marketo_id=MARKETO_IDS,
    at=MOMENTS,
    type_key=st.sampled_from(["engaged-dialogue", "scheduled-appointment"]),
    is_flow=st.just(False),
    status=st.sampled_from([UNSET, None]),
    summary=st.sampled_from([UNSET, None, "資料", "Yes"]),
    goal_name=st.sampled_from([UNSET, None, "Demo"]),
    dialogue_name=st.sampled_from([UNSET, "予定"]),
)
LEADS = st.builds(
    PersonRecord,
    kind=st.just("lead"),
    crm_id=st.sampled_from(["L1", "L2", "L3", "X"]),
    marketo_id=st.none() | MARKETO_IDS,
    last_name=st.sampled_from([UNSET, "Lee", "Moe"]),
    is_deleted=SELDOM,
)
CONTACTS = st.builds(
    PersonRecord,
    kind=st.just("contact"),
    crm_id=st.sampled_from(["C1", "C2", "X"]),
    marketo_id=st.none() | MARKETO_IDS,
    account_crm_id=st.sampled_from([UNSET, None, "A1", "A2"]),
    is_deleted=SELDOM,
)


class Arrivals(RuleBasedStateMachine):
    """Batches of activities and of people, in any order and any number."""

    def __init__(self, forget):
        super().__init__()
        self.forget = forget

    @initialize()
    def nothing_yet(self):
        self.forget()

    @rule(records=st.lists(ACTIVITIES, min_size=1, max_size=6))
    def activities_arrive_or_change(self, records):
        store.save(batch_of(*records))

    @rule(records=st.lists(LEADS | CONTACTS, min_size=1, max_size=3))
    def people_arrive_move_or_convert(self, records):
        store.save(batch_of(*records))

    @rule(losers=st.sets(MARKETO_IDS, min_size=1, max_size=2), winner=MARKETO_IDS)
    def ids_are_merged(self, losers, winner):
        with suppress(BadRow), writing():
            merges.merge(losers, winner)

    @rule(ids=st.sets(MARKETO_IDS, min_size=1, max_size=2), keep=st.booleans())
    def ids_are_deleted(self, ids, keep):
        with writing():
            deletions.delete(ids, keep_activities=keep)

    @rule(before=MOMENTS)
    def old_activities_are_pruned(self, before):
        for _ in prune.prune(before):
            pass

    @invariant()
    def merged_ids_lead_to_one_that_is_not_merged_and_have_nothing_of_their_own(self):
        former = {row.marketo_id: row.winner_id for row in db.session.scalars(select(FormerMarketoLead))}
        merged = {loser for loser, winner in former.items() if winner is not None}
        assert former.keys().isdisjoint(set(former.values()) - {None})
        assert merged.isdisjoint(db.session.scalars(select(MarketoLead.marketo_id)))
        assert merged.isdisjoint(db.session.scalars(select(Activity.marketo_id)))

    @invariant()
    def what_is_left_of_deleted_ids_is_nameless(self):
        gone = select(FormerMarketoLead.marketo_id).where(FormerMarketoLead.winner_id.is_(None))
        left = select(Person.is_nameless).select_from(Activity).outerjoin(Person)
        assert set(db.session.scalars(left.where(Activity.marketo_id.in_(gone)))) <= {True}

    @invariant()
    def what_is_searched_is_what_is_stored(self):
        texts = select(SearchText.key, SearchText.folded).order_by(SearchText.key)
        kept = db.session.execute(texts).all()
        search_texts.renew_all()
        assert db.session.execute(texts).all() == kept
        db.session.rollback()

    @invariant()
    def no_record_is_both_there_and_former(self):
        keys = select(FormerRecord.kind, FormerRecord.crm_id)
        both = select(Person.id).where(tuple_(Person.kind, Person.crm_id).in_(keys))
        assert db.session.scalars(both).all() == []

    @invariant()
    def every_row_is_its_persons(self):
        strangers = (
            select(func.count())
            .select_from(Activity)
            .outerjoin(MarketoLead, MarketoLead.marketo_id == Activity.marketo_id)
            .outerjoin(Person, Person.id == MarketoLead.person_id)
            .where(
                Activity.person_id.is_distinct_from(Person.id)
                | Activity.account_id.is_distinct_from(Person.account_id)
            )
        )
        assert db.session.execute(strangers).scalar_one() == 0

    @invariant()
    def kept_counts_are_those_of_the_rows(self):
        for table, columns in (
            (PersonWeek, [Activity.person_id]),
            (AccountWeek, [Activity.account_id]),
            (InstallationWeek, []),
        ):
            assert kept(table) == counted(*columns)

    @invariant()
    def a_recount_finds_nothing(self):
        with writing():
            assert recount(None) == NOTHING_DIFFERS

    def teardown(self):
        db.session.rollback()


def kept(table):
    """Return the rows of a table of counts."""
    return {tuple(row) for row in db.session.execute(select(*table.__table__.columns))}


def counted(*owner):
    """Count the activities of known people, by owner, week and type."""
    columns = (*owner, Activity.week, Activity.type_key)
    present = [column.is_not(None) for column in (Activity.person_id, *owner)]
    rows = select(*columns, func.count()).where(*present).group_by(*columns)
    return {tuple(row) for row in db.session.execute(rows)}


def test_kept_counts_are_those_of_the_rows_whatever_arrives_in_whatever_order(forget):
    on_a_file = db.engine.dialect.name == "sqlite"
    run_state_machine_as_test(
        lambda: Arrivals(forget),
        settings=effort(
            max_examples=20 if on_a_file else 5,
            stateful_step_count=10,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


# Weeks


@pytest.fixture
def weeks(bring, extract, make_person):
    """Import activities at these times while weeks begin in ``zone``; return each week with its count."""

    def import_at(zone, *moments):
        make_person(marketo_id=501)
        db.session.execute(update(Installation).values(weeks_timezone=zone))
        db.session.commit()
        bring(extract(*numbered(*(chat_row(activityDate=at) for at in moments))))
        return weekly()

    return import_at


def weekly():
    """Return the count of each week, of everybody."""
    by_week = select(InstallationWeek.week, func.sum(InstallationWeek.count)).group_by(InstallationWeek.week)
    return {week: int(count) for week, count in db.session.execute(by_week.order_by(InstallationWeek.week))}


def test_a_week_begins_on_monday_at_midnight(weeks):
    assert weeks("UTC", "2031-04-06T23:59:59Z", "2031-04-07T00:00:00Z", "2031-04-13T23:59:59.999Z") == {
        date(2031, 3, 31): 1,
        date(2031, 4, 7): 2,
    }


def test_a_week_begins_at_midnight_of_the_installations_time_zone(weeks):
    assert weeks("Asia/Tokyo", "2031-04-06T14:59:59Z", "2031-04-06T15:00:00Z") == {
        date(2031, 3, 31): 1,
        date(2031, 4, 7): 1,
    }


def test_a_week_in_which_clocks_change_ends_at_midnight_too(weeks):
    assert weeks("Europe/Berlin", "2031-03-30T21:59:59Z", "2031-03-30T22:00:00Z") == {
        date(2031, 3, 24): 1,
        date(2031, 3, 31): 1,
    }


def test_the_week_of_a_row_is_that_of_its_count(weeks):
    weeks("Asia/Tokyo", "2031-04-06T15:00:00Z")
    assert db.session.scalars(select(Activity.week)).all() == [date(2031, 4, 7)]


# Counting anew


def test_a_recount_in_another_time_zone_moves_rows_and_counts_together(weeks):
    weeks("UTC", "2031-04-06T14:59:59Z", "2031-04-06T15:00:00Z")
    with writing():
        differing = recount(ZoneInfo("Asia/Tokyo"))
    assert differing["installation_week"] == 2
    assert weekly() == {date(2031, 3, 31): 1, date(2031, 4, 7): 1}
    assert kept(PersonWeek) == counted(Activity.person_id)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE person_week SET count = count + 1",
        "DELETE FROM account_week",
        "UPDATE installation_week SET week = '2031-04-07'",
        "UPDATE activity SET person_id = NULL, account_id = NULL",
    ],
)
def test_a_recount_finds_and_mends_what_is_wrong(bring, extract, make_person, damage):
    make_person("C1", kind="contact", account_crm_id="A1")
    bring(extract(*numbered(chat_row(), chat_row(activityTypeId=GOAL))))
    right = SimpleNamespace(person=kept(PersonWeek), account=kept(AccountWeek), all=kept(InstallationWeek))
    db.session.execute(text(damage))
    db.session.commit()

    with writing():
        differing = recount(None)

    assert any(differing.values())
    assert (kept(PersonWeek), kept(AccountWeek), kept(InstallationWeek)) == (
        right.person,
        right.account,
        right.all,
    )
    with writing():
        assert recount(None) == NOTHING_DIFFERS
