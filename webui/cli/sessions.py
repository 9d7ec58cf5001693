"""chatpane admin-link and sign-out-everyone: an admin's way in, and everybody's way out."""

import click
from flask import Flask

from webui import audit
from webui.access import admin_links, visitors
from webui.access.admin_links import VALID_FOR
from webui.cli.address import address_of, port_option
from webui.cli.who import user, who
from webui.config import Settings
from webui.database import db
from webui.installation import facts


@click.command("admin-link")
@port_option("Port of the server, for a link on this machine.")
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
    click.echo(f"{address_of(settings, port)}/config/enter?token={token}")
    minutes = int(VALID_FOR.total_seconds() // 60)
    click.echo(f"It works once, within {minutes} minutes, for whoever has it.", err=True)
    if not settings.public_url:
        click.echo("Set CHATPANE_PUBLIC_URL for a link that works on other machines.", err=True)
    if settings.demo:
        click.echo("The demo needs no link: /config is open.", err=True)


@click.command("sign-out-everyone")
def sign_out_everyone() -> None:
    """End every session: of panels, of browsers, of admins.

    The audit trail says who did it.
    """
    visitors.sign_out_everyone(who())
    click.echo("Every session is over: panels ask their CRM for a new link, admins sign in again.")
