"""The measures of a run, by name, on one database system: each prepares its data and adds to the findings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.bench import (
    access,
    against,
    browser,
    command,
    databases,
    families,
    growth,
    hooks,
    imports,
    lighthouse,
    live,
    records,
    starting,
    storing,
)
from tests.bench.data import Files, Shape, running_week, written
from tests.bench.databases import Database, Sqlite
from tests.bench.imports import Say
from tests.bench.report import Findings

CLIENTS = 8
SMALL = 100_000
MEASURES = (  # methods of Run, in the order in which they are taken: imports leave the data for the others
    "imports",
    "growth",
    "storing",
    "families",
    "floor",
    "access",
    "hooks",
    "start",
    "browser",
    "live",
    "lighthouse",
)
WHEN_ASKED = ("lighthouse",)
NOT_QUICK = ("access", "browser")


def left_out(quick: bool) -> tuple[str, ...]:
    """Return the measures that a run without ``--only`` does not take."""
    return WHEN_ASKED + (NOT_QUICK if quick else ())


@dataclass(frozen=True)
class Run:
    """What is measured: on which system, with how many activities at most, how thoroughly."""

    backend: str
    activities: int
    quick: bool
    say: Say
    findings: Findings

    def imports(self) -> None:
        """Measure imports of the wanted size and, below it, of ``SMALL``; the smaller in three rounds."""
        for size in self._sizes():
            rounds = 3 if size == SMALL and not self.quick else 1
            self.findings.imports.append(imports.measure(self.backend, self._files(size), rounds, self.say))

    def growth(self) -> None:
        """Measure the pages on ``SMALL`` and on the wanted number of activities, in turns."""
        sides = {f"{size:,}": self._generated(size) for size in self._sizes()}
        found = growth.measure(sides, running_week(), few=self.quick, **self._how_often())
        self.findings.pages[f"{self.backend}, growth"] = found

    def storing(self) -> None:
        """Measure the pages that are asked for most while events are stored, at ``SMALL`` activities."""
        small = self._generated(min(SMALL, self.activities))
        week = running_week() - timedelta(weeks=1)
        chosen = growth.first_pages(records.alike([small], week), week)
        kept = storing.AS_SERVED if self.quick else storing.BOTH
        found, figures = storing.measure(small, chosen, kept, **self._how_often())
        self.findings.pages |= {f"{self.backend}, storing, {how}": some for how, some in found.items()}
        self.findings.figures[f"{self.backend}, storing"] = figures

    def families(self) -> None:
        """Measure what the families beside chat cost, at ``SMALL`` activities: dashboards and storing."""
        files = self._files(min(SMALL, self.activities))
        generated = imports.built(self.backend, files, self.say)
        found = families.dashboards(generated, files, running_week(), **self._how_often())
        self.findings.pages[f"{self.backend}, families"] = found
        stored = families.storing(self.backend, files, 1 if self.quick else 3, self.say)
        self.findings.figures[f"{self.backend}, families stored beside chat"] = stored

    def floor(self) -> None:
        """Measure fragments beside their floor, which is sqlite3's, and beside others."""
        if self.backend == "sqlite":
            generated = self._generated(self.activities)
            assert isinstance(generated, Sqlite)
            found = against.measure(generated, with_peers=not self.quick, **self._how_often())
            self.findings.pages |= found

    def access(self) -> None:
        """Measure what access costs, on the demo company."""
        with self._demo_company() as seeds:
            self.findings.pages[f"{self.backend}, access"] = access.measure(seeds, **self._how_often())

    def hooks(self) -> None:
        """Measure deliveries to the webhook, on the demo company; the floor is SQLite's."""
        if self.backend == "sqlite":
            with self._demo_company() as seeds:
                self.findings.hooks.append(hooks.measure(seeds, 10 if self.quick else 40, self.say))

    def start(self) -> None:
        """Measure the start and the memory of workers, at ``SMALL`` activities."""
        small = self._generated(min(SMALL, self.activities))
        found = starting.measure(small, starts=3 if self.quick else 7, say=self.say)
        self.findings.figures[f"{self.backend}, start"] = found

    def browser(self) -> None:
        """Measure what a rep waits for in a browser."""
        self._on_the_demo("In a browser", browser.measure, rounds=3 if self.quick else 9)

    def live(self) -> None:
        """Measure what open panels cost."""
        self._on_the_demo("Open panels", live.measure)

    def lighthouse(self) -> None:
        """Let Lighthouse judge."""
        self._on_the_demo("Lighthouse", lighthouse.measure)

    def _on_the_demo(self, title: str, measure: Callable[..., Any], **options: int) -> None:
        """Take figures that do not depend on the database system: on SQLite's turn alone."""
        if self.backend == "sqlite":
            with self._demo_company() as seeds:
                self.findings.figures[title] = measure(seeds, say=self.say, **options)

    def _sizes(self) -> list[int]:
        return sorted({min(SMALL, self.activities), self.activities})

    def _files(self, activities: int) -> Files:
        self.say(f"files of {activities:,} activities")
        return written(Shape(activities, running_week()))

    def _generated(self, activities: int) -> Database:
        return imports.built(self.backend, self._files(activities), self.say)

    @contextmanager
    def _demo_company(self) -> Iterator[Database]:
        """Load the demo company anew, for its dates are moved to today; delete it in the end."""
        self.say(f"{self.backend}: loading the demo company")
        database = databases.named(self.backend, "seeds")
        database.create()
        try:
            arguments = [command.CHATPANE, "demo", "--load-only"]
            command.run(arguments, command.environment(database.url))
            yield database
        finally:
            database.drop()

    def _how_often(self) -> dict[str, Any]:
        often = {"rounds": 1, "seconds": 1} if self.quick else {"rounds": 7, "seconds": 2}
        return {**often, "clients": CLIENTS, "say": self.say}
