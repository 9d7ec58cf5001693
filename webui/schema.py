"""Bringing the database's schema up to date, or saying why it is not.

The schema is made and changed by the Alembic migrations in ``migrations/``, from the first table on. On
PostgreSQL an installation goes on meanwhile: who waits for a lock holds up all that come after, so a
migration waits for a moment alone, lets the others go first, and tries again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import Migrate, upgrade
from sqlalchemy import URL, Connection, inspect, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from webui.config import Settings
from webui.database import db, insert
from webui.models import GRAM_INDEX, Installation

MIGRATIONS = Path(__file__).parent / "migrations"
# Milliseconds that each try waits for a lock, and others behind it. An import's batch takes seconds.
LOCK_WAITS = (*(1_000,) * 20, *(3_000,) * 10, *(6_000,) * 10)
PAUSE = 1.0  # seconds between two tries, in which those who waited go on
LOCK_WAIT = "lock-milliseconds"  # what it is called to the migrations
ANOTHER_HOLDS_IT = ("55P03", "40P01")  # PostgreSQL's lock_not_available and deadlock_detected

log = structlog.get_logger()


class SchemaTooOld(Exception):
    """The database's schema is not this release's, and nobody may change it but by `chatpane migrate`."""


class NoDatabase(Exception):
    """The database cannot be reached, or changed; the message says which and why."""


STILL_HELD = (
    "The tables are in use all the time, so that they cannot be changed: look in pg_stat_activity for "
    "transactions that have run for minutes, end them, and run `chatpane migrate` again. It goes on where it "
    "stopped."
)


def prepare(settings: Settings) -> None:
    """Create the schema of an empty database; bring SQLite up to date.

    Raises SchemaTooOld for a PostgreSQL database that an older release made and for any that a newer one
    did, and NoDatabase when it cannot be reached.
    """
    if settings.database.startswith("sqlite:///"):
        Path(settings.database.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    with reaching():
        is_empty = not inspect(db.engine).has_table("alembic_version")
        if not is_empty and revision() == head():
            _begin_installation(settings)
            return
        there = None if is_empty else revision()
    if there is not None and not knows(there):
        raise SchemaTooOld(
            f"The database's schema is {there}, which a newer release made: install that one, or a newer one."
        )
    if not is_empty and db.engine.dialect.name != "sqlite":
        raise SchemaTooOld(
            f"The database's schema is {there}, this release needs {head()}: run `chatpane migrate`."
        )
    migrate(settings)


@contextmanager
def reaching() -> Iterator[None]:
    """Raise NoDatabase, with the database's name and its reason, for what it refuses in this block."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise NoDatabase(f"{shown(db.engine.url)} cannot be used: {reason}") from error


def migrate(settings: Settings) -> None:
    """Bring the schema to this release's, while others read and write.

    Raises NoDatabase where others hold what is to change for too long; what was changed until then stays,
    and the next call goes on there.
    """
    Migrate(current_app, db, directory=str(MIGRATIONS), compare_type=True)
    for number, milliseconds in enumerate(LOCK_WAITS, 1):
        try:
            upgrade(directory=str(MIGRATIONS), x_arg=[f"{LOCK_WAIT}={milliseconds}"])
            break
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in ANOTHER_HOLDS_IT:
                raise
            if number == len(LOCK_WAITS):
                raise NoDatabase(STILL_HELD) from error
            log.warning("a migration waits for others", tries=number)
            time.sleep(PAUSE)
    _begin_installation(settings)


def _begin_installation(settings: Settings) -> None:
    """Write the installation's row, unless it is there."""
    if db.session.execute(select(Installation.id)).first() is None:
        row = {"id": 1, "weeks_timezone": settings.timezone.key, "content_version": 0, "next_activity_id": 1}
        db.session.execute(insert(Installation.__table__).values(row).on_conflict_do_nothing())
    db.session.commit()


def is_of_the_models(name: str | None, *_kind: object) -> bool:
    """Whether a table or an index is one that the models describe, not one that the migrations alone make."""
    return not (name or "").startswith(GRAM_INDEX)


def tables(connection: Connection) -> list[str]:
    """Return the names of the tables of a database, but for those that are an index."""
    return [name for name in inspect(connection).get_table_names() if is_of_the_models(name)]


def shown(url: URL) -> str:
    """Write a database's URL without what may be secret: its password, and its options."""
    return url.set(query={}).render_as_string(hide_password=True)


def revision() -> str | None:
    """Return the revision that the database is at, None when it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """Return the revision that this release needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def knows(revision: str) -> bool:
    """Whether this release's migrations lead on from a revision, or end there."""
    return revision in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
