"""Sessions: the page's own, which htmx sends as a header, and the cookie's, which names a browser.

Both are signed and hold no secret of anyone else's. A page's session carries its one grant and is
renewed while the panel is in use. A cookie carries only the name of its browser; what that browser may
see is looked up (``grants``). Both end after an idle and an absolute time, and with their generation.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer

from webui.access.grants import Grant, Look, Opens, digest
from webui.config import Settings

PAGE = "page session"
BROWSER = "browser session"
RENEWED_AFTER = 0.25  # of the idle time, lest each answer carries a new session
KNOWN = 1_000  # sessions of a process that were read last: a page sends the same one with each fragment


class Over(Exception):
    """There is a session, and it is none that is good any more."""


@dataclass(frozen=True)
class Session:
    """A signed session; times are whole seconds since 1970.

    ``grant`` is given in a page's session. ``browser`` names the cookie's browser; in a page's session
    it is the digest of that name, kept for those cookies that already know of the grant.
    """

    viewer: str
    started: int
    renewed: int
    generation: int
    browser: str
    look: Look
    grant: Grant | None = None

    @property
    def key(self) -> str:
        """What is the same for this session as long as it lasts."""
        return digest(f"{self.viewer} {self.started} {self.browser} {self.grant}")


class Sessions:
    """Signs and reads sessions by an installation's secrets and times."""

    def __init__(self, settings: Settings, signing: Sequence[str]) -> None:
        self.idle = settings.session_idle_minutes * 60
        self.longest = settings.session_hours * 3600
        keys = list(reversed(signing))  # the last one signs
        self._signers = {name: URLSafeSerializer(keys, salt=f"chatpane {name}") for name in (PAGE, BROWSER)}
        self._signed = lru_cache(KNOWN)(self._verified)

    def begin(self, viewer: str, generation: int, look: Look) -> Session:
        """Return a new session of a browser that has no name yet."""
        now = int(time.time())
        return Session(viewer, now, now, generation, secrets.token_urlsafe(24), look)

    def write(self, kind: str, session: Session) -> str:
        """Return the session, signed."""
        grant = session.grant
        fields = [
            session.viewer,
            session.started,
            session.renewed,
            session.generation,
            session.browser,
            list(session.look),
            [grant.role, *grant.opens] if grant else None,
        ]
        return str(self._signers[kind].dumps(fields))

    def read(self, kind: str, text: str, generation: int) -> Session:
        """Return the session that ``write`` wrote; raise Over if it is another's, too old or of the past."""
        try:
            session = self._signed(kind, text)
        except (BadData, TypeError, ValueError):
            raise Over from None
        if self.is_over(session, generation):
            raise Over
        return session

    def _verified(self, kind: str, text: str) -> Session:
        viewer, started, renewed, generation, browser, look, grant = self._signers[kind].loads(text)
        opened = Grant(grant[0], Opens(*grant[1:])) if grant else None
        return Session(viewer, started, renewed, generation, browser, Look(*look), opened)

    def is_over(self, session: Session, generation: int) -> bool:
        """Whether a session is too old by now, or of a generation that was ended."""
        now = time.time()
        is_old = now - session.renewed > self.idle or now - session.started > self.longest
        return is_old or session.generation != generation

    def renewed(self, session: Session) -> Session | None:
        """Return the session renewed, None while that is not needed."""
        now = int(time.time())
        if now - session.renewed < self.idle * RENEWED_AFTER:
            return None
        return replace(session, renewed=now)
