"""The Lead Feed for feed readers: the newest interesting moments, and the addresses that give them."""

from datetime import datetime
from hmac import compare_digest
from typing import NamedTuple

from sqlalchemy import select

from webui.database import db
from webui.feeds import pages
from webui.feeds.rows import Row
from webui.feeds.scopes import OfEveryone
from webui.models import FeedAddress
from webui.vocabulary import MOMENTS


class Address(NamedTuple):
    """A private address: when it was made, and the language and time zone in which its feed is written."""

    made_at: datetime
    language: str
    timezone: str


_COLUMNS = (FeedAddress.made_at, FeedAddress.language, FeedAddress.timezone)


def address_of(viewer: str, generation: int) -> Address | None:
    """Return a viewer's address; None if they have none, or it is of sessions that were ended since."""
    theirs = select(*_COLUMNS).where(FeedAddress.viewer == viewer, FeedAddress.generation == generation)
    found = db.session.execute(theirs).one_or_none()
    return Address(*found) if found else None


def find(digest: str, generation: int) -> Address | None:
    """Return the address whose secret has this digest, if it is good: one look-up by index."""
    asked = select(FeedAddress.digest, FeedAddress.generation, *_COLUMNS).where(FeedAddress.digest == digest)
    found = db.session.execute(asked).one_or_none()
    if found is None or not compare_digest(found.digest, digest) or found.generation != generation:
        return None
    return Address(*found[2:])


def newest() -> tuple[Row, ...]:
    """Return everyone's newest interesting moments, newest first; 50 at most."""
    return pages.page(OfEveryone(MOMENTS.key)).rows
