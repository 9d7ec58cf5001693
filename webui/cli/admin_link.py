"""chatpane admin-link: a link with which an admin enters, where there is no provider or it is down."""

import click
from flask import Flask

from webui import audit
from webui.access import admin_links
from webui.access.admin_links import VALID_FOR
from webui.cli.who import user, who
from webui.config import Settings
from webui.database import db
from webui.installation import facts


@click.command("admin-link")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    envvar="PORT",
    type=click.IntRange(1, 65535),
    help="Port of the server, for a link on this machine.",
)
@click.pass_obj
def admin_link(app: Flask, port: int) -> None:
    """Print a link that lets an admin in.

    It works once, for ten minutes. Without CHATPANE_PUBLIC_URL it is for this machine.
    """
    settings: Settings = app.extensions["chatpane"]
    weak = settings.weak_secret()
    if weak and not settings.demo:
        raise click.ClickException(f"{weak}: set it to the one that the server has, which checks the link")
    token = admin_links.make(settings, user(), facts().session_generation)
    audit.note(audit.CHANGED, "admin-link", viewer=who(), why="a link was made")
    db.session.commit()
    click.echo(f"{settings.public_url or f'http://127.0.0.1:{port}'}/config/enter?token={token}")
    minutes = int(VALID_FOR.total_seconds() // 60)
    click.echo(f"It works once, within {minutes} minutes, for whoever has it.", err=True)
    if not settings.public_url:
        click.echo("Set CHATPANE_PUBLIC_URL for a link that works on other machines.", err=True)
    if settings.demo:
        click.echo("The demo needs no link: /config is open.", err=True)
