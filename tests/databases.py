"""The databases that tests run on: a SQLite file, and PostgreSQL where it is there.

Every test of the store or of a page runs on both. ``CHATPANE_TEST_POSTGRESQL`` names the server
(default: this machine's, by trust); tests of it are skipped where none answers, unless
``CHATPANE_TEST_NO_SKIPS`` is set.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection

from webui.ingest import search_texts

SERVER = os.environ.get("CHATPANE_TEST_POSTGRESQL", "postgresql://root@127.0.0.1:5432/postgres")
NO_SKIPS = bool(os.environ.get("CHATPANE_TEST_NO_SKIPS"))
BACKENDS = ("sqlite", "postgresql")


def skip(reason: str) -> None:
    """Skip a test that needs what is not here; where nothing may be skipped, fail."""
    (pytest.fail if NO_SKIPS else pytest.skip)(reason)


def new_url(backend: str, folder: Path) -> str:
    """Return the URL of a new, empty database."""
    if backend == "sqlite":
        return f"sqlite:///{folder / (uuid4().hex + '.sqlite')}"
    name = f"chatpane_test_{uuid4().hex[:12]}"
    try:
        with psycopg.connect(SERVER, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    except psycopg.OperationalError as error:
        skip(f"no PostgreSQL at {SERVER}: {error}")
    return f"{SERVER.rpartition('/')[0]}/{name}"


def drop(url: str) -> None:
    """Delete a database that ``new_url`` made."""
    if url.startswith("postgresql"):
        name = url.rpartition("/")[2]
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def delete_all(connection: Connection, tables: Sequence[str]) -> None:
    """Delete the rows of tables, each named after those that it refers to, and the index of their texts.

    One question finds the few that have any: far quicker than TRUNCATE, and than to delete from each.
    """
    ask = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {name})" for number, name in enumerate(tables)
    )
    filled = sorted((number for (number,) in connection.exec_driver_sql(ask)), reverse=True)
    deletes = [f"DELETE FROM {tables[number]}" for number in filled]
    if connection.dialect.name == "sqlite":  # whose index knows nothing of its table
        deletes.append(search_texts.FORGET_ALL)
    else:
        deletes = ["; ".join(deletes)] if deletes else []
    for statement in deletes:
        connection.exec_driver_sql(statement)
