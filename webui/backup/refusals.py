"""What keeps a backup or a restore from happening, and the look whether a database is empty."""

from pathlib import Path

from sqlalchemy import Connection, inspect, select

from webui import schema
from webui.database import Base
from webui.models import Installation

REVISIONS = "alembic_version"
NOT_RECORDS = {REVISIONS, Installation.__tablename__}  # an empty database has these rows once it is prepared
NAMED_AT_MOST = 3
PATIENCE_SECONDS = 5  # of a restore, while somebody holds the empty database


class Refused(Exception):
    """A backup or a restore cannot be; the message is a sentence that says what to do."""


class NotABackup(Refused):
    """A file is none of Chatpane's backups."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is not a backup of Chatpane's: name a file that `chatpane backup` wrote")


class InUse(Refused):
    """Somebody else holds the database."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} is in use: stop Chatpane's service and commands, then try again")


def empty_tables(connection: Connection) -> list[str]:
    """Return the tables of an empty database, all of them Chatpane's; raise Refused if it is not empty.

    Empty is a database without tables, and one whose schema was made and that holds no records.
    """
    where = schema.shown(connection.engine.url)
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    there = schema.tables(connection)
    if strange := sorted({*there} - {*tables, REVISIONS}):
        raise Refused(
            f"{where} holds tables that are not Chatpane's ({_some(strange)}): name an empty database with "
            "CHATPANE_DATABASE_URL"
        )
    filled = [
        name
        for name in sorted({*there} - NOT_RECORDS)
        if connection.execute(select(1).select_from(tables[name]).limit(1)).first()
    ]
    if filled:
        raise Refused(
            f"{where} holds records already ({_some(filled)}): name an empty database with "
            "CHATPANE_DATABASE_URL; a restore replaces nothing"
        )
    return inspect(connection).get_table_names()


def _some(names: list[str]) -> str:
    more = len(names) - NAMED_AT_MOST
    return ", ".join(names[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
