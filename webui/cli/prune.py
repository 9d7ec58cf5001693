"""chatpane prune: deleting old activities."""

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
    required=True,
    metavar="AGE",
    help="What goes: from before a date (UTC), or older than days such as 760d.",
)
@click.option("--dry-run", is_flag=True, help="Count them, and delete nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def prune(context: click.Context, before: datetime, dry_run: bool, yes: bool) -> None:
    """Delete old activities, for good.

    Gone are the activities with their conversations and texts, also in counts and search. People and records
    stay. It goes batch by batch while Chatpane runs; an interrupted one continues by running it again.

    Whatever brings an old activity again, such as the import of an old file, adds it again. Backups are
    out of reach. Exits 1 when it was interrupted.
    """
    found = pruning.count(before)
    if dry_run:
        click.echo(f"to prune: {found}")
        return
    if found and not yes:
        click.confirm(f"Delete {found} activities from before {utc(before)} for good?", abort=True, err=True)
    pruned, failure = 0, ""
    stop = Stop()
    try:
        for count in pruning.prune(before) if found else ():
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
