"""``python -m tests.bench``: take the measures, print the tables, write the JSON."""

from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from tests.bench import databases, machine
from tests.bench.databases import BACKENDS
from tests.bench.report import Findings
from tests.bench.run import CLIENTS, MEASURES, SMALL, Run, left_out

RESULTS = Path(__file__).parent / "results"
LARGE = 1_000_000
WIDE = 240


@click.command()
@click.option("--quick", is_flag=True, help=f"{SMALL:,} activities, one round, fewer pages: two minutes.")
@click.option("--activities", type=click.IntRange(20_000), help=f"How many to generate [default: {LARGE:,}].")
@click.option(
    "--database", "wanted", type=click.Choice([*BACKENDS, "both"]), default="sqlite", show_default=True
)
@click.option("--only", type=click.Choice(MEASURES), help="Take only these measures.")
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
        run = Run(backend, activities, quick, said.print, findings)
        for name in [only] if only else [name for name in MEASURES if name not in left_out(quick)]:
            getattr(run, name)()
            findings.machine["load_after"] = machine.load_now()
            findings.write(path)  # now, so that a long run that is stopped has said something
    screen = Console()
    findings.show(screen if screen.is_terminal else Console(width=WIDE))
    said.print(f"written: {path}")
    if findings.errors:
        raise click.ClickException(f"{findings.errors} requests went wrong: the figures mean nothing")


if __name__ == "__main__":
    main()
