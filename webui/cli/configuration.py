"""chatpane config and chatpane switch: the configuration tab from the command line."""

import sys

import click
from flask import Flask

from webui import operational_settings
from webui import switch as flag
from webui.access.secret import secrets_of
from webui.cli.who import who
from webui.config import Settings
from webui.operational_settings import Operational
from webui.switch import LEAST_PACKAGE
from webui.wording import utc

REASONS = {
    operational_settings.NOT_A_VERSION: "that is not a version: write one such as 2.4.0",
    operational_settings.TOO_OLD_WHILE_ON: f"the switch is on and needs {LEAST_PACKAGE} "
    "or higher: turn it off first",
    operational_settings.NOT_AN_ORIGIN: "write origins such as https://crm.example.com with spaces between; "
    "only this machine may be http",
    operational_settings.KEY_TOO_SHORT: f"the key has fewer than {operational_settings.KEY_BYTES} bytes",
}

MENDING = {
    "package-version": f"the Sales Insight package must be {LEAST_PACKAGE} or higher: "
    f"`chatpane config set package-version {LEAST_PACKAGE}`",
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
    now = operational_settings.shown()
    for name, value in _described(now):
        click.echo(f"{name}: {value}")


def _described(now: Operational) -> list[tuple[str, str]]:
    key = "not set"
    if now.api_key_changed_at:
        key = f"set, last changed {utc(now.api_key_changed_at)} by {now.api_key_changed_by}"
    connection = "not set up"
    if now.connected_at:
        last = f", last delivery {utc(now.last_delivery_at)}" if now.last_delivery_at else ""
        connection = f"since {utc(now.connected_at)} by {now.connection_source}{last}"
    return [
        ("package-version", now.package_version or "not set"),
        ("api-secret-key", key),
        ("allowed-origins", now.allowed_origins or "none"),
        ("dynamic-chat-connection", connection),
        ("enable-dynamic-chat-data", flag.state(now.chat_enabled)),
        ("weeks-time-zone", now.weeks_timezone),
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


@set_.command("allowed-origins")
@click.argument("origins")
def allowed_origins(origins: str) -> None:
    """Say which sites may show panels in a frame.

    ORIGINS has spaces between; none may while it is empty.
    """
    try:
        operational_settings.set_allowed_origins(origins, who())
    except operational_settings.BadValue as bad:
        raise click.ClickException(f"allowed-origins stay as they are: {REASONS[bad.reason]}") from bad


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
        operational_settings.set_api_key(key, who(), secrets_of(settings))
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
    now = operational_settings.shown()
    click.echo(flag.state(now.chat_enabled))
    for prerequisite in now.prerequisites:
        click.echo(f"{prerequisite.key}: {'met' if prerequisite.met else MENDING[prerequisite.key]}")
    for change in flag.history(what=flag.WHAT):
        click.echo(f"{utc(change.at)}\t{change.who}\t{change.was} → {change.became}")
