"""How much happened: kept counts by week and type, for the grid and the totals."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, bindparam, func, select

from webui.database import db
from webui.feeds.scopes import (
    OfAccount,
    OfEveryone,
    OfOpportunity,
    OfPerson,
    Scope,
    bound_id,
    built_once,
    people_of,
    read,
    types_of,
    written_out,
)
from webui.models import AccountWeek, InstallationWeek, PersonWeek
from webui.vocabulary import BY_KEY

GRID_WEEKS = 13

Counts = dict[tuple[date, str], int]


def grid_weeks(zone: ZoneInfo, now: datetime | None = None) -> tuple[date, ...]:
    """Return the Mondays of the 13 ISO weeks up to the running one, in ``zone``, oldest first."""
    day = (now or datetime.now(UTC)).astimezone(zone).date()
    current = day - timedelta(days=day.weekday())
    return tuple(current - timedelta(weeks=back) for back in range(GRID_WEEKS - 1, -1, -1))


def counts(scope: Scope, weeks: Sequence[date]) -> Counts:
    """Return how many activities there are by week and type key, in the weeks from the first to the last."""
    rows = read(_counts(scope), scope, first=weeks[0], last=weeks[-1])
    return {(week, key): int(found) for week, key, found in rows.all()}


def total(scope: Scope) -> int:
    """Return how many activities a scope lists in all."""
    return int(read(_total(scope), scope).scalar_one())


_OF_TYPES = select(func.coalesce(func.sum(InstallationWeek.count), 0)).where(
    InstallationWeek.type_key.in_(bindparam("keys", expanding=True))
)


def total_of_types(type_keys: Sequence[str]) -> int:
    """Return how many activities of everyone's are of these types."""
    return int(db.session.connection().execute(_OF_TYPES, {"keys": list(type_keys)}).scalar_one())


def by_type(scope: Scope) -> dict[str, int]:
    """Return how many activities of each type a scope lists; types without any are left out."""
    return {key: int(found) for key, found in read(_by_type(scope), scope)}


def by_family(scope: Scope) -> dict[str, int]:
    """Return how many activities of each family a scope's people have, whichever is the scope's own."""
    found = Counter[str]()
    for key, count in read(_of_all_types(scope), scope):
        found[BY_KEY[key].family] += int(count)
    return found


@built_once
def _of_all_types(scope: Scope) -> Any:
    model = _kept(scope)
    return select(model.type_key, func.sum(model.count)).where(*_mine(scope)).group_by(model.type_key)


@built_once
def _counts(scope: Scope) -> Any:
    model = _kept(scope)
    between = model.week.between(bindparam("first", type_=Date), bindparam("last", type_=Date))
    rows = select(model.week, model.type_key, func.sum(model.count)).where(*_mine(scope), between)
    return rows.group_by(model.week, model.type_key)


@built_once
def _total(scope: Scope) -> Any:
    model = _kept(scope)
    of_types = model.type_key.in_(written_out(types_of(scope)))
    return select(func.coalesce(func.sum(model.count), 0)).where(of_types, *_mine(scope))


@built_once
def _by_type(scope: Scope) -> Any:
    model = _kept(scope)
    rows = select(model.type_key, func.sum(model.count)).where(
        model.type_key.in_(written_out(types_of(scope)))
    )
    return rows.where(*_mine(scope)).group_by(model.type_key)


def _kept(scope: Scope) -> Any:
    match scope:
        case OfAccount():
            return AccountWeek
        case OfEveryone():
            return InstallationWeek
    return PersonWeek


def _mine(scope: Scope) -> list[Any]:
    match scope:
        case OfPerson(person_id):
            return [PersonWeek.person_id == bound_id(person_id)]
        case OfAccount(account_id):
            return [AccountWeek.account_id == bound_id(account_id)]
        case OfOpportunity(opportunity_id):
            return [PersonWeek.person_id.in_(people_of(bound_id(opportunity_id)))]
    return []
