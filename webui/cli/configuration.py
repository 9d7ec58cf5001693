"""chatpane config and chatpane switch: the configuration tab from the command line."""

import sys

import click
from flask import Flask

from webui import operational_settings
from webui import switch as flag
from webui.access.secret import secret_of
from webui.cli.who import who
from webui.config import Settings
from webui.models import Installation
from webui.wording import utc

REASONS = {
    operational_settings.NOT_A_VERSION: "that is not a version: write one such as 2.4.0",
    operational_settings.TOO_OLD_WHILE_ON: "the switch is on and needs 2.4.0 or higher: turn it off first",
    operational_settings.KEY_TOO_SHORT: f"the key has fewer than {operational_settings.KEY_BYTES} bytes",
}

MENDING = {
    "package-version": "the Sales Insight package must be 2.4.0 or higher: "
    "`chatpane config set package-version 2.4.0`",
    "dynamic-chat-connection": "no source has delivered a chat activity yet: `chatpane import FILE…`",
    "api-secret-key": "the API Secret Key is not filled in: "
    "`chatpane config set api-secret-key` reads it from standard input",
}


@click.group()
def config() -> None:
    """Operational Settings."""


@config.command()
def show() -> None:
    """Show the configuration, a line each.

    Secrets are only said to be there.
    """
    installation = operational_settings.current()
    for name, value in _described(installation):
        click.echo(f"{name}: {value}")


def _described(installation: Installation) -> list[tuple[str, str]]:
    key = "not set"
    if installation.api_key and installation.api_key_changed_at:
        key = f"set, last changed {utc(installation.api_key_changed_at)} by {installation.api_key_changed_by}"
    connection = "not set up"
    if installation.connected_at:
        last = (
            f", last delivery {utc(installation.last_delivery_at)}" if installation.last_delivery_at else ""
        )
        connection = f"since {utc(installation.connected_at)} by {installation.connection_source}{last}"
    return [
        ("package-version", installation.package_version or "not set"),
        ("api-secret-key", key),
        ("dynamic-chat-connection", connection),
        ("enable-dynamic-chat-data", flag.state(installation.chat_enabled)),
        ("weeks-time-zone", installation.weeks_timezone),
    ]


@config.group("set")
def set_() -> None:
    """Change a setting."""


@set_.command("package-version")
@click.argument("version")
def package_version(version: str) -> None:
    """Say which version of the Sales Insight package is installed."""
    try:
        operational_settings.set_package_version(version, who())
    except operational_settings.BadValue as bad:
        raise click.ClickException(f"package-version stays as it is: {REASONS[bad.reason]}") from bad


@set_.command("api-secret-key")
@click.pass_context
def api_secret_key(context: click.Context) -> None:
    """Set the API Secret Key, from standard input.

    It is never shown again.
    """
    app: Flask = context.obj
    settings: Settings = app.extensions["chatpane"]
    if not settings.secret_key:
        click.echo(
            f"CHATPANE_SECRET_KEY is not set: the key is encrypted by the secret in {settings.instance}",
            err=True,
        )
    key = click.prompt("API Secret Key", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    try:
        operational_settings.set_api_key(key, who(), secret_of(settings))
    except operational_settings.BadValue as bad:
        raise click.ClickException(f"api-secret-key stays as it is: {REASONS[bad.reason]}") from bad


@click.group()
def switch() -> None:
    """Enable Dynamic Chat Data."""


@switch.command()
def on() -> None:
    """Turn it on.

    Exits 1 and changes nothing while a prerequisite is unmet.
    """
    try:
        flag.turn(True, who())
    except flag.Refused as refused:
        lines = "\n".join(f"- {key}: {MENDING[key]}" for key in refused.unmet)
        raise click.ClickException(f"the switch stays off:\n{lines}") from refused
    click.echo("on")


@switch.command()
def off() -> None:
    """Turn it off.

    Every chat tab, row and detail goes; the data stay.
    """
    flag.turn(False, who())
    click.echo("off")


@switch.command()
def status() -> None:
    """Say whether it is on, then the prerequisites and the history."""
    installation = operational_settings.current()
    click.echo(flag.state(installation.chat_enabled))
    for prerequisite in flag.prerequisites(installation):
        click.echo(f"{prerequisite.key}: {'met' if prerequisite.met else MENDING[prerequisite.key]}")
    for change in flag.history():
        if change.what == flag.WHAT:
            click.echo(f"{utc(change.at)}\t{change.who}\t{change.was} → {change.became}")
