"""Text search

Why: lists of any length are searched by words, and filtered by dialogue, by an index.
Safe: a new table, filled from what is stored, and an index. On a large database this takes a while (a minute
or two for a million activities). On SQLite nothing is written meanwhile. On PostgreSQL the release before goes
on; what it writes from then on is found by words after `chatpane reindex`.
"""

import sqlalchemy as sa
from alembic import op

from webui import grams
from webui.migrations.indexes import create_index

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 2_000
SUBJECTS = ("activity", "person", "account", "dialogue")
TEXTS = """
    SELECT d.activity_id, d.goal_name, d.document_name, d.agent_name, d.agent_email, c.summary, c.transcript, c.topics
    FROM activity_detail d LEFT JOIN conversation c ON c.activity_id = d.activity_id
    WHERE d.activity_id > :last ORDER BY d.activity_id LIMIT :some
"""
NAMES = "SELECT id, name FROM {} WHERE id > :last ORDER BY id LIMIT :some"
FTS5 = r"""
    CREATE VIRTUAL TABLE search_gram USING fts5(
        grams, content='', detail=none, columnsize=0,
        tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
    )
"""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    create_index(op.f("ix_activity_dialogue_at"), "activity", ["dialogue_id", "at", "id"])
    op.create_table(
        "search_text",
        sa.Column("key", ID, autoincrement=False, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_text")),
    )
    if is_sqlite:
        op.execute(FTS5)
    else:
        of_text = sa.ForeignKeyConstraint(["key"], ["search_text.key"], ondelete="CASCADE")
        op.create_table(
            "search_gram",
            sa.Column("key", sa.BigInteger(), autoincrement=False, primary_key=True),
            sa.Column("grams", sa.ARRAY(sa.Text()), nullable=False),
            of_text,
        )
    for place, subject in enumerate(SUBJECTS):
        texts = sa.text(TEXTS).columns(topics=sa.JSON)
        _fill(place, sa.text(NAMES.format(subject)) if place else texts, is_sqlite)
    if not is_sqlite:
        op.create_index("search_gram_grams", "search_gram", ["grams"], postgresql_using="gin")


def _fill(place: int, read: sa.TextClause | sa.TextualSelect, is_sqlite: bool) -> None:
    connection, last = op.get_bind(), 0
    write = sa.text("INSERT INTO search_text (key, folded) VALUES (:key, :folded)")
    index = sa.text(
        "INSERT INTO search_gram (rowid, grams) VALUES (:key, :grams)"
        if is_sqlite
        else "INSERT INTO search_gram (key, grams) VALUES (:key, string_to_array(:grams, ' '))"
    )
    while rows := connection.execute(read, {"last": last, "some": AT_ONCE}).all():
        last = rows[-1][0]
        told = []
        for id_, *texts in rows:
            lines = ("\n".join(one) if isinstance(one, list) else one for one in texts if one)
            if folded := grams.folded("\n".join(lines)):
                written = grams.each_once(grams.of_text(folded)) + (f" {grams.NAME}" if place else "")
                told.append({"key": id_ * len(SUBJECTS) + place, "folded": folded, "grams": written})
        if told:
            connection.execute(write, told)
            connection.execute(index, told)


def downgrade() -> None:
    op.drop_index(op.f("ix_activity_dialogue_at"), "activity")
    op.drop_table("search_gram")
    op.drop_table("search_text")
