"""The audit trail: who opened which record, changed which setting, was refused where and why.

Rows are only ever added (the database refuses to change one), and taken away when they are older than
the trail is kept. A line that names somebody who is forgotten is taken away, and added anew without the
name. Nothing of it goes into logs.
"""

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from webui.database import db, insert, storable
from webui.models import AuditEntry

OPENED = "opened"
ENTERED = "entered"
CHANGED = "changed"
REFUSED = "refused"
ACTIONS = (ENTERED, OPENED, CHANGED, REFUSED)
LONGEST_WHAT = 400
TAKEN_AT_ONCE = 5_000
FORGOTTEN = "(forgotten)"

_AN_ACTIVITY = re.compile(r"(\bactivities/)([0-9]{1,19})(?![0-9])")


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


def is_by(viewer: str | None, email: str | None) -> bool:
    """Whether a viewer is known by this e-mail address, with or without the way in before it."""
    if not viewer or not email:
        return False
    return email.casefold() in (viewer.casefold(), viewer.partition(":")[2].casefold())


def take_out(records: Collection[tuple[str, str]], activities: Collection[int], email: str | None) -> int:
    """Write lines anew that name a record (panel, CRM id), an activity or an e-mail address, without that.

    Time and action stay. Returns how many lines there were; in the caller's transaction.
    """
    names = "|".join(re.escape(f"{panel}/{crm_id}") for panel, crm_id in sorted(records))
    a_record = re.compile(rf"\b(?:{names})(?![^/?\s])") if names else None
    entry = AuditEntry.__table__
    last, changed = 0, 0
    while rows := db.session.execute(
        select(entry).where(entry.c.id > last).order_by(entry.c.id).limit(TAKEN_AT_ONCE)
    ).all():
        last = rows[-1].id
        anew = [row for line in rows if (row := _without(dict(line._mapping), a_record, activities, email))]
        for row in anew:  # a line is never changed: the database refuses it
            db.session.execute(delete(entry).where(entry.c.id == row["id"]))
            db.session.execute(insert(entry).values(row))
        changed += len(anew)
    return changed


def _without(
    line: dict[str, Any], a_record: re.Pattern[str] | None, activities: Collection[int], email: str | None
) -> dict[str, Any] | None:
    """Return a line without the names, None if it has none of them."""

    def taken(text: str | None) -> str | None:
        if text is None:
            return None
        if a_record:
            text = a_record.sub(lambda found: found[0].partition("/")[0] + "/" + FORGOTTEN, text)
        text = _AN_ACTIVITY.sub(
            lambda found: f"{found[1]}{FORGOTTEN}" if int(found[2]) in activities else found[0], text
        )
        return re.sub(re.escape(email), FORGOTTEN, text, flags=re.IGNORECASE) if email else text

    viewer = line["viewer"]
    if is_by(viewer, email):
        way, colon, _ = viewer.rpartition(":")
        viewer = f"{way}{colon}{FORGOTTEN}"
    anew = {**line, "viewer": viewer, "what": taken(line["what"]), "why": taken(line["why"])}
    return anew if anew != line else None
