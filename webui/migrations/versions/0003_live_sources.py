"""Live sources

Why: what Marketo's API and pushes tell is read on from where it stopped, merged and deleted people stay
so, and each source says how it fares.
Safe: new tables, and columns that are empty or have a default; a former record may now lead to nobody.
The way down forgets tombstones: which Marketo ids and records were merged or deleted. Until it is told
again, the older release may bring such people back.
"""

import sqlalchemy as sa
from alembic import op

from webui.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FATES = ("read", "added", "updated", "unchanged", "ignored", "rejected", "foreign", "unpaired")


def upgrade() -> None:
    op.add_column("person", sa.Column("is_nameless", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("marketo_lead", sa.Column("read_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_marketo_lead_read_at"), "marketo_lead", ["read_at"])
    op.add_column(
        "opportunity_role", sa.Column("by_rest", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("marketo_activity_type", sa.Column("override", sa.String(length=48), nullable=True))
    for column in (
        sa.Column("at_text", sa.Text(), nullable=True),
        sa.Column("merged_from", sa.BigInteger(), nullable=True),
        sa.Column("pulled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("pushed", sa.Boolean(), server_default=sa.false(), nullable=False),
    ):
        op.add_column("activity_detail", column)
    with op.batch_alter_table("former_record") as former:
        former.alter_column("person_id", existing_type=ID, nullable=True)
        former.add_column(sa.Column("is_forgotten", sa.Boolean(), server_default=sa.false(), nullable=False))
    _add_tables_of_people()
    _add_tables_of_sources()


def _add_tables_of_people() -> None:
    op.create_table(
        "former_marketo_lead",
        sa.Column("marketo_id", ID, autoincrement=False, nullable=False),
        sa.Column("winner_id", sa.BigInteger(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("marketo_id", name=op.f("pk_former_marketo_lead")),
    )
    op.create_index(op.f("ix_former_marketo_lead_winner_id"), "former_marketo_lead", ["winner_id"])
    op.create_table(
        "unknown_lead",
        sa.Column("marketo_id", ID, autoincrement=False, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("marketo_id", name=op.f("pk_unknown_lead")),
    )
    op.create_index(op.f("ix_unknown_lead_asked_at"), "unknown_lead", ["asked_at"])
    op.execute(
        "INSERT INTO unknown_lead (marketo_id) "
        "SELECT DISTINCT marketo_id FROM activity WHERE person_id IS NULL"
    )
    op.create_table(
        "other_guid",
        sa.Column("guid", sa.String(length=128), nullable=False),
        sa.Column("activity_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_other_guid_activity_id")),
        sa.PrimaryKeyConstraint("guid", name=op.f("pk_other_guid")),
    )
    op.create_index(op.f("ix_other_guid_activity_id"), "other_guid", ["activity_id"])


def _add_tables_of_sources() -> None:
    op.create_table(
        "source_state",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("succeeded_at", UtcDateTime(), nullable=True),
        sa.Column("newest_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_code", sa.String(length=32), nullable=True),
        sa.Column("error_at", UtcDateTime(), nullable=True),
        sa.Column("paused_until", UtcDateTime(), nullable=True),
        sa.Column("calls_used", sa.BigInteger(), nullable=True),
        sa.Column("calls_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_state")),
    )
    op.create_table(
        "source_day",
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(fate, sa.BigInteger(), nullable=False) for fate in FATES),
        sa.PrimaryKeyConstraint("source", "day", name=op.f("pk_source_day")),
    )
    op.create_table(
        "sync_cursor",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sync_cursor")),
    )
    op.create_table(
        "bulk_export",
        sa.Column("id", ID, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("query", sa.String(length=64), nullable=False),
        sa.Column("export_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_export")),
    )


def downgrade() -> None:
    for table in ("bulk_export", "sync_cursor", "source_day", "source_state", "other_guid", "unknown_lead"):
        op.drop_table(table)
    op.drop_table("former_marketo_lead")
    op.execute("DELETE FROM former_record WHERE person_id IS NULL")
    with op.batch_alter_table("former_record") as former:
        former.drop_column("is_forgotten")
        former.alter_column("person_id", existing_type=ID, nullable=False)
    # In place (SQLite can since 3.35): a batch makes the table anew, and others refer to these by foreign keys.
    for name in ("pushed", "pulled", "merged_from", "at_text"):
        op.drop_column("activity_detail", name)
    op.drop_column("marketo_activity_type", "override")
    op.drop_column("opportunity_role", "by_rest")
    op.drop_index(op.f("ix_marketo_lead_read_at"), "marketo_lead")
    op.drop_column("marketo_lead", "read_at")
    op.drop_column("person", "is_nameless")
