"""Runs the migrations on the app's own engine, one process at a time, while others read and write.

On SQLite, and in an empty database, all of them are one transaction. Otherwise each is one of its own on
PostgreSQL, so that no lock is held for longer than one change takes, and none waits long for a lock:
whoever asks after it would wait, too.
"""

import time
from typing import Any

from alembic import context
from sqlalchemy import Connection, inspect

import webui.models  # noqa: F401 - defines the tables
from webui import schema
from webui.database import Base, db

ONE_AT_A_TIME = "SELECT pg_try_advisory_lock(7264851)"
ASKED_AGAIN_AFTER = 0.1  # seconds; who waited within the database would hold up an index that is being made


def configure(connection: Connection, **more: Any) -> None:
    """Tell Alembic what there is."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=schema.is_of_the_models,
        compare_type=True,
        **more,
    )


def at_once(connection: Connection, **more: Any) -> None:
    """Run all of them in one transaction."""
    with connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        configure(connection, **more)
        context.run_migrations()


def one_by_one(connection: Connection) -> None:
    """Run each in a transaction of its own, while others go on."""
    told = context.get_x_argument(as_dictionary=True)
    connection.exec_driver_sql(f"SET lock_timeout = {int(told.get(schema.LOCK_WAIT, schema.LOCK_WAITS[0]))}")
    connection.commit()
    configure(connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def on_postgresql(connection: Connection) -> None:
    """Run them as the only process that does; lock and settings end with the connection."""
    try:
        while not connection.exec_driver_sql(ONE_AT_A_TIME).scalar_one():
            connection.rollback()
            time.sleep(ASKED_AGAIN_AFTER)
        is_empty = not inspect(connection).has_table("alembic_version")
        connection.commit()
        (at_once if is_empty else one_by_one)(connection)
    finally:
        connection.invalidate()


with db.engine.connect() as migrating:
    if migrating.dialect.name == "sqlite":
        at_once(migrating, render_as_batch=True)
    else:
        on_postgresql(migrating)
