"""Whose activities are, and how many: the one place that moves rows and counts together.

An activity belongs to the person of its ``marketo_id`` (``MarketoLead``), and through a contact to an
account. ``attribute`` brings rows in line with that after a person arrived, converted, moved or left;
``Deltas`` carries every change of the kept counts. The caller holds the write transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, Table, and_, bindparam, delete, func, or_, select, update

from webui.bulk import among, insert_columns
from webui.database import chunks, db, insert
from webui.ingest import dialogues, search_texts
from webui.installation import Touched
from webui.models import (
    AccountWeek,
    Activity,
    ActivityDetail,
    Conversation,
    Installation,
    InstallationWeek,
    MarketoLead,
    OtherGuid,
    Person,
    PersonWeek,
    Subject,
)

Counted = tuple[int | None, int | None, date, str]  # person, account, week, type
COUNTED = (Activity.person_id, Activity.account_id, Activity.week, Activity.type_key)
Changes = defaultdict[tuple[Any, ...], int]


def week_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the Monday of the ISO week in which ``at`` lies in ``zone``."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


class Deltas:
    """Changes to the kept counts, gathered while rows are written and applied once."""

    def __init__(self) -> None:
        self._changes: Counter[Counted] = Counter()

    def add(
        self, person_id: int | None, account_id: int | None, week: date, type_key: str, by: int = 1
    ) -> None:
        """Count ``by`` activities more; those of nobody known are not counted."""
        self._changes[person_id, account_id, week, type_key] += by

    def add_each(self, activities: Iterable[Counted]) -> None:
        """Count each of these once more."""
        self._changes.update(activities)

    def whose(self) -> Touched:
        """Return whose counts change."""
        touched = Touched()
        for person_id, account_id, _week, _type_key in self._changes:
            touched.add(person_id, account_id)
        return touched

    def apply(self) -> None:
        """Write the changes to the three tables of counts, and drop counts that became nothing."""
        persons: Changes = defaultdict(int)
        accounts: Changes = defaultdict(int)
        everybody: Changes = defaultdict(int)
        for (person_id, account_id, week, type_key), by in self._changes.items():
            if person_id is None:
                continue
            persons[person_id, week, type_key] += by
            everybody[week, type_key] += by
            if account_id is not None:
                accounts[account_id, week, type_key] += by
        for model, changes in ((PersonWeek, persons), (AccountWeek, accounts), (InstallationWeek, everybody)):
            _apply(model.__table__, changes)
        self._changes.clear()


def _apply(table: Table, changes: Changes) -> None:
    rows = [(*key, by) for key, by in sorted(changes.items()) if by]
    names = (*(column.name for column in table.primary_key), table.c.count.name)
    columns = {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=False)}
    insert_columns(table, columns, adding=table.c.count.name)
    less = [dict(zip(names, key, strict=False)) for *key, by in rows if by < 0]
    if less:
        same = [column == bindparam(column.name, type_=column.type) for column in table.primary_key]
        db.session.execute(delete(table).where(*same, table.c.count == 0), less)


def attribute(marketo_ids: Collection[int]) -> None:
    """Give the activities of these Marketo ids to the persons and accounts that the ids now stand for."""
    deltas = Deltas()
    for some in chunks(sorted(marketo_ids)):
        for was, account_was, becomes, account_becomes, week, type_key, count in db.session.execute(
            _misplaced(some)
        ):
            deltas.add(was, account_was, week, type_key, -count)
            deltas.add(becomes, account_becomes, week, type_key, count)
        owner = (
            select(MarketoLead.person_id)
            .where(MarketoLead.marketo_id == Activity.marketo_id)
            .scalar_subquery()
        )
        account = (
            select(Person.account_id)
            .join(MarketoLead, MarketoLead.person_id == Person.id)
            .where(MarketoLead.marketo_id == Activity.marketo_id)
            .scalar_subquery()
        )
        db.session.execute(
            update(Activity)
            .where(
                Activity.marketo_id.in_(some),
                or_(
                    Activity.person_id.is_distinct_from(owner), Activity.account_id.is_distinct_from(account)
                ),
            )
            .values(person_id=owner, account_id=account),
            execution_options={"synchronize_session": False},
        )
    deltas.apply()


def take_away(marketo_ids: Collection[int]) -> int:
    """Delete the activities of these Marketo ids, with all that is known of them; return how many."""
    count = 0
    for some in chunks(sorted(marketo_ids)):
        rows = select(Activity.id, *COUNTED).where(Activity.marketo_id.in_(some))
        theirs = {row.id: counted_as(row) for row in db.session.execute(rows)}
        erase(theirs)
        count += len(theirs)
    return count


def counted_as(row: Row[*tuple[Any, ...]]) -> Counted:
    """Return what an activity is counted under, of a row with the columns ``COUNTED``."""
    return row.person_id, row.account_id, row.week, row.type_key


def erase(activities: Mapping[int, Counted]) -> None:
    """Delete these activities, by id with what each is counted under, and all that is known of them.

    What they were about goes too, unless others are about it.
    """
    deltas = Deltas()
    for counted in activities.values():
        deltas.add(*counted, by=-1)
    named = select(Activity.dialogue_id).where(among(Activity.id, activities)).distinct()
    about = {id_ for id_ in db.session.scalars(named) if id_ is not None}
    search_texts.drop(Subject.ACTIVITY, activities.keys())
    for model in (OtherGuid, Conversation, ActivityDetail):
        table = model.__table__
        db.session.execute(delete(table).where(among(table.c.activity_id, activities)))
    table = Activity.__table__
    db.session.execute(delete(table).where(among(table.c.id, activities)))
    dialogues.drop_unused(about)
    deltas.apply()


def _misplaced(marketo_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Count the activities whose row does not say what their Marketo id says, by what each says."""
    return (
        select(
            Activity.person_id,
            Activity.account_id,
            MarketoLead.person_id,
            Person.account_id,
            Activity.week,
            Activity.type_key,
            func.count(),
        )
        .outerjoin(MarketoLead, MarketoLead.marketo_id == Activity.marketo_id)
        .outerjoin(Person, Person.id == MarketoLead.person_id)
        .where(
            Activity.marketo_id.in_(marketo_ids),
            or_(
                Activity.person_id.is_distinct_from(MarketoLead.person_id),
                Activity.account_id.is_distinct_from(Person.account_id),
            ),
        )
        .group_by(
            Activity.person_id,
            Activity.account_id,
            MarketoLead.person_id,
            Person.account_id,
            Activity.week,
            Activity.type_key,
        )
    )


def recount(zone: ZoneInfo | None) -> dict[str, int]:
    """Count everything anew from the rows, in the weeks of ``zone`` (None: as stored).

    Returns how many kept counts differed, by table: all 0 where the store was right. The caller
    holds the write transaction.
    """
    if zone is not None:
        _reweek(zone)
    owners = select(MarketoLead.marketo_id).order_by(MarketoLead.marketo_id)
    attribute(list(db.session.scalars(owners)))
    differing = {}
    for model, key in (
        (PersonWeek, Activity.person_id),
        (AccountWeek, Activity.account_id),
        (InstallationWeek, None),
    ):
        table = model.__table__
        columns = [*([key] if key is not None else []), Activity.week, Activity.type_key]
        present = [Activity.person_id.is_not(None), *([key.is_not(None)] if key is not None else [])]
        true = set(
            db.session.execute(select(*columns, func.count()).where(and_(*present)).group_by(*columns)).all()
        )
        kept = set(db.session.execute(select(*table.primary_key, table.c.count)).all())
        differing[table.name] = len({row[:-1] for row in true ^ kept})
        if true != kept:
            names = [column.name for column in table.columns]
            db.session.execute(delete(table))
            for some in chunks(sorted(true)):
                db.session.execute(insert(table), [dict(zip(names, row, strict=True)) for row in some])
    return differing


def _reweek(zone: ZoneInfo) -> None:
    db.session.execute(update(Installation).values(weeks_timezone=zone.key))
    last = 0
    while rows := db.session.execute(
        select(Activity.id, Activity.at, Activity.week)
        .where(Activity.id > last)
        .order_by(Activity.id)
        .limit(10_000)
    ).all():
        moved = [
            {"id": id_, "week": week_of(at, zone)} for id_, at, week in rows if week_of(at, zone) != week
        ]
        if moved:
            db.session.execute(update(Activity), moved)
        last = rows[-1][0]
