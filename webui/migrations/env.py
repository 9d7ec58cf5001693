"""Runs the migrations on the app's own engine."""

from alembic import context

import webui.models  # noqa: F401 - defines the tables
from webui.database import Base, db

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
