"""chatpane config and chatpane switch: the configuration tab from the command line."""

import sys

import click
from flask import Flask

from webui import family_settings, operational_settings
from webui import switch as flag
from webui.access.secret import secrets_of
from webui.cli.who import who
from webui.config import Settings
from webui.family_settings import Chosen
from webui.operational_settings import Operational
from webui.setting_values import BadValue
from webui.switch import LEAST_PACKAGE
from webui.vocabulary import OTHERS
from webui.vocabulary.tabs import OF_GLOBAL, OF_PANELS, in_order
from webui.wording import utc

REASONS = {
    operational_settings.NOT_A_VERSION: "that is not a version: write one such as 2.4.0",
    operational_settings.TOO_OLD_WHILE_ON: f"the switch is on and needs {LEAST_PACKAGE} "
    "or higher: turn it off first",
    operational_settings.NOT_AN_ORIGIN: "write origins such as https://crm.example.com with spaces between; "
    "only this machine may be http",
    operational_settings.KEY_TOO_SHORT: f"the key has fewer than {operational_settings.KEY_BYTES} bytes",
    family_settings.NO_SUCH_TAB: "choose among the tabs that there are",
    family_settings.NO_TAB_LEFT: "panels would have no tab left but chat, which can be switched off",
    family_settings.NO_SUCH_FAMILY: "choose among the families that there are",
    family_settings.NOT_KEPT_SO_LONG: f"write days from {family_settings.LEAST_KEPT} "
    f"to {family_settings.MOST_KEPT}, or none for ever",
    family_settings.NOT_HIDDEN_SO_LONG: f"write days from {family_settings.LEAST_HIDDEN} "
    f"to {family_settings.MOST_HIDDEN}",
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
    """Operational Settings, tabs and families of activities."""


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
        *_described_families(family_settings.chosen()),
    ]


def _described_families(said: Chosen) -> list[tuple[str, str]]:
    on = " ".join(one.key for one in OTHERS if one.key not in said.families_off)
    kept = " ".join(f"{family}={days}" for family, days in said.kept_days.items())
    return [
        ("panel-tabs", " ".join(in_order(said.panel_tabs, OF_PANELS))),
        ("global-tabs", " ".join(in_order(said.global_tabs, OF_GLOBAL))),
        ("families", on or "none"),
        ("kept-days", kept or "for ever"),
        ("hidden-days", str(said.hidden_days)),
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
    except BadValue as bad:
        raise click.ClickException(f"package-version stays as it is: {REASONS[bad.reason]}") from bad


@set_.command("allowed-origins")
@click.argument("origins")
def allowed_origins(origins: str) -> None:
    """Say which sites may show panels in a frame.

    ORIGINS has spaces between; none may while it is empty.
    """
    try:
        operational_settings.set_allowed_origins(origins, who())
    except BadValue as bad:
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
    except BadValue as bad:
        raise click.ClickException(f"api-secret-key stays as it is: {REASONS[bad.reason]}") from bad


@set_.command("panel-tabs")
@click.argument("keys", nargs=-1, required=True)
def panel_tabs(keys: tuple[str, ...]) -> None:
    """Say which tabs the panels of records have, in their order.

    Chat has its own switch: left out, it is the last one.
    """
    _set_tabs(family_settings.PANELS, keys)


@set_.command("global-tabs")
@click.argument("keys", nargs=-1, required=True)
def global_tabs(keys: tuple[str, ...]) -> None:
    """Say which tabs the global tab has, in their order.

    Chat has its own switch: left out, it is the last one.
    """
    _set_tabs(family_settings.GLOBAL, keys)


def _set_tabs(of: str, keys: tuple[str, ...]) -> None:
    known = ", ".join(family_settings.THERE[of])
    try:
        family_settings.set_tabs(of, _words(keys), who())
    except BadValue as bad:
        raise click.ClickException(f"{of} stay as they are: {REASONS[bad.reason]} ({known})") from bad


@set_.command("families")
@click.argument("keys", nargs=-1, required=True)
def families(keys: tuple[str, ...]) -> None:
    """Say which families of activities are taken in and shown beside chat.

    Others are off: they have no tab, and are neither asked for nor stored. "" turns all of them off.
    """
    known = ", ".join(one.key for one in OTHERS)
    try:
        family_settings.set_families(who(), on=_words(keys))
    except BadValue as bad:
        raise click.ClickException(f"families stay as they are: {REASONS[bad.reason]} ({known})") from bad


@set_.command("kept-days")
@click.argument("pairs", metavar="FAMILY=DAYS...", nargs=-1, required=True)
def kept_days(pairs: tuple[str, ...]) -> None:
    """Say for how many days activities of a family are kept.

    FAMILY= without days keeps them for ever. Families that are not named stay as they are.
    """
    parted = [pair.partition("=") for pair in _words(pairs)]
    if wrong := [family for family, equals, _ in parted if not equals]:
        raise click.UsageError(f"write pairs such as web=365, not {wrong[0]}")
    try:
        family_settings.set_families(who(), kept_days={family: days for family, _, days in parted})
    except BadValue as bad:
        raise click.ClickException(f"{bad.name} stay as they are: {REASONS[bad.reason]}") from bad


@set_.command("hidden-days")
@click.argument("days")
def hidden_days(days: str) -> None:
    """Say for how many days a person that somebody hides stays hidden at first."""
    try:
        family_settings.set_families(who(), hidden_days=days)
    except BadValue as bad:
        raise click.ClickException(f"hidden-days stay as they are: {REASONS[bad.reason]}") from bad


def _words(arguments: tuple[str, ...]) -> list[str]:
    """Return the words of arguments, however they were quoted."""
    return [word for one in arguments for word in one.split()]


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
