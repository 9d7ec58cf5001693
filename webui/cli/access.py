"""chatpane embed-link, explain, audit and sign-out-everyone: who gets in, who sees what, who did what.

``settle_keys`` is what a start does about the keys that let people in.
"""

import re
from datetime import UTC, datetime, timedelta

import click
from flask import Flask

from webui import audit as audit_trail
from webui import operational_settings
from webui.access import explain as reasons
from webui.access import links, named, visitors
from webui.access.grants import ADMIN, ALL, REP, ROLES, Opens, parse_opens
from webui.access.policy import Configuration, OneActivity, OneRecord
from webui.access.secret import secrets_of
from webui.access.viewer import zone_named
from webui.cli.who import user, who
from webui.config import Settings
from webui.ingest.records import one_line
from webui.vocabulary import LANGUAGES
from webui.wording import utc

SET_KEY = "fill it in on the configuration tab, or by `chatpane config set api-secret-key`"
RECORDS = "leads/<crm_id>, contacts/…, accounts/…, opportunities/…"
FORBIDDEN = 1


def key_trouble(settings: Settings) -> str | None:
    """Say why no embed link can be signed by the API Secret Key; None when one can."""
    if operational_settings.api_keys(secrets_of(settings)):
        return None
    if operational_settings.shown().has_api_key:
        return (
            "the API Secret Key was encrypted by another CHATPANE_SECRET_KEY: name that one in "
            f"CHATPANE_PREVIOUS_SECRET_KEY, or {SET_KEY}"
        )
    return f"there is no API Secret Key: {SET_KEY}"


def settle_keys(settings: Settings) -> None:
    """Encrypt the API Secret Key by the newest secret, and say if embed links cannot be served."""
    if settings.previous_secret_key:
        operational_settings.encrypt_anew(secrets_of(settings))
    trouble = key_trouble(settings)
    if trouble and not settings.demo and not settings.embed_public_key:
        click.echo(f"Embed links cannot be served yet: {trouble}.", err=True)


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
@click.option(
    "--port",
    default=8000,
    show_default=True,
    envvar="PORT",
    type=click.IntRange(1, 65535),
    help="Where Chatpane listens, for a link without CHATPANE_PUBLIC_URL.",
)
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
    click.echo(f"{settings.public_url or f'http://127.0.0.1:{port}'}/embed?token={token}")
    click.echo("The link is valid for five minutes and works once.", err=True)
    if not settings.public_url:
        click.echo("CHATPANE_PUBLIC_URL is not set: the link is for this machine alone.", err=True)


@click.command()
@click.option("--viewer", required=True, help="A user's id, what a link opens, or admin.")
@click.option("--record", required=True, help="What the viewer would open.")
@click.pass_context
def explain(context: click.Context, viewer: str, record: str) -> None:
    """Say by which rule somebody may see something, or that none allows it.

    VIEWER is a viewer of the audit trail (link:…, canvas:…, oidc:…, admin-link:…; an id alone is a
    link's), whose grants are tried in turn. Or ask what a new link would see: leads/<crm_id>,
    contacts/…, accounts/…, opportunities/…, all, or admin.

    RECORD is leads/<crm_id>, contacts/…, accounts/…, opportunities/…, activities/<id>, global or config.

    The first line is the verdict, then a line for each grant. Exits 0 when it is allowed, 1 when not.
    """
    settings: Settings = context.obj.extensions["chatpane"]
    wanted = reasons.parse_asked(record)
    if wanted is None:
        raise click.BadParameter(
            f"write {RECORDS}, activities/<id>, global or config",
            param_hint="--record",
        )
    asked = reasons.as_stored(wanted)
    tried = [] if asked is None else reasons.tried(viewer, asked, settings)
    is_allowed = any(one.rule for one in tried)
    click.echo("allowed" if is_allowed else "forbidden")
    if asked is None:
        click.echo(f"there is no {wanted}: everyone gets the answer of a record that is not theirs")
    elif not tried:
        click.echo(_without_grant(viewer))
    for one in tried:
        click.echo(_line(one, asked))
    _add_notes(asked, settings)
    context.exit(0 if is_allowed else FORBIDDEN)


def _line(one: reasons.Tried, asked: reasons.Asked | None) -> str:
    end = f"until {utc(one.until)}" if one.until else "by a new link or sign-in"
    grant = f"{one.grant.opens} ({one.grant.role}, {end})"
    return (
        f"allowed: {grant} by the rule: {one.rule}"
        if one.rule
        else f"forbidden: {grant}: no rule allows {asked}"
    )


def _without_grant(viewer: str) -> str:
    opens = parse_opens(viewer)
    if opens:
        return f"there is no {opens}: a link that opens it is refused"
    return f"{reasons.name_of(viewer)} has no grant: never let in, or the sessions are over"


def _add_notes(asked: reasons.Asked | None, settings: Settings) -> None:
    """Tell on standard error what else decides, beside the rules."""
    match asked:
        case OneRecord(opens):
            found = named.find(opens)
            if found and found.now != opens:
                click.echo(
                    f"{opens} is {found.now} now, and its page leads there: ask for that too.", err=True
                )
        case OneActivity() if not operational_settings.shown().chat_enabled:
            click.echo("Enable Dynamic Chat Data is off: nobody sees a chat activity.", err=True)
        case Configuration() if not settings.embed_admin:
            click.echo("CHATPANE_EMBED_ADMIN is off: no new embed link lets an admin in.", err=True)


def _since(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        if re.fullmatch(r"[0-9]{1,6}d", value):
            return datetime.now(UTC) - timedelta(days=int(value[:-1]))
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter("write a date such as 2026-11-23 (UTC), or days such as 7d") from None


@click.command()
@click.option("--since", callback=_since, help="No older lines: a date (UTC), or days such as 7d.")
@click.option("--viewer", help="Lines of this viewer alone, such as link:0055g00000AbCdE.")
@click.option("--what", help="How the record, path or setting begins, such as leads/00Q1.")
@click.option("--action", type=click.Choice(audit_trail.ACTIONS), help="Lines of this kind alone.")
@click.option("--limit", type=click.IntRange(min=1), default=1_000, show_default=True, help="So many lines.")
def audit(
    since: datetime | None, viewer: str | None, what: str | None, action: str | None, limit: int
) -> None:
    """Show the audit trail, newest first, a line each.

    Time (UTC), action, viewer, what, why and address, separated by tabs, uncut.
    """
    lines = audit_trail.entries(since=since, viewer=viewer, what=what, action=action, limit=limit)
    for at, *texts in lines:
        click.echo("\t".join((utc(at), *(one_line(text or "") for text in texts))))


@click.command("sign-out-everyone")
def sign_out_everyone() -> None:
    """End every session: of panels, of browsers, of admins.

    The audit trail says who did it.
    """
    visitors.sign_out_everyone(who())
    click.echo("Every session is over: panels ask their CRM for a new link, admins sign in again.")
