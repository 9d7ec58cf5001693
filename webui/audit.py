"""The audit trail: who opened which record, changed which setting, was refused where and why.

Rows are only ever added (the database refuses to change one), and taken away when they are older than
the trail is kept. Nothing of it goes into logs.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from webui.database import db
from webui.models import AuditEntry

OPENED = "opened"
ENTERED = "entered"
CHANGED = "changed"
REFUSED = "refused"
ACTIONS = (ENTERED, OPENED, CHANGED, REFUSED)
LONGEST_WHAT = 400


class Entry(NamedTuple):
    """A line of the trail. ``at`` is aware UTC; strangers have no ``viewer``; ``what`` is path or setting."""

    at: datetime
    action: str
    viewer: str | None
    what: str
    why: str | None
    address: str | None


def note(
    action: str, what: str, *, viewer: str | None, why: str | None = None, address: str | None = None
) -> None:
    """Add a line, within the caller's transaction."""
    db.session.add(
        AuditEntry(
            at=datetime.now(UTC),
            action=action,
            viewer=viewer,
            what=what[:LONGEST_WHAT],
            why=why[:LONGEST_WHAT] if why else None,
            address=address[:64] if address else None,
        )
    )


def entries(
    *,
    since: datetime | None = None,
    viewer: str | None = None,
    what: str | None = None,
    action: str | None = None,
    limit: int = 1_000,
) -> Iterator[Entry]:
    """Give the newest lines that fit, newest first; ``what`` is how the path or setting begins."""
    one = AuditEntry
    conditions: list[Any] = []
    if since is not None:
        conditions.append(one.at >= since)
    if viewer is not None:
        conditions.append(one.viewer == viewer)
    if what is not None:
        conditions.append(one.what.startswith(what, autoescape=True))
    if action is not None:
        conditions.append(one.action == action)
    columns = (one.at, one.action, one.viewer, one.what, one.why, one.address)
    newest = select(*columns).where(*conditions).order_by(one.at.desc(), one.id.desc()).limit(limit)
    for row in db.session.execute(newest):
        yield Entry(*row)


def forget(days: int) -> int:
    """Take away what is older than so many days; return how many lines. Commits."""
    old = delete(AuditEntry).where(AuditEntry.at < datetime.now(UTC) - timedelta(days=days))
    gone = db.session.execute(old)
    db.session.commit()
    return int(getattr(gone, "rowcount", 0))
