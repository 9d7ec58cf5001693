"""A soak's findings: tables for people, JSON for programs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.machine import Description
from tests.soak import reps, sources
from tests.soak.course import Happened, Outcome
from tests.soak.memory import Life
from tests.soak.tally import AGAIN, BUSY, WRONG, Row

AFTERWARDS = 5.0
_ASKERS = (reps.WHO, sources.WHO)


def show(outcome: Outcome, machine: Description, console: Console) -> None:
    """Print the tables."""
    console.print(", ".join(f"{name} {value}" for name, value in machine.items()), highlight=False)
    for table in (_minutes(outcome), _asked(outcome), _happened(outcome), _memory(outcome.lives)):
        console.print(table)
    console.print(_books(outcome))
    for said in outcome.tally.wrong:
        console.print(said, highlight=False, markup=False)
    console.print(", ".join(f"{name}: {value:,}" for name, value in _sums(outcome).items()))


def write(outcome: Outcome, machine: Description, path: Path) -> None:
    """Write everything as JSON."""
    found = {
        "machine": machine,
        "seconds": round(outcome.seconds, 1),
        "releases": outcome.releases,
        **_sums(outcome),
        "wrong": outcome.tally.wrong,
        "minutes": {who: [asdict(row) for row in outcome.tally.minutes(who)] for who in _ASKERS},
        "asked": {what: _times(took) for what, took in _by_what(outcome).items()},
        "happened": [
            {**asdict(one), "slowest": {who: _slowest(outcome, who, one) for who in _ASKERS}}
            for one in outcome.happened
        ],
        "memory": [{**asdict(life), "mib_an_hour": life.slope} for life in outcome.lives],
        "books": asdict(outcome.balance),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _sums(outcome: Outcome) -> dict[str, int]:
    tally, balance = outcome.tally, outcome.balance
    return {
        "requests": len(tally.answers),
        "errors": tally.total(WRONG),
        "503 for now": tally.total(BUSY),
        "tried again": tally.total(AGAIN),
        "lost": balance.lost,
        "doubled": balance.doubled,
        "unasked": balance.unasked,
        "wrong counts": balance.wrong_counts,
        "deadlocks": balance.deadlocks,
    }


def _minutes(outcome: Outcome) -> Table:
    """Return p50 and p99 over time, of reps and of deliveries, with what happened."""
    table = Table(title="by the minute, times in ms")
    for heading in (
        "minute",
        "reps' requests",
        "p50",
        "p99",
        "slowest",
        "deliveries",
        "p50",
        "p99",
        "slowest",
    ):
        table.add_column(heading, justify="right")
    for heading in ("503", "again", "errors"):
        table.add_column(heading, justify="right")
    rows = [{row.minute: row for row in outcome.tally.minutes(who)} for who in _ASKERS]
    for minute in sorted(rows[0].keys() | rows[1].keys()):
        both = [some.get(minute) or Row(minute, 0, 0, 0, 0, 0, 0, 0) for some in rows]
        times = (
            cell
            for row in both
            for cell in (f"{row.requests:,}", *(f"{one:,.0f}" for one in (row.p50, row.p99, row.slowest)))
        )
        sums = (
            sum(row.busy for row in both),
            sum(row.again for row in both),
            sum(row.errors for row in both),
        )
        table.add_row(str(minute), *times, *map(str, sums))
    return table


def _by_what(outcome: Outcome) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for one in outcome.tally.answers:
        found.setdefault(one.what, []).append(one.took)
    return dict(sorted(found.items()))


def _times(took: Iterable[float]) -> dict[str, float]:
    times = sorted(took)
    return {
        "requests": len(times),
        "p50": times[len(times) // 2],
        "p99": times[len(times) * 99 // 100],
        "slowest": times[-1],
    }


def _asked(outcome: Outcome) -> Table:
    table = Table(title="by what was asked for, times in ms")
    table.add_column("what")
    for heading in ("requests", "p50", "p99", "slowest"):
        table.add_column(heading, justify="right")
    for what, took in _by_what(outcome).items():
        table.add_row(what, *(f"{value:,.0f}" for value in _times(took).values()))
    return table


def _happened(outcome: Outcome) -> Table:
    after = f"slowest until {AFTERWARDS:.0f} s after, ms"
    table = Table(title="what happened, in seconds")
    table.add_column("at", justify="right")
    table.add_column("what")
    for heading in ("took", f"reps' {after}", f"deliveries' {after}"):
        table.add_column(heading, justify="right")
    for one in outcome.happened:
        slowest = (f"{_slowest(outcome, who, one):,.0f}" for who in _ASKERS)
        table.add_row(f"{one.at:,.0f}", one.what, f"{one.took:.1f}", *slowest)
    return table


def _slowest(outcome: Outcome, who: str, event: Happened) -> float:
    """Return the ms of the slowest answer while something happened, and shortly after."""
    until = event.at + event.took + AFTERWARDS
    return max(
        (one.took for one in outcome.tally.answers if one.who == who and event.at <= one.at <= until),
        default=0.0,
    )


def _memory(lives: Iterable[Life]) -> Table:
    table = Table(title="memory of each process, MiB; the slope is that of the second half of its life")
    table.add_column("process")
    for heading in ("from, s", "to, s", "first", "half", "last", "peak", "MiB an hour"):
        table.add_column(heading, justify="right")
    for life in lives:
        slope = "–" if life.slope is None else f"{life.slope:+,.1f}"
        spans = (f"{life.looks[0][0]:,.0f}", f"{life.looks[-1][0]:,.0f}")
        sizes = (f"{life.at(share):.1f}" for share in (0, 0.5, 1))
        table.add_row(life.name, *spans, *sizes, f"{life.peak:.1f}", slope)
    return table


def _books(outcome: Outcome) -> Table:
    table = Table(title="the books: activities")
    table.add_column("")
    table.add_column("", justify="right")
    balance: dict[str, Any] = asdict(outcome.balance)
    for source, some in balance.pop("acknowledged").items():
        table.add_row(f"acknowledged, {source}", f"{some:,}")
    for name, value in balance.items():
        table.add_row(name.replace("_", " "), f"{value:,}")
    return table
