"""Facts about this installation, and the turn that each writer takes.

``writing`` updates the one row of ``Installation`` before anything else: that takes SQLite's write
lock, or on PostgreSQL the row's, so writers come one after another and never wait for each other in
a circle. The same statement moves the content version, which tells readers that something changed.
A writer of nothing but people's activities says whose: pages of others stay as they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from webui.bulk import among
from webui.database import db, microseconds, wait_at_most
from webui.lookups import Lookup
from webui.models import Account, Installation, Person
from webui.vocabulary import CHAT, FAMILIES, Family

MOST_TOUCHED = 1_000


class Facts(NamedTuple):
    """What every page needs to know.

    The content version, the switch, the zone of the weeks, the origins that may frame a page (with
    spaces between), the generation of sessions (those of an earlier one are over) and the id that the
    next activity stored will have. ``narrow_writes`` is how many of the writes that the content version
    counts changed no more than people's activities, and noted with these people that they did.
    ``families_off``, ``panel_tabs`` and ``global_tabs`` are as ``Installation`` has them.
    """

    content_version: int
    chat_enabled: bool
    weeks_timezone: str
    allowed_origins: str | None = None
    session_generation: int = 0
    next_activity_id: int = 1
    narrow_writes: int = 0
    families_off: str | None = None
    panel_tabs: str | None = None
    global_tabs: str | None = None

    @property
    def wide_writes(self) -> int:
        """What moves with each write but the narrow ones: while it stands, records changed as they say."""
        return self.content_version - self.narrow_writes

    @property
    def weeks_zone(self) -> ZoneInfo:
        """The time zone in which weeks begin."""
        return ZoneInfo(self.weeks_timezone)

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins of the sites that may frame a page."""
        return tuple((self.allowed_origins or "").split())

    @property
    def families(self) -> tuple[Family, ...]:
        """The families of activities that pages show, in the order of the vocabulary."""
        off = (self.families_off or "").split()
        return tuple(one for one in FAMILIES if (self.chat_enabled if one is CHAT else one.key not in off))


_FACTS = Lookup(select(*(Installation.__table__.c[name] for name in Facts._fields)))


def facts() -> Facts:
    """Read the facts as they are committed now; one look-up by primary key, never cached."""
    row = _FACTS.row()
    if row is None:
        raise NoResultFound
    version, enabled, *others = row
    return Facts(version, bool(enabled), *others)  # SQLite knows no booleans


def unwanted_families() -> frozenset[str]:
    """Return the keys of the families that an admin does not want; within the caller's transaction."""
    named = db.session.execute(select(Installation.families_off)).scalar_one()
    return frozenset((named or "").split())


class Touched:
    """Whose activities a transaction changed, by ids; ``everything`` where it changed more than that."""

    def __init__(self) -> None:
        self.people: set[int] = set()
        self.accounts: set[int] = set()
        self.everything = False

    def add(self, person_id: int | None, account_id: int | None) -> None:
        """Note that activities of a person, and so of an account, changed; those of nobody are not shown."""
        if person_id is not None:
            self.people.add(person_id)
        if account_id is not None:
            self.accounts.add(account_id)

    def include(self, other: "Touched | None") -> None:
        """Note what else was changed; None is everything."""
        if other is None:
            self.everything = True
            return
        self.people |= other.people
        self.accounts |= other.accounts
        self.everything = self.everything or other.everything


@contextmanager
def writing(patience: float | None = None, touched: Touched | None = None) -> Iterator[ZoneInfo]:
    """Take the writer's turn for one transaction: committed at the end, rolled back on any exception.

    Gives the zone of the weeks. Who has ``patience`` for so many seconds alone gets OperationalError
    where other writers take longer. Whatever pages show counts as changed, unless ``touched`` says by the end
    whose activities alone did.
    """
    db.session.rollback()
    version = Installation.content_version + 1
    turn = update(Installation).values(content_version=version)
    try:
        if patience is not None:
            wait_at_most(patience)
        zone, now = db.session.execute(
            turn.returning(Installation.weeks_timezone, Installation.content_version)
        ).one()
        yield ZoneInfo(zone)
        if touched is not None:
            _note(touched, now)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def _note(touched: Touched, version: int) -> None:
    """Note with those whose activities changed that they did, where they are few."""
    if touched.everything or len(touched.people) > MOST_TOUCHED:
        return
    for model, ids in ((Person, touched.people), (Account, touched.accounts)):
        table = model.__table__
        if ids:
            db.session.execute(update(table).where(among(table.c.id, sorted(ids))).values(version=version))
    db.session.execute(update(Installation).values(narrow_writes=Installation.narrow_writes + 1))


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
