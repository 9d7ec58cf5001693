"""chatpane audit: who opened, changed or was refused what."""

from datetime import datetime

import click

from webui import audit as audit_trail
from webui.cli.times import since_option
from webui.ingest.records import one_line
from webui.wording import utc


@click.command()
@click.option("--since", callback=since_option, help="No older lines: a date (UTC), or days such as 7d.")
@click.option("--viewer", help="Lines of this viewer alone, such as link:0055g00000AbCdE.")
@click.option("--what", help="How the record, path or setting begins, such as leads/00Q1.")
@click.option("--action", type=click.Choice(audit_trail.ACTIONS), help="Lines of this kind alone.")
@click.option("--limit", type=click.IntRange(min=1), default=1_000, show_default=True, help="So many lines.")
def audit(
    since: datetime | None, viewer: str | None, what: str | None, action: str | None, limit: int
) -> None:
    """Show the audit trail, newest first, a line each.

    Time (UTC), action, viewer, what, why and address, separated by tabs, uncut.
    """
    lines = audit_trail.entries(since=since, viewer=viewer, what=what, action=action, limit=limit)
    for at, *texts in lines:
        click.echo("\t".join((utc(at), *(one_line(text or "") for text in texts))))
