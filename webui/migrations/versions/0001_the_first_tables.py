"""The first tables

Why: records, activities and their counts, the configuration and what was rejected need a place.
Safe: there is no release before this one.
"""

import sqlalchemy as sa
from alembic import op

from webui.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("crm_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("crm_id", name=op.f("uq_account_crm_id")),
    )
    op.create_table(
        "configuration_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("became", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_change")),
    )
    op.create_table(
        "dialogue",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
        sa.UniqueConstraint("digest", name=op.f("uq_dialogue_digest")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_version", sa.BigInteger(), nullable=False),
        sa.Column("next_activity_id", sa.BigInteger(), nullable=False),
        sa.Column("weeks_timezone", sa.String(length=64), nullable=False),
        sa.Column("chat_enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("package_version", sa.String(length=64), nullable=True),
        sa.Column("api_key", sa.Text(), nullable=True),
        sa.Column("api_key_changed_at", UtcDateTime(), nullable=True),
        sa.Column("api_key_changed_by", sa.Text(), nullable=True),
        sa.Column("previous_api_key", sa.Text(), nullable=True),
        sa.Column("previous_api_key_until", UtcDateTime(), nullable=True),
        sa.Column("connected_at", UtcDateTime(), nullable=True),
        sa.Column("connection_source", sa.String(length=32), nullable=True),
        sa.Column("last_delivery_at", UtcDateTime(), nullable=True),
        sa.Column("demo_loaded_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "installation_week",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("type_key", sa.String(length=32), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("week", "type_key", name=op.f("pk_installation_week")),
    )
    op.create_table(
        "marketo_activity_type",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type_key", sa.String(length=32), nullable=True),
        sa.Column("is_flow", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketo_activity_type")),
    )
    op.create_table(
        "rejected",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("guid", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("header", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected")),
        sa.UniqueConstraint("digest", name=op.f("uq_rejected_digest")),
    )
    op.create_table(
        "account_week",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("type_key", sa.String(length=32), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_week_account_id")),
        sa.PrimaryKeyConstraint("account_id", "week", "type_key", name=op.f("pk_account_week")),
    )
    op.create_table(
        "opportunity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("crm_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_opportunity_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity")),
        sa.UniqueConstraint("crm_id", name=op.f("uq_opportunity_crm_id")),
    )
    with op.batch_alter_table("opportunity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opportunity_account_id"), ["account_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("crm_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("kind", "crm_id", name=op.f("uq_person_kind_crm_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_account_id"), ["account_id"], unique=False)

    op.create_table(
        "activity",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("guid", sa.String(length=128), nullable=False),
        sa.Column("marketo_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("type_key", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("dialogue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_activity_account_id")),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name=op.f("fk_activity_dialogue_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_activity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("guid", name=op.f("uq_activity_guid")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_account_at", ["account_id", "at", "id"], unique=False)
        batch_op.create_index("ix_activity_at", ["at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_marketo_id"), ["marketo_id"], unique=False)
        batch_op.create_index("ix_activity_person_at", ["person_id", "at", "id"], unique=False)

    op.create_table(
        "former_record",
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("crm_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_record_person_id")),
        sa.PrimaryKeyConstraint("kind", "crm_id", name=op.f("pk_former_record")),
    )
    with op.batch_alter_table("former_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_record_person_id"), ["person_id"], unique=False)

    op.create_table(
        "marketo_lead",
        sa.Column(
            "marketo_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("converted_from", sa.String(length=128), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_marketo_lead_person_id")),
        sa.PrimaryKeyConstraint("marketo_id", name=op.f("pk_marketo_lead")),
    )
    with op.batch_alter_table("marketo_lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marketo_lead_person_id"), ["person_id"], unique=False)

    op.create_table(
        "opportunity_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opportunity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_crm_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunity.id"], name=op.f("fk_opportunity_role_opportunity_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opportunity_role_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunity_role")),
        sa.UniqueConstraint(
            "opportunity_id",
            "person_crm_id",
            "role",
            name=op.f("uq_opportunity_role_opportunity_id_person_crm_id_role"),
        ),
    )
    with op.batch_alter_table("opportunity_role", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_opportunity_role_person_crm_id"), ["person_crm_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_opportunity_role_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_week",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("type_key", sa.String(length=32), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_week_person_id")),
        sa.PrimaryKeyConstraint("person_id", "week", "type_key", name=op.f("pk_person_week")),
    )
    op.create_table(
        "activity_detail",
        sa.Column(
            "activity_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("is_flow", sa.Boolean(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=True),
        sa.Column("agent_name", sa.Text(), nullable=True),
        sa.Column("agent_email", sa.Text(), nullable=True),
        sa.Column("goal_name", sa.Text(), nullable=True),
        sa.Column("document_name", sa.Text(), nullable=True),
        sa.Column("document_url", sa.Text(), nullable=True),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("scheduled_text", sa.Text(), nullable=True),
        sa.Column("routing_queue", sa.Text(), nullable=True),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_detail_activity_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity_detail")),
    )
    op.create_table(
        "conversation",
        sa.Column(
            "activity_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("topics", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_conversation_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_conversation")),
    )


def downgrade() -> None:
    op.drop_table("conversation")
    op.drop_table("activity_detail")
    op.drop_table("person_week")
    with op.batch_alter_table("opportunity_role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opportunity_role_person_id"))
        batch_op.drop_index(batch_op.f("ix_opportunity_role_person_crm_id"))

    op.drop_table("opportunity_role")
    with op.batch_alter_table("marketo_lead", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_marketo_lead_person_id"))

    op.drop_table("marketo_lead")
    with op.batch_alter_table("former_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_record_person_id"))

    op.drop_table("former_record")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_person_at")
        batch_op.drop_index(batch_op.f("ix_activity_marketo_id"))
        batch_op.drop_index("ix_activity_at")
        batch_op.drop_index("ix_activity_account_at")

    op.drop_table("activity")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_account_id"))

    op.drop_table("person")
    with op.batch_alter_table("opportunity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opportunity_account_id"))

    op.drop_table("opportunity")
    op.drop_table("account_week")
    op.drop_table("rejected")
    op.drop_table("marketo_activity_type")
    op.drop_table("installation_week")
    op.drop_table("installation")
    op.drop_table("dialogue")
    op.drop_table("configuration_change")
    op.drop_table("account")
