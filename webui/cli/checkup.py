"""What ``chatpane doctor`` looks at beyond the settings: prerequisites, connections, clocks.

Each check returns sentences that say what to do: what is wrong, then what may not be meant. No secret is
in any of them.
"""

from datetime import UTC, datetime
from typing import NamedTuple

import httpx
from sqlalchemy import func, select

from webui import operational_settings
from webui.cli.configuration import MENDING
from webui.config import BadSettings, Settings, not_set
from webui.database import db
from webui.feeds import health
from webui.ingest import trial
from webui.marketo.failures import MarketoFailure
from webui.wording import utc

MOST_SKEW = 60.0  # seconds
REACHED_WITHIN = 5.0
JOURNAL = ("adobe_client_id", "adobe_client_secret", "adobe_org_id")


class Found(NamedTuple):
    """Sentences: what is wrong, and what may not be meant."""

    wrong: list[str]
    doubtful: list[str]


def prerequisites() -> Found:
    """Say how to meet each prerequisite of the switch that is unmet."""
    unmet = [one.key for one in operational_settings.shown().prerequisites if not one.met]
    return Found([], [f"prerequisite {key}: {MENDING[key]}" for key in unmet])


def sources(settings: Settings) -> Found:
    """Say which sources fail, wait or are late, from what is stored, and what is not configured whole."""
    said = []
    for one in health.sources(settings):
        if one.error is not None and one.error_at is not None:
            said.append(f"{one.source} failed at {utc(one.error_at)}: {one.error}")
        elif one.is_late and one.succeeded_at is not None:
            said.append(f"{one.source} is late: it was last read to its end at {utc(one.succeeded_at)}")
        if one.paused_until is not None:
            said.append(f"{one.source} is paused until {utc(one.paused_until)}")
    return Found([], [*said, *_journal(settings)])


def _journal(settings: Settings) -> list[str]:
    if settings.adobe_journal_url:
        missing = [f"CHATPANE_{name.upper()}" for name in JOURNAL if not getattr(settings, name)]
        return [f"the journal cannot be read: {not_set(missing)}"] if missing else []
    if settings.adobe_client_id:
        return [
            "no journal is configured: events that Adobe gave up to deliver cannot be read again. "
            "CHATPANE_ADOBE_JOURNAL_URL is in the event registration's details"
        ]
    return []


def connections(settings: Settings) -> Found:
    """Call Marketo, and the host of Adobe's keys, where the settings name them."""
    wrong = []
    if not settings.missing_for_rest():
        wrong += _marketo(settings)
    if settings.adobe_client_id:
        wrong += _adobe_keys(settings)
    return Found(wrong, [])


def _marketo(settings: Settings) -> list[str]:
    try:
        _types, _used, skew = trial.ask(settings)
    except (MarketoFailure, BadSettings) as failure:
        return [str(failure)]
    return _clock("Marketo", skew)


def _adobe_keys(settings: Settings) -> list[str]:
    try:
        httpx.head(settings.adobe_keys_url, timeout=REACHED_WITHIN, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return [
            f"{settings.adobe_keys_url} cannot be reached ({type(error).__name__}): without Adobe's public "
            "keys no pushed event can be verified. Let this server reach it"
        ]
    return []


def database_clock() -> Found:
    """Compare this machine's clock with PostgreSQL's; SQLite has none of its own."""
    if db.engine.dialect.name == "sqlite":
        return Found([], [])
    theirs: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    return Found(_clock("the database", (theirs - datetime.now(UTC)).total_seconds()), [])


def _clock(whose: str, skew: float | None) -> list[str]:
    """Complain of a clock that is ``skew`` seconds before ours, if that is too far."""
    if skew is None or abs(skew) <= MOST_SKEW:
        return []
    way = "behind" if skew > 0 else "ahead of"
    return [
        f"this machine's clock is {abs(skew):.0f} seconds {way} that of {whose}: links, sessions and syncs "
        "go by it. Set it, and keep it by NTP"
    ]
