"""What a round of the sync reads with: the connection, the settings, the types, and what it did so far."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from webui.config import Settings
from webui.ingest.activity_types import TypeMap
from webui.marketo.connection import Connection

USUAL_HISTORY = timedelta(days=90)


@dataclass
class Reading:
    """One round. ``counts`` are by the names of ``store.COUNTS``; ``remarks`` are sentences for the admin."""

    settings: Settings
    connection: Connection
    types: TypeMap = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    @property
    def since(self) -> datetime:
        """Where the very first round begins."""
        return self.settings.sync_since or datetime.now(UTC) - USUAL_HISTORY

    @property
    def type_ids(self) -> list[int]:
        """Marketo's ids of the activity types that are ours."""
        return sorted(number for number, known in self.types.items() if known.ours)
