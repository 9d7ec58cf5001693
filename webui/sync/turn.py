"""One sync at a time, however many processes start one.

On PostgreSQL the turn is an advisory lock of a connection of its own, for all machines of the database;
on SQLite it is a lock on a file beside the database. Both end with the process that holds them.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webui.database import db

LOCK_NUMBER = 0x63686174  # "chat"


class AnotherRuns(Exception):
    """Another process is reading Marketo."""


class NoTurn(Exception):
    """The turn cannot be asked for; the message says why."""


@contextmanager
def turn() -> Iterator[None]:
    """Hold the turn; raise AnotherRuns if another process has it."""
    if db.engine.dialect.name == "sqlite":
        with _locked_file(Path(f"{db.engine.url.database}.sync")):
            yield
    else:
        with _advisory_lock():
            yield


@contextmanager
def _locked_file(path: Path) -> Iterator[None]:
    try:
        file = path.open("w")
    except OSError as error:
        raise NoTurn(f"{path} cannot be written: {error.strerror or error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherRuns from None
        yield


@contextmanager
def _advisory_lock() -> Iterator[None]:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        number = {"number": LOCK_NUMBER}
        if not connection.execute(text("SELECT pg_try_advisory_lock(:number)"), number).scalar_one():
            raise AnotherRuns
        try:
            yield
        finally:
            with suppress(SQLAlchemyError):  # a connection that broke has given its lock up
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), number)
