"""The talks of a person in time: which came before one, which after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select, tuple_

from webui.database import db
from webui.models import Activity, Conversation
from webui.vocabulary import CHAT, TALKS


@dataclass(frozen=True)
class Talk:
    """A talk beside another. ``at`` is aware UTC."""

    id: int
    type_key: str
    at: datetime


def beside(person_id: int, at: datetime, id_: int, *, later: bool) -> Talk | None:
    """Return the next talk of a person with a transcript, after or before an activity; None if none is.

    Cost: one narrow statement that walks ix_activity_person_family_at from there.
    """
    here = {"person": person_id, "at": at, "id": id_}
    row = db.session.connection().execute(_LATER if later else _EARLIER, here).first()
    return Talk(*row) if row else None


def _beside(*, later: bool) -> Select[*tuple[Any, ...]]:
    place = tuple_(Activity.at, Activity.id)
    here = tuple_(bindparam("at", type_=Activity.at.type), bindparam("id", type_=BigInteger))
    order = (Activity.at, Activity.id) if later else (Activity.at.desc(), Activity.id.desc())
    return (
        select(Activity.id, Activity.type_key, Activity.at)
        .join(Conversation, Conversation.activity_id == Activity.id)
        .where(
            Activity.person_id == bindparam("person"),
            Activity.family == CHAT.key,
            place > here if later else place < here,
            Activity.type_key.in_(TALKS),
            Conversation.transcript.is_not(None),
        )
        .order_by(*order)
        .limit(1)
    )


_LATER, _EARLIER = _beside(later=True), _beside(later=False)
