"""chatpane migrate, recount and reindex: keeping an installation sound."""

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from webui import schema
from webui.config import Settings
from webui.ingest import search_texts
from webui.ingest.attribution import recount as count_anew
from webui.installation import writing


@click.command()
@click.pass_obj
def migrate(app: Flask) -> None:
    """Bring the database's schema to this release's."""
    try:
        schema.migrate(app.extensions["chatpane"])
    except schema.NoDatabase as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        raise click.ClickException(f"the database cannot be used: {getattr(error, 'orig', error)}") from error
    click.echo(f"schema {schema.revision()}")


@click.command()
@click.pass_obj
def recount(app: Flask) -> None:
    """Count every week anew from the activities.

    Weeks are those of CHATPANE_TIMEZONE. Says what differed.
    """
    settings: Settings = app.extensions["chatpane"]
    with writing() as stored:
        moves = stored != settings.timezone
        differing = count_anew(settings.timezone if moves else None)
    if moves:
        click.echo(f"weeks: {stored.key} → {settings.timezone.key}")
    for table, count in differing.items():
        click.echo(f"{table}: {count} counts {'moved' if moves else 'were wrong and are mended'}")


@click.command()
def reindex() -> None:
    """Write anew what text search looks in.

    It is kept in step by itself; this mends it where somebody changed the database by hand.
    """
    count = search_texts.renew_all()
    click.echo(f"search_text: {count} texts")
