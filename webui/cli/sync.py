"""chatpane sync: reading Marketo, once or again and again."""

import click

from webui.cli.imports import SOME_REJECTED, summary
from webui.cli.stopping import EndingConnection, Stop, Stopped
from webui.cli.times import every_option
from webui.config import Settings, not_set
from webui.database import TROUBLE, trouble_in
from webui.marketo.connection import USUAL_PACE
from webui.marketo.pace import Limiter
from webui.sync import keeping
from webui.sync import round as rounds
from webui.sync.history import is_unfinished
from webui.sync.turn import AnotherRuns, NoTurn, turn
from webui.wording import utc

FAILED = 1
NOT_SET_UP = 2


@click.command()
@click.option(
    "--every", callback=every_option, metavar="TIME", help="Again after this time, such as 5m, until stopped."
)
@click.option("--bulk", is_flag=True, help="Load the history by bulk extracts first.")
@click.pass_context
def sync(context: click.Context, every: int | None, bulk: bool) -> None:
    """Read what is new in Marketo.

    It goes on where the last sync stopped, however that ended. Only one runs at a time. The first one begins
    at CHATPANE_SYNC_SINCE. Once a day it deletes what is older than the configuration tab lets it be kept.

    Exits 0 when all was read, 1 when Marketo could not be read to the end, 2 without credentials, 3 when some
    activities were rejected.
    """
    settings = with_credentials(context)
    stop = Stop()
    code = 0
    try:
        limiter = Limiter(USUAL_PACE)
        code = _once(settings, rounds.WITH_HISTORY if bulk else rounds.PARTS, limiter, stop)
        while every is not None:
            stop.sleep(every)
            is_left = bulk and is_unfinished()
            code = _once(settings, rounds.WITH_HISTORY if is_left else rounds.PARTS, limiter, stop)
    except Stopped:
        click.echo("stopped; the next sync goes on from here", err=True)
    context.exit(code)


def with_credentials(context: click.Context) -> Settings:
    """Return the settings; end the command with exit code 2 where Marketo's credentials are missing."""
    settings: Settings = context.obj.extensions["chatpane"]
    if missing := settings.missing_for_rest():
        click.echo(f"Error: Marketo cannot be read: {not_set(missing)}", err=True)
        context.exit(NOT_SET_UP)
    return settings


def _once(settings: Settings, parts: rounds.Parts, limiter: Limiter, stop: Stop) -> int:
    """Read these parts of Marketo once, delete what is too old, say how that went; return the exit code."""
    code = _read(settings, parts, limiter, stop)
    return _keep(stop) or code


def _read(settings: Settings, parts: rounds.Parts, limiter: Limiter, stop: Stop) -> int:
    if until := rounds.paused_until():
        click.echo(f"Marketo's calls of the day are used up: reading goes on at {utc(until)}", err=True)
        return FAILED
    try:
        with turn(), EndingConnection(settings, limiter, stop) as connection:
            return _say(rounds.run(settings, connection, parts))
    except AnotherRuns:
        click.echo("another sync is running; it reads what this one would", err=True)
    except NoTurn as error:
        click.echo(f"Error: {error}", err=True)
        return FAILED
    return 0


def _keep(stop: Stop) -> int:
    """Delete what is older than it is kept, where that is due; return the exit code."""
    try:
        with turn():
            pruned = keeping.keep(stop.sleep)
    except (AnotherRuns, NoTurn):  # was said by now, where it matters
        return 0
    except TROUBLE as error:
        reason = trouble_in(error)
        if reason is None:
            raise
        click.echo(f"Error: what is too old could not be deleted: {reason}", err=True)
        return FAILED
    if pruned:
        click.echo(f"pruned: {pruned}")
    return 0


def _say(done: rounds.Round) -> int:
    reading = done.reading
    click.echo(f"activities: {summary(reading.counts)}")
    click.echo(f"records: {summary(reading.people)}")
    for remark in reading.remarks:
        click.echo(remark, err=True)
    if done.failure:
        click.echo(f"Error: {done.failure}", err=True)
        return FAILED
    return SOME_REJECTED if reading.counts["rejected"] or reading.people["rejected"] else 0
