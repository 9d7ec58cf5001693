"""Merges and deletions of people in Marketo.

A merge may be logged as a deletion of its losers too. So deletions are asked for first, merges are read
to their end then, and only after that are those deleted who were not merged.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

from webui.database import db
from webui.ingest import marketo_rest, store
from webui.ingest.records import BadRow
from webui.installation import Touched, writing
from webui.marketo import calls
from webui.marketo.calls import Page
from webui.models import Rejected
from webui.sync import cursors
from webui.sync.following import OVERLAP, follow, pages
from webui.sync.reading import Reading

MERGES = "merges"
DELETIONS = "deletions"
DELETIONS_ARE_KEPT = timedelta(days=14)


def read(reading: Reading) -> None:
    """Take up merges and deletions since the last round. Raises as ``follow`` does."""
    began = datetime.now(UTC)
    first = max(reading.since, began - DELETIONS_ARE_KEPT)
    cursor = cursors.found(DELETIONS, cursors.digest(DELETIONS), first)
    gone, token = _deleted(reading, cursor)
    _merge(reading)
    touched = Touched()
    with writing(touched=touched) as zone:
        deletions = marketo_rest.deletions_of(gone, _named_in_bad_merges())
        reading.people += store.take(deletions, zone, touched)
        cursors.move(cursor, token, max(cursor.since, began - OVERLAP))


def _named_in_bad_merges() -> set[int]:
    """Return whom rejected merges name: were they deleted now, a merge that is tried again would be late."""
    named: set[int] = set()
    kept = select(Rejected.body).where(Rejected.source == marketo_rest.MERGES)
    for body in db.session.scalars(kept):
        with suppress(BadRow):
            named.update(marketo_rest.merge_of(body.encode()).losers)
    return named


def _deleted(reading: Reading, cursor: cursors.Cursor) -> tuple[list[bytes], str | None]:
    """Return the rows of all deletions that are new, and the token with which to go on."""
    connection, token, rows = reading.connection, cursor.token, list[bytes]()
    for page in pages(
        cursor.token,
        lambda: calls.paging_token(connection, cursor.since),
        partial(calls.deleted_leads, connection),
    ):
        rows += map(bytes, page.rows)
        token = page.next_token
    return rows, token


def _merge(reading: Reading) -> None:
    connection = reading.connection
    cursor = cursors.found(MERGES, cursors.digest([marketo_rest.MERGE_LEADS]), reading.since)
    follow(
        cursor,
        partial(calls.paging_token, connection),
        lambda token: calls.activities(connection, token, [marketo_rest.MERGE_LEADS]),
        partial(_keep_merges, reading),
    )


def _keep_merges(reading: Reading, page: Page, zone: ZoneInfo, touched: Touched) -> None:
    """Store the merges of a page within the transaction; what cannot be used is kept as rejected."""
    reading.people += store.take(marketo_rest.merges_of(page.rows), zone, touched)
