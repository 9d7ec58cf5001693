"""Grams as they come

Why: SQLite's index of the text search takes the grams of a text as they come now, some more than once, which is
much faster to make. What the index is told to forget must be what it was told to keep, or it breaks.
Safe: SQLite's index is written anew from the texts that are stored, 20 seconds for a million. PostgreSQL's knows
each gram of a text once, as before.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from webui import grams

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AT_ONCE = 2_000
ACTIVITY, SUBJECTS = 0, 4  # what a key is of: see webui.models.search


def upgrade() -> None:
    _write_anew(grams.of_text)


def downgrade() -> None:
    _write_anew(lambda folded: grams.each_once(grams.of_text(folded)))


def _write_anew(of_text: Callable[[str], str]) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    read = sa.text("SELECT key, folded FROM search_text WHERE key > :last ORDER BY key LIMIT :some")
    write = sa.text("INSERT INTO search_gram (rowid, grams) VALUES (:key, :grams)")
    connection.execute(sa.text("INSERT INTO search_gram (search_gram) VALUES ('delete-all')"))
    last = -1
    while rows := connection.execute(read, {"last": last, "some": AT_ONCE}).all():
        last = rows[-1].key
        named = {key: "" if key % SUBJECTS == ACTIVITY else f" {grams.NAME}" for key, _ in rows}
        told = [{"key": key, "grams": of_text(folded) + named[key]} for key, folded in rows]
        connection.execute(write, told)
