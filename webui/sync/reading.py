"""What a round of the sync reads with: the connection, the settings, the types, and what it did so far."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from webui.config import Settings
from webui.database import chunks
from webui.ingest.activity_types import TypeMap
from webui.marketo import calls
from webui.marketo.calls import MOST_TYPES
from webui.marketo.connection import Connection
from webui.vocabulary import CHAT, OTHERS

USUAL_HISTORY = timedelta(days=90)


@dataclass
class Reading:
    """One round. ``counts`` are by the names of ``store.COUNTS``; ``remarks`` are sentences for the admin.

    ``unwanted`` are the keys of the families that are not asked for.
    """

    settings: Settings
    connection: Connection
    types: TypeMap = field(default_factory=dict)
    unwanted: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    tokens: dict[datetime, str] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        """Where the very first round begins."""
        return self.settings.sync_since or self.began - USUAL_HISTORY

    def token(self, since: datetime) -> str:
        """Return the token with which to read on from ``since``; one serves all questions of a round.

        It is of a time, not of the types that are asked for with it. Raises MarketoFailure.
        """
        if since not in self.tokens:
            self.tokens[since] = calls.paging_token(self.connection, since)
        return self.tokens[since]

    @property
    def type_ids(self) -> list[int]:
        """Marketo's ids of the activity types that are asked for."""
        return sorted(
            number
            for number, known in self.types.items()
            if known.ours and known.ours.family not in self.unwanted
        )

    @property
    def questions(self) -> list[tuple[str, list[int]]]:
        """The names of the cursors by which activities are read, and the type ids of each: Chat's first.

        Each family is read by itself, so that none begins anew because another one comes or goes.
        """
        found = []
        for family in (CHAT, *OTHERS):
            name = "activities" if family is CHAT else f"activities-{family.key}"
            some = chunks(self._ids_of(family.key), MOST_TYPES)
            found += [(f"{name}-{place}", list(ids)) for place, ids in enumerate(some)]
        return found

    def _ids_of(self, family: str) -> list[int]:
        types = ((number, self.types[number].ours) for number in self.type_ids)
        return [number for number, ours in types if ours and ours.family == family]
