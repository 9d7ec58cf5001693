"""One activity, whole, as its detail shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, bindparam, select

from webui.database import db
from webui.feeds import talks
from webui.feeds.bookings import bookings
from webui.feeds.records import named_crm_id
from webui.feeds.scopes import Scope, within
from webui.models import (
    IS_BOOKED,
    Account,
    Activity,
    ActivityDetail,
    Conversation,
    Dialogue,
    MarketoLead,
    Person,
)
from webui.vocabulary import APPOINTMENT, TALKS

# Two appointments of a person in a dialogue further apart than this are hardly the same booking.
LONGEST_BOOKING = timedelta(days=60)


@dataclass(frozen=True)
class Step:
    """A state of what is probably one booking. Times are aware UTC."""

    id: int
    at: datetime
    status: str | None
    scheduled_for: datetime | None
    scheduled_text: str | None


@dataclass(frozen=True)
class Whole:
    """All that is known of an activity, and the talks beside it.

    ``values`` holds the columns of detail and conversation by name.

    ``person_crm_id`` is None of a person who was deleted and is nameless.
    """

    id: int
    type_key: str
    at: datetime
    status: str | None
    score_change: int | None
    new_score: int | None
    marketo_id: int
    dialogue_name: str | None
    person_kind: str
    person_crm_id: str | None
    person_name: str
    account_crm_id: str | None
    account_name: str | None
    converted_from: str | None
    values: dict[str, Any]
    booking: tuple[Step, ...] = ()
    earlier: talks.Talk | None = None
    later: talks.Talk | None = None


_DETAIL = [column for column in ActivityDetail.__table__.columns if column.name != "activity_id"]
_TALK = [column for column in Conversation.__table__.columns if column.name != "activity_id"]


_WHOLE = (
    select(
        Activity.id,
        Activity.type_key,
        Activity.at,
        Activity.status,
        Activity.score_change,
        Activity.new_score,
        Activity.marketo_id,
        Activity.person_id,
        Activity.dialogue_id,
        Dialogue.name.label("dialogue_name"),
        Person.kind.label("person_kind"),
        named_crm_id().label("person_crm_id"),
        Person.name.label("person_name"),
        Account.crm_id.label("account_crm_id"),
        Account.name.label("account_name"),
        MarketoLead.converted_from,
        *_DETAIL,
        *_TALK,
    )
    .join(Person, Person.id == Activity.person_id)
    .join(ActivityDetail, ActivityDetail.activity_id == Activity.id)
    .outerjoin(Conversation, Conversation.activity_id == Activity.id)
    .outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
    .outerjoin(Account, Account.id == Activity.account_id)
    .outerjoin(MarketoLead, MarketoLead.marketo_id == Activity.marketo_id)
    .where(Activity.id == bindparam("id", type_=BigInteger))
)


_STATES = (
    select(
        Activity.id, Activity.at, Activity.status, ActivityDetail.scheduled_for, ActivityDetail.scheduled_text
    )
    .join(ActivityDetail, ActivityDetail.activity_id == Activity.id)
    .where(
        Activity.person_id == bindparam("person", type_=BigInteger),
        IS_BOOKED,
        Activity.dialogue_id.is_not_distinct_from(bindparam("dialogue", type_=BigInteger)),
        Activity.at.between(
            bindparam("since", type_=Activity.at.type), bindparam("till", type_=Activity.at.type)
        ),
    )
    .order_by(Activity.at, Activity.id)
    .limit(200)
)


def find_within(scope: Scope, id_: int) -> Whole | None:
    """Return an activity if it is one of a scope's, or None."""
    listed = select(Activity.id).where(Activity.id == id_, *within(scope))
    return find(id_) if db.session.execute(listed).first() else None


def find(id_: int) -> Whole | None:
    """Return an activity of a known person, or None; at most three statements."""
    row = db.session.connection().execute(_WHOLE, {"id": id_}).one_or_none()
    if row is None:
        return None
    found = dict(row._mapping)
    values = {column.name: found.pop(column.name) for column in (*_DETAIL, *_TALK)}
    dialogue_id, person_id = found.pop("dialogue_id"), found.pop("person_id")
    booking = _booking(found, person_id, dialogue_id) if found["type_key"] == APPOINTMENT else ()
    is_talk = found["type_key"] in TALKS
    earlier, later = (
        talks.beside(person_id, found["at"], id_, later=after) if is_talk else None for after in (False, True)
    )
    return Whole(**found, values=values, booking=booking, earlier=earlier, later=later)


def _booking(found: dict[str, Any], person_id: int, dialogue_id: int | None) -> tuple[Step, ...]:
    """Return the states that are probably of the same booking, oldest first; none when it stands alone."""
    near = {"since": found["at"] - LONGEST_BOOKING, "till": found["at"] + LONGEST_BOOKING}
    rows = db.session.connection().execute(_STATES, {"person": person_id, "dialogue": dialogue_id, **near})
    steps_of = bookings(Step(*row) for row in rows)
    mine = next((steps for steps in steps_of if any(step.id == found["id"] for step in steps)), [])
    return tuple(mine) if len(mine) > 1 else ()
