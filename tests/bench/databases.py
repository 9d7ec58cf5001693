"""The databases that the bench fills: SQLite files in ``data/``, or databases of a PostgreSQL server.

``CHATPANE_BENCH_POSTGRESQL`` names the server (default: this machine's, by trust). The bench's
databases are called ``chatpane_bench_…`` there.
"""

import os
import shutil
from contextlib import closing, suppress
from pathlib import Path
from sqlite3 import connect
from typing import Protocol

import psycopg
from psycopg import sql

from tests.bench.data import DATA
from webui.config import Settings

SERVER = os.environ.get("CHATPANE_BENCH_POSTGRESQL", "postgresql://root@127.0.0.1:5432/postgres")
BACKENDS = ("sqlite", "postgresql")
PREFIX = "chatpane_bench_"


class Database(Protocol):
    """A database by its name; nobody else uses it. ``backend`` is of ``BACKENDS``."""

    backend: str
    name: str
    url: str

    def exists(self) -> bool:
        """Whether it is there."""

    def create(self) -> None:
        """Make it anew, empty."""

    def copy_from(self, other: "Database") -> None:
        """Make it anew as a copy of another one of its kind, which nobody uses meanwhile."""

    def rename(self, name: str) -> "Database":
        """Give it another name, in place of whatever had it; return it under that name."""

    def drop(self) -> None:
        """Delete it, if it is there."""

    def mib(self) -> float:
        """Return how large it is."""


def named(backend: str, name: str) -> Database:
    """Return the database of this name, which need not exist."""
    return Sqlite(name) if backend == "sqlite" else Postgresql(name)


def drop_others(backend: str, beginning: str, but: str) -> None:
    """Delete the databases whose names begin so, but one: what earlier weeks left. None that is in use."""
    if backend == "sqlite":
        for path in DATA.glob(f"{beginning}*.sqlite"):
            if path.stem != but:
                Sqlite(path.stem).drop()
        return
    with psycopg.connect(SERVER, autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        for (found,) in rows:
            if found.startswith(PREFIX + beginning) and found != PREFIX + but:
                with suppress(psycopg.errors.ObjectInUse):
                    connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(found)))


def url_of(database: Database) -> str:
    """Return a database's URL in SQLAlchemy's form."""
    return Settings.from_environment({"CHATPANE_DATABASE_URL": database.url}).database


def drop_all() -> None:
    """Delete every database of the bench, and its files."""
    shutil.rmtree(DATA, ignore_errors=True)
    try:
        with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as connection:
            rows = connection.execute("SELECT datname FROM pg_database").fetchall()
    except psycopg.OperationalError:
        return
    for (found,) in rows:
        if found.startswith(PREFIX):
            Postgresql(found.removeprefix(PREFIX)).drop()


class Sqlite:
    """A SQLite file."""

    backend = "sqlite"

    def __init__(self, name: str) -> None:
        self.name = name
        self.path = DATA / f"{name}.sqlite"
        self.url = f"sqlite:///{self.path}"

    def exists(self) -> bool:
        return self.path.exists()

    def create(self) -> None:
        self.drop()
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def copy_from(self, other: Database) -> None:
        self.create()
        with closing(connect(Sqlite(other.name).path)) as there, closing(connect(self.path)) as here:
            there.backup(here)

    def rename(self, name: str) -> Database:
        renamed = Sqlite(name)
        renamed.drop()
        with closing(connect(self.path)) as connection:  # what stands in its log alone has to come along
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.path.rename(renamed.path)
        return renamed

    def drop(self) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)

    def mib(self) -> float:
        return self.path.stat().st_size / 2**20


class Postgresql:
    """A database of the PostgreSQL server."""

    backend = "postgresql"

    def __init__(self, name: str) -> None:
        self.name = name
        self._called = sql.Identifier(PREFIX + name)
        self.url = f"{SERVER.rpartition('/')[0]}/{PREFIX}{name}"

    def exists(self) -> bool:
        return bool(_ask("SELECT 1 FROM pg_database WHERE datname = %s", PREFIX + self.name))

    def create(self) -> None:
        self.drop()
        _do(sql.SQL("CREATE DATABASE {}").format(self._called))

    def copy_from(self, other: Database) -> None:
        self.drop()
        template = sql.Identifier(PREFIX + other.name)
        _do(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(self._called, template))

    def rename(self, name: str) -> Database:
        renamed = Postgresql(name)
        renamed.drop()
        _do(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(self._called, sql.Identifier(PREFIX + name)))
        return renamed

    def drop(self) -> None:
        _do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(self._called))

    def mib(self) -> float:
        (size,) = _ask("SELECT pg_database_size(%s)", PREFIX + self.name)[0]
        return int(size) / 2**20


def _do(statement: sql.Composed) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)


def _ask(question: str, *values: str) -> list[tuple[int]]:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        return connection.execute(question.encode(), values).fetchall()
