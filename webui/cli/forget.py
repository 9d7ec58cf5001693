"""chatpane forget: erasing a person everywhere."""

import click
from sqlalchemy.exc import SQLAlchemyError

from webui.access import salesforce_ids
from webui.database import db, leave_no_trace
from webui.ingest import forget as erasing
from webui.ingest.forget import Found
from webui.installation import writing

NOT_ERASED = 1


@click.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def forget(context: click.Context, person: str, yes: bool) -> None:
    """Erase a person everywhere, for good.

    PERSON is leads/<crm_id>, contacts/<crm_id>, or a CRM id or e-mail address that only one has. Of a
    person deleted before, marketo/<id> erases the chats that were kept without a name.

    Gone are the person, their activities and roles, rejected rows about them, grants that open their record,
    their places on watch lists and among the hidden, and their name in the audit trail. Their bare ids stay,
    lest the next delivery bring them back. Backups are out of reach. Says how many of what it erased. Exits 1
    when nobody, or more than one, is meant.
    """
    found = _found(person)
    if len(found) != 1:
        click.echo(f"nobody is known as {person}" if not found else f"{person} may mean:", err=True)
        for one in found:
            click.echo(f"{one}\t{one.name or 'deleted already'}", err=True)
        context.exit(NOT_ERASED)
    (one,) = found
    if not yes:
        click.confirm(f"Erase {one} ({one.name or 'deleted already'}) for good?", abort=True, err=True)
    with writing():
        erased = erasing.forget(one, salesforce_ids.forms)
    for name, count in erased._asdict().items():
        click.echo(f"{name.replace('_', ' ')}: {count}")
    click.echo("The bare ids stay, without which the next delivery would bring the person back.", err=True)
    click.echo("Backups made before still hold the person: delete them, or let them age out.", err=True)
    _clean_up()


def _found(person: str) -> list[Found]:
    panel, slash, crm_id = person.rpartition("/")
    for form in salesforce_ids.forms(crm_id):
        found = erasing.find(f"{panel}{slash}{form}")
        if found:
            return found
    return []


def _clean_up() -> None:
    """Take the erased rows out of the database's files, too."""
    db.session.remove()
    try:
        is_done = leave_no_trace()
    except SQLAlchemyError as error:
        is_done = False
        click.echo(f"the files could not be cleaned: {getattr(error, 'orig', error)}", err=True)
    if not is_done:
        click.echo(
            "Erased rows may stay readable in the database's files until they are cleaned: stop Chatpane "
            "and run the same command again. No page shows them.",
            err=True,
        )
