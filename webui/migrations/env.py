"""Runs the migrations on the app's own engine, in one transaction that one process holds at a time."""

from alembic import context

import webui.models  # noqa: F401 - defines the tables
from webui import schema
from webui.database import Base, db

ONE_AT_A_TIME = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(7264851)"}

with db.engine.connect() as connection, connection.begin():
    connection.exec_driver_sql(ONE_AT_A_TIME[connection.dialect.name])
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=schema.is_of_the_models,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    context.run_migrations()
