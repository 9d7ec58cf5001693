"""The course of a soak: what is set up, who works meanwhile, what happens when, and how it ends.

Two hosts and a sync run the release before. A worker, the sync and a whole host are killed. Then the schema
is migrated by this release, and one after another is restarted with it, as machines behind a load balancer
are upgraded.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from tests.bench import command
from tests.bench.command import Failed
from tests.bench.databases import Postgresql
from tests.bench.records import url_of
from tests.servers import adobe as adobes
from tests.servers import marketo as marketos
from tests.servers.adobe import Adobe
from tests.servers.marketo import Marketo
from tests.soak import books, releases, reps, sources
from tests.soak.balancer import Balancer
from tests.soak.books import Balance, Books
from tests.soak.hosts import Host, Service
from tests.soak.memory import Life, Watch
from tests.soak.reps import Rep
from tests.soak.sources import Log, Sender
from tests.soak.tally import Tally

REPS = 6
SENDERS = 2
SYNC_EVERY = "5s"
KEPT_MIB = "8"  # of fragments, full within a minute or two: what grows then is something else
IMPORT_AHEAD = 2.0  # seconds that the imports run when the migration begins
DOWN_FOR = 2.0
COMMANDS = "commands"
SEEDS = Path(__file__).parents[2] / "seeds"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Happened:
    """What happened: when it began (seconds), and how long it took."""

    at: float
    what: str
    took: float


@dataclass(frozen=True)
class Outcome:
    """All that a soak found."""

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


@dataclass
class Soak:
    """A soak of so many seconds; ``run`` it once."""

    seconds: float
    say: Say
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    books: Books = field(default_factory=Books)
    stop: Event = field(default_factory=Event)
    happened: list[Happened] = field(default_factory=list)
    imports: list[Thread] = field(default_factory=list)

    def run(self) -> Outcome:
        """Set everything up, let it run, and make up the books. Raises Failed where it cannot begin."""
        self.old, self.new = releases.before(), releases.this_one()
        self.release = self.old
        self.database = Postgresql("soak")
        self.people = sources.people()
        self.leads = [row["marketo_id"] for row in self.people]
        self.adobe, self.marketo = Adobe(), Marketo()
        sources.fill(self.marketo, self.people)
        self._prepare()
        self.hosts = [Host(f"host {name}", self.environ) for name in "AB"]
        self.sync = Service("sync", ("sync", "--every", SYNC_EVERY), self.environ)
        self.services = [*self.hosts, self.sync]
        with TemporaryDirectory(prefix="chatpane-soak-") as folder:
            self.folder = Path(folder)
            try:
                return self._run()
            finally:
                self.stop.set()
                for one in self.services:
                    one.kill()
                self.adobe.stop()
                self.marketo.stop()

    def _prepare(self) -> None:
        """Make the database by the release before, with the demo company and access."""
        self.say(f"the demo company, by the release before ({self.old.revision}, schema {self.old.schema})")
        self.database.create()
        demo = command.environment(self.database.url)
        command.run([*self.old.program, "demo", "--load-only"], demo)
        self.environ = demo | {
            "CHATPANE_DEMO": "0",
            "CHATPANE_KEPT_MIB": KEPT_MIB,
            "CHATPANE_SECRET_KEY": secrets.token_urlsafe(48),
            "CHATPANE_ADOBE_CLIENT_ID": adobes.CLIENT_ID,
            "CHATPANE_ADOBE_KEYS_URL": self.adobe.address,
            "CHATPANE_MARKETO_URL": self.marketo.url,
            "CHATPANE_MARKETO_CLIENT_ID": marketos.CLIENT_ID,
            "CHATPANE_MARKETO_CLIENT_SECRET": marketos.CLIENT_SECRET,
            "CHATPANE_SYNC_SINCE": datetime.now(UTC).date().isoformat(),
        }
        given = f"{self.key}\n"
        command.run([*self.old.program, "config", "set", "api-secret-key"], self.environ, given)

    def _run(self) -> Outcome:
        for host in self.hosts:
            host.serve(self.old)
        self.sync.start(self.old)
        self.tally = Tally()
        watch = Watch(lambda: {one.name: one.pid for one in self.services if one.pid}, self.tally.now)
        workers = self._workers()
        for thread in (watch, *workers):
            thread.start()
        for share, what, do in self._steps():
            self.stop.wait(max(0.0, share * self.seconds - self.tally.now()))
            self._happen(what, do)
        self.stop.wait(max(0.0, self.seconds - self.tally.now()))
        lives = watch.stop()
        self.stop.set()
        for thread in (*workers, *self.imports):
            thread.join()
        return Outcome(
            seconds=self.tally.now(),
            releases=(self.old.revision, self.new.revision),
            tally=self.tally,
            happened=tuple(self.happened),
            lives=lives,
            balance=self._made_up(),
        )

    def _workers(self) -> list[Thread]:
        """Return everyone who works meanwhile."""

        def way(who: str) -> Balancer:
            return Balancer([one.port for one in self.hosts], who, self.tally, self.stop)

        records = _records(self.people)
        some: list[Thread] = [
            Rep(number, records, self.key, way(reps.WHO), self.stop) for number in range(REPS)
        ]
        for number in range(SENDERS):
            ways = [way(sources.WHO) for _ in self.hosts]
            some.append(Sender(number, self.adobe, self.marketo, self.leads, self.books, ways, self.stop))
        return [*some, Log(self.marketo, self.leads, self.books, self.stop)]

    def _steps(self) -> Sequence[tuple[float, str, Callable[[], None]]]:
        """Return what happens when, as shares of the time."""
        first, second = self.hosts
        return (
            (0.05, "two imports at once", lambda: self._import("one")),
            (0.12, f"the worker of {first.name} is killed", first.kill_worker),
            (0.18, "the sync is killed, and started again", lambda: self._kill(self.sync)),
            (0.24, f"{second.name} is killed, and started again", lambda: self._kill(second)),
            (0.30, "two imports at once", lambda: self._import("two")),
            (0.36, "the schema is migrated, amid two imports", self._migrate),
            (0.40, f"{first.name} is upgraded", lambda: self._upgrade(first)),
            (0.42, f"{second.name} is upgraded", lambda: self._upgrade(second)),
            (0.44, "the sync is upgraded", lambda: self._upgrade(self.sync)),
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
        for path, guids in sources.overlapping(self.folder, name, self.leads, self.books):
            one = Thread(target=self._import_one, args=(path, guids), daemon=True)
            self.imports.append(one)
            one.start()

    def _import_one(self, path: Path, guids: list[str]) -> None:
        if self._command("import", str(path)):
            self.books.acknowledge("imports", guids)

    def _kill(self, service: Service) -> None:
        service.kill()
        self.stop.wait(DOWN_FOR)
        self._start(service)

    def _migrate(self) -> None:
        self._import("three")
        self.stop.wait(IMPORT_AHEAD)
        self.release = self.new
        self._command("migrate")

    def _upgrade(self, service: Service) -> None:
        service.stop()
        self._start(service)

    def _start(self, service: Service) -> None:
        service.serve(self.release) if isinstance(service, Host) else service.start(self.release)

    def _command(self, *arguments: str) -> list[str]:
        """Run a command to its end; return its lines, none where it failed, which is an error."""
        try:
            return command.run([*self.release.program, *arguments], self.environ).output.splitlines()
        except Failed as failed:
            self.tally.error(COMMANDS, str(failed))
            return []

    def _made_up(self) -> Balance:
        """Let the sync read the rest, and make up the books."""
        self.say("the books")
        for one in self.services:
            with suppress(Failed):
                one.stop()
            for line in one.said():
                if line.startswith(("Error", "Traceback")):
                    self.tally.error(COMMANDS, f"{one.name}: {line}")
        if self._command("sync"):
            self.books.acknowledge("sync", (one.guid for one in self.marketo.records.activities))
        return self.books.balance(url_of(self.database), books.wrong_counts(self._command("recount")))


def _records(some: Sequence[dict[str, str]]) -> list[str]:
    """Return the records that reps open: those who get activities, their accounts, and the showcase."""
    shown = json.loads((SEEDS / "showcase.json").read_text(encoding="utf-8"))
    found = {f"{row['kind']}s/{row['crm_id']}" for row in some}
    found |= {f"accounts/{row['account_crm_id']}" for row in some if row["account_crm_id"]}
    return sorted(found | {f"{row['panel']}/{row['crm_id']}" for row in shown})
