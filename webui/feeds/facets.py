"""How many rows each choice of a filter would give, so that a choice that gives nothing is shown as such.

Small lists, and what a search found, are counted exactly, in one statement. Of large lists the kept counts
tell the types alone, and only while nothing else is filtered; the other choices are then listed without a
number.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select

from webui.feeds.pages import ALL, Filter, first_ids
from webui.feeds.scopes import OfOpportunity, Scope, built_once, read, types_of, within
from webui.models import Activity, Dialogue
from webui.vocabulary import BY_KEY

COUNTED_TO = 2_000
MOST_DIALOGUES = 200
LATEST = 500  # rows of a large list: whose dialogues are offered

Counts = dict[str, int | None]


@dataclass(frozen=True)
class Facets:
    """The choices of a list with how many rows each gives under the other filters; None where not counted.

    ``types`` and ``statuses`` are by key, in the vocabulary's order, ``dialogues`` by name.
    """

    types: Counts
    statuses: Counts
    dialogues: Counts


def facets(scope: Scope, wanted: Filter, by_type: Mapping[str, int]) -> Facets:
    """Return the choices of a scope that lists so many activities of each type. Cost: one statement."""
    is_short = sum(by_type.values()) <= COUNTED_TO
    is_small = is_short or (wanted.ids is not None and len(wanted.ids) <= COUNTED_TO)
    return _counted(scope, wanted) if is_small else _listed(scope, wanted, by_type)


def _counted(scope: Scope, wanted: Filter) -> Facets:
    apart = replace(wanted, types=(), statuses=(), dialogue=None, dialogues=None)
    counted = _all_kinds(scope) if apart == ALL else _kinds(scope, apart)
    rows = read(counted, scope).all()

    types, statuses, dialogues = Counter[str](), Counter[str](), Counter[str]()
    for type_key, status, dialogue, count in rows:
        is_of_type = not wanted.types or type_key in wanted.types
        has_status = not wanted.statuses or status in wanted.statuses
        is_in_dialogue = wanted.dialogue is None or dialogue == wanted.dialogue
        # A choice counts under the other filters, not under its own.
        types[type_key] += count if has_status and is_in_dialogue else 0
        statuses[status] += count if is_of_type and is_in_dialogue else 0
        dialogues[dialogue] += count if is_of_type and has_status else 0
    names = sorted(name for name in dialogues if name)[:MOST_DIALOGUES]
    return Facets(
        {key: types[key] for key in types_of(scope)},
        {key: statuses[key] for key in _statuses(scope)},
        {name: dialogues[name] for name in names},
    )


@built_once
def _all_kinds(scope: Scope) -> Select[*tuple[Any, ...]]:
    return _kinds(scope, ALL)


def _kinds(scope: Scope, wanted: Filter) -> Select[*tuple[Any, ...]]:
    kinds = (Activity.type_key, Activity.status, Dialogue.name)
    counted = select(*kinds, func.count()).select_from(Activity)
    counted = counted.outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
    return counted.where(*within(scope), *wanted.conditions()).group_by(*kinds)


def _listed(scope: Scope, wanted: Filter, by_type: Mapping[str, int]) -> Facets:
    names = _latest_dialogues(scope)
    is_alone = wanted == replace(Filter(), types=wanted.types)
    return Facets(
        {key: by_type.get(key, 0) if is_alone else None for key in types_of(scope)},
        dict.fromkeys(_statuses(scope)),
        dict.fromkeys(names),
    )


def _latest_dialogues(scope: Scope) -> list[str]:
    """Return the names of the dialogues of a list's own latest rows: the viewer may know of no others."""
    return sorted(read(_dialogues(scope), scope).scalars().all())[:MOST_DIALOGUES]


@built_once
def _dialogues(scope: Scope) -> Select[str]:
    if isinstance(scope, OfOpportunity):
        theirs = select(Activity.dialogue_id).where(Activity.id.in_(first_ids(within(scope), LATEST)))
    else:
        newest_first = (Activity.at.desc(), Activity.id.desc())
        latest = select(Activity.dialogue_id).where(*within(scope)).order_by(*newest_first).limit(LATEST)
        theirs = select(latest.subquery().c.dialogue_id)
    return select(Dialogue.name).where(Dialogue.id.in_(theirs)).distinct()


def _statuses(scope: Scope) -> list[str]:
    return list(dict.fromkeys(one.key for key in types_of(scope) for one in BY_KEY[key].statuses))
