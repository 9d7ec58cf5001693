"""Access

Why: embed links work once, what they open is kept for those browsers that take a cookie, and who opened,
changed or was refused what leaves a trail.
Safe: new tables, and columns with a default; nothing that was there is read or moved.
"""

import sqlalchemy as sa
from alembic import op

from webui.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()",
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("installation") as installation:
        installation.add_column(sa.Column("allowed_origins", sa.Text(), nullable=True))
        installation.add_column(
            sa.Column("session_generation", sa.BigInteger(), server_default="0", nullable=False)
        )
        installation.add_column(sa.Column("package_version_seen", sa.String(length=64), nullable=True))
        installation.add_column(sa.Column("package_version_seen_at", UtcDateTime(), nullable=True))
    op.create_table(
        "spent_link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_link")),
    )
    op.create_index(op.f("ix_spent_link_until"), "spent_link", ["until"])
    op.create_table(
        "access_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("viewer", sa.String(length=320), nullable=False),
        sa.Column("role", sa.String(length=5), nullable=False),
        sa.Column("panel", sa.String(length=13), nullable=False),
        sa.Column("crm_id", sa.String(length=128), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
        sa.UniqueConstraint(
            "session", "role", "panel", "crm_id", name=op.f("uq_access_grant_session_role_panel_crm_id")
        ),
    )
    op.create_index(op.f("ix_access_grant_viewer"), "access_grant", ["viewer"])
    op.create_index(op.f("ix_access_grant_until"), "access_grant", ["until"])
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("viewer", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_stays")
    op.drop_table("access_grant")
    op.drop_table("spent_link")
    with op.batch_alter_table("installation") as installation:
        for name in (
            "package_version_seen_at",
            "package_version_seen",
            "session_generation",
            "allowed_origins",
        ):
            installation.drop_column(name)
