"""How fast ``chatpane import`` takes an extract in, with how much memory, beside the bare floor.

The people are in the database before; what is measured is the activities, from the start of the
command to its end. Floor and import take turns, each on a copy of the same database. The last round's
database is kept, configured, for the pages.
"""

import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import command, databases
from tests.bench.command import CHATPANE, Finished, environment
from tests.bench.data import Files
from tests.bench.databases import Database, Sqlite

Say = Callable[[str], None]


@dataclass(frozen=True)
class Cost:
    """What it took to load some rows; CPU time is the command's alone, not a PostgreSQL server's."""

    rows: int
    seconds: float
    cpu_seconds: float
    peak_mib: float

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.rows / self.seconds


@dataclass(frozen=True)
class Round:
    """The floor (on SQLite), the first import and the same import once more."""

    floor: Cost | None
    first: Cost
    again: Cost


@dataclass(frozen=True)
class Imported:
    """What was measured on one database; ``crm`` is the load of the four CRM files."""

    backend: str
    activities: int
    crm: Cost
    rounds: tuple[Round, ...]
    database_mib: float

    def typical(self, what: str) -> Cost | None:
        """Return the round of median speed of ``floor``, ``first`` or ``again``."""
        costs = sorted(
            (cost for one in self.rounds if (cost := getattr(one, what))), key=lambda cost: cost.rate
        )
        return costs[len(costs) // 2] if costs else None

    def of_floor(self, seconds: str) -> float | None:
        """Return how much of the floor's speed the import has, by ``seconds`` or ``cpu_seconds``."""
        ratios = [
            getattr(one.floor, seconds) / getattr(one.first, seconds) for one in self.rounds if one.floor
        ]
        return median(ratios) if ratios else None


def built(backend: str, files: Files, say: Say) -> Database:
    """Return the database that holds these files, loading it if it is not there from an earlier run.

    One that is there is brought to this checkout's schema; raises Failed where a later one made it.
    """
    database = databases.named(backend, files.shape.name)
    if database.exists():
        command.run([CHATPANE, "migrate"], environment(database.url))
    else:
        say(f"{backend}: loading {files.shape.activities:,} activities")
        base, _ = with_people(backend, files)
        loading = databases.named(backend, f"{database.name}_loading")
        base.rename(loading.name)
        load(loading, files)
        _keep(loading, files)
    return database


def measure(backend: str, files: Files, rounds: int, say: Say) -> Imported:
    """Measure the import of these files, and keep the database that it made."""
    base, crm = with_people(backend, files)
    done: list[Round] = []
    loading = databases.named(backend, f"{files.shape.name}_loading")
    for number in range(rounds):
        say(f"{backend}: import of {files.shape.activities:,} activities, round {number + 1} of {rounds}")
        floor = _floor(base, files) if isinstance(base, Sqlite) else None
        loading.copy_from(base)
        done.append(Round(floor, load(loading, files), load(loading, files, known=True)))
    base.drop()
    kept = _keep(loading, files)
    return Imported(backend, files.shape.activities, crm, tuple(done), kept.mib())


def with_people(backend: str, files: Files) -> tuple[Database, Cost]:
    base = databases.named(backend, f"{files.shape.name}_base")
    base.create()
    finished = command.run(
        [CHATPANE, "import", "--types", str(files.folder / "activity_types.json"), *map(str, files.crm)],
        environment(base.url),
    )
    return base, _cost(_counts(finished)["read"], finished)


def load(database: Database, files: Files, known: bool = False) -> Cost:
    """Import the extracts; ``known`` says that they are all there already."""
    return take(database, files.extracts, files.shape.activities, "unchanged" if known else "added")


def take(database: Database, extracts: Sequence[Path], wanted: int, fate: str = "added") -> Cost:
    """Import extracts of so many activities, all of which must meet a fate; raises Failed otherwise."""
    finished = command.run([CHATPANE, "import", *map(str, extracts)], environment(database.url))
    counts = _counts(finished)
    if counts[fate] != wanted:
        raise command.Failed(f"{wanted} activities should have been {fate}: {counts}")
    return _cost(wanted, finished)


def _cost(rows: int, finished: Finished) -> Cost:
    return Cost(rows, finished.seconds, finished.cpu_seconds, finished.peak_mib)


def _counts(finished: Finished) -> dict[str, int]:
    """Read the counts of the command's last line."""
    told = finished.output.splitlines()[-1].partition(": ")[2]
    return {name: int(count) for count, name in (pair.split() for pair in told.split(", "))}


def _floor(base: Sqlite, files: Files) -> Cost:
    copy = Sqlite(f"{base.name}_floor")
    copy.copy_from(base)
    arguments = [sys.executable, "-m", "tests.bench.floor", str(copy.path), *map(str, files.extracts)]
    finished = command.run(arguments, environment(copy.url))
    copy.drop()
    return _cost(files.shape.activities, finished)


def _keep(loaded: Database, files: Files) -> Database:
    """Give a loaded database its name, in place of what earlier weeks left of this size."""
    _configure(loaded)
    kept = loaded.rename(files.shape.name)
    databases.drop_others(kept.backend, f"{files.shape.activities}_", but=kept.name)
    return kept


def _configure(database: Database) -> None:
    """Meet the prerequisites and turn the switch on, as an admin would."""
    environ = environment(database.url)
    command.run([CHATPANE, "config", "set", "package-version", "2.4.0"], environ)
    command.run([CHATPANE, "config", "set", "api-secret-key"], environ, given=secrets.token_urlsafe(32))
    command.run([CHATPANE, "switch", "on"], environ)
