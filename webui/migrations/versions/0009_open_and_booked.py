"""Open and booked

Why: the foot of each page counts the conversations that may still end, and the head of a deal's page names the
next appointment of 300 people. Without these indexes all of two days, and all that these people did in half a
year, are looked through: 17 and 30 ms among ten million activities.
Safe: two indexes of a tenth of the activities each; the release before this one runs on either schema. Writers
wait while they are made on SQLite: two seconds for a million activities.
"""

import sqlalchemy as sa

from webui.migrations.indexes import create_index, drop_index

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_activity_open", ["at", "id"], "status = 'initiated'"),
    ("ix_activity_booked_person", ["person_id", "at", "id"], "type_key = 'scheduled-appointment'"),
)


def upgrade() -> None:
    for name, columns, of in INDEXES:
        create_index(name, "activity", columns, sqlite_where=sa.text(of), postgresql_where=sa.text(of))


def downgrade() -> None:
    for name, _, _ in INDEXES:
        drop_index(name, "activity")
