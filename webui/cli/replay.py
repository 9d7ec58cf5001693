"""chatpane replay: reading again what an outage lost."""

from collections import Counter
from datetime import datetime

import click

from webui.cli.imports import SOME_REJECTED, summary
from webui.cli.sync import FAILED, NOT_SET_UP, with_credentials
from webui.cli.times import since_option
from webui.config import Settings, not_set
from webui.marketo.connection import Connection
from webui.marketo.failures import MarketoFailure
from webui.sync import activities, journal, types
from webui.sync.journal import JournalFailure
from webui.sync.reading import Reading
from webui.sync.turn import AnotherRuns, NoTurn, turn
from webui.sync.types import NothingToAsk


@click.command()
@click.option(
    "--since", callback=since_option, required=True, help="From when: a date (UTC), or days such as 2d."
)
@click.option(
    "--from",
    "source",
    type=click.Choice(("journal", "rest")),
    help="Adobe's journal, or Marketo's REST API; the journal where it is set up, when not said.",
)
@click.pass_context
def replay(context: click.Context, since: datetime, source: str | None) -> None:
    """Read again what was sent or logged since a time.

    What is stored already stays as it is. Adobe keeps a journal of 7 days; for what is older use Marketo's
    REST API.

    Exits 0 when all was read, 1 when it could not be read to the end, 2 without credentials, 3 when some
    activities were rejected.
    """
    settings: Settings = context.obj.extensions["chatpane"]
    by_journal = source == "journal" or (source is None and not settings.missing_for_journal())
    if by_journal and (missing := settings.missing_for_journal()):
        click.echo(f"Error: Adobe's journal cannot be read: {not_set(missing)}", err=True)
        context.exit(NOT_SET_UP)
    try:
        with turn():
            counts = (
                journal.replay(settings, since) if by_journal else _by_rest(with_credentials(context), since)
            )
    except (MarketoFailure, NothingToAsk, JournalFailure, NoTurn) as failure:
        click.echo(f"Error: {failure}", err=True)
        context.exit(FAILED)
    except AnotherRuns:
        click.echo("Error: a sync is running; try again when it has ended", err=True)
        context.exit(FAILED)
    click.echo(f"activities: {summary(counts)}")
    context.exit(SOME_REJECTED if counts["rejected"] else 0)


def _by_rest(settings: Settings, since: datetime) -> Counter[str]:
    with Connection(settings) as connection:
        reading = Reading(settings, connection)
        types.learn(reading)
        activities.again(reading, since, reading.type_ids)
    return reading.counts
