"""The books: what was acknowledged, beside what the database holds.

Each activity that the soak makes has a page address of its own (its mark). So the same content under two ids
is found as well as the same id twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Lock

from sqlalchemy import Connection, create_engine, text

MARK = "https://www.kumolane.example/soak/"
GUIDS = "SELECT guid FROM activity UNION ALL SELECT guid FROM other_guid"
TWICE = "SELECT COUNT(*) - COUNT(DISTINCT guid) FROM ({}) AS all_guids"
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
MARKED = """
    SELECT COUNT(*), COUNT(DISTINCT page_url) FROM activity_detail
    WHERE page_url LIKE :mark || '%'"""


@dataclass(frozen=True)
class Balance:
    """What came out: how many contents there were and are; lost and doubled ones; wrong weekly counts.

    ``unasked`` are stored without anybody having sent them; ``deadlocks`` are those that PostgreSQL resolved.
    """

    acknowledged: dict[str, int]
    contents: int
    stored: int
    lost: int
    doubled: int
    unasked: int
    wrong_counts: int
    deadlocks: int

    @property
    def is_right(self) -> bool:
        """Whether nothing is lost, doubled, invented or miscounted, and no two waited for each other."""
        return not (self.lost or self.doubled or self.unasked or self.wrong_counts or self.deadlocks)


@dataclass
class Books:
    """What was sent by each source, by its guid, and which of it was acknowledged."""

    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[str, set[str]] = field(default_factory=dict)
    _numbers: Iterable[int] = field(default_factory=count)
    _lock: Lock = field(default_factory=Lock)

    def new_mark(self) -> str:
        """Return the mark of a new content."""
        with self._lock:
            return f"{MARK}{next(iter(self._numbers))}"

    def send(self, guid: str, mark: str) -> None:
        """Note that an activity is on its way."""
        with self._lock:
            self.sent[guid] = mark

    def acknowledge(self, source: str, guids: Iterable[str]) -> None:
        """Note that the product has taken activities, and so must have them."""
        with self._lock:
            self.acknowledged.setdefault(source, set()).update(guids)

    def balance(self, url: str, wrong_counts: int) -> Balance:
        """Compare with what the PostgreSQL database at ``url`` holds; nobody writes any more."""
        engine = create_engine(url)
        with engine.connect() as connection:
            found = self._compared(connection, wrong_counts)
        engine.dispose()
        return found

    def _compared(self, connection: Connection, wrong_counts: int) -> Balance:
        guids = set(connection.scalars(text(GUIDS)))
        twice = int(connection.execute(text(TWICE.format(GUIDS))).scalar_one())
        marked, contents = connection.execute(text(MARKED), {"mark": MARK}).one()
        taken = set[str]().union(*self.acknowledged.values())
        return Balance(
            acknowledged={source: len(some) for source, some in sorted(self.acknowledged.items())},
            contents=len({self.sent[guid] for guid in taken}),
            stored=int(contents),
            lost=len(taken - guids),
            doubled=twice + int(marked) - int(contents),
            unasked=int(contents) - len({mark for guid, mark in self.sent.items() if guid in guids}),
            wrong_counts=wrong_counts,
            deadlocks=int(connection.execute(text(DEADLOCKS)).scalar_one()),
        )


def wrong_counts(said: Sequence[str]) -> int:
    """Return how many counts ``chatpane recount`` found wrong, by its lines."""
    return sum(int(line.split(": ")[1].split()[0]) for line in said if ": " in line)
