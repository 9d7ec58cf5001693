"""Runs the migrations on the app's own engine."""

from alembic import context

from webui import models
from webui.database import db

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
