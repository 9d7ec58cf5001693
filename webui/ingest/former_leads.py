"""Marketo ids that are no more: merged into another one, or deleted.

Every activity and every person comes by here, so that a late event or an old file brings nobody back.
"""

from collections.abc import Collection

from sqlalchemy import select

from webui.database import chunks, db
from webui.ingest.records import ActivityRecord, Origin
from webui.models import FormerMarketoLead

Items = list[tuple[ActivityRecord, Origin]]


def former(marketo_ids: Collection[int]) -> dict[int, int | None]:
    """Return, of these ids, those that are no more, with the id that each is now (None: deleted)."""
    found: dict[int, int | None] = {}
    one = FormerMarketoLead
    for some in chunks(sorted(marketo_ids)):
        rows = select(one.marketo_id, one.winner_id).where(one.marketo_id.in_(some))
        found.update((marketo_id, winner) for marketo_id, winner in db.session.execute(rows))
    return found


def resolve(items: Items) -> tuple[Items, int]:
    """Give the activities of merged ids to those that they are now; leave out those of deleted people.

    Returns what is left, and how many were left out.
    """
    gone = former({record.marketo_id for record, _ in items})
    if not gone:
        return items, 0
    left: Items = []
    for record, origin in items:
        if record.marketo_id in gone:
            winner = gone[record.marketo_id]
            if winner is None:
                continue
            record.merged_from, record.marketo_id = record.marketo_id, winner
        left.append((record, origin))
    return left, len(items) - len(left)
