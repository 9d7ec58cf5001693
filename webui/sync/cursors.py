"""How far each query of Marketo was read.

A paging token is good for the query that made it. A cursor keeps the digest of its query, so that it
begins anew when the query changes, and moves in the transaction that stores the rows of its page.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select, update

from webui.database import db, insert
from webui.models import SyncCursor


class Cursor(NamedTuple):
    """Where a query is read on: from its token or, without one, from ``since`` (aware UTC)."""

    name: str
    query: str
    token: str | None
    since: datetime
    at: datetime


class MovedElsewhere(Exception):
    """Another process has moved the cursor, though only one may read at a time: nothing was stored."""

    def __init__(self, name: str) -> None:
        super().__init__(f"another process reads {name} too: this one stops, and has stored nothing twice")


def digest(query: Collection[int] | str) -> str:
    """Return what tells a query from others: of type ids, whatever their order."""
    text = query if isinstance(query, str) else ",".join(map(str, sorted(query)))
    return sha256(text.encode()).hexdigest()


def found(name: str, query: str, since: datetime) -> Cursor:
    """Return the cursor of a query, which begins at ``since`` if it is new or its query has changed."""
    cursor = stored(name, query, since)
    db.session.rollback()  # nothing stays open while Marketo is asked
    return cursor


def stored(name: str, query: str, since: datetime) -> Cursor:
    """The same within the caller's transaction."""
    one = SyncCursor
    columns = (one.name, one.query, one.token, one.since, one.at)
    row = db.session.execute(select(*columns).where(one.name == name)).one_or_none()
    if row is not None and row.query == query:
        return Cursor(*row)
    began = since if row is None else min(since, row.since)
    return Cursor(name, query, None, began, datetime.now(UTC))


def move(cursor: Cursor, token: str | None, since: datetime) -> Cursor:
    """Note that a query was read up to ``token``, within the caller's transaction.

    Raises MovedElsewhere if the stored cursor is not the one that was read from.
    """
    now = datetime.now(UTC)
    values = {"query": cursor.query, "token": token, "since": since, "at": now}
    table = SyncCursor.__table__
    there = db.session.execute(
        select(table.c.query, table.c.token).where(table.c.name == cursor.name)
    ).one_or_none()
    if there is None:
        db.session.execute(insert(table).values(name=cursor.name, **values))
    elif there.query == cursor.query and there.token != cursor.token:
        raise MovedElsewhere(cursor.name)
    else:
        db.session.execute(update(table).where(table.c.name == cursor.name).values(values))
    return Cursor(cursor.name, cursor.query, token, since, now)
