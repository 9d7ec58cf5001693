"""A round of the sync: what is read in which order, and what is said of it.

Merges come before activities: what was pushed for a loser is told for the winner then. A part that this
subscription or its API user may not read is left out, with a remark; one whose question Marketo refuses
keeps no other from being read; anything else that fails ends the round. The next one goes on where this
one stopped. How it went is noted for the configuration tab, the panels and the metrics.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webui.config import Settings
from webui.database import db
from webui.ingest import sources
from webui.ingest.files import UnreadableFile
from webui.ingest.sources import REST
from webui.installation import Touched, writing
from webui.marketo import calls
from webui.marketo.connection import Connection
from webui.marketo.failures import (
    AccessDenied,
    MarketoFailure,
    NotAvailable,
    QuotaUsedUp,
    Refused,
    StaleCursor,
    TooMany,
)
from webui.models import SourceState
from webui.sync import activities, changes, history, people, types
from webui.sync.cursors import MovedElsewhere
from webui.sync.history import ExtractFailed
from webui.sync.reading import Reading
from webui.sync.types import NothingToAsk

JUST_RENEWED = timedelta(hours=2)
A_LITTLE_LATER = timedelta(hours=1)
USAGE_EVERY = timedelta(minutes=10)

Parts = tuple[Callable[[Reading], None], ...]

PARTS: Parts = (types.learn, changes.read, activities.poll, people.read, activities.late_news)
WITH_HISTORY: Parts = (types.learn, history.load, *PARTS[1:])
# Without these there is nothing to read.
ESSENTIAL = (types.learn, activities.poll)
# After these failures of one part others can be read.
OF_ITS_OWN = (Refused, StaleCursor, TooMany)

log = structlog.get_logger()


@dataclass(frozen=True)
class Round:
    """What a round did; ``failure`` is a sentence, None when all was read."""

    reading: Reading
    failure: str | None = None


def paused_until() -> datetime | None:
    """Return when the source goes on by itself, None if it may be read now."""
    until = db.session.scalar(select(SourceState.paused_until).where(SourceState.source == REST))
    db.session.rollback()
    return until if until is not None and until > datetime.now(UTC) else None


def run(settings: Settings, connection: Connection, parts: Parts = PARTS) -> Round:
    """Read Marketo once, to its end or to the first failure that concerns all of it."""
    reading = Reading(settings, connection)
    denied: AccessDenied | None = None
    refused: MarketoFailure | None = None
    try:
        for part in parts:
            try:
                part(reading)
            except (AccessDenied, NotAvailable) as failure:
                if part in ESSENTIAL:
                    raise
                reading.remarks.append(str(failure))
                denied = failure if isinstance(failure, AccessDenied) else denied
            except OF_ITS_OWN as failure:
                if part in ESSENTIAL or part is history.load:
                    raise
                refused = refused or failure
        if refused is not None:
            raise refused
        _note_success(reading, denied)
    except (MarketoFailure, NothingToAsk, MovedElsewhere, ExtractFailed) as failure:
        _note_failure(failure)
        return Round(reading, str(failure))
    except (SQLAlchemyError, OSError, UnreadableFile) as trouble:
        return Round(reading, _note_trouble(trouble))
    finally:
        db.session.remove()
    log.info("Marketo was read", calls=connection.calls, **reading.counts)
    return Round(reading)


def _note_trouble(trouble: Exception) -> str:
    """Note a failure of our own: of the database, the disk or a file; return it as a sentence."""
    reason = str(getattr(trouble, "orig", None) or trouble).strip().splitlines()[0]
    sentence = f"What Marketo told could not be stored: {reason}. The next sync goes on there."
    log.error("what Marketo told could not be stored", failure=type(trouble).__name__)
    with suppress(SQLAlchemyError):
        sources.failed(REST, sentence)
    return sentence


def _note_success(reading: Reading, denied: AccessDenied | None) -> None:
    used = _usage(reading)
    with writing(touched=Touched()):
        sources.succeeded(REST)
        if used is not None:
            sources.used(REST, used)
    if denied is not None:
        sources.failed(REST, str(denied), code=denied.code)


def _usage(reading: Reading) -> int | None:
    """Return the calls of the day, None if they were asked for a moment ago or Marketo does not say."""
    told = db.session.scalar(select(SourceState.calls_at).where(SourceState.source == REST))
    db.session.rollback()
    if told is not None and told > datetime.now(UTC) - USAGE_EVERY:
        return None
    try:
        return calls.usage_today(reading.connection)
    except MarketoFailure as failure:
        log.warning("Marketo's usage is not known", code=failure.code, request_id=failure.request_id)
        return None


def _note_failure(failure: Exception) -> None:
    code = failure.code if isinstance(failure, MarketoFailure) else None
    until = _pause(failure) if isinstance(failure, QuotaUsedUp) else None
    sources.failed(REST, str(failure), code=code, paused_until=until)
    log.warning("Marketo could not be read", failure=type(failure).__name__, code=code)


def _pause(failure: QuotaUsedUp) -> datetime:
    """Return when to go on: when the quota is renewed, or in an hour if that should just have been."""
    now = datetime.now(UTC)
    was = db.session.scalar(select(SourceState.paused_until).where(SourceState.source == REST))
    return now + A_LITTLE_LATER if was is not None and now - JUST_RENEWED < was <= now else failure.until
