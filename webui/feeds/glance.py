"""What matters of a record now: the next appointment, the last engagement, documents, the score.

Times are aware UTC. Each part is one statement, bounded by time or by an index.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from webui.database import db
from webui.feeds import weeks
from webui.feeds.bookings import bookings
from webui.feeds.records import named_crm_id
from webui.feeds.scopes import OfOpportunity, Scope, bound_id, built_once, read, whose, within, written_out
from webui.models import IS_BOOKED, Activity, ActivityDetail, Conversation, Dialogue, OpportunityRole, Person
from webui.vocabulary import CHAT, DOCUMENT, TALKS

LOOKED_BACK = timedelta(days=180)
MOST_APPOINTMENTS = 500
MOST_TALKS = 200


class Booked(NamedTuple):
    """The newest state of a booking that lies ahead; ``agent`` is a name or an e-mail address.

    ``person_crm_id`` is None of a person who was deleted and is nameless, here and below.
    """

    id: int
    scheduled_for: datetime
    status: str | None
    agent: str | None
    person_crm_id: str | None
    person_name: str


class Engaged(NamedTuple):
    """The newest conversation."""

    id: int
    type_key: str
    at: datetime
    status: str | None
    dialogue_name: str | None
    person_crm_id: str | None
    person_name: str


class Scored(NamedTuple):
    """The newest conversation that has a score, of 3."""

    id: int
    score: int


@dataclass(frozen=True)
class Glance:
    """What there is to say; ``documents`` counts the interactions with documents of the running week."""

    appointment: Booked | None
    engagement: Engaged | None
    documents: int
    score: Scored | None

    def __bool__(self) -> bool:
        return bool(self.appointment or self.engagement or self.documents or self.score)


def glance(scope: Scope, week: date, now: datetime) -> Glance:
    """Return what matters of a scope in the week of that Monday. Cost: four statements."""
    found = weeks.counts(scope, (week,))
    return Glance(_appointment(scope, now), _engagement(scope), found.get((week, DOCUMENT), 0), _score(scope))


def _appointment(scope: Scope, now: datetime) -> Booked | None:
    states = read(_states(scope), scope, since=now - LOOKED_BACK).all()
    ahead = [state for state in _standing(states) if state.scheduled_for and state.scheduled_for > now]
    if not ahead:
        return None
    next_ = min(ahead, key=lambda one: (one.scheduled_for, one.id))
    row = db.session.execute(_BOOKED, {"id": next_.id}).one()
    return Booked(next_.id, next_.scheduled_for, next_.status, row[0] or row[1], row[2], row[3])


@built_once
def _states(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the query of a scope's newest appointments, newest first."""
    states = select(
        Activity.id, Activity.person_id, Activity.dialogue_id, Activity.status, ActivityDetail.scheduled_for
    ).join(ActivityDetail, ActivityDetail.activity_id == Activity.id)
    is_of_late = Activity.at > bindparam("since", type_=Activity.at.type)
    newest_first = states.where(*whose(scope), IS_BOOKED, is_of_late)
    return newest_first.order_by(Activity.at.desc(), Activity.id.desc()).limit(MOST_APPOINTMENTS)


_BOOKED = (
    select(ActivityDetail.agent_name, ActivityDetail.agent_email, named_crm_id(), Person.name)
    .join(Activity, Activity.id == ActivityDetail.activity_id)
    .join(Person, Person.id == Activity.person_id)
    .where(Activity.id == bindparam("id"))
)


def _standing(rows: Iterable[Any]) -> list[Any]:
    """Return the newest state of each booking that was not cancelled; ``rows`` are newest first."""
    found = []
    whose = sorted(rows, key=lambda row: (row.person_id, row.dialogue_id or 0))  # stable: still newest first
    for _whose, states in groupby(whose, key=lambda row: (row.person_id, row.dialogue_id or 0)):
        now = [states_of[-1] for states_of in bookings(reversed(list(states)))]
        found += [row for row in now if row.status != "cancelled"]
    return found


def _engagement(scope: Scope) -> Engaged | None:
    row = read(_newest_talk(scope), scope).first()
    return Engaged(*row) if row else None


@built_once
def _newest_talk(scope: Scope) -> Select[*tuple[Any, ...]]:
    talks = (
        select(
            Activity.id,
            Activity.type_key,
            Activity.at,
            Activity.status,
            Dialogue.name,
            named_crm_id(),
            Person.name.label("whose"),
        )
        .join(Person, Person.id == Activity.person_id)
        .outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
    )
    if isinstance(scope, OfOpportunity):
        mine = talks.where(Activity.id.in_(_newest_talks(scope.opportunity_id)))
    else:
        mine = talks.where(*within(scope), Activity.type_key.in_(written_out(TALKS)))
    return mine.order_by(Activity.at.desc(), Activity.id.desc()).limit(1)


def _newest_talks(opportunity_id: int) -> Select[int]:
    """Return the query of the newest talk of each of those in an opportunity, by an index for each."""
    theirs = select(Activity.id).where(
        Activity.person_id == OpportunityRole.person_id,
        Activity.family == CHAT.key,
        Activity.type_key.in_(written_out(TALKS)),
    )
    newest = theirs.order_by(Activity.at.desc(), Activity.id.desc()).limit(1)
    roles = select(newest.correlate(OpportunityRole).scalar_subquery())
    return roles.where(OpportunityRole.opportunity_id == bound_id(opportunity_id))


def _score(scope: Scope) -> Scored | None:
    row = read(_newest_score(scope), scope).first()
    return Scored(*row) if row else None


@built_once
def _newest_score(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the query of the newest score among a scope's newest talks."""
    talks = select(Activity.id, Activity.at).where(*within(scope), Activity.type_key.in_(written_out(TALKS)))
    some = talks.order_by(Activity.at.desc(), Activity.id.desc()).limit(MOST_TALKS).subquery()
    scored = select(some.c.id, Conversation.score).join(Conversation, Conversation.activity_id == some.c.id)
    return scored.where(Conversation.score.is_not(None)).order_by(some.c.at.desc(), some.c.id.desc()).limit(1)
