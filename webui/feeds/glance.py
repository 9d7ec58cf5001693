"""What matters of a record now: the next appointment, the last engagement, documents, the score.

Times are aware UTC. Each part is one statement, bounded by time or by an index.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select

from webui.database import db
from webui.feeds import weeks
from webui.feeds.bookings import bookings
from webui.feeds.records import named_crm_id
from webui.feeds.scopes import Scope, within
from webui.models import Activity, ActivityDetail, Conversation, Dialogue, Person
from webui.vocabulary import APPOINTMENT, DOCUMENT, TALKS

LOOKED_BACK = timedelta(days=180)
MOST_APPOINTMENTS = 500


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
    return Glance(
        _appointment(scope, now), _engagement(scope), found.get((week, DOCUMENT), 0), _score(scope, now)
    )


def _appointment(scope: Scope, now: datetime) -> Booked | None:
    rows = db.session.execute(
        select(
            Activity.id,
            Activity.person_id,
            Activity.dialogue_id,
            Activity.status,
            ActivityDetail.scheduled_for,
            ActivityDetail.agent_name,
            ActivityDetail.agent_email,
            named_crm_id().label("person_crm_id"),
            Person.name.label("person_name"),
        )
        .join(ActivityDetail, ActivityDetail.activity_id == Activity.id)
        .join(Person, Person.id == Activity.person_id)
        .where(*within(scope), Activity.type_key == APPOINTMENT, Activity.at > now - LOOKED_BACK)
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(MOST_APPOINTMENTS)
    ).all()
    ahead = [row for row in _standing(rows) if row.scheduled_for and row.scheduled_for > now]
    if not ahead:
        return None
    row = min(ahead, key=lambda one: (one.scheduled_for, one.id))
    agent = row.agent_name or row.agent_email
    return Booked(row.id, row.scheduled_for, row.status, agent, row.person_crm_id, row.person_name)


def _standing(rows: Iterable[Any]) -> list[Any]:
    """Return the newest state of each booking that was not cancelled; ``rows`` are newest first."""
    found = []
    whose = sorted(rows, key=lambda row: (row.person_id, row.dialogue_id or 0))  # stable: still newest first
    for _whose, states in groupby(whose, key=lambda row: (row.person_id, row.dialogue_id or 0)):
        now = [states_of[-1] for states_of in bookings(reversed(list(states)))]
        found += [row for row in now if row.status != "cancelled"]
    return found


def _engagement(scope: Scope) -> Engaged | None:
    row = db.session.execute(
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
        .where(*within(scope), Activity.type_key.in_(TALKS))
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(1)
    ).first()
    return Engaged(*row) if row else None


def _score(scope: Scope, now: datetime) -> Scored | None:
    row = db.session.execute(
        select(Activity.id, Conversation.score)
        .join(Conversation, Conversation.activity_id == Activity.id)
        .where(*within(scope), Conversation.score.is_not(None), Activity.at > now - LOOKED_BACK)
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(1)
    ).first()
    return Scored(row.id, row.score) if row and row.score is not None else None
