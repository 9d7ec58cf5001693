"""Backups of SQLite: the database as a file by itself, without what was deleted from it.

A restore copies the pages into the database in one transaction of SQLite's own backup. So whoever has
the database open goes on with what it holds now: a file put in its place would leave them on the old one.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from webui import schema
from webui.backup.refusals import PATIENCE_SECONDS, InUse, NotABackup, Refused, empty_tables
from webui.database import BUSY_SECONDS, db

NAME = "SQLite"
PAGES_AT_ONCE = 16  # fewer than Chatpane's tables take: the first step is never the last


def is_there() -> bool:
    """Whether the database's file exists; to connect would make it."""
    return _path().is_file()


def write(file: Path) -> None:
    """Write the database to ``file``, and check it; raise Refused if that failed."""
    try:
        with closing(_open(_path(), "rw")) as source:
            # One read of one moment; writers go on meanwhile. Pages that were freed stay behind.
            source.execute("VACUUM INTO ?", (str(file),))
    except sqlite3.Error as error:
        raise Refused(
            f"{schema.shown(db.engine.url)} could not be backed up to {file.parent}: {error}: see that the "
            "disk has room, and run `chatpane doctor`"
        ) from error
    _check(file)


def revision_in(file: Path) -> str:
    """Return the schema's revision of a backup; raise Refused if it is not Chatpane's, or not whole."""
    try:
        with closing(_open(file, "ro")) as backup:
            backup.execute("SELECT 1 FROM installation")
            found = backup.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        if "no such" in str(error):
            raise NotABackup(file) from error
        raise _damaged(file, str(error)) from error
    if found is None:
        raise NotABackup(file)
    _check(file)
    return str(found[0])


def restore(file: Path) -> None:
    """Copy a backup into the database; raise Refused unless that is empty."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_unless_empty()
    patience = time.monotonic() + PATIENCE_SECONDS
    looked_again = False

    def look(status: int, _remaining: int, _total: int) -> None:
        nonlocal looked_again
        if status == sqlite3.SQLITE_BUSY:
            if time.monotonic() > patience:
                raise InUse(schema.shown(db.engine.url))
        elif not looked_again:
            # The copy has the writer's turn now and is not committed: this sees what came since the
            # first look, and what comes later waits.
            _refuse_unless_empty()
            looked_again = True

    try:
        with closing(_open(file, "ro")) as backup, closing(_open(path, "rw")) as target:
            backup.backup(target, pages=PAGES_AT_ONCE, progress=look)
    except sqlite3.Error as error:
        raise Refused(
            f"{file} could not be restored to {schema.shown(db.engine.url)}, which stays empty: {error}: see "
            "that the disk has room, then try again"
        ) from error


def _refuse_unless_empty() -> None:
    with db.engine.connect() as connection:
        empty_tables(connection)


def _path() -> Path:
    return Path(db.engine.url.database or "")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _check(file: Path) -> None:
    """Raise Refused unless SQLite finds the file whole."""
    try:
        with closing(_open(file, "ro")) as backup:
            told = backup.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        told = str(error)
    if told != "ok":
        raise _damaged(file, told)


def _damaged(file: Path, told: str) -> Refused:
    return Refused(f"{file} is damaged ({told}): take another backup")
