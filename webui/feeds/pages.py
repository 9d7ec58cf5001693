"""Pages of activities, in the shape the tables show them.

Times are aware UTC. Pages are newest first (or oldest first), by cursor, never by offset: a row that
arrives meanwhile neither repeats nor hides another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Result,
    Select,
    bindparam,
    func,
    select,
    tuple_,
    union_all,
)

from webui.bulk import among
from webui.database import EPOCH, LARGEST_ID, db, microseconds
from webui.feeds.names import is_named
from webui.feeds.rows import Row, rows_of, told
from webui.feeds.scopes import (
    OfAccount,
    OfEveryone,
    OfOpportunity,
    OfPerson,
    Scope,
    built_once,
    read,
    within,
    within_others,
)
from webui.feeds.words import has
from webui.models import Activity, Dialogue
from webui.vocabulary import CHAT, SCORE

PAGE_ROWS = 50
COUNTED_TO = 1_000
MERGED = 50  # dialogues of one name
LATEST = microseconds(datetime(9999, 1, 1, tzinfo=UTC))


class BadCursor(ValueError):
    """A cursor is none of ours."""


class Cursor(NamedTuple):
    """The place after which a page begins: the time and id of the row before it."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{microseconds(self.at)}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read what ``str`` wrote; raise BadCursor for anything else."""
        at, dot, id_ = text.partition(".")
        if not (
            dot and at.isascii() and at.isdigit() and id_.isascii() and id_.isdigit() and len(at + id_) < 36
        ):
            raise BadCursor(text)
        if int(at) > LATEST or int(id_) > LARGEST_ID:
            raise BadCursor(text)
        return cls(EPOCH + timedelta(microseconds=int(at)), int(id_))


@dataclass(frozen=True)
class Filter:
    """Which of a scope's activities are wanted: all, unless it says otherwise.

    ``week`` is the Monday of a week as stored; ``since`` and ``before`` are aware times,
    ``words`` are folded (``webui.grams``), and all of them are in one or another of an activity's texts;
    ``ids`` are those of what a search found, in place of its words, ``dialogues`` those of the dialogues of
    that name.
    """

    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    dialogue: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    week: date | None = None
    words: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None
    dialogues: tuple[int, ...] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as conditions on activities and dialogues."""
        found: list[ColumnElement[bool]] = []
        if self.types:
            found.append(Activity.type_key.in_(self.types))
        if self.statuses:
            found.append(Activity.status.in_(self.statuses))
        if self.dialogues is not None:
            found.append(Activity.dialogue_id.in_(self.dialogues))
        elif self.dialogue is not None:
            found.append(Activity.dialogue_id.in_(select(Dialogue.id).where(is_named(self.dialogue))))
        if self.ids is not None:
            found.append(among(Activity.id, self.ids))
        found += map(has, self.words)
        if self.since is not None:
            found.append(Activity.at >= self.since)
        if self.before is not None:
            found.append(Activity.at < self.before)
        if self.week is not None:
            found += _in_week(**_week(self.week))
        return found


def _week(monday: date) -> dict[str, date]:
    """Return a week with the range that lets indexes by time find it, wide enough for every time zone."""
    begin = datetime.combine(monday, time(), UTC)
    return {"monday": monday, "since": begin - timedelta(days=1), "before": begin + timedelta(days=8)}


def _in_week(monday: Any, since: Any, before: Any) -> list[ColumnElement[bool]]:
    return [Activity.week == monday, Activity.at >= since, Activity.at < before]


ALL = Filter()


@dataclass(frozen=True)
class Page:
    """A page of rows; ``next`` is the cursor of the following page (its ``str``), None on the last."""

    rows: tuple[Row, ...]
    next: object | None
    after: Cursor | None = None


def page(
    scope: Scope, wanted: Filter = ALL, *, after: Cursor | None = None, oldest_first: bool = False
) -> Page:
    """Return one page of a scope's activities: 0 to ``PAGE_ROWS`` rows.

    Cost: one statement, in the order of an index on the scope, however deep the page; of e-mails one more.
    Whether the viewer may see the scope is settled before.
    """
    if wanted == ALL and after is None:
        rows = read((_oldest if oldest_first else _newest)(scope), scope)
    else:
        rows = db.session.connection().execute(_page(scope, wanted, after, oldest_first))
    return _shown(scope, rows, after)


def _shown(scope: Scope, rows: Result[*tuple[Any, ...]], after: Cursor | None) -> Page:
    found = told(scope, rows)
    shown = tuple(found[:PAGE_ROWS])
    more = Cursor(shown[-1].at, shown[-1].id) if len(found) > PAGE_ROWS else None
    return Page(shown, more, after)


@built_once
def _newest(scope: Scope) -> Select[*tuple[Any, ...]]:
    return _page(scope, ALL, None, oldest_first=False)


@built_once
def _oldest(scope: Scope) -> Select[*tuple[Any, ...]]:
    return _page(scope, ALL, None, oldest_first=True)


def _page(scope: Scope, wanted: Filter, after: Cursor | None, oldest_first: bool) -> Select[*tuple[Any, ...]]:
    is_merged = not isinstance(scope, OfOpportunity) and 0 < len(wanted.dialogues or ()) <= MERGED
    conditions = [*(within_others if is_merged else within)(scope), *wanted.conditions()]
    if after is not None:
        bound = _bound_place(after)
        conditions.append(_place() > bound if oldest_first else _place() < bound)
    if isinstance(scope, OfOpportunity):
        conditions = [Activity.id.in_(first_ids(conditions, PAGE_ROWS + 1, oldest_first=oldest_first))]
    elif is_merged and wanted.dialogues:
        conditions = [Activity.id.in_(_first_of_each(wanted.dialogues, conditions, oldest_first))]
    order = _order(Activity.at, Activity.id, oldest_first)
    return rows_of(scope).where(*conditions).order_by(*order).limit(PAGE_ROWS + 1)


def week_of(scope: Scope, families: Sequence[str], week: date, after: Cursor | None) -> Page:
    """Return one page of a week of several families of a scope, newest first; the scope's own does not count.

    Cost: one statement, for each family in the order of its index from the week's end on.
    """
    place = {} if after is None else {"after_at": after.at, "after_id": after.id}
    statement = _week_of(type(scope).__name__, tuple(families), after is not None)
    rows = read(statement, scope, **_week(week), **place)
    return _shown(scope._replace(family=_told_as(families)), rows, after)


_ANY: dict[str, Scope] = {
    type(one).__name__: one for one in (OfPerson(0), OfAccount(0), OfOpportunity(0), OfEveryone())
}


@lru_cache(maxsize=300)
def _week_of(kind: str, families: tuple[str, ...], is_later: bool) -> Select[*tuple[Any, ...]]:
    """Build the statement of such a page for each kind of scope."""
    scope = _ANY[kind]
    since, before = (bindparam(name, type_=Activity.at.type) for name in ("since", "before"))
    wanted = _in_week(bindparam("monday", type_=Date), since, before)
    if is_later:
        at, id_ = bindparam("after_at", type_=Activity.at.type), bindparam("after_id", type_=BigInteger)
        wanted.append(_place() < tuple_(at, id_))
    order = _order(Activity.at, Activity.id, oldest_first=False)
    of_each = [
        select(Activity.id, Activity.at).where(*within(scope._replace(family=family)), *wanted)
        for family in families
    ]
    if not isinstance(scope, OfOpportunity):  # whose people have no common order
        of_each = [select(one.order_by(*order).limit(PAGE_ROWS + 1).subquery()) for one in of_each]
    found = union_all(*of_each).subquery()
    first = select(found.c.id).order_by(found.c.at.desc(), found.c.id.desc()).limit(PAGE_ROWS + 1)
    shown = scope._replace(family=_told_as(families))
    return rows_of(shown).where(Activity.id.in_(first)).order_by(*order)


def _told_as(families: Sequence[str]) -> str:
    """Return as which family rows of several are told: those of scores say by how much, of any family."""
    return SCORE.key if SCORE.key in families else CHAT.key


def stored_after(scope: Scope, id_: int, wanted: Filter = ALL) -> tuple[Row, ...]:
    """Return a scope's activities that were stored after the one with this id, newest first by time.

    Ids are handed out in the order of storing. Of very many only the ``PAGE_ROWS`` + 1 stored last.
    """
    new = [*within(scope), *wanted.conditions(), Activity.id > id_]
    rows = rows_of(scope).where(*new).order_by(Activity.id.desc()).limit(PAGE_ROWS + 1)
    found = told(scope, db.session.execute(rows))
    return tuple(sorted(found, key=lambda row: (row.at, row.id), reverse=True))


def _order(at: Any, id_: Any, oldest_first: bool) -> tuple[Any, Any]:
    return (at.asc(), id_.asc()) if oldest_first else (at.desc(), id_.desc())


def first_ids(
    conditions: list[ColumnElement[bool]], limit: int, *, oldest_first: bool = False
) -> Select[int]:
    """Choose several people's first by ids and times alone: these must be sorted, and an index has both.

    PostgreSQL is told not to read everybody's activities in the order of time instead.
    """
    theirs = select(Activity.id, Activity.at).where(*conditions).cte("theirs")
    theirs = theirs.prefix_with("MATERIALIZED", dialect="postgresql")
    return select(theirs.c.id).order_by(*_order(theirs.c.at, theirs.c.id, oldest_first)).limit(limit)


def _first_of_each(
    dialogues: tuple[int, ...], conditions: list[ColumnElement[bool]], oldest_first: bool
) -> Select[int]:
    """Choose a page of several dialogues' from a page of each, in the order of its index."""
    order = _order(Activity.at, Activity.id, oldest_first)
    of_all = select(Activity.id, Activity.at).where(*conditions).order_by(*order).limit(PAGE_ROWS + 1)
    first = [select(of_all.where(Activity.dialogue_id == one).subquery()) for one in dialogues]
    theirs = union_all(*first).subquery()
    return select(theirs.c.id).order_by(*_order(theirs.c.at, theirs.c.id, oldest_first)).limit(PAGE_ROWS + 1)


def _place() -> Any:
    return tuple_(Activity.at, Activity.id)


def _bound_place(after: Cursor) -> Any:
    return tuple_(_bound(Activity.at, after.at), _bound(Activity.id, after.id))


def _bound(column: Any, value: Any) -> Any:
    return bindparam(None, value, type_=column.type)


def count(scope: Scope, wanted: Filter) -> int:
    """Return how many activities fit a filter, counted to ``COUNTED_TO`` + 1 and no further."""
    some = select(Activity.id).where(*within(scope), *wanted.conditions()).limit(COUNTED_TO + 1).subquery()
    return db.session.execute(select(func.count()).select_from(some)).scalar_one()
