"""The audit trail: who opened which record, changed which setting, was refused where and why.

Rows are only ever added (the database refuses to change one), and taken away when they are older than
the trail is kept. Nothing of it goes into logs.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from webui.database import db, storable
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
    """Add a line, within the caller's transaction. Texts may be a stranger's: what is too long is cut."""
    db.session.add(
        AuditEntry(
            at=datetime.now(UTC),
            action=action,
            viewer=storable(viewer) if viewer else None,
            what=storable(what)[:LONGEST_WHAT],
            why=storable(why)[:LONGEST_WHAT] if why else None,
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
        conditions.append(
            func.substr(one.what, 1, len(what)) == what
        )  # LIKE would differ: SQLite's folds case
    if action is not None:
        conditions.append(one.action == action)
    columns = (one.at, one.action, one.viewer, one.what, one.why, one.address)
    newest = select(*columns).where(*conditions).order_by(one.at.desc(), one.id.desc()).limit(limit)
    for row in db.session.execute(newest):
        yield Entry(*row)


def forget(days: int) -> int:
    """Take away what is older than so many days, in the caller's transaction; return how many lines."""
    old = delete(AuditEntry).where(AuditEntry.at < datetime.now(UTC) - timedelta(days=days))
    gone = db.session.execute(old)
    return int(getattr(gone, "rowcount", 0))
