"""The bench's findings: tables for people, JSON for programs."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import figures
from tests.bench.figures import Figure
from tests.bench.hooks import Pushed
from tests.bench.imports import Cost, Imported
from tests.bench.machine import Description
from tests.bench.pages import Measured, PageResult, Visit


@dataclass
class Findings:
    """All that a run found; ``pages`` by database system, ``figures`` by what they are about."""

    machine: Description
    options: dict[str, Any]
    imports: list[Imported] = field(default_factory=list)
    pages: dict[str, list[PageResult]] = field(default_factory=dict)
    hooks: list[Pushed] = field(default_factory=list)
    figures: dict[str, list[Figure]] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many requests of the whole run went wrong."""
        return sum(side.errors for some in self.pages.values() for one in some for side in one.sides)

    def write(self, path: Path) -> None:
        """Write everything as JSON, with the figures that the tables derive."""
        found = {
            "machine": self.machine,
            "options": self.options,
            "imports": [_import_figures(one) for one in self.imports],
            "pages": {name: [_page_figures(one) for one in some] for name, some in self.pages.items()},
            "hooks": [_hook_figures(one) for one in self.hooks],
            "figures": {
                about: [{**asdict(one), "ratio": one.ratio} for one in some]
                for about, some in self.figures.items()
            },
            "errors": self.errors,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print the tables."""
        console.print(", ".join(f"{name} {value}" for name, value in self.machine.items()), highlight=False)
        if self.imports:
            console.print(imports_table(self.imports))
        for title, results in self.pages.items():
            console.print(pages_table(title, results))
            console.print(waits_table(title, results))
        if self.hooks:
            console.print(hooks_table(self.hooks))
        for about, some in self.figures.items():
            console.print(figures.table(about, some))
        console.print(f"errors: {self.errors}")


def imports_table(some: list[Imported]) -> Table:
    """Return the table of imports."""
    table = Table(
        title="chatpane import: rows a second (peak MiB), and how much of the floor's speed that is"
    )
    table.add_column("database")
    for heading in ("rows", "floor", "import", "of floor", "by CPU", "again", "CRM files", "database, MiB"):
        table.add_column(heading, justify="right")
    for one in some:
        table.add_row(
            one.backend,
            f"{one.activities:,}",
            *(_cost(one.typical(what)) for what in ("floor", "first")),
            *(_ratio(one.of_floor(seconds)) for seconds in ("seconds", "cpu_seconds")),
            *(_cost(cost) for cost in (one.typical("again"), one.crm)),
            f"{one.database_mib:,.0f}",
        )
    return table


def _cost(cost: Cost | None) -> str:
    return "–" if cost is None else f"{cost.rate:,.0f} ({cost.peak_mib:.0f})"


def _ratio(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"


def pages_table(title: str, results: list[PageResult]) -> Table:
    """Return the table of pages: each side's speed, its ratio to the first side's, and what was answered.

    Rows and kB are given once where the sides answered alike.
    """
    first, *others = (side.side for side in results[0].sides)
    table = Table(title=f"{title}: fragments a second, one worker · by {first}'s · the same by CPU time")
    table.add_column("fragment", no_wrap=True)
    for heading in (first, *others, "CPU ms", "rows", "kB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in results:
        rates = [f"{side.typical(lambda visit: visit.load.rate):,.0f}" for side in one.sides]
        compared = (
            f"{rate} · {_ratio(one.by_rate(place))} · {_ratio(one.by_cpu(place))}"
            for place, rate in enumerate(rates[1:], 1)
        )
        table.add_row(
            one.title,
            rates[0],
            *compared,
            " | ".join(_each(one, lambda visit: visit.cpu, ".1f")),
            " | ".join(dict.fromkeys(_each(one, lambda visit: visit.rows, ".0f"))),
            " | ".join(dict.fromkeys(_each(one, lambda visit: visit.size / 1_000, ".1f"))),
        )
    return table


def _each(one: PageResult, of: Callable[[Visit], float], form: str) -> list[str]:
    return [format(side.typical(of), form) for side in one.sides]


def waits_table(title: str, results: list[PageResult]) -> Table:
    """Return how long the clients waited: on each side the median, one in a hundred, and their ratio."""
    table = Table(title=f"{title}: ms until the answer, half of them · 99 of 100 · their ratio")
    table.add_column("fragment", no_wrap=True)
    for side in results[0].sides:
        table.add_column(side.side, justify="right", no_wrap=True)
    for one in results:
        table.add_row(one.title, *map(_waits, one.sides))
    return table


def _waits(side: Measured) -> str:
    p50, p99 = (side.typical(attrgetter(f"load.{name}")) for name in ("p50", "p99"))
    return f"{p50:,.1f} · {p99:,.1f} · {side.tail:.1f}"


def hooks_table(some: list[Pushed]) -> Table:
    """Return the table of deliveries."""
    table = Table(
        title="/hooks/adobe-io: events a second, one worker, and how much of the floor's speed that is"
    )
    for heading in ("events", "floor", "delivery", "of floor", "median ms", "slowest ms", "CPU ms"):
        table.add_column(heading, justify="right")
    for one in some:
        table.add_row(
            f"{one.events:,}",
            f"{one.floor_rate:,.0f}",
            f"{one.rate:,.0f}",
            f"{one.of_floor:.2f}",
            f"{one.events / one.rate * 1_000:.0f}",
            f"{one.slowest * 1_000:.0f}",
            f"{median(turn.cpu_seconds for turn in one.turns) * 1_000:.0f}",
        )
    return table


def _hook_figures(one: Pushed) -> dict[str, Any]:
    derived = {"events_per_second": round(one.rate, 1), "floor_per_second": round(one.floor_rate, 1)}
    return {**asdict(one), **derived, "of_floor": round(one.of_floor, 4), "slowest": round(one.slowest, 4)}


def _import_figures(one: Imported) -> dict[str, Any]:
    typical = {
        what: cost and {"rows_per_second": round(cost.rate, 1), "peak_mib": round(cost.peak_mib, 1)}
        for what in ("floor", "first", "again")
        for cost in (one.typical(what),)
    }
    ratios = {"of_floor": one.of_floor("seconds"), "of_floor_by_cpu": one.of_floor("cpu_seconds")}
    return {**asdict(one), "typical": typical, **ratios}


def _page_figures(one: PageResult) -> dict[str, Any]:
    places = range(1, len(one.sides))
    return {
        "title": one.title,
        "sides": [
            {
                **asdict(side),
                "requests_per_second": round(side.typical(lambda visit: visit.load.rate), 2),
                "cpu_ms": round(side.typical(lambda visit: visit.cpu), 3),
                "p50_ms": round(side.typical(lambda visit: visit.load.p50), 3),
                "p99_ms": round(side.typical(lambda visit: visit.load.p99), 3),
                "p99_by_p50": round(side.tail, 3),
                "bytes": side.typical(lambda visit: visit.size),
                "errors": side.errors,
            }
            for side in one.sides
        ],
        "by_rate": [round(one.by_rate(place), 4) for place in places],
        "by_cpu": [one.by_cpu(place) for place in places],
    }
