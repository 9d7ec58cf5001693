"""chatpane embed-link: a signed link, to try."""

import click
from flask import Flask

from webui import operational_settings
from webui.access import links, named
from webui.access.grants import ADMIN, ALL, REP, ROLES, Opens, parse_opens
from webui.access.secret import secrets_of
from webui.access.viewer import zone_named
from webui.cli.address import address_of, port_option
from webui.cli.keys import key_trouble
from webui.cli.who import user
from webui.config import Settings
from webui.vocabulary import LANGUAGES

RECORDS = "leads/<crm_id>, contacts/…, accounts/…, opportunities/…"


def _opens(_context: click.Context, _parameter: click.Parameter, value: str) -> Opens:
    opens = parse_opens(value)
    if opens is None:
        raise click.BadParameter(f"write {RECORDS} or all")
    return opens


def _zone(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and zone_named(value) is None:
        raise click.BadParameter("write a time zone's name, such as UTC, Europe/Berlin or Asia/Tokyo")
    return value


def _user(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    value = user() if value is None else value
    if not value or len(value) > links.LONGEST_SUBJECT:
        raise click.BadParameter(f"write 1 to {links.LONGEST_SUBJECT} characters")
    return value


@click.command("embed-link")
@click.argument("opens", callback=_opens)
@click.option("--role", type=click.Choice(ROLES), default=REP, show_default=True, help="Whom it lets in.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language of the pages.")
@click.option("--tz", callback=_zone, help="The time zone of the pages, such as Europe/Berlin.")
@click.option(
    "--user", "viewer", callback=_user, help="Whom it is for; by default the operating system's user."
)
@port_option("Where Chatpane listens, for a link without CHATPANE_PUBLIC_URL.")
@click.pass_obj
def embed_link(
    app: Flask, opens: Opens, role: str, lang: str | None, tz: str | None, viewer: str, port: int
) -> None:
    """Make a signed link, to try.

    OPENS is leads/<crm_id>, contacts/…, accounts/…, opportunities/… or all. The link alone goes to
    standard output.
    """
    settings: Settings = app.extensions["chatpane"]
    trouble = key_trouble(settings)
    if trouble:
        raise click.ClickException(f"no link can be signed: {trouble}")
    if opens != ALL and named.find(opens) is None:
        click.echo(f"Warning: there is no {opens}; the link opens nothing until it is imported.", err=True)
    if role == ADMIN and not settings.embed_admin:
        click.echo("Warning: links of role admin are refused: CHATPANE_EMBED_ADMIN is off.", err=True)
    look = {name: value for name, value in (("lang", lang), ("tz", tz)) if value}
    newest = operational_settings.api_keys(secrets_of(settings))[0]
    token = links.sign(str(opens), viewer, newest, role=role, **look)
    click.echo(f"{address_of(settings, port)}/embed?token={token}")
    click.echo("The link is valid for five minutes and works once.", err=True)
    if not settings.public_url:
        click.echo("CHATPANE_PUBLIC_URL is not set: the link is for this machine alone.", err=True)
