"""Who may see what: the rule of every route, and the one place that decides.

Each endpoint says in ``WANTED`` what its URL asks for; an endpoint that is not there is answered to
nobody. ``allows`` looks at one grant and says by which rule, checked against the database now.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from webui.access.grants import ADMIN, ALL, Grant, Opens
from webui.config import Settings
from webui.database import storable
from webui.feeds import reach

PEOPLE = ("leads", "contacts")
GROUPS = ("accounts", "opportunities", ALL.panel)


class OneRecord(NamedTuple):
    """A record's panel, or a part of it."""

    opens: Opens

    def __str__(self) -> str:
        return str(self.opens)


class OneActivity(NamedTuple):
    """The detail of an activity."""

    id: int

    def __str__(self) -> str:
        return f"activities/{self.id}"


class Everyone(NamedTuple):
    """The global tab."""

    def __str__(self) -> str:
        return "global"


class Configuration(NamedTuple):
    """The configuration tab."""

    def __str__(self) -> str:
        return "config"


class DemoOnly(NamedTuple):
    """A page that only the demo has."""

    def __str__(self) -> str:
        return "demo"


class Anyone(NamedTuple):
    """What needs no session: health, static files, the ways in, the hooks."""

    def __str__(self) -> str:
        return "open to all"


Wanted = OneRecord | OneActivity | Everyone | Configuration | DemoOnly | Anyone
Values = Mapping[str, Any]


def _record(values: Values) -> Wanted:
    return OneRecord(Opens(values["panel"], storable(values["crm_id"])))


def _activity(values: Values) -> Wanted:
    return OneActivity(values["id_"])


def _always(wanted: Wanted) -> Callable[[Values], Wanted]:
    return lambda _values: wanted


WANTED: dict[str, Callable[[Values], Wanted]] = {
    "panels.panel": _record,
    "dashboard.of_record": _record,
    "chat.of_record": _record,
    "chat.one": _activity,
    "chat.record_file": _record,
    "chat.everyones_file": _always(Everyone()),
    "chat.news.of_record": _record,
    "chat.news.of_everyone": _always(Everyone()),
    "chat.talk": _activity,
    "chat.transcript_file": _activity,
    "chat.appointment_file": _activity,
    "global_tab.page": _always(Everyone()),
    "chat.of_everyone": _always(Everyone()),
    "others.of_record": _record,
    "others.record_file": _record,
    "others.of_everyone": _always(Everyone()),
    "others.everyones_file": _always(Everyone()),
    "others.one": _activity,
    "lead_feed.address": _always(Everyone()),
    "lead_feed.make": _always(Everyone()),
    "lead_feed.revoke": _always(Everyone()),
    "lead_feed.atom": _always(Anyone()),  # asks for the secret in its address
    "best_bets.page": _always(Everyone()),
    "best_bets.hide": _always(Everyone()),
    "best_bets.show_again": _always(Everyone()),
    "watch_list.turn": _record,
    "watch_list.page": _always(Everyone()),
    "watch_list.remove": _always(Everyone()),
    "config_tab.page": _always(Configuration()),
    "config_tab.package_version": _always(Configuration()),
    "config_tab.api_secret_key": _always(Configuration()),
    "config_tab.allowed_origins": _always(Configuration()),
    "config_tab.test_connection": _always(Configuration()),
    "config_tab.set_activity_types": _always(Configuration()),
    "config_tab.set_panel_tabs": _always(Configuration()),
    "config_tab.set_global_tabs": _always(Configuration()),
    "config_tab.set_families": _always(Configuration()),
    "config_tab.turn": _always(Configuration()),
    "config_tab.ask_reset": _always(Configuration()),
    "config_tab.reset": _always(Configuration()),
    "sign_in.start": _always(Anyone()),
    "sign_in.finish": _always(Anyone()),
    "sign_in.ask": _always(Anyone()),
    "sign_in.enter": _always(Anyone()),
    "sign_in.leave": _always(Configuration()),
    "home.page": _always(DemoOnly()),
    "demo_crm.page": _always(DemoOnly()),
    "demo_crm.link": _always(DemoOnly()),
    "page_files.script": _always(Anyone()),
    "page_files.stylesheet": _always(Anyone()),
    "embed.by_link": _always(Anyone()),
    "embed.by_canvas": _always(Anyone()),
    "hooks.challenge": _always(Anyone()),
    "hooks.adobe_events": _always(Anyone()),
    "hooks.marketo_activities": _always(Anyone()),
    "health.healthz": _always(Anyone()),
    "health.readyz": _always(Anyone()),
    "metrics.metrics": _always(Anyone()),  # asks for a token of its own
    "static": _always(Anyone()),
}


def wanted(endpoint: str, values: Values) -> Wanted | None:
    """Return what a URL asks for, None for an endpoint without a rule."""
    asks = WANTED.get(endpoint)
    return asks(values) if asks else None


def allows(grant: Grant, asked: Wanted, settings: Settings) -> str | None:
    """Return the name of the rule by which a grant allows what is asked, None if none does.

    Cost: no statement, or one look-up by index.
    """
    match asked:
        case Configuration():
            return "admin" if grant.role == ADMIN else None
        case Everyone():
            return "opens all" if grant.opens == ALL else None
        case OneRecord(opens):
            return _allows_record(grant.opens, opens)
        case OneActivity(id_):
            return _allows_activity(grant.opens, id_, settings)
        case Anyone():
            return "open to all"
    return None


def _allows_record(granted: Opens, asked: Opens) -> str | None:
    if granted == ALL:
        return "opens all"
    if granted == asked:
        return "the record itself"
    belongs, rule = False, ""
    panel, crm_id = granted
    match panel, asked.panel:
        case "accounts", "contacts":
            belongs, rule = reach.is_contact_of(crm_id, asked.crm_id), "a contact of the account"
        case "opportunities", "leads" | "contacts":
            belongs, rule = reach.has_role_in(crm_id, *asked), "a person with a role in the opportunity"
        case "leads" | "contacts", "leads" | "contacts":
            belongs, rule = reach.is_now(granted, *asked), "the person that the record became"
    return rule if belongs else None


def _allows_activity(granted: Opens, id_: int, settings: Settings) -> str | None:
    panel, crm_id = granted
    match panel:
        case "all":
            return "opens all"
        case "accounts":
            return "an activity of the account" if reach.activity_is_of_account(crm_id, id_) else None
        case "opportunities":
            belongs = reach.activity_is_of_opportunity(crm_id, id_)
            return "an activity of somebody in the opportunity" if belongs else None
        case "contacts" if settings.show_account:
            belongs = reach.activity_is_of_contact_or_account(crm_id, id_)
            return "an activity of the contact or its account" if belongs else None
    return "an activity of the person" if reach.activity_is_of_person(panel, crm_id, id_) else None


def may_show_account(grant: Grant, contact: Opens, settings: Settings) -> bool:
    """Whether a contact's dashboard may show its account's activities instead of its own."""
    if grant.opens.panel in ("accounts", ALL.panel):
        return True
    return settings.show_account and grant.opens == contact


def may_link(grant: Grant, opens: Opens) -> bool:
    """Whether a page may link to a record that it shows; no look-up, for a page has many links."""
    if grant.opens in (ALL, opens):
        return True
    return opens.panel in PEOPLE and grant.opens.panel in GROUPS
