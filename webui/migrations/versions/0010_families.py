"""Families

Why: beside chat there are Interesting Moments, web, e-mail and score. A row says to which family it belongs, so
that each tab is read by an index of its own rows. Viewers watch records, hide people and read a feed.
Safe: columns with a constant default or none, which both databases add at once, and new tables. The release
before this one runs on either schema, and what it stores is chat; but it knows no other family, and its lists of
a record answer 500 once this release stored a visit of theirs. So all of it stops before this one starts.
"""

import sqlalchemy as sa
from alembic import op

from webui.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = (
    ("installation", "families_off", sa.Text(), None),
    ("installation", "panel_tabs", sa.Text(), None),
    ("installation", "global_tabs", sa.Text(), None),
    ("installation", "kept_days", sa.JSON(), None),
    ("installation", "hidden_days", sa.BigInteger(), "7"),
    ("activity", "family", sa.String(length=8), "chat"),
    ("activity", "score_change", sa.BigInteger(), None),
    ("activity", "new_score", sa.BigInteger(), None),
    ("activity_detail", "told", sa.JSON(), None),
)
OF_A_VIEWER = (("watched", "at"), ("hidden", "until"))


def upgrade() -> None:
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=default is None, server_default=default))
    for table, time in OF_A_VIEWER:
        op.create_table(
            table,
            sa.Column("viewer", sa.String(length=320), nullable=False),
            sa.Column("panel", sa.String(length=16), nullable=False),
            sa.Column("crm_id", sa.String(length=128), nullable=False),
            sa.Column(time, UtcDateTime(), nullable=False),
            sa.PrimaryKeyConstraint("viewer", "panel", "crm_id", name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "feed_address",
        sa.Column("viewer", sa.String(length=320), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("viewer", name=op.f("pk_feed_address")),
        sa.UniqueConstraint("digest", name=op.f("uq_feed_address_digest")),
    )


def downgrade() -> None:
    for table in ("feed_address", "hidden", "watched"):
        op.drop_table(table)
    for table, name, _kind, _default in reversed(COLUMNS):
        op.drop_column(table, name)
