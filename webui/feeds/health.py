"""How each source fares: what it brought today, how old what we have is, and what went wrong.

A source that is **read** (Marketo's REST API) is late when it was set up and has not been read to its end
for ``late_after_minutes``. One that is **pushed** to us, and files, say nothing while nothing happens, so
silence is no lateness: they are late only while their last delivery failed.

Times are aware UTC. Nothing here words anything; views and commands do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from webui.config import Settings
from webui.database import db
from webui.marketo.failures import MARKETO_MIDNIGHT
from webui.models import InstallationWeek, Rejected, SourceDay, SourceState
from webui.vocabulary import PUSHED, SOURCES

FATES = ("read", "added", "updated", "unchanged", "ignored", "rejected")
RARE = ("foreign", "unpaired")

OFF, WAITING, GOOD, LATE, PAUSED, FAILING = "off", "waiting", "good", "late", "paused", "failing"


@dataclass(frozen=True)
class SourceHealth:
    """How a source fares.

    ``lag`` is for how long a read source was not read to its end: what happened within it may be missing.
    Of others it is None: nobody knows what they have not sent. ``today`` counts the day (UTC) by ``FATES``
    and ``RARE``. ``calls_left`` is None unless the calls were counted on Marketo's running day. ``kept`` is
    how many rejected rows wait.
    """

    source: str
    is_configured: bool
    is_read: bool
    succeeded_at: datetime | None
    newest_at: datetime | None
    lag: timedelta | None
    today: Mapping[str, int]
    calls_left: int | None
    error: str | None
    error_code: str | None
    error_at: datetime | None
    paused_until: datetime | None
    is_late: bool
    kept: int

    @property
    def state(self) -> str:
        """The state in a word: what keeps it from being good, the weightiest first."""
        if self.paused_until is not None:
            return PAUSED
        if self.error is not None:
            return FAILING
        if self.is_late:
            return LATE
        if self.succeeded_at is not None:
            return GOOD
        return WAITING if self.is_configured else OFF


@dataclass(frozen=True)
class LateSource:
    """A source that is late; ``since`` is its last success, None if there never was one."""

    source: str
    is_read: bool
    since: datetime | None


@dataclass(frozen=True)
class Freshness:
    """As of which minute the data are, and which sources are late."""

    as_of: datetime | None
    late: tuple[LateSource, ...]


def configured(source: str, settings: Settings) -> bool:
    """Whether the settings connect a source; files need none."""
    match source:
        case "marketo-rest":
            return not settings.missing_for_rest()
        case "adobe-io":
            return bool(settings.adobe_client_id)
        case "marketo-activities":
            return bool(settings.marketo_push_token)
    return True


def is_read(source: str) -> bool:
    """Whether a source is read by us; others send by themselves, when there is something."""
    return source not in (*PUSHED, "files")


_STATES = select(SourceState.source, SourceState.succeeded_at, SourceState.error)


def freshness(settings: Settings, now: datetime | None = None) -> Freshness | None:
    """Return how fresh the data are, None before any source has brought or tried anything.

    Cost: one statement, a row for each source.
    """
    now = now or datetime.now(UTC)
    states = db.session.connection().execute(_STATES)
    rows = {row.source: row for row in states if row.source in SOURCES}
    late = tuple(
        LateSource(source, is_read(source), rows[source].succeeded_at)
        for source in SOURCES
        if source in rows and _is_late(source, rows[source].succeeded_at, rows[source].error, settings, now)
    )
    as_of = max((row.succeeded_at for row in rows.values() if row.succeeded_at), default=None)
    minute = as_of.replace(second=0, microsecond=0) if as_of else None  # as pages say it; seconds always pass
    return Freshness(minute, late) if as_of or late else None


def sources(settings: Settings, now: datetime | None = None) -> tuple[SourceHealth, ...]:
    """Return how each source of the vocabulary fares, in its order. Cost: three statements."""
    now = now or datetime.now(UTC)
    states = {row.source: row for row in db.session.execute(select(SourceState.__table__))}
    today = counts(now)
    kept = _kept()
    found = []
    for source in SOURCES:
        state = states.get(source)
        succeeded = state.succeeded_at if state else None
        error = state.error if state else None
        paused = state.paused_until if state and state.paused_until and state.paused_until > now else None
        found.append(
            SourceHealth(
                source=source,
                is_configured=configured(source, settings),
                is_read=is_read(source),
                succeeded_at=succeeded,
                newest_at=state.newest_at if state else None,
                lag=max(now - succeeded, timedelta()) if is_read(source) and succeeded else None,
                today=today.get(source, dict.fromkeys((*FATES, *RARE), 0)),
                calls_left=_calls_left(state.calls_used, state.calls_at, settings, now) if state else None,
                error=error,
                error_code=state.error_code if state else None,
                error_at=state.error_at if state else None,
                paused_until=paused,
                is_late=state is not None and _is_late(source, succeeded, error, settings, now),
                kept=kept.get(source, 0),
            )
        )
    return tuple(found)


def counts(day: datetime | None = None) -> dict[str, dict[str, int]]:
    """Return how many activities of each source met which fate: on a day (UTC), or on all days."""
    names = (*FATES, *RARE)
    summed = [func.sum(getattr(SourceDay, name)) for name in names]
    asked = select(SourceDay.source, *summed).group_by(SourceDay.source)
    if day is not None:
        asked = asked.where(SourceDay.day == day.astimezone(UTC).date())
    return {
        source: dict(zip(names, map(int, found), strict=True)) for source, *found in db.session.execute(asked)
    }


def stored() -> int:
    """Return how many activities of people who are known there are, by the kept counts."""
    return int(db.session.execute(select(func.coalesce(func.sum(InstallationWeek.count), 0))).scalar_one())


def _is_late(
    source: str, succeeded_at: datetime | None, error: str | None, settings: Settings, now: datetime
) -> bool:
    if succeeded_at is None or not is_read(source):
        return error is not None
    return now - succeeded_at > timedelta(minutes=settings.late_after_minutes)


def _calls_left(used: int | None, at: datetime | None, settings: Settings, now: datetime) -> int | None:
    """Return what is left of the day's calls, if the count is of Marketo's running day."""
    if used is None or at is None:
        return None
    days = {moment.astimezone(MARKETO_MIDNIGHT).date() for moment in (at, now)}
    return max(0, settings.marketo_daily_calls - used) if len(days) == 1 else None


def _kept() -> dict[str, int]:
    """Count the rejected rows by source; those of files are kept by the kind of the file."""
    found: dict[str, int] = {}
    asked = select(Rejected.source, func.count()).group_by(Rejected.source)
    for source, count in db.session.execute(asked):
        name = source if source in SOURCES else "files"
        found[name] = found.get(name, 0) + int(count)
    return found
