"""chatpane reconcile: is what is stored what Marketo has?"""

from datetime import UTC, datetime, timedelta

import click

from webui.cli.sync import FAILED, with_credentials
from webui.cli.times import since_option
from webui.marketo.connection import Connection
from webui.marketo.failures import MarketoFailure
from webui.sync import reconciling, types
from webui.sync.reading import Reading
from webui.sync.reconciling import Difference
from webui.sync.turn import AnotherRuns, NoTurn, turn
from webui.sync.types import NothingToAsk

USUALLY = timedelta(days=7)
NAMED = 5


@click.command()
@click.option(
    "--since", callback=since_option, help="From when: a date (UTC), or days such as 30d; 7d when not said."
)
@click.pass_context
def reconcile(context: click.Context, since: datetime | None) -> None:
    """Compare what is stored with what Marketo has.

    A line for each day (UTC) and type on which they differ, separated by tabs: day, type, how many are
    stored, how many Marketo has, which. Nothing is changed: `chatpane replay` brings what is missing.

    Exits 1 on any difference, and when Marketo cannot be read.
    """
    settings = with_credentials(context)
    now = datetime.now(UTC)
    try:
        with turn(), Connection(settings) as connection:
            reading = Reading(settings, connection)
            types.learn(reading)
            compared = reconciling.compare(reading, since or now - USUALLY, now)
    except AnotherRuns:
        click.echo("Error: a sync is running; try again when it has ended", err=True)
        context.exit(FAILED)
    except (MarketoFailure, NothingToAsk, NoTurn) as failure:
        click.echo(f"Error: {failure}", err=True)
        context.exit(FAILED)
    for one in compared.differences:
        click.echo("\t".join((str(one.day), one.type_key, str(one.ours), str(one.theirs), _which(one))))
    if compared.differences:
        click.echo(f"{len(compared.differences)} differences", err=True)
        context.exit(FAILED)
    click.echo(f"no difference: {compared.theirs} activities agree")


def _which(one: Difference) -> str:
    said = []
    if one.missing:
        kept = f", {one.rejected} of them kept as rejected" if one.rejected else ""
        said.append(f"{len(one.missing)} not stored{kept}: {_named(one.missing)}")
    if one.beyond:
        said.append(f"{len(one.beyond)} that Marketo does not have (any more): {_named(one.beyond)}")
    return "; ".join(said)


def _named(guids: list[str]) -> str:
    return ", ".join(guids[:NAMED]) + (", …" if len(guids) > NAMED else "")
