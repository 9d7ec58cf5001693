"""Making an index of a table that others read and write meanwhile."""

from collections.abc import Sequence
from typing import Any

from alembic import op

OLDER_ONES = "1h"  # that it waits for transactions that are older, such as a backup's: nobody waits behind it


def create_index(name: str, table: str, columns: Sequence[str], **options: Any) -> None:
    """Create an index; on PostgreSQL, no reader and no writer waits for it.

    Must come first in its migration: it ends the transaction, and is made anew where the rest failed.
    """
    if not op.get_context().opts["transaction_per_migration"]:  # of SQLite, or into an empty database
        op.create_index(name, table, columns, **options)
        return
    with op.get_context().autocommit_block():
        before = op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar_one()
        op.execute(f"SET lock_timeout = '{OLDER_ONES}'")
        op.drop_index(
            name, table, if_exists=True, postgresql_concurrently=True
        )  # half made, if it was cut off
        op.create_index(name, table, columns, postgresql_concurrently=True, **options)
        op.execute(f"SET lock_timeout = '{before}'")
