"""Facts about this installation, and the turn that each writer takes.

``writing`` updates the one row of ``Installation`` before anything else: that takes SQLite's write
lock, or on PostgreSQL the row's, so writers come one after another and never wait for each other in
a circle. The same statement moves the content version, which tells readers that something changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from webui.database import db, microseconds, wait_at_most
from webui.models import Installation


class Facts(NamedTuple):
    """What every page needs to know.

    The content version, the switch, the zone of the weeks, the origins that may frame a page (with
    spaces between), the generation of sessions (those of an earlier one are over) and the id that the
    next activity stored will have.
    """

    content_version: int
    chat_enabled: bool
    weeks_timezone: str
    allowed_origins: str | None = None
    session_generation: int = 0
    next_activity_id: int = 1

    @property
    def weeks_zone(self) -> ZoneInfo:
        """The time zone in which weeks begin."""
        return ZoneInfo(self.weeks_timezone)

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins of the sites that may frame a page."""
        return tuple((self.allowed_origins or "").split())


_FACTS = select(*(Installation.__table__.c[name] for name in Facts._fields))


def facts() -> Facts:
    """Read the facts as they are now; one look-up by primary key, never cached."""
    return Facts(*db.session.connection().execute(_FACTS).one())


@contextmanager
def writing(patience: float | None = None) -> Iterator[ZoneInfo]:
    """Take the writer's turn for one transaction: committed at the end, rolled back on any exception.

    Gives the zone of the weeks. Who has ``patience`` for so many seconds alone gets OperationalError
    where other writers take longer.
    """
    db.session.rollback()
    version = Installation.content_version + 1
    turn = update(Installation).values(content_version=version).returning(Installation.weeks_timezone)
    try:
        if patience is not None:
            wait_at_most(patience)
        yield ZoneInfo(db.session.execute(turn).scalar_one())
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def note_demo() -> None:
    """Note that what the database holds is the demo company, loaded now."""
    with writing():
        db.session.execute(update(Installation).values(demo_loaded_at=datetime.now(UTC)))


def begin_anew() -> None:
    """Move the content version and the sessions' generation past every one that there has been.

    A backup brings earlier ones back. Counted on from there, a page that a browser kept from before
    would pass for one of the same version after, and a session that was ended would be good again.
    """
    unused = microseconds(datetime.now(UTC))
    with writing():
        db.session.execute(update(Installation).values(content_version=unused, session_generation=unused))
