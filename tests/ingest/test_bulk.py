"""Rows written in columns and looked up by one bound list come to the same on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from webui.bulk import among, insert_columns
from webui.database import db
from webui.models import Activity, Dialogue, InstallationWeek

MORE_THAN_A_STATEMENT_BINDS = 70_000


@pytest.mark.parametrize("others", [0, MORE_THAN_A_STATEMENT_BINDS])
def test_a_look_up_takes_any_number_of_values(make_activity, others):
    make_activity(guid="one")
    guids = ["one", *(f"no-{number}" for number in range(others))]

    assert db.session.scalars(select(Activity.guid).where(among(Activity.guid, guids))).all() == ["one"]


def test_a_look_up_of_nothing_finds_nothing(make_activity):
    make_activity()

    assert db.session.scalars(select(Activity.id).where(among(Activity.guid, []))).all() == []


def test_times_are_looked_up_as_they_are_stored(make_activity):
    at = datetime(2031, 4, 2, 8, 15, 30, 123456, tzinfo=UTC)
    found = make_activity(at=at)
    make_activity(at=at + timedelta(microseconds=1))

    assert db.session.scalars(select(Activity.id).where(among(Activity.at, {at}))).all() == [found]


def test_a_count_is_added_to_that_of_the_same_key(bare_app):
    week = date(2031, 3, 31)
    for counts in ([1, 2], [10, 20]):
        columns = {"week": [week, week], "type_key": ["a", "b"], "count": counts}
        insert_columns(InstallationWeek.__table__, columns, adding="count")

    counted = select(InstallationWeek.week, InstallationWeek.type_key, InstallationWeek.count)
    assert set(db.session.execute(counted).all()) == {(week, "a", 11), (week, "b", 22)}


def test_no_rows_are_no_statement(bare_app):
    insert_columns(Dialogue.__table__, {})
    insert_columns(Dialogue.__table__, {"name": []})

    assert db.session.scalars(select(Dialogue.id)).all() == []


def test_a_text_is_never_cut_to_its_column(bare_app):
    """PostgreSQL cuts what is cast to VARCHAR(64), and refuses what is stored in one."""
    columns = {"digest": ["x" * 65], "name": ["Pricing"]}
    try:
        insert_columns(Dialogue.__table__, columns)
    except DBAPIError:
        db.session.rollback()

    assert [len(digest) for digest in db.session.scalars(select(Dialogue.digest))] in ([], [65])
