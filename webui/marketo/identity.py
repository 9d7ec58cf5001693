"""The access token of Marketo's API-only user: asked for, kept, and renewed in time.

Marketo hands out the same token until it ends, with what is left of its life; asking costs nothing of
the day's calls. Client id and secret go in a form's body, which no access log keeps.
"""

import threading
from typing import Any

import httpx
import msgspec

from webui.config import Settings
from webui.marketo.envelope import not_marketos
from webui.marketo.failures import Again, BadCredentials, Unreachable
from webui.marketo.pace import Clock

PATH = "/identity/oauth/token"
CALL = f"POST {PATH}"
RENEWED_BEFORE = 60.0  # seconds before a token's end
LONGEST_LIFE = 24 * 3600.0


class Identity:
    """Signs in for one connection; threads that need a token at the same time share one request."""

    def __init__(self, settings: Settings, client: httpx.Client, clock: Clock) -> None:
        self._settings, self._client, self._clock = settings, client, clock
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at = float("-inf")

    def token(self) -> str:
        """Return a token that is good for now; raise BadCredentials or Unreachable."""
        with self._lock:
            if self._clock() >= self._renew_at:
                self._renew()
            return self._token

    def renewed(self, refused: str) -> str:
        """Return a token in place of one that Marketo refused; raise as ``token`` does."""
        with self._lock:
            if self._token == refused:  # else another thread has renewed it
                self._renew()
            return self._token

    def _renew(self) -> None:
        said = self._ask()
        token, life = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Unreachable(CALL, "the answer has no access token", again=Again.BACKED_OFF)
        left = min(max(float(life), 1.0), LONGEST_LIFE) if isinstance(life, int | float) else RENEWED_BEFORE
        # In its last minute Marketo still gives the same token: that one is used until it ends.
        self._renew_at = self._clock() + (left - RENEWED_BEFORE if left > RENEWED_BEFORE else left)
        self._token = token

    def _ask(self) -> dict[str, Any]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.marketo_client_id,
            "client_secret": self._settings.marketo_client_secret,
        }
        try:
            answer = self._client.post(PATH, data=form)
            said = msgspec.json.decode(answer.content)
        except httpx.HTTPError as error:
            raise Unreachable(CALL, type(error).__name__, again=Again.BACKED_OFF) from error
        except (msgspec.DecodeError, UnicodeError, ValueError, RecursionError):
            said = None
        if answer.status_code in (400, 401):
            raise BadCredentials(CALL, _reason(said), code=f"HTTP {answer.status_code}")
        if answer.status_code != 200 or not isinstance(said, dict):
            raise not_marketos(CALL, answer.status_code)
        return said


def _reason(said: object) -> str:
    reason = said.get("error_description") or said.get("error") if isinstance(said, dict) else None
    return reason if isinstance(reason, str) else ""
