"""One-time links with which an admin enters without a provider: `chatpane admin-link` makes them.

Whoever can run the command has the installation's secret, and so is trusted to make one. A link is good
for ten minutes, once, and not after everybody was signed out.
"""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from webui.access.grants import digest
from webui.access.secret import secrets_of
from webui.config import Settings

VALID_FOR = timedelta(minutes=10)
LONGEST_TOKEN = 1_000

# Times are whole seconds, so that a token is good for up to a second longer than it says.
REMEMBERED = VALID_FOR + timedelta(minutes=1)

EXPIRED = "expired"
NOT_OURS = "not-ours"
SPENT = "spent"


class BadAdminLink(Exception):
    """A link lets nobody in; ``reason`` is one of the keys above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AdminLink(NamedTuple):
    """A good link: the viewer's name of who enters, and the digest to spend until it is ``stale``."""

    viewer: str
    mark: str
    stale: datetime


def make(settings: Settings, maker: str, generation: int) -> str:
    """Return a new token, made by somebody for themselves, in this generation of sessions."""
    return str(_serializer(settings).dumps([maker, generation, secrets.token_urlsafe(16)]))


def read(token: str, settings: Settings, generation: int) -> AdminLink:
    """Return what a token says; raise BadAdminLink. Whether it was spent is not asked here."""
    if len(token) > LONGEST_TOKEN:
        raise BadAdminLink(NOT_OURS)
    try:
        said, made = _serializer(settings).loads(
            token, max_age=int(VALID_FOR.total_seconds()), return_timestamp=True
        )
    except SignatureExpired:
        raise BadAdminLink(EXPIRED) from None
    except BadData:
        raise BadAdminLink(NOT_OURS) from None
    maker, of_generation, nonce = said
    if of_generation != generation:
        raise BadAdminLink(EXPIRED)
    return AdminLink(f"admin-link:{maker}", digest(f"admin link {nonce}"), made + REMEMBERED)


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    keys = list(reversed(secrets_of(settings)))  # the last one signs
    return URLSafeTimedSerializer(keys, salt="chatpane admin link")
