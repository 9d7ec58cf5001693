"""The engine, the session and what differs between SQLite and PostgreSQL.

Everything above writes one SQL for both. Times are stored by ``UtcDateTime``; ``insert`` gives the
dialect's INSERT with ON CONFLICT; ``chunks`` keeps lists below what a statement may bind; ``storable``
takes out of a text what no database holds; ``trouble_in`` tells bad luck from a fault of ours.
"""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Engine, MetaData, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BOUND_AT_ONCE = 5_000
BUSY_SECONDS = 15  # for another writer; htmx gives an answer up after 20
POOL_SECONDS = 5
HURRY_MILLISECONDS = 200
LARGEST_MAP = 2**31 - 65_536  # bytes: the most that SQLite maps
HURRIED = "hurried"
LARGEST_ID = 2**63 - 1
VANISHED_AFTER = {  # some 15 seconds without a sign of PostgreSQL's machine, amid a query or between
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
ONLY_READS = "25006"  # PostgreSQL's code of a write to a standby, as after a failover
TROUBLE = (OperationalError, InterfaceError, NoConnectionLeft)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_Item = TypeVar("_Item")


class Base(DeclarativeBase):
    """Root of the tables in ``models``; constraints are named alike on both databases, for migrations."""

    __table__: ClassVar[Table]

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


def init_app(app: Flask) -> None:
    """Give the app its database. A connection that broke after the last query spoils no answer."""
    db.init_app(app)

    @app.teardown_appcontext
    def let_go(_error: BaseException | None) -> None:
        if not db.session.registry.has():
            return
        try:
            db.session.rollback()
        except SQLAlchemyError:
            db.session().invalidate()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time: ``timestamptz`` on PostgreSQL, whole microseconds since 1970 on SQLite.

    SQLite has no type for times, and numbers compare, sort and index better than text. Naive times
    are refused with ValueError: a time without a zone is a guess.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        numbers = dialect.name == "sqlite"
        return dialect.type_descriptor(BigInteger() if numbers else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return microseconds(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        read: datetime = value
        return read.astimezone(UTC)


def microseconds(at: datetime) -> int:
    """Return whole microseconds from 1970 to ``at``, exactly (``timestamp()`` would round)."""
    return (at - EPOCH) // MICROSECOND


def insert(table: Table) -> Any:
    """Return the INSERT of the running dialect, which knows ``on_conflict_do_update`` and ``…_nothing``."""
    return (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(table)


def hurry() -> None:
    """Let this transaction wait but a moment for another writer; it then raises OperationalError.

    SQLite alone has one writer at a time; PostgreSQL's do not wait for each other's rows.
    """
    if db.engine.dialect.name == "sqlite":
        connection = db.session.connection()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {HURRY_MILLISECONDS}")
        connection.connection.info[HURRIED] = True


def wait_at_most(seconds: float) -> None:
    """Let this transaction wait so long for another writer; it then raises OperationalError."""
    connection, milliseconds = db.session.connection(), max(int(seconds * 1_000), HURRY_MILLISECONDS)
    if db.engine.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
        connection.connection.info[HURRIED] = True
    else:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")


@event.listens_for(Pool, "checkin")
def _be_patient_again(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    if record.info.pop(HURRIED, None):
        connection.cursor().execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1_000}")


def trouble_in(error: BaseException) -> str | None:
    """Return why the database or the disk cannot be used now: locked, gone, full, a standby. None for others.

    SQLite calls a wrong statement an operational error too; that is a fault of ours, and no bad luck.
    """
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    theirs = getattr(error, "orig", None) or error
    if not isinstance(error, TROUBLE) and getattr(theirs, "sqlstate", None) != ONLY_READS:
        return None
    if getattr(theirs, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return None
    return str(theirs).strip().partition("\n")[0]


def storable(text: str) -> str:
    """Return ``text`` as both databases can hold it: no NUL, which PostgreSQL refuses, no lone surrogate."""
    if text.isascii() and "\x00" not in text:  # most are, and a search by pattern takes far longer
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def gather_statistics() -> None:
    """Tell the planner what the tables hold now, lest a query after a large import read all of them."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("PRAGMA analysis_limit=1000", "ANALYZE") if is_sqlite else ("ANALYZE",):
            connection.exec_driver_sql(statement)


def write_much() -> None:
    """Make this thread's connection ready for many rows, from now on.

    On SQLite: an index is written all over its pages, so many of them stay in memory, and the log is copied
    into the database once every 64 MB, not every 4. What was committed is in the log, as safe as before.
    """
    if db.engine.dialect.name == "sqlite":
        for pragma in ("cache_size = -48000", "wal_autocheckpoint = 16384"):
            db.session.connection().exec_driver_sql(f"PRAGMA {pragma}")


def leave_no_trace() -> bool:
    """Take what was deleted out of the database's files too; return whether SQLite could, at once.

    SQLite writes its file anew, for freed and moved rows stay readable in it else. PostgreSQL cleans up
    what no running transaction can see any more.
    """
    is_sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_sqlite:  # the index of the text search keeps what was deleted until it is merged
            connection.exec_driver_sql("INSERT INTO search_gram (search_gram) VALUES ('optimize')")
        connection.exec_driver_sql("VACUUM")
        if not is_sqlite:
            return True
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        return not busy


def chunks(items: Sequence[_Item], size: int = BOUND_AT_ONCE) -> Iterator[Sequence[_Item]]:
    """Cut ``items`` into runs that one statement can bind."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def engine_options(url: str) -> dict[str, Any]:
    """Return what the engine of ``url`` is made with; errors name no values, which may be people's.

    Whatever it waits for has a bound: a connection, another writer, a server that vanished from the network.
    """
    always = {"hide_parameters": True, "pool_timeout": POOL_SECONDS}
    if url.startswith("sqlite"):
        # sqlite3 keeps 128 statements; an IN list of each length is one, and of thousands of values large.
        cached = {"timeout": BUSY_SECONDS, "cached_statements": 16}
        return {**always, "connect_args": cached}
    theirs = make_url(url).query.get("options", "")
    options = f"-c lock_timeout={BUSY_SECONDS * 1_000} {theirs} -c timezone=UTC"
    connect = {"connect_timeout": 5, "options": options, **VANISHED_AFTER}
    return {**always, "pool_pre_ping": True, "connect_args": connect}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-20000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def map_files() -> None:
    """Let connections made from now on read SQLite's file where the system keeps it, without copying.

    For a process that serves: it reads a page here and there of a file far larger than SQLite's own memory.
    What is mapped counts as the process's memory, though the system takes it back whenever it needs it.
    """
    event.listen(Engine, "connect", _map_sqlite)


def _map_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA mmap_size = {LARGEST_MAP}")
        cursor.close()
