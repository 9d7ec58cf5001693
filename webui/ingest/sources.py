"""How each source fares: when it last brought something, how many of what, and what went wrong.

Notes are made in the transaction that stores what was brought, so that they never disagree.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case

from webui.database import db, insert
from webui.ingest.records import ActivityRecord, Batch
from webui.installation import Touched, writing
from webui.models import SourceDay, SourceState
from webui.vocabulary import SOURCES

FATES = ("read", "added", "updated", "unchanged", "ignored", "rejected", "foreign", "unpaired")
REST = "marketo-rest"


def note(batch: Batch, counts: Counter[str]) -> None:
    """Count what became of a batch of activities, within the caller's transaction."""
    if batch.kind != "activities":
        return
    source = batch.source if batch.source in SOURCES else "files"
    now = datetime.now(UTC)
    fates = {fate: counts[fate] for fate in FATES} | {"foreign": batch.foreign}
    fates["ignored"] -= batch.foreign
    table = SourceDay.__table__
    statement = insert(table).values(source=source, day=now.date(), **fates)
    more = {fate: table.c[fate] + statement.excluded[fate] for fate in FATES}
    db.session.execute(statement.on_conflict_do_update(index_elements=["source", "day"], set_=more))
    newest = max((one.at for one, _ in batch.records if isinstance(one, ActivityRecord)), default=None)
    if source == REST:
        _set(source, {}, newest)  # a page is not all: its end is noted when it is reached
    else:
        succeeded(source, newest_at=newest)


def succeeded(source: str, *, newest_at: datetime | None = None) -> None:
    """Note that a source could be read to its end, or delivered, within the caller's transaction.

    ``newest_at`` is the time of the newest activity that it told. Its last error is over.
    """
    told: dict[str, Any] = {"succeeded_at": datetime.now(UTC), "paused_until": None}
    told |= {"error": None, "error_code": None, "error_at": None}
    _set(source, told, newest_at)


def failed(source: str, error: str, *, code: str | None = None, paused_until: datetime | None = None) -> None:
    """Note in a transaction of its own what went wrong with a source, and when it goes on by itself."""
    with writing(touched=Touched()):
        told = {"error": error, "error_code": code, "error_at": datetime.now(UTC)}
        _set(source, {**told, "paused_until": paused_until}, None)


def used(source: str, calls: int) -> None:
    """Note how many calls of the day's quota are used, within the caller's transaction."""
    _set(source, {"calls_used": calls, "calls_at": datetime.now(UTC)}, None)


def _set(source: str, told: dict[str, Any], newest_at: datetime | None) -> None:
    table = SourceState.__table__
    statement = insert(table).values(source=source, newest_at=newest_at, **told)
    if not told and newest_at is None:
        db.session.execute(statement.on_conflict_do_nothing())
        return
    if newest_at is not None:
        there, new = table.c.newest_at, statement.excluded.newest_at
        told = {**told, "newest_at": case((there > new, there), else_=new)}
    db.session.execute(statement.on_conflict_do_update(index_elements=["source"], set_=told))
