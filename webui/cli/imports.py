"""chatpane import: CRM files and Marketo's activity extracts, through the one write door."""

import gc
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from webui.config import Settings
from webui.database import gather_statistics, write_much
from webui.ingest import activity_types, store
from webui.ingest.activity_types import TypeMap, UnreadableTypes
from webui.ingest.files import SourceFile, UnreadableFile

ALL_IN = 0
NOTHING_READ = 2
SOME_REJECTED = 3
A_LARGE_IMPORT = 10_000


class Report(Protocol):
    """What a file's reading tells about its progress."""

    def __call__(self, position: int, so_far: Counter[str]) -> None:
        """``position`` bytes are read, with these counts."""


@click.command("import")
@click.option(
    "--types",
    "types_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Marketo's Get Activity Types answer; by default activity_types.json beside each extract.",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def import_(context: click.Context, types_file: Path | None, files: tuple[Path, ...]) -> None:
    """Import CRM files and Marketo extracts.

    Running it again changes nothing; an interrupted import continues by running it again.

    FILES are accounts.csv, people.csv, opportunities.csv, roles.csv and bulk activity extracts, in any
    order; which is which is known by the header.

    Exits 0 when every row went in, 3 when some were rejected, 2 when nothing could be read.
    """
    settings: Settings = context.obj.extensions["chatpane"]
    try:
        if types_file is not None:
            activity_types.learn(types_file)
    except UnreadableTypes as error:
        click.echo(f"Error: {error}", err=True)
        click.echo(f"total: {summary(Counter())}")
        context.exit(NOTHING_READ)
    gc.freeze()  # the app stays: the collector need not look through all of it batch after batch
    write_much()
    totals, unread = import_files(files, settings, look_beside=types_file is None)
    click.echo(f"total: {summary(totals)}")
    if totals["added"] >= A_LARGE_IMPORT:
        gather_statistics()
    if totals["rejected"]:
        click.echo("Rejected rows are kept: see `chatpane rejected list`.", err=True)
    nothing = unread == len(files)
    context.exit(NOTHING_READ if nothing else SOME_REJECTED if totals["rejected"] or unread else ALL_IN)


def import_files(
    files: tuple[Path, ...], settings: Settings, *, look_beside: bool = True
) -> tuple[Counter[str], int]:
    """Import the files one after another; return the total counts and how many could not be read.

    ``look_beside``: take up an ``activity_types.json`` that stands beside a file.
    """
    totals: Counter[str] = Counter()
    unread = 0
    for path in files:
        try:
            types: TypeMap = {}
            source = SourceFile(path, types)
            if source.kind == "activities":
                types |= _types_of(path, settings, look_beside)
        except (UnreadableFile, UnreadableTypes) as error:
            click.echo(f"Error: {error}", err=True)
            unread += 1
            continue
        totals += _import(source)
    return totals, unread


def _types_of(path: Path, settings: Settings, look_beside: bool) -> TypeMap:
    """Return the map that an extract is read by; raise UnreadableFile where nobody told it yet."""
    if look_beside and (beside := path.parent / "activity_types.json").is_file():
        activity_types.learn(beside)
    if not activity_types.is_told(settings.activity_types):
        raise UnreadableFile(
            f"{path}: Marketo's activity types are not known yet: put its Get Activity Types "
            "answer beside the extract as activity_types.json, or name it with --types"
        )
    return activity_types.load(settings.activity_types)


def _import(source: SourceFile) -> Counter[str]:
    counts: Counter[str] = Counter()
    ignored: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    with _progress(source) as report:
        for batch in source:
            counts += store.save(batch)
            ignored += batch.ignored
            warnings += batch.warnings
            report(source.position, counts)
            del batch  # before the next one takes as much memory
    click.echo(f"{source.path.name}: {summary(counts)}")
    for name, count in sorted(ignored.items()):
        click.echo(f"{source.path.name}: ignored {count} of type {name}", err=True)
    for warning, count in sorted(warnings.items()):
        click.echo(f"{source.path.name}: {warning} ({count})", err=True)
    return counts


def summary(counts: Counter[str]) -> str:
    """Write counts as scripts read them: ``5 read, 5 added, …``."""
    return ", ".join(f"{counts[name]} {name}" for name in store.COUNTS)


@contextmanager
def _progress(source: SourceFile) -> Iterator[Report]:
    """Show progress on stderr: a bar on a terminal, else a line a batch."""
    if not sys.stderr.isatty():
        name = f"{source.path.name} ({source.kind})"
        yield lambda _position, so_far: click.echo(f"{name}: {so_far['read']} rows so far", err=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(source.path.name, total=source.path.stat().st_size)
        yield lambda position, _so_far: progress.update(task, completed=position)
