"""``python -m tests.soak``: soak, print the tables, write the JSON; exit code 1 where anything is wrong."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from tests.bench import machine
from tests.bench.__main__ import WIDE
from tests.bench.command import Failed
from tests.soak import report
from tests.soak.course import soak

RESULTS = Path(__file__).parents[1] / "bench" / "results"


@click.command()
@click.option("--seconds", type=click.IntRange(20), default=600, show_default=True, help="How long.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Where the JSON goes.")
def main(seconds: int, json_path: Path | None) -> None:
    """Let reps, deliveries, a sync, imports and a migration go on at once, on PostgreSQL with two hosts.

    Nothing may go wrong, get lost or be doubled, though processes are killed meanwhile.
    """
    said = Console(stderr=True)
    described = machine.describe(("postgresql",))
    try:
        outcome = soak(seconds, lambda text: said.print(text, highlight=False))
    except Failed as failed:
        raise click.ClickException(str(failed)) from failed
    screen = Console()
    report.show(outcome, described, screen if screen.is_terminal else Console(width=WIDE))
    path = json_path or RESULTS / f"soak-{datetime.now(UTC).strftime('%Y-%m-%dT%H%M%SZ')}.json"
    report.write(outcome, described, path)
    said.print(f"written to {path}", highlight=False)
    sys.exit(0 if outcome.is_right else 1)


if __name__ == "__main__":
    main()
