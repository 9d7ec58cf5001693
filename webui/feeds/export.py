"""All of a list, batch by batch, with what the details say: for files to take along.

Each batch is read by itself and by cursor, so that memory stays flat and what is written meanwhile
neither repeats nor hides a row.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select, tuple_

from webui.database import db
from webui.feeds.pages import Cursor, Filter
from webui.feeds.records import named_crm_id
from webui.feeds.scopes import Scope, within
from webui.models import Account, Activity, ActivityDetail, Dialogue, Person

BATCH = 500


class Taken(NamedTuple):
    """An activity as a file holds it. Times are aware UTC; ``person_crm_id`` is None of a deleted person."""

    id: int
    type_key: str
    at: datetime
    status: str | None
    dialogue_name: str | None
    person_kind: str
    person_crm_id: str | None
    person_name: str
    account_name: str | None
    page_url: str | None
    agent_name: str | None
    agent_email: str | None
    scheduled_for: datetime | None
    scheduled_text: str | None
    goal_name: str | None
    document_name: str | None
    document_url: str | None
    score_change: int | None
    new_score: int | None
    told: dict[str, Any] | None


def batch(scope: Scope, wanted: Filter, after: Cursor | None, *, oldest_first: bool) -> tuple[Taken, ...]:
    """Return up to ``BATCH`` activities of a scope that follow the cursor; none after the last.

    Reads what is stored now: whatever the session held before is let go. Whether the viewer may see the
    scope is settled before.
    """
    db.session.rollback()
    place = tuple_(Activity.at, Activity.id)
    conditions = [*within(scope), *wanted.conditions()]
    if after is not None:
        at = bindparam(None, after.at, type_=Activity.at.type)
        bound = tuple_(at, bindparam(None, after.id, type_=Activity.id.type))
        conditions.append(place > bound if oldest_first else place < bound)
    columns = (Activity.at, Activity.id)
    order = [column.asc() if oldest_first else column.desc() for column in columns]
    rows = _whole().where(*conditions).order_by(*order).limit(BATCH)
    return tuple(Taken(*row) for row in db.session.execute(rows))


def _whole() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Activity.id,
            Activity.type_key,
            Activity.at,
            Activity.status,
            Dialogue.name,
            Person.kind,
            named_crm_id(),
            Person.name,
            Account.name,
            ActivityDetail.page_url,
            ActivityDetail.agent_name,
            ActivityDetail.agent_email,
            ActivityDetail.scheduled_for,
            ActivityDetail.scheduled_text,
            ActivityDetail.goal_name,
            ActivityDetail.document_name,
            ActivityDetail.document_url,
            Activity.score_change,
            Activity.new_score,
            ActivityDetail.told,
        )
        .join(Person, Person.id == Activity.person_id)
        .join(ActivityDetail, ActivityDetail.activity_id == Activity.id)
        .outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
        .outerjoin(Account, Account.id == Activity.account_id)
    )
