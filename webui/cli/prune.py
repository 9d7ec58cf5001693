"""chatpane prune: deleting old activities."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import click

from webui.cli.stopping import Stop, Stopped
from webui.cli.times import before_option
from webui.database import TROUBLE, trouble_in
from webui.ingest import prune as pruning
from webui.wording import utc

NOT_TO_THE_END = 1


@click.command()
@click.option(
    "--older-than",
    "before",
    callback=before_option,
    metavar="AGE",
    help="What goes: from before a date (UTC), or older than days such as 760d.",
)
@click.option("--kept", is_flag=True, help="What goes: older than the configuration tab lets it be kept.")
@click.option(
    "--family",
    "families",
    type=click.Choice(pruning.ALL),
    multiple=True,
    help="Only activities of this family; it can be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Count them, and delete nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def prune(
    context: click.Context,
    before: datetime | None,
    kept: bool,
    families: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> None:
    """Delete old activities, for good: with --older-than or with --kept.

    Gone are the activities with their conversations and texts, also in counts and search. People and records
    stay. It goes batch by batch while Chatpane runs; an interrupted one continues by running it again.

    Whatever brings an old activity again, such as the import of an old file, adds it again. Backups are
    out of reach. Exits 1 when it was interrupted.
    """
    if kept == (before is not None):
        raise click.UsageError("say what goes: either --older-than AGE, or --kept")
    limits = _limits(before, families or pruning.ALL)
    found = sum(pruning.count(limit, [family]) for family, limit in limits.items())
    if dry_run:
        click.echo(f"to prune: {found}")
        return
    if found and not yes:
        which = f"from before {utc(before)}" if before else "that are older than they are kept"
        click.confirm(f"Delete {found} activities {which} for good?", abort=True, err=True)
    pruned, failure = 0, ""
    stop = Stop()
    try:
        for count in _pruned(limits) if found else ():
            pruned += count
            click.echo(f"{pruned} of {found} activities so far", err=True)
            stop.sleep(pruning.REST)
    except Stopped:
        failure = "stopped"
    except TROUBLE as error:
        reason = trouble_in(error)
        if reason is None:
            raise
        failure = f"Error: the database cannot be used: {reason}"
    if failure:
        click.echo(f"{failure}; the next prune goes on from here", err=True)
    click.echo(f"pruned: {pruned}")
    context.exit(NOT_TO_THE_END if failure else 0)


def _limits(before: datetime | None, families: Sequence[str]) -> dict[str, datetime]:
    """Return by family from when on it stays: ``before``, or else what the configuration tab says."""
    if before is not None:
        return dict.fromkeys(families, before)
    return {family: since for family, since in pruning.kept_since().items() if family in families}


def _pruned(limits: dict[str, datetime]) -> Iterator[int]:
    for family, limit in limits.items():
        yield from pruning.prune(limit, [family])
