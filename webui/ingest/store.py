"""The one writer: everything that any source brings goes through ``take``, in most cases by ``save``.

Rows, counts and rejections of a batch are stored together, in one transaction that takes the writer's
turn first (``installation.writing``), or not at all.
"""

from collections import Counter
from datetime import UTC, datetime
from itertools import compress
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import func, literal, update

from webui.config import in_force
from webui.database import UtcDateTime, db
from webui.ingest import activities, deals, deletions, marketo_leads, merges, people, rejected, roles, sources
from webui.ingest.activity_updates import Items as ActivityItems
from webui.ingest.records import Batch, Outcome
from webui.installation import Touched, unwanted_families, writing
from webui.models import Installation
from webui.vocabulary import BY_KEY, CHAT_KEYS

COUNTS = ("read", "added", "updated", "unchanged", "ignored", "rejected")


def save(batch: Batch) -> Counter[str]:
    """Store a batch in one transaction; return how many rows did what, by the names of ``COUNTS``."""
    touched = Touched()
    with writing(touched=touched) as zone:
        return take(batch, zone, touched)


def take(batch: Batch, zone: ZoneInfo, touched: Touched | None = None) -> Counter[str]:
    """Store a batch within the caller's transaction, in weeks of ``zone``; return counts as ``save`` does.

    What the batch changed is added to ``touched``.
    """
    outcome = write(batch, zone)
    if touched is not None and batch.records:
        touched.include(outcome.touched)
    rejected.keep(batch, [*batch.rejections, *outcome.rejections])
    counts = counted(batch, outcome)
    sources.note(batch, counts)
    return counts


def counted(batch: Batch, outcome: Outcome) -> Counter[str]:
    """Return what became of a batch, by the names of ``COUNTS``."""
    counts = Counter(outcome.counts)
    counts["read"] = batch.read
    counts["ignored"] += batch.ignored.total() + batch.foreign + batch.of_deleted
    counts["rejected"] = len(batch.rejections) + len(outcome.rejections)
    return counts


def write(batch: Batch, zone: ZoneInfo) -> Outcome:
    """Write the records of a batch, in weeks of ``zone``; the caller has the turn and keeps rejections.

    Rejections about people who were deleted, by this batch or before, are left out and count as ignored.
    """
    _leave_out_unwanted(batch)
    outcome = _write(batch, zone)
    others = rejected.of_others(batch, batch.rejections)
    batch.of_deleted += len(batch.rejections) - len(others)
    batch.rejections = others
    others = rejected.of_others(batch, outcome.rejections)
    outcome.counts["ignored"] += len(outcome.rejections) - len(others)
    outcome.rejections = others
    return outcome


def _leave_out_unwanted(batch: Batch) -> None:
    """Leave out activities of families that an admin does not want; they count as ignored, by type."""
    unwanted = unwanted_families() if batch.kind == "activities" else frozenset()
    if unwanted:
        types = [BY_KEY[record.type_key] for record, _ in cast("ActivityItems", batch.records)]
        batch.ignored.update(one.labels["en"] for one in types if one.family in unwanted)
        wanted = (one.family not in unwanted for one in types)
        batch.records = list(compress(batch.records, wanted))


def _write(batch: Batch, zone: ZoneInfo) -> Outcome:
    items = cast("list[Any]", batch.records)
    match batch.kind:
        case "activities":
            outcome = activities.write(items, zone, pushed=batch.is_pushed)
            if outcome.stored and any(record.type_key in CHAT_KEYS for record, _ in items):
                connected(batch.source)
        case "accounts":
            outcome = deals.write_accounts(items)
        case "people":
            outcome = people.write(items, batch.warnings, by_marketo=batch.source == marketo_leads.SOURCE)
        case "opportunities":
            outcome = deals.write_opportunities(items)
        case "roles":
            outcome = roles.write_roles(items, batch.warnings)
        case "merges":
            outcome = merges.write(items)
        case "deletions":
            outcome = deletions.write(items, keep_activities=in_force().keep_deleted)
        case _:
            raise ValueError(f"no writer for {batch.source!r}")
    return outcome


def connected(source: str) -> None:
    """Note that a source delivered a chat activity: from the first one on, Dynamic Chat is connected."""
    now = datetime.now(UTC)
    db.session.execute(
        update(Installation).values(
            connected_at=func.coalesce(Installation.connected_at, literal(now, UtcDateTime())),
            connection_source=func.coalesce(Installation.connection_source, source),
            last_delivery_at=now,
        )
    )
