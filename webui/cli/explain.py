"""chatpane explain: by which rule somebody may see something."""

import click

from webui import operational_settings
from webui.access import explain as reasons
from webui.access import named
from webui.access.grants import parse_opens
from webui.access.policy import Configuration, OneActivity, OneRecord
from webui.cli.embed_link import RECORDS
from webui.config import Settings
from webui.wording import utc

FORBIDDEN = 1


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
