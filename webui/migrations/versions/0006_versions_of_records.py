"""Versions of records

Why: while activities are being stored, what was rendered of other records, and panels that are open on them,
would count as changed with every write. People and accounts note by which write their own activities did.
Safe: columns with a constant default, which both databases add at once. The release before this one runs on
either schema: its writes count as changes of everything.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDED = (("installation", "narrow_writes"), ("person", "version"), ("account", "version"))


def upgrade() -> None:
    for table, name in ADDED:
        op.add_column(table, sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    for table, name in reversed(ADDED):
        op.drop_column(table, name)
