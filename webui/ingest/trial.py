"""Test connection: whether Marketo can be read, asked once and at once.

It reads no activities, so the data are not newer by it: only the day's calls, the activity types and the
prerequisite take note.
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import update

from webui.config import Settings
from webui.database import db
from webui.ingest import activity_types, sources
from webui.installation import writing
from webui.marketo import calls
from webui.marketo.connection import Connection
from webui.marketo.failures import MarketoFailure
from webui.marketo.pace import A_CHECK
from webui.models import Installation

NOT_AGAIN_FOR = 5.0  # seconds


class TooSoon(Exception):
    """This process has tested the connection a moment ago, or is at it."""


@dataclass(frozen=True)
class Tested:
    """What a test found: how many types Marketo named, how many of them are ours, its clock minus ours."""

    types: int
    ours: int
    clock_skew: float | None


class _Guard:
    """Lets one test begin in a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = float("-inf")

    def enter(self) -> None:
        """Take the turn; raise TooSoon."""
        with self._lock:
            now = time.monotonic()
            if now - self._last < NOT_AGAIN_FOR:
                raise TooSoon
            self._last = now

    def reset(self) -> None:
        """Forget the last test."""
        self._last = float("-inf")


guard = _Guard()


def ask(settings: Settings) -> tuple[list[tuple[int, str]], int | None, float | None]:
    """Ask Marketo for a token, its activity types and the day's calls, at most three calls; keep nothing.

    Returns the types, the calls (None: it does not tell) and its clock minus ours in seconds. Raises
    MarketoFailure, BadSettings.
    """
    with Connection(settings, A_CHECK) as connection:
        types = calls.activity_types(connection)
        try:
            used = calls.usage_today(connection)
        except MarketoFailure:  # what it tells is of use, but it is not needed
            used = None
        return types, used, connection.clock_skew


def run(settings: Settings) -> Tested:
    """Test the connection and keep what it tells; from the first success on, Dynamic Chat is connected.

    Raises MarketoFailure, whose text is for the admin; BadSettings; TooSoon.
    """
    guard.enter()
    db.session.rollback()  # no transaction waits for Marketo
    types, used, clock_skew = ask(settings)
    now = datetime.now(UTC)
    with writing():
        activity_types.take(types)
        if used is not None:
            sources.used(sources.REST, used)
        first = update(Installation).where(Installation.connected_at.is_(None))
        db.session.execute(first.values(connected_at=now, connection_source=sources.REST))
    known = activity_types.load(settings.activity_types)
    ours = sum(1 for number, _name in types if known[number].ours)
    return Tested(len(types), ours, clock_skew)
