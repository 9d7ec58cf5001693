"""Deleting, once a day, what is older than an admin lets its family be kept."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select

from webui.database import db
from webui.ingest import prune
from webui.installation import Touched, writing
from webui.models import Installation
from webui.sync import cursors

NAME = "kept"
EVERY = timedelta(days=1)
NEVER = datetime.fromtimestamp(0, UTC)

log = structlog.get_logger()


def keep(rest: Callable[[float], object]) -> int:
    """Prune what is due; return how many activities went, 0 while nothing is.

    It is due a day after it last came to its end, and as soon as an admin says otherwise. ``rest`` is called
    with the seconds to wait after each batch; what it raises ends the run, and the next one goes on there.
    """
    now, pruned = datetime.now(UTC), 0
    due = prune.kept_since()
    if not due:
        return 0
    cursor = cursors.found(NAME, cursors.digest(_said()), NEVER)
    if cursor.since > now - EVERY:
        return 0
    for family, before in due.items():
        for count in prune.prune(before, [family]):
            pruned += count
            rest(prune.REST)
    with writing(touched=Touched()):
        cursors.move(cursor, None, now)
    if pruned:
        log.info("old activities were pruned", pruned=pruned)
    return pruned


def _said() -> str:
    """Return what an admin says of how long families are kept, as a text."""
    said = db.session.execute(select(Installation.kept_days)).scalar_one()
    db.session.rollback()
    return f"{NAME} {json.dumps(said, sort_keys=True)}"
