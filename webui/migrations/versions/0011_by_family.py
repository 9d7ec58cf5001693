"""By family

Why: each tab lists one family of activities. Without its family in the index, a tab with few rows would be read
past the thousands of page visits between them.
Safe: three indexes for three; the new ones are there before the old ones go. The release before families runs on
either schema, its lists of people with very many activities slower, but not beside this one: see 0010. Writers wait while they are made on SQLite:
four seconds for a million activities.
"""

from webui.migrations.indexes import create_index, drop_index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEW = (
    ("ix_activity_person_family_at", ["person_id", "family", "at", "id"]),
    ("ix_activity_account_family_at", ["account_id", "family", "at", "id"]),
    ("ix_activity_family_at", ["family", "at", "id"]),
)
OLD = (
    ("ix_activity_person_at", ["person_id", "at", "id"]),
    ("ix_activity_account_at", ["account_id", "at", "id"]),
    ("ix_activity_at", ["at", "id"]),
)


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(there: tuple[tuple[str, list[str]], ...], wanted: tuple[tuple[str, list[str]], ...]) -> None:
    for name, columns in wanted:
        create_index(name, "activity", columns)
    for name, _ in there:
        drop_index(name, "activity")
