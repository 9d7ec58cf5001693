"""Backups: the whole database in one file, and back into an empty database.

A backup is what the database's own tools write: a SQLite file, or PostgreSQL's custom format. It is
written beside its place and appears there when it is whole. A restore happens in one transaction, and
an older release's schema is then brought up to date. Nothing here prepares the schema first: what is
there is backed up as it is, also by a release that has not taken it over yet.
"""

import os
from pathlib import Path
from types import ModuleType

from webui import schema
from webui.backup import postgresql, sqlite
from webui.backup.refusals import NotABackup, Refused
from webui.config import Settings
from webui.database import db, gather_statistics
from webui.installation import begin_anew

KINDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
FIRST_BYTES = {b"SQLite": "sqlite", b"PGDMP": "postgresql"}


def write(file: Path) -> str:
    """Back the database up to ``file``, readable by its owner alone; return the schema's revision.

    Others may write meanwhile: the backup holds what was committed when it began. Raises Refused,
    and NoDatabase; then there is no ``file``.
    """
    if os.path.lexists(file):
        raise Refused(f"{file} is there already, and a backup replaces nothing: name another file")
    revision = _revision_to_back_up()
    partial = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with schema.reaching():
                KINDS[db.engine.dialect.name].write(partial)
            _put_in_place(partial, file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(
            f"{file} cannot be written: {error.strerror}: name a file in a folder that has room and may be "
            "written to"
        ) from error
    return revision


def _revision_to_back_up() -> str:
    where = schema.shown(db.engine.url)
    if db.engine.dialect.name == "sqlite" and not sqlite.is_there():
        raise Refused(f"there is no database {where}: name yours with CHATPANE_DATABASE_URL")
    with schema.reaching():
        revision = schema.revision()
    if revision is None:
        raise Refused(f"{where} holds nothing of Chatpane's: name your database with CHATPANE_DATABASE_URL")
    return revision


def _put_in_place(partial: Path, file: Path) -> None:
    """Name a written file ``file``, on disk when this returns; raise Refused where there is one by now."""
    descriptor = os.open(partial, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    try:
        os.link(partial, file)  # unlike a rename, it replaces nothing that came there meanwhile
    except FileExistsError as error:
        raise Refused(f"{file} came to be while the backup was written: name another file") from error
    except OSError:  # a file system without links
        partial.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def restore(file: Path, settings: Settings) -> str:
    """Restore a backup into the empty database, and bring it up to this release's schema.

    Return the revision that the backup had. Raises Refused where ``file`` is not a whole Chatpane
    backup of this kind of database that this release knows, or the database is not empty; the
    database is empty then. Raises NoDatabase.
    """
    kind = _kind_of(file)
    ours = KINDS[db.engine.dialect.name]
    if kind is not ours:
        raise Refused(
            f"{file} is a backup of {kind.NAME}, and {schema.shown(db.engine.url)} is {ours.NAME}: "
            f"name an empty {kind.NAME} database with CHATPANE_DATABASE_URL"
        )
    with schema.reaching():
        revision = ours.revision_in(file)
        if not schema.knows(revision):
            raise Refused(
                f"{file} has the schema {revision}, which this release does not know: restore it with the "
                "release that wrote it, or a newer one"
            )
        ours.restore(file)
        schema.migrate(settings)
        begin_anew()
        gather_statistics()
    return revision


def _kind_of(file: Path) -> ModuleType:
    try:
        with file.open("rb") as stream:
            begin = stream.read(6)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from error
    for first, name in FIRST_BYTES.items():
        if begin.startswith(first):
            return KINDS[name]
    raise NotABackup(file)
