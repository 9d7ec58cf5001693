"""``python -m tests.bench``: take the measures, print the tables, write the JSON."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from tests.bench import (
    access,
    against,
    browser,
    command,
    databases,
    growth,
    hooks,
    imports,
    lighthouse,
    live,
    machine,
    records,
    starting,
    storing,
)
from tests.bench.data import Files, Shape, running_week, written
from tests.bench.databases import BACKENDS, Database, Sqlite
from tests.bench.figures import Figure
from tests.bench.imports import Say
from tests.bench.pages import PageResult
from tests.bench.report import Findings

RESULTS = Path(__file__).parent / "results"
CLIENTS = 8
MEASURES = (
    "growth",
    "storing",
    "floor",
    "access",
    "imports",
    "hooks",
    "start",
    "browser",
    "live",
    "lighthouse",
)
SMALL = 100_000
LARGE = 1_000_000
WIDE = 190


@click.command()
@click.option("--quick", is_flag=True, help=f"{SMALL:,} activities and few rounds: four minutes.")
@click.option("--activities", type=click.IntRange(20_000), help=f"How many to generate [default: {LARGE:,}].")
@click.option(
    "--database", "wanted", type=click.Choice([*BACKENDS, "both"]), default="sqlite", show_default=True
)
@click.option(
    "--only",
    type=click.Choice(MEASURES),
    help="Take only these measures.",
)
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Where the JSON goes.")
@click.option("--clean", is_flag=True, help="Delete the bench's files and databases, and stop.")
def main(
    quick: bool, activities: int | None, wanted: str, only: str | None, json_path: Path | None, clean: bool
) -> None:
    """Measure how fast pages answer and files and deliveries go in, on demo and generated activities.

    Generated files and databases are kept in tests/bench/data, so that a second run finds them.
    """
    if clean:
        databases.drop_all()
        return
    backends = BACKENDS if wanted == "both" else (wanted,)
    activities = activities or (SMALL if quick else LARGE)
    said = Console(stderr=True)
    options = {"quick": quick, "activities": activities, "only": only, "clients": CLIENTS}
    findings = Findings(machine.describe(backends), options)
    path = json_path or RESULTS / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}.json"
    for backend in backends:
        if only in (None, "imports"):
            findings.imports += _imports(backend, activities, quick, said.print)
        if only in (None, "growth"):
            findings.pages[backend] = _growth(backend, activities, quick, said.print)
        if only in (None, "storing"):
            _storing(backend, activities, quick, said.print, findings)
        if only in (None, "floor") and backend == "sqlite":  # the floor is sqlite3's
            findings.pages |= _against(activities, quick, said.print)
        if only in (None, "access"):
            findings.pages[f"{backend}, access"] = _access(backend, quick, said.print)
        if only in (None, "hooks") and backend == "sqlite":  # the floor is SQLite's
            findings.hooks.append(_hooks(backend, quick, said.print))
        if only in (None, "start"):
            findings.figures[f"{backend}, start"] = _starting(backend, activities, quick, said.print)
        if backend == "sqlite":
            findings.figures |= _figures(only, quick, said.print)
        findings.machine["load_after"] = machine.load_now()
        findings.write(path)  # now, so that a long run that is stopped has said something
    screen = Console()
    findings.show(screen if screen.is_terminal else Console(width=WIDE))
    said.print(f"written: {path}")
    if findings.errors:
        raise click.ClickException(f"{findings.errors} requests went wrong: the figures mean nothing")


def _files(activities: int, say: Say) -> Files:
    say(f"files of {activities:,} activities")
    return written(Shape(activities, running_week()))


def _imports(backend: str, activities: int, quick: bool, say: Say) -> list[imports.Imported]:
    """Measure imports of the wanted size and, below it, of ``SMALL``; the smaller in three rounds."""
    sizes = sorted({min(SMALL, activities), activities})
    rounds = [3 if size == SMALL and not quick else 1 for size in sizes]
    return [
        imports.measure(backend, _files(size, say), n, say) for size, n in zip(sizes, rounds, strict=True)
    ]


def _growth(backend: str, activities: int, quick: bool, say: Say) -> list[PageResult]:
    """Measure the pages on ``SMALL`` and on the wanted number of activities, in turns."""
    sizes = sorted({min(SMALL, activities), activities})
    sides = {f"{size:,}": imports.built(backend, _files(size, say), say) for size in sizes}
    return growth.measure(sides, running_week(), few=quick, **_how_often(quick), clients=CLIENTS, say=say)


def _storing(backend: str, activities: int, quick: bool, say: Say, into: Findings) -> None:
    """Measure the pages that are asked for most while events are stored, at ``SMALL`` activities."""
    small = imports.built(backend, _files(min(SMALL, activities), say), say)
    week = running_week() - timedelta(weeks=1)
    chosen = growth.first_pages(records.alike([small], week), week)
    found, figures = storing.measure(small, chosen, **_how_often(quick), clients=CLIENTS, say=say)
    into.pages |= {f"{backend}, storing, {how}": some for how, some in found.items()}
    into.figures[f"{backend}, storing"] = figures


def _starting(backend: str, activities: int, quick: bool, say: Say) -> list[Figure]:
    """Measure the start and the memory of workers, at ``SMALL`` activities."""
    small = imports.built(backend, _files(min(SMALL, activities), say), say)
    return starting.measure(small, starts=3 if quick else 7, say=say)


def _against(activities: int, quick: bool, say: Say) -> dict[str, list[PageResult]]:
    """Measure the fragments of the generated activities beside their floor, and beside others."""
    generated = imports.built("sqlite", _files(activities, say), say)
    assert isinstance(generated, Sqlite)
    return against.measure(generated, with_peers=not quick, **_how_often(quick), clients=CLIENTS, say=say)


def _access(backend: str, quick: bool, say: Say) -> list[PageResult]:
    """Measure what access costs, on the demo company."""
    seeds = _demo_company(backend, say)
    try:
        return access.measure(seeds, **_how_often(quick), clients=CLIENTS, say=say)
    finally:
        seeds.drop()


def _hooks(backend: str, quick: bool, say: Say) -> hooks.Pushed:
    """Measure deliveries to the webhook, on the demo company."""
    seeds = _demo_company(backend, say)
    try:
        return hooks.measure(seeds, rounds=10 if quick else 40, say=say)
    finally:
        seeds.drop()


def _figures(only: str | None, quick: bool, say: Say) -> dict[str, list[Figure]]:
    """Measure, on the demo company, what has a target of its own: in a browser, and of open panels."""
    measures = {
        "browser": ("In a browser", partial(browser.measure, rounds=3 if quick else 9)),
        "live": ("Open panels", live.measure),
        "lighthouse": ("Lighthouse", lighthouse.measure),
    }
    found = {}
    for name, (title, measure) in measures.items():
        if only == name or (only is None and name != "lighthouse"):
            seeds = _demo_company("sqlite", say)
            try:
                found[title] = measure(seeds, say=say)
            finally:
                seeds.drop()
    return found


def _how_often(quick: bool) -> dict[str, int]:
    return {"rounds": 2, "seconds": 1} if quick else {"rounds": 7, "seconds": 2}


def _demo_company(backend: str, say: Say) -> Database:
    """Load the demo company anew: its dates are moved to today."""
    say(f"{backend}: loading the demo company")
    database = databases.named(backend, "seeds")
    database.create()
    command.run([command.CHATPANE, "demo", "--load-only"], command.environment(database.url))
    return database


if __name__ == "__main__":
    main()
