"""Backups of PostgreSQL: pg_dump's custom format, by PostgreSQL's own programs.

They are told where the database is by libpq's variables, so that no password stands on a command line.
A backup holds all of the schema that Chatpane's tables are in, without owners and grants.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.exc import OperationalError

from webui import schema
from webui.backup.refusals import PATIENCE_SECONDS, InUse, NotABackup, Refused, empty_tables
from webui.database import db

NAME = "PostgreSQL"
PLAIN = ("--no-owner", "--no-privileges")
REVISION = re.compile(r"^COPY (\S+)\.alembic_version \(version_num\) FROM stdin;\n(.+)$", re.MULTILINE)
FUNCTIONS_OF = """
    SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid = ANY (%s::regclass[])
"""
INSTALLATION = re.compile(r"^COPY \S+\.installation \(", re.MULTILINE)


def write(file: Path) -> None:
    """Write the database to ``file``, and read that through; raise Refused if either failed."""
    ours = f'--schema="{_schema()}"'
    _run("pg_dump", file, "--format=custom", *PLAIN, "--no-password", ours, f"--file={file}")
    _run("pg_restore", file, f"--file={os.devnull}", str(file))


def revision_in(file: Path) -> str:
    """Return the schema's revision of a backup; raise Refused if it is not Chatpane's."""
    two = ("--table=alembic_version", "--table=installation")
    text = _run("pg_restore", file, "--data-only", *two, "--file=-", str(file))
    found = REVISION.search(text)
    if found is None or not INSTALLATION.search(text):
        raise NotABackup(file)
    if found[1] != _schema():
        raise Refused(
            f"{file} has its tables in the schema {found[1]}, and {schema.shown(db.engine.url)} begins in "
            f"{_schema()}: make {found[1]} there and name it in the address's search_path"
        )
    return found[2]


def restore(file: Path) -> None:
    """Restore a backup into the database in one transaction; raise Refused unless that is empty.

    The tables of a prepared schema are dropped first, with what their triggers call: those of another
    release could be in the way.
    """
    with db.engine.begin() as connection:
        names = [f'"{name}"' for name in empty_tables(connection)]
        if tables := ", ".join(names):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
            try:
                connection.exec_driver_sql(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
            except OperationalError as error:
                raise InUse(schema.shown(db.engine.url)) from error
            empty_tables(connection)  # what came in before the lock
            functions = connection.exec_driver_sql(FUNCTIONS_OF, (names,)).scalars().all()
            connection.exec_driver_sql(f"DROP TABLE {tables}")
            for function in functions:
                connection.exec_driver_sql(f"DROP FUNCTION {function}")
        into = connection.exec_driver_sql("SELECT current_database()").scalar_one()
    # The schema is named so that its contents alone are made: it is there already.
    ours = (f"--schema={_schema()}", f"--dbname=dbname='{_escaped(into)}'")
    whole = ("--single-transaction", "--exit-on-error")
    _run("pg_restore", file, *whole, *PLAIN, "--no-password", *ours, str(file))


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")


def _schema() -> str:
    with db.engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def _run(name: str, file: Path, *arguments: str) -> str:
    """Run one of PostgreSQL's programs on a backup; return what it wrote.

    Raises Refused with its reason where it failed.
    """
    run = subprocess.run(  # noqa: S603 - arguments are ours and paths, and no shell reads them
        [_program(name), *arguments],
        env=os.environ | _environment() | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if run.returncode:
        lines = run.stderr.strip().splitlines() or [f"exit code {run.returncode}"]
        reason = next((line for line in lines if "error:" in line), lines[-1])
        raise Refused(
            f"{name} failed with {file} and {schema.shown(db.engine.url)}: {reason}: nothing is left "
            "half-done; mend that, then try again"
        )
    return run.stdout


def _program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs; raise Refused if it is not there, or too old."""
    with db.engine.connect() as connection:
        server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    obtain = f"install the client programs of PostgreSQL {server} (on Debian: postgresql-client-{server})"
    path = shutil.which(name)
    if path is None:
        raise Refused(f"{name} is not on the PATH: {obtain}")
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = re.search(r"\(PostgreSQL\) (\d+)", told)
    if version is None or int(version[1]) < server:
        raise Refused(f"{path} is older than the server's PostgreSQL {server} ({told.strip()}): {obtain}")
    return path


def _environment() -> dict[str, str]:
    """Return the address of the database as libpq's variables, the password too."""
    dialect = db.engine.dialect
    known = dialect.import_dbapi().pq.Conninfo.get_defaults()
    variables = {one.keyword.decode(): one.envvar.decode() for one in known if one.envvar}
    _, address = dialect.create_connect_args(db.engine.url)
    return {variables[name]: str(value) for name, value in address.items() if name in variables}
