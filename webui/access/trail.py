"""What the gate and the ways in note in the audit trail: entries, openings, refusals.

An opening is noted once in a while for each session and record, lest every click wait for a write.
Refusals are counted first: who was refused too often is not noted any more.
"""

import time
from collections import OrderedDict

import structlog
from flask import Flask, current_app, request

from webui import audit
from webui.access import limits
from webui.config import Settings
from webui.database import TROUBLE, db, hurry

log = structlog.get_logger()

AGAIN_AFTER = 600
KEPT = 10_000
A_DAY = 24 * 3600


class _Lately:
    """What this process noted lately, and when it last took old lines away."""

    def __init__(self, days: int) -> None:
        self.days = days
        self._noted: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._tidied = -float(A_DAY)

    def is_news(self, session: str, what: str) -> bool:
        """Whether a session's opening was not noted within the last minutes; from now on it was."""
        now = time.monotonic()
        if now - self._noted.get((session, what), -AGAIN_AFTER) < AGAIN_AFTER:
            return False
        self._noted[session, what] = now
        self._noted.move_to_end((session, what))
        while len(self._noted) > KEPT:
            self._noted.popitem(last=False)
        return True

    def was_not_noted(self, session: str, what: str) -> None:
        """Take back that an opening was noted: the next one is news."""
        self._noted.pop((session, what), None)

    def tidy(self) -> None:
        """Take away lines that are too old, once a day, in the caller's transaction."""
        now = time.monotonic()
        if now - self._tidied >= A_DAY:
            self._tidied = now
            audit.forget(self.days)


def init_app(app: Flask, settings: Settings) -> None:
    """Keep the trail as long as the settings say."""
    app.extensions["chatpane_trail"] = _Lately(settings.audit_days)


def _lately() -> _Lately:
    found: _Lately = current_app.extensions["chatpane_trail"]
    return found


def entered(viewer: str, what: str, why: str) -> None:
    """Note that a viewer was let in to ``what``, and how; in the caller's transaction."""
    _lately().tidy()
    audit.note(audit.ENTERED, what, viewer=viewer, why=why, address=request.remote_addr)


def opened(session: str, viewer: str, what: str) -> None:
    """Note that a viewer opened ``what`` by one of their sessions. Commits, if it is news."""
    if _lately().is_news(session, what):
        audit.note(audit.OPENED, what, viewer=viewer, address=request.remote_addr)
        try:
            db.session.commit()
        except BaseException:
            _lately().was_not_noted(session, what)
            raise


def exported(viewer: str, what: str) -> None:
    """Note that a viewer takes ``what`` along as a file. Commits."""
    audit.note(audit.OPENED, what, viewer=viewer, why="exported as CSV", address=request.remote_addr)
    db.session.commit()


def broken_off(viewer: str, what: str, why: str) -> None:
    """Note that an export ended before its end, because the viewer may not have the rest. Commits."""
    db.session.rollback()
    audit.note(audit.REFUSED, what, viewer=viewer, why=f"broken off: {why}", address=request.remote_addr)
    db.session.commit()
    log.warning("an export was broken off", why=why)


def refused(viewer: str | None, why: str) -> None:
    """Count and note that this request is refused; raise TooManyRequests if that was too often. Commits.

    A stranger waits for no other writer, nor makes others wait: where the database is busy, the line
    goes to the log instead.
    """
    limits.count_refused(current_app, request)
    try:
        hurry()
        _lately().tidy()
        audit.note(audit.REFUSED, request.path, viewer=viewer, why=why, address=request.remote_addr)
        db.session.commit()
    except TROUBLE:
        db.session.rollback()
        log.warning("a refusal was not noted in the trail: the database cannot be used now", why=why)
