"""chatpane doctor: every setting, and what is wrong with the installation or may not be meant."""

import os
from dataclasses import Field
from typing import Any

import click
from sqlalchemy import make_url

from webui import schema
from webui.cli import checkup
from webui.cli.keys import key_trouble
from webui.config import SECRET, Settings
from webui.installation import facts


@click.command()
@click.option("--offline", is_flag=True, help="Call neither Marketo nor Adobe.")
@click.pass_context
def doctor(context: click.Context, offline: bool) -> None:
    """List the settings and check the installation.

    Looked at are the settings, the database and its schema, the prerequisites of the switch, each source,
    the connections and the clocks. It takes two of Marketo's calls of the day, or none with --offline.

    Exits 1 when something is wrong. A warning is what a start accepts and you may not have meant.
    """
    settings: Settings = context.obj.extensions["chatpane"]
    for name, variable, setting in Settings.described():
        click.echo(f"{variable}={_shown(name, variable, setting, settings)}  # {setting.metadata['help']}")
    complaints: list[str] = []
    warnings = settings.doubts()
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
        warnings += _about_embedding(settings)
        for found in (checkup.prerequisites(), checkup.sources(settings), checkup.database_clock()):
            complaints += found.wrong
            warnings += found.doubtful
    except (schema.NoDatabase, schema.SchemaTooOld) as error:
        complaints.append(str(error))
    if not offline:
        complaints += checkup.connections(settings).wrong
    for complaint in complaints:
        click.echo(f"wrong: {complaint}", err=True)
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo("sound" if not complaints else f"{len(complaints)} to mend")
    context.exit(1 if complaints else 0)


def _shown(name: str, variable: str, setting: "Field[Any]", settings: Settings) -> str:
    """Return a setting's value, without what is secret."""
    given = os.environ.get(variable, "")
    if name == "database_url" and given:
        return schema.shown(make_url(settings.database))
    if name == "embed_public_key" and given:
        count = len(settings.embed_public_key)
        return f"({count} public {'key' if count == 1 else 'keys'})"
    if name in SECRET and given:
        return "(set)"
    return given or setting.metadata["default"]


def _about_embedding(settings: Settings) -> list[str]:
    if settings.demo:
        return []
    found = []
    if not facts().origins:
        found.append(
            "no site may show panels in a frame: `chatpane config set allowed-origins` names your CRM's"
        )
    trouble = key_trouble(settings)
    if trouble and not settings.embed_public_key:
        found.append(f"no embed link can be served: {trouble}")
    return found
