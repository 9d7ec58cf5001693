"""How fast a signed delivery of Adobe I/O Events goes in, beside the bare floor.

A delivery of ``EVENTS`` events is posted to one worker, which verifies, parses, stores and answers. The
floor takes the very rows that this made and writes them by executemany into a copy of the database, with
the same indexes and the same durability, in one transaction. The two take turns; both begin with the
demo company. Signing is the sender's work, and is done before.
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from tests.bench import deliveries
from tests.bench.command import Failed
from tests.bench.databases import Database, Sqlite
from tests.bench.deliveries import EVENTS
from tests.bench.floor import PRAGMAS
from tests.bench.imports import Say
from tests.bench.server import Server, serving
from tests.servers.adobe import Adobe

LEADS = range(1, 4_000)
WITHIN = timedelta(minutes=100_000)
TABLES = {"activity": "id", "activity_detail": "activity_id", "conversation": "activity_id"}


@dataclass(frozen=True)
class Turn:
    """The seconds that one delivery took, and the floor's of the same rows; the worker's CPU time."""

    seconds: float
    floor_seconds: float
    cpu_seconds: float


@dataclass(frozen=True)
class Pushed:
    """What was measured of deliveries of so many events."""

    events: int
    turns: tuple[Turn, ...]

    @property
    def rate(self) -> float:
        """Events a second, of the median delivery."""
        return self.events / median(one.seconds for one in self.turns)

    @property
    def floor_rate(self) -> float:
        """Rows a second that the floor writes, in the median turn."""
        return self.events / median(one.floor_seconds for one in self.turns)

    @property
    def of_floor(self) -> float:
        """How much of the floor's speed a delivery has: the median of the turns' ratios."""
        return median(one.floor_seconds / one.seconds for one in self.turns)

    @property
    def slowest(self) -> float:
        """The seconds of the slowest delivery."""
        return max(one.seconds for one in self.turns)


def measure(database: Database, rounds: int, say: Say) -> Pushed:
    """Measure deliveries to a SQLite database of the demo company, and the floor on a copy of it."""
    copy = Sqlite(f"{database.name}_floor")
    copy.copy_from(database)
    try:
        with deliveries.adobe_answering() as adobe, closing(sqlite3.connect(copy.path)) as floor:
            for pragma in PRAGMAS:
                floor.execute(f"PRAGMA {pragma}")
            with (
                serving(database, **deliveries.settings(adobe)) as server,
                closing(sqlite3.connect(Sqlite(database.name).path)) as made,
            ):
                _turn(server, adobe, made, floor)  # the key is fetched, the worker is warm
                say(f"sqlite: deliveries of {EVENTS} events, {rounds} rounds")
                return Pushed(EVENTS, tuple(_turn(server, adobe, made, floor) for _ in range(rounds)))
    finally:
        copy.drop()


def _turn(server: Server, adobe: Adobe, made: sqlite3.Connection, floor: sqlite3.Connection) -> Turn:
    last = made.execute("SELECT MAX(id) FROM activity").fetchone()[0]
    used = server.cpu_seconds()
    posted = deliveries.deliver(server, adobe, deliveries.events(LEADS, WITHIN))
    cpu = server.cpu_seconds() - used
    rows = {
        table: made.execute(f"SELECT * FROM {table} WHERE {id_} > ?", (last,)).fetchall()
        for table, id_ in TABLES.items()
    }
    if len(rows["activity"]) != EVENTS:
        raise Failed(f"{EVENTS} events should have gone in: {len(rows['activity'])} did")
    return Turn(posted, _write(floor, rows), cpu)


def _write(floor: sqlite3.Connection, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Write rows as they are; return the seconds from the first to the commit."""
    begun = time.perf_counter()
    for table, some in rows.items():
        if some:
            floor.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(some[0]))})", some)
    floor.commit()
    return time.perf_counter() - begun
