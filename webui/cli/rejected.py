"""chatpane rejected: what could not be used, to look at, try again or drop."""

import click
from flask import Flask

from webui.cli.imports import SOME_REJECTED, summary
from webui.database import LARGEST_ID
from webui.ingest import activity_types
from webui.ingest import rejected as kept
from webui.ingest.retry import retry as try_again
from webui.wording import utc

_ids = click.argument("ids", nargs=-1, type=click.IntRange(min=1, max=LARGEST_ID))


@click.group()
def rejected() -> None:
    """Rows and events that could not be used.

    They are kept until tried again or dropped.
    """


@rejected.command("list")
def list_() -> None:
    """List them, a line each.

    Id, time, source, guid and reason, separated by tabs, uncut.
    """
    for row in kept.listed():
        place = f"{row.file}:{row.line}" if row.line else row.file
        reason = f"{place}: {row.column}: {row.reason}" if row.column else f"{place}: {row.reason}"
        cells = (str(row.id), utc(row.at), row.source, row.guid or "", reason)
        click.echo("\t".join(" ".join(cell.split()) for cell in cells))


@rejected.command()
@click.argument("id_", metavar="ID", type=click.IntRange(min=1, max=LARGEST_ID))
def show(id_: int) -> None:
    """Show one whole, with its text."""
    one = kept.one(id_)
    if one is None:
        raise click.ClickException(f"nothing is kept under {id_}: see `chatpane rejected list`")
    for name, value in (
        ("id", one.id),
        ("time", utc(one.at)),
        ("source", one.source),
        ("file", one.file),
        ("line", one.line),
        ("column", one.column),
        ("guid", one.guid),
        ("reason", one.reason),
    ):
        click.echo(f"{name}: {'' if value is None else value}")
    click.echo(f"header: {one.header or ''}")
    click.echo(f"body:\n{one.body}")


@rejected.command()
@_ids
@click.option("--all", "everything", is_flag=True, help="All that are kept (the same as naming none).")
@click.pass_context
def retry(context: click.Context, ids: tuple[int, ...], everything: bool) -> None:
    """Try these again, or all.

    Exits 3 when some are rejected still.
    """
    app: Flask = context.obj
    unknown = [str(id_) for id_ in ids if kept.one(id_) is None]
    if unknown:
        raise click.ClickException(
            f"nothing is kept under {', '.join(unknown)}: see `chatpane rejected list`"
        )
    types = activity_types.load(app.extensions["chatpane"].activity_types)
    counts = try_again(None if everything or not ids else ids, types)
    click.echo(summary(counts))
    context.exit(SOME_REJECTED if counts["rejected"] else 0)


@rejected.command()
@_ids
@click.option("--all", "everything", is_flag=True, help="All that are kept.")
def drop(ids: tuple[int, ...], everything: bool) -> None:
    """Delete these for good."""
    if not ids and not everything:
        raise click.UsageError("name the ids to drop, or --all")
    click.echo(f"{kept.drop(None if everything else ids)} dropped")
