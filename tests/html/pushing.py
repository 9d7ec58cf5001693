"""What tests of the hooks send, and what they look for in the store."""

import json
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from tests.ingest import files
from tests.servers.adobe import chat_event
from webui.database import db
from webui.models import Rejected, SourceDay

TOKEN = "token-of-the-activity-push"
PUSH = "/hooks/marketo-activities"
SIGNED_IN = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def stored() -> dict[str, SimpleNamespace]:
    """Return the activities by guid."""
    db.session.rollback()
    return files.stored_chats(db.session.connection())


def rejections() -> list[Rejected]:
    """Return what is kept as rejected, oldest first."""
    db.session.rollback()
    return list(db.session.execute(select(Rejected).order_by(Rejected.id)).scalars())


def day_of(source: str) -> SourceDay:
    """Return the day's counts of a source."""
    db.session.rollback()
    return db.session.execute(select(SourceDay).where(SourceDay.source == source)).scalars().one()


def envelope(*some: Any, **changes: Any) -> bytes:
    """Return the body of the activity push."""
    told = {
        "sourceApplication": "Marketo",
        "munchkinId": "123-ABC-456",
        "messageId": "m-1",
        "messageCreatedDate": "2031-04-02T08:15:32Z",
        "activities": list(some),
    }
    return json.dumps(told | changes).encode()


def activity(guid: str | None = "880142", **changes: Any) -> dict[str, Any]:
    """Return an activity as the push has it."""
    return {"marketoGUID": guid, **chat_event(leadId=501, **changes)["data"]}
