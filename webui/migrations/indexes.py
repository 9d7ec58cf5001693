"""Making and dropping an index of a table that others read and write meanwhile.

Both come first in their migration: they end the transaction, and are done again where the rest failed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic import op
from sqlalchemy import TextClause

OLDER_ONES = "1h"  # that it waits for transactions that are older, such as a backup's: nobody waits behind it


def create_index(name: str, table: str, columns: Sequence[str | TextClause], **options: Any) -> None:
    """Create an index; on PostgreSQL, no reader and no writer waits for it."""
    if _is_alone():
        op.create_index(name, table, columns, **options)
        return
    with _beside_the_work():
        op.drop_index(
            name, table, if_exists=True, postgresql_concurrently=True
        )  # half made, if it was cut off
        op.create_index(name, table, columns, postgresql_concurrently=True, **options)


def drop_index(name: str, table: str) -> None:
    """Drop an index; on PostgreSQL, no reader and no writer waits for it."""
    if _is_alone():
        op.drop_index(name, table)
        return
    with _beside_the_work():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


def _is_alone() -> bool:
    """Whether all migrations are one transaction: on SQLite, and in an empty database."""
    return not op.get_context().opts["transaction_per_migration"]


@contextmanager
def _beside_the_work() -> Iterator[None]:
    """Leave the transaction, and wait long for older ones."""
    with op.get_context().autocommit_block():
        before = op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar_one()
        op.execute(f"SET lock_timeout = '{OLDER_ONES}'")
        yield
        op.execute(f"SET lock_timeout = '{before}'")
