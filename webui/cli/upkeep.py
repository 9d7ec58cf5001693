"""chatpane migrate, recount and doctor: keeping an installation sound."""

import os

import click
from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from webui import schema
from webui.config import Settings
from webui.ingest.attribution import recount as count_anew
from webui.installation import facts, writing


@click.command()
@click.pass_obj
def migrate(app: Flask) -> None:
    """Bring the database's schema to this release's."""
    try:
        schema.migrate(app.extensions["chatpane"])
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
@click.pass_context
def doctor(context: click.Context) -> None:
    """List the settings and check the installation.

    Exits 1 when something is wrong.
    """
    settings: Settings = context.obj.extensions["chatpane"]
    complaints: list[str] = []
    for name, variable, setting in Settings.described():
        shown = os.environ.get(variable, "") or setting.metadata["default"]
        if name == "secret_key" and shown:
            shown = "(set)"
        elif name == "database_url" and shown:
            shown = schema.shown(make_url(settings.database))
        click.echo(f"{variable}={shown}  # {setting.metadata['help']}")
    weak = settings.weak_secret()
    if weak and not settings.demo:
        complaints.append(f"{weak}: a start that is not a demo refuses")
    try:
        schema.prepare(settings)
        if facts().weeks_zone != settings.timezone:
            complaints.append(
                f"weeks are counted in {facts().weeks_timezone}, CHATPANE_TIMEZONE is "
                f"{settings.timezone.key}: run `chatpane recount`"
            )
    except (schema.NoDatabase, schema.SchemaTooOld) as error:
        complaints.append(str(error))
    for complaint in complaints:
        click.echo(f"wrong: {complaint}", err=True)
    click.echo("sound" if not complaints else f"{len(complaints)} to mend")
    context.exit(1 if complaints else 0)
