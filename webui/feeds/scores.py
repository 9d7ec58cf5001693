"""Scores: how a person's changed, where a person stands among all, and who of many has the most.

Times are aware UTC. Each statement reads a bounded number of the newest changes, in the order of an index.
A person's main score is called as the vocabulary has it, else it is the one that changed most often.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

from sqlalchemy import Select, String, bindparam, func, literal_column, select

from webui.bulk import among
from webui.database import db
from webui.feeds.records import named_crm_id
from webui.feeds.scopes import OfOpportunity, OfPerson, Scope, built_once, read, within
from webui.models import Activity, Dialogue, Person
from webui.vocabulary import SCORE, is_main_score

MOST_CHANGES = 500  # of a person
COMPARED = 1_000  # of everyone's
LOOKED_AT = 2_000  # of an account's or an opportunity's people
LEADERS = 10
MOST = 3  # stars, and flames
LATELY = timedelta(days=14)
LEADERS_LATELY = timedelta(days=28)


class Change(NamedTuple):
    """A change of a score: when, of which score, by how much (None where nobody told), and what it became."""

    at: datetime
    name: str
    change: int | None
    score: int


@dataclass(frozen=True)
class Standing:
    """Where a person stands: ``stars`` and ``flames`` of 3, and what they are told from.

    ``highest`` is the highest of the same score among everyone's newest changes, ``gained`` what the last
    14 days brought.
    """

    stars: int
    flames: int
    score: int
    highest: int
    gained: int


@dataclass(frozen=True)
class Leader:
    """One of many people: whose score is ``score``, and by how much it changed in the last 28 days."""

    person_kind: str
    person_crm_id: str
    person_name: str
    score: int
    gained: int


def history(person_id: int) -> tuple[Change, ...]:
    """Return a person's changes that told the new score, newest first: the newest ``MOST_CHANGES``.

    Cost: one statement.
    """
    scope = OfPerson(person_id, SCORE.key)
    return tuple(Change(*row) for row in read(_changes(scope), scope))


@built_once
def _changes(scope: Scope) -> Select[*tuple[Any, ...]]:
    name = func.coalesce(Dialogue.name, literal_column("''"))
    changes = select(Activity.at, name, Activity.score_change, Activity.new_score)
    changes = changes.outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
    newest_first = changes.where(*within(scope), Activity.new_score.is_not(None))
    return newest_first.order_by(Activity.at.desc(), Activity.id.desc()).limit(MOST_CHANGES)


def main_score(names: Iterable[str]) -> str | None:
    """Return which of the scores that changed, newest first and each as often as it did, is the main one."""
    counted = Counter(names)
    main = next(filter(is_main_score, counted), None)
    return main or min(counted, key=lambda name: (-counted[name], name), default=None)


def of_score(name: str | None, changes: Iterable[Change]) -> list[Change]:
    """Return the changes of one score, in their order: the letters of its name may be written otherwise."""
    return [one for one in changes if name is not None and one.name.casefold() == name.casefold()]


_NEWEST = (
    select(Activity.new_score, Activity.dialogue_id)
    .where(Activity.family == literal_column(f"'{SCORE.key}'"), Activity.person_id.is_not(None))
    .order_by(Activity.at.desc(), Activity.id.desc())
    .limit(COMPARED)
    .subquery()
)
_HIGHEST = (
    select(func.max(_NEWEST.c.new_score))
    .join(Dialogue, Dialogue.id == _NEWEST.c.dialogue_id)
    .where(func.lower(Dialogue.name) == func.lower(bindparam("name", type_=String)))
)


def standing(person_id: int, now: datetime) -> Standing | None:
    """Return where a person stands by the main score, None of one who has none. Cost: two statements."""
    changes = history(person_id)
    name = main_score(one.name for one in changes)
    if name is None:
        return None
    own = of_score(name, changes)
    highest = db.session.connection().execute(_HIGHEST, {"name": name}).scalar_one() or 0
    return compared(own[0].score, gained(own, now - LATELY), max(highest, own[0].score))


def compared(score: int, gained: int, highest: int) -> Standing:
    """Return the stars and flames of a score: a third of the highest each, and the share that was gained."""
    stars = min(MOST, ceil(MOST * score / highest)) if score > 0 else 0
    share = gained / score if score > 0 and gained > 0 else 0
    flames = sum((share > 0, share >= 0.25, share >= 0.5))
    return Standing(stars, flames, score, highest, gained)


def gained(newest_first: Sequence[Change], since: datetime) -> int:
    """Return by how much a score changed since a time; 0 where nobody told what it was before."""
    of_late = [one for one in newest_first if one.at >= since]
    if not of_late:
        return 0
    before = [one for one in newest_first if one.at < since]
    was = before[0].score if before else of_late[-1].score - (of_late[-1].change or 0)
    return of_late[0].score - was


def leaders(scope: Scope, now: datetime, name: str | None = None) -> tuple[Leader, ...]:
    """Return those of a scope's people who have the highest scores now, the highest first.

    ``name`` says of which score, else it is each person's main one. Only of people of the newest
    ``LOOKED_AT`` changes. Cost: three statements.
    """
    scope = scope._replace(family=SCORE.key)
    rows = read(_newest_of_all(scope), scope).all()
    names = _names({row.dialogue_id for row in rows if row.dialogue_id})
    of_each: dict[int, list[Change]] = {}
    for row in rows:
        change = Change(row.at, names.get(row.dialogue_id, ""), row.score_change, row.new_score)
        of_each.setdefault(row.person_id, []).append(change)
    found = []
    for person_id, changes in of_each.items():
        which = name or main_score(one.name for one in changes)
        own = of_score(which, changes)
        if own:
            found.append((own[0].score, gained(own, now - LEADERS_LATELY), person_id))
    found.sort(key=lambda one: (-one[0], -one[1], one[2]))
    return _named(found)


@built_once
def _newest_of_all(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the query of the newest changes of a scope's people.

    PostgreSQL is told not to read everybody's in the order of time, in search of an opportunity's people.
    """
    columns = (
        Activity.id,
        Activity.person_id,
        Activity.dialogue_id,
        Activity.at,
        Activity.score_change,
        Activity.new_score,
    )
    theirs = select(*columns).where(*within(scope), Activity.new_score.is_not(None))
    if not isinstance(scope, OfOpportunity):
        return theirs.order_by(Activity.at.desc(), Activity.id.desc()).limit(LOOKED_AT)
    every = theirs.cte("theirs").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(every).order_by(every.c.at.desc(), every.c.id.desc()).limit(LOOKED_AT)


def _names(dialogue_ids: set[int]) -> dict[int, str]:
    if not dialogue_ids:
        return {}
    rows = db.session.execute(select(Dialogue.id, Dialogue.name).where(among(Dialogue.id, dialogue_ids)))
    return {row.id: row.name for row in rows}


def _named(found: Sequence[tuple[int, int, int]]) -> tuple[Leader, ...]:
    """Return the first of those found, without who was deleted."""
    first = found[: LEADERS * 2]
    who = select(Person.id, Person.kind, named_crm_id(), Person.name)
    rows = db.session.execute(who.where(among(Person.id, [one[2] for one in first]))) if first else ()
    people = {id_: (kind, crm_id, name) for id_, kind, crm_id, name in rows if crm_id is not None}
    known = [(*people[id_], score, more) for score, more, id_ in first if id_ in people]
    return tuple(Leader(*one) for one in known[:LEADERS])
