"""Counts by their key

Why: a deal's counts are those of hundreds of people, some 5,000 rows. On SQLite each was found in an index and then
read from a table that has them in the order in which they came, all over a large file. Kept by their key alone a
person's rows lie side by side, in half the space, and a write changes one tree instead of two.
Safe: the SQL is the same, so the release before this one runs on either schema. Writers wait while the rows are
copied: two seconds for the counts of a million activities. PostgreSQL has no such tables, and nothing changes there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OWNERS = {"person_week": "person", "account_week": "account", "installation_week": None}


def upgrade() -> None:
    _copy_all(with_rowid=False)


def downgrade() -> None:
    _copy_all(with_rowid=True)


def _copy_all(*, with_rowid: bool) -> None:
    if op.get_context().dialect.name == "sqlite":
        for name, owner in OWNERS.items():
            _copy(name, owner, with_rowid)


def _copy(name: str, owner: str | None, with_rowid: bool) -> None:
    """Make a table of counts anew; its rows go in by their key, so that each is written at the end."""
    key = ["week", "type_key"]
    parts: list[SchemaItem] = [
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("type_key", sa.String(32), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
    ]
    if owner is not None:
        id_ = f"{owner}_id"
        key.insert(0, id_)
        parts.insert(0, sa.Column(id_, sa.Integer(), nullable=False))
        parts.append(sa.ForeignKeyConstraint([id_], [f"{owner}.id"], name=f"fk_{name}_{id_}"))
    parts.append(sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))
    op.create_table(f"{name}_copied", *parts, sqlite_with_rowid=with_rowid)
    by = ", ".join(key)
    op.execute(f"INSERT INTO {name}_copied ({by}, count) SELECT {by}, count FROM {name} ORDER BY {by}")
    op.drop_table(name)
    op.rename_table(f"{name}_copied", name)
