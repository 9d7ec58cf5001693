"""The course of a soak: who works, what happens when, and how it ends.

A worker, the sync and a whole host are killed. Then the schema is migrated, and one after another is
restarted with the new release, as machines behind a load balancer are upgraded.
"""

import json
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from tests.bench.command import Failed
from tests.bench.databases import url_of
from tests.soak import books, reps, sources
from tests.soak.balancer import Balancer
from tests.soak.books import Balance, Books
from tests.soak.hosts import Service
from tests.soak.installation import Installation, installed
from tests.soak.memory import Life, Watch
from tests.soak.reps import Rep
from tests.soak.sources import Log, Sender
from tests.soak.tally import Tally
from tests.soak.witness import Witness

REPS = 6
SENDERS = 2
IMPORT_AHEAD = 2.0  # seconds that the imports run when the migration begins
DOWN_FOR = 2.0
COMMANDS = "commands"
SEEDS = Path(__file__).parents[2] / "seeds"

Say = Callable[[str], None]
Step = tuple[float, str, Callable[[], None]]  # when, as a share of the time; what; how


@dataclass(frozen=True)
class Happened:
    """What happened: when it began (seconds), and how long it took."""

    at: float
    what: str
    took: float


@dataclass(frozen=True)
class Outcome:
    """All that a soak found; ``releases`` are the revisions before and after the upgrade."""

    seconds: float
    releases: tuple[str, str]
    tally: Tally
    happened: tuple[Happened, ...]
    lives: tuple[Life, ...]
    balance: Balance

    @property
    def is_right(self) -> bool:
        """Whether there was no error, and the books are right."""
        return not self.tally.total("errors") and self.balance.is_right


def soak(seconds: float, say: Say) -> Outcome:
    """Soak an installation for so many seconds. Raises Failed where it cannot begin."""
    people = sources.people()
    say("the demo company and the hosts, by the release before")
    with installed(people) as site, TemporaryDirectory(prefix="chatpane-soak-") as folder:
        course = Course(site, people, Path(folder), say)
        before = site.release
        try:
            lives = course.run(seconds)
            return Outcome(
                seconds=course.tally.now(),
                releases=(before.revision, site.release.revision),
                tally=course.tally,
                happened=tuple(course.happened),
                lives=lives,
                balance=course.balance(),
            )
        finally:
            course.stop.set()


@dataclass
class Course:
    """A course of events on an installation; files go into ``folder``."""

    site: Installation
    people: Sequence[dict[str, str]]
    folder: Path
    say: Say
    tally: Tally = field(default_factory=Tally)
    books: Books = field(default_factory=Books)
    stop: Event = field(default_factory=Event)
    happened: list[Happened] = field(default_factory=list)
    imports: list[Thread] = field(default_factory=list)

    def run(self, seconds: float) -> tuple[Life, ...]:
        """Let everyone work for so long while things happen; return the lives of the processes."""
        services = self.site.services
        watch = Watch(lambda: {one.name: one.pid for one in services if one.pid}, self.tally.now)
        workers = self._workers()
        threading.excepthook = self._note_failure
        for thread in (watch, *workers):
            thread.start()
        for share, what, do in self._steps():
            self.stop.wait(max(0.0, share * seconds - self.tally.now()))
            self._happen(what, do)
        self.stop.wait(max(0.0, seconds - self.tally.now()))
        lives = watch.stop()
        self.stop.set()
        for thread in (*workers, *self.imports):
            thread.join()
        return lives

    def _note_failure(self, failed: threading.ExceptHookArgs) -> None:
        """Count it as an error where somebody cannot go on working."""
        trace = "".join(traceback.format_exception(failed.exc_value)) if failed.exc_value else ""
        self.tally.error(COMMANDS, f"{failed.thread and failed.thread.name} failed: {trace[-500:]}")

    def balance(self) -> Balance:
        """Let the sync read the rest, and make up the books."""
        self.say("the books")
        for one in self.site.services:
            with suppress(Failed):
                one.stop()
            for line in one.said():
                if line.startswith(("Error", "Traceback")):
                    self.tally.error(COMMANDS, f"{one.name}: {line}")
        if self._command("sync"):
            self.books.acknowledge("sync", (one.guid for one in self.site.marketo.records.activities))
        wrong = books.wrong_counts(self._command("recount"))
        return self.books.balance(url_of(self.site.database), wrong)

    def _workers(self) -> list[Thread]:
        """Return everyone who works meanwhile."""
        site, ports = self.site, [one.port for one in self.site.hosts]

        def way(who: str) -> Balancer:
            return Balancer(ports, who, self.tally, self.stop)

        records = _records(self.people)
        workers: list[Thread] = [
            Rep(number, records, site.key, way(reps.WHO), self.stop) for number in range(REPS)
        ]
        for number in range(SENDERS):
            ways = [way(sources.WHO) for _ in ports]
            sender = Sender(number, site.adobe, site.marketo, self._leads, self.books, ways, self.stop)
            workers.append(sender)
        both = way(reps.WHO), way(sources.WHO)
        workers.append(Witness(self.people, site.key, site.adobe, self.books, both, self.stop))
        return [*workers, Log(site.marketo, self._leads, self.books, self.stop)]

    def _steps(self) -> Sequence[Step]:
        """Return what happens."""
        first, second = self.site.hosts
        sync = self.site.sync
        return (
            (0.05, "two imports at once", lambda: self._import("one")),
            (0.12, f"the worker of {first.name} is killed", first.kill_worker),
            (0.18, "the sync is killed, and started again", lambda: self._kill(sync)),
            (0.24, f"{second.name} is killed, and started again", lambda: self._kill(second)),
            (0.30, "two imports at once", lambda: self._import("two")),
            (0.36, "the schema is migrated, amid two imports", self._migrate),
            (0.40, f"{first.name} is upgraded", lambda: self._upgrade(first)),
            (0.42, f"{second.name} is upgraded", lambda: self._upgrade(second)),
            (0.44, "the sync is upgraded", lambda: self._upgrade(sync)),
            (0.60, "two imports at once", lambda: self._import("four")),
            (0.80, "two imports at once", lambda: self._import("five")),
        )

    def _happen(self, what: str, do: Callable[[], None]) -> None:
        began = self.tally.now()
        self.say(f"{began:5.0f} s: {what}")
        try:
            do()
        except Failed as failed:
            self.tally.error(COMMANDS, str(failed))
        self.happened.append(Happened(began, what, self.tally.now() - began))

    def _import(self, name: str) -> None:
        """Begin to import two extracts that overlap, by two processes at once."""
        for path, guids in sources.overlapping(self.folder, name, self._leads, self.books):
            one = Thread(target=self._import_one, args=(path, guids), daemon=True)
            self.imports.append(one)
            one.start()

    def _import_one(self, path: Path, guids: list[str]) -> None:
        if self._command("import", str(path)):
            self.books.acknowledge("imports", guids)

    def _kill(self, service: Service) -> None:
        service.kill()
        self.stop.wait(DOWN_FOR)
        self.site.start(service)

    def _migrate(self) -> None:
        self._import("three")
        self.stop.wait(IMPORT_AHEAD)
        self.site.migrate()

    def _upgrade(self, service: Service) -> None:
        service.stop()
        self.site.start(service)

    def _command(self, *arguments: str) -> list[str]:
        """Run a command to its end; return its lines, none where it failed, which is an error."""
        try:
            return self.site.run(*arguments)
        except Failed as failed:
            self.tally.error(COMMANDS, str(failed))
            return []

    @property
    def _leads(self) -> list[str]:
        return [row["marketo_id"] for row in self.people]


def _records(some: Sequence[dict[str, str]]) -> list[str]:
    """Return the records that reps open: those who get activities, their accounts, and the showcase."""
    shown = json.loads((SEEDS / "showcase.json").read_text(encoding="utf-8"))
    found = {f"{row['kind']}s/{row['crm_id']}" for row in some}
    found |= {f"accounts/{row['account_crm_id']}" for row in some if row["account_crm_id"]}
    return sorted(found | {f"{row['panel']}/{row['crm_id']}" for row in shown})
