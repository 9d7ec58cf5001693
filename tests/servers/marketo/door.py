"""The door of the local Marketo: who may ask, and how much.

It counts as Marketo does: calls in a sliding window, calls at once and calls of a day, whoever makes
them. Tokens end by the server's clock, the window is measured in real seconds.
"""

import json
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.servers.marketo.answers import Problem, Reply

CENTRAL = ZoneInfo("America/Chicago")
OAUTH = {"Content-Type": "application/json", "Cache-Control": "no-store"}


@dataclass
class Door:
    """Credentials, tokens and limits; ``elsewhere`` are today's calls of other integrations."""

    client_id: str
    client_secret: str
    token_life: float = 3600.0
    calls_per_window: int = 100
    window: float = 20.0
    at_once: int = 10
    calls_per_day: int = 50_000
    elsewhere: int = 0
    token: str = ""
    token_ends: datetime | None = None
    ended: set[str] = field(default_factory=set)
    times: deque[float] = field(default_factory=deque)
    days: dict[str, int] = field(default_factory=dict)
    running: int = 0
    most_at_once: int = 0

    def identify(self, form: dict[str, str], now: datetime) -> Reply:
        """Answer the identity endpoint: the same token until it ends."""
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            said = {"error": "invalid_client", "error_description": "Bad client credentials"}
            return Reply(json.dumps(said).encode(), 401, OAUTH)
        if form.get("grant_type") != "client_credentials":
            said = {"error": "unsupported_grant_type", "error_description": "Unsupported grant type"}
            return Reply(json.dumps(said).encode(), 400, OAUTH)
        if self.token_ends is None or now >= self.token_ends:
            self.end_token()
            self.token, self.token_ends = (
                f"{secrets.token_hex(18)}:lon",
                now + timedelta(seconds=self.token_life),
            )
        left = int((self.token_ends - now).total_seconds())
        token = {"access_token": self.token, "token_type": "bearer", "expires_in": left}
        return Reply(json.dumps({**token, "scope": "api-reader@acme.example"}).encode(), 200, OAUTH)

    def end_token(self) -> None:
        """End the token before its time; whoever uses it hears 602."""
        if self.token:
            self.ended.add(self.token)
        self.token, self.token_ends = "", None

    def check(self, authorization: str, now: datetime) -> None:
        """Raise the Problem of a token that is none, or has ended."""
        scheme, _, token = authorization.partition(" ")
        if token in self.ended or (
            token and token == self.token and self.token_ends and now >= self.token_ends
        ):
            raise Problem("602", "Access token expired")
        if scheme != "Bearer" or not token or token != self.token:
            raise Problem("601", "Access token invalid")

    def count(self, now: datetime) -> None:
        """Count a call that has begun; raise the Problem of a limit that it breaks."""
        moment = time.monotonic()
        while self.times and self.times[0] <= moment - self.window:
            self.times.popleft()
        self.times.append(moment)
        day = self.day(now)
        self.days[day] = self.days.get(day, 0) + 1
        if len(self.times) > self.calls_per_window:
            text = f"Max rate limit '{self.calls_per_window}' exceeded with in '{self.window:g}' secs"
            raise Problem("606", text)
        if self.running > self.at_once:
            raise Problem("615", "Concurrent access limit reached")
        if self.used(now) > self.calls_per_day:
            raise Problem("607", "Daily quota reached")

    def used(self, now: datetime) -> int:
        """Return today's calls of everybody."""
        return self.days.get(self.day(now), 0) + self.elsewhere

    def day(self, now: datetime) -> str:
        """Return the day of Marketo's quotas."""
        return str(now.astimezone(CENTRAL).date())
