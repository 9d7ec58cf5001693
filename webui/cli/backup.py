"""chatpane backup and chatpane restore: the whole database in a file, and back."""

from pathlib import Path

import click
from flask import Flask

from webui import backup as backups
from webui import operational_settings, schema
from webui.access.secret import secrets_of
from webui.backup.refusals import Refused
from webui.config import Settings
from webui.database import db


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Back the database up to FILE, while Chatpane runs.

    FILE must not be there yet. Only its owner may read it. CHATPANE_SECRET_KEY is not in it.
    """
    click.echo(f"backing up {schema.shown(db.engine.url)}", err=True)
    try:
        revision = backups.write(file)
    except (Refused, schema.NoDatabase) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {file.stat().st_size} bytes, schema {revision}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(app: Flask, file: Path) -> None:
    """Restore the backup FILE into an empty database.

    A backup of an older release is brought up to date. Nothing is restored over records.
    """
    settings: Settings = app.extensions["chatpane"]
    try:
        revision = backups.restore(file, settings)
    except (Refused, schema.NoDatabase) as error:
        raise click.ClickException(str(error)) from error
    if operational_settings.shown().has_api_key and not operational_settings.api_keys(secrets_of(settings)):
        click.echo(
            "The API Secret Key in it was encrypted by another CHATPANE_SECRET_KEY: set that one, or fill "
            "the key in again with `chatpane config set api-secret-key`.",
            err=True,
        )
    now = schema.revision()
    click.echo(f"{file}: schema {revision}" + (f" → {now}" if now != revision else ""))
