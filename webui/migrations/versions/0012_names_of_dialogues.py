"""Names of dialogues

Why: everyone's list of a dialogue, page or subject looks for it by its name. Without an index all names are read:
167 ms among 600,000 pages, links, subjects and descriptions.
Safe: an index of the first 200 characters, for names may be longer than PostgreSQL's index takes. The code before
this migration runs on either schema. Writers wait while it is made on SQLite: a second for a million names.
"""

import sqlalchemy as sa

from webui.migrations.indexes import create_index, drop_index

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("ix_dialogue_name", "dialogue", [sa.text("substr(name, 1, 200)")])


def downgrade() -> None:
    drop_index("ix_dialogue_name", "dialogue")
