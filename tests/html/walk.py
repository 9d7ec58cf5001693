"""Every address of the app, with real rows in the place of each parameter."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.html.pages import press, send, turn
from tests.reading import HTMX, soup
from webui import attention, family_settings
from webui.ingest import activity_types, sources, store
from webui.ingest.records import Batch, Rejection
from webui.vocabulary import BY_KEY, CHAT, FAMILY, OTHERS, PANELS, SOURCES

if TYPE_CHECKING:
    from tests.html.conftest import Company

FAILING = (
    "/leads/nobody",
    "/leads/00Q1?tab=none",
    "/chat/activities/999",
    "/nowhere",
    "/leads/00Q1/chat?sort=name",
)


PLAIN = (
    "static",
    "page_files.script",
    "page_files.stylesheet",
    "health.healthz",
    "health.readyz",
    "metrics.metrics",
    "chat.record_file",
    "chat.everyones_file",
    "others.record_file",
    "others.everyones_file",
    "chat.transcript_file",
    "chat.appointment_file",
    "lead_feed.atom",
)
WAYS_IN = ("embed.by_link", "embed.by_canvas", "sign_in.start", "sign_in.finish", "sign_in.ask")
HOOKS = ("hooks.challenge", "hooks.adobe_events", "hooks.marketo_activities")  # for machines: test_hooks.py
OTHER_SITE = ("demo_crm.page", "demo_crm.link")  # the demo's CRM: test_demo_crm.py


def values_of(rule: Rule, company: "Company") -> list[dict[str, object]]:
    """Return values for the parameters of a rule; each that a later rule brings must be added here."""
    ids = (company.lead, company.contact, company.account, company.opportunity)
    panels = [{"panel": panel, "crm_id": crm_id} for panel, crm_id in zip(PANELS, ids, strict=True)]
    is_of_chat = rule.endpoint.startswith("chat.")
    activities = [
        {"id_": id_}
        for (key, _status), id_ in company.activities.items()
        if (BY_KEY[key].family == CHAT.key) == is_of_chat
    ]
    known: dict[tuple[str, ...], list[dict[str, object]]] = {
        (): [{}],
        ("crm_id", "panel"): panels,
        ("crm_id", "family", "panel"): [{**panel, "family": one.key} for panel in panels for one in OTHERS],
        ("family",): [{"family": one.key} for one in OTHERS if one.is_global],
        ("id_",): activities,
        ("filename",): [{"filename": "pane.css"}],
        ("mark",): [{"mark": "0-0a66c2"}],
        ("secret",): [{"secret": "guess"}],
    }
    return known[tuple(sorted(rule.arguments))]


def addresses(app: Flask, company: "Company") -> Iterator[tuple[Rule, str]]:
    """Give each rule of the app's map with each of its paths."""
    for rule in app.url_map.iter_rules():
        for values in values_of(rule, company):
            _host, path = rule.build(values)
            yield rule, path


def of_chat(rule: Rule) -> bool:
    """Whether a rule belongs to the feature."""
    return rule.endpoint.startswith("chat.")


def pages(app: Flask, company: "Company") -> list[str]:
    """Return the path of every page that can be read, of the feature and beside it."""
    return [
        path
        for rule, path in addresses(app, company)
        if "GET" in rule.methods and rule.endpoint not in (*PLAIN, *WAYS_IN, *HOOKS, *OTHER_SITE)
    ]


def other_pages(app: Flask, company: "Company") -> list[str]:
    """Return the path of every page that is none of the feature's."""
    chat = {path for rule, path in addresses(app, company) if of_chat(rule)}
    return [path for path in pages(app, company) if path not in chat]


def is_page(answer: TestResponse) -> bool:
    """Whether an answer is a whole page, of whatever status."""
    return bool(soup(answer, answer.status_code).select("html, body, main"))


Seen = tuple[str, bool, BeautifulSoup]


def everything(app: Flask, client: FlaskClient, company: "Company") -> list[Seen]:
    """Return (address, whether a page, the answer) of each page, each fragment, failures and the switch off.

    An answer's ``source`` is its markup as it came.
    It turns the switch off and resets the configuration on its way.
    """
    activity_types.learn_types(
        [(1001, "Engaged with a Dialogue"), (100_001, "Chat of our own"), (1, "Visit")]
    )
    activity_types.override({100_001: "reached-goal"}, "test")
    change_and_change_back()
    appointment = company.activities["scheduled-appointment", "scheduled"]
    more = [
        "/leads/00Q1?tab=chat",
        "/contacts/003A/dashboard?show-account=1",
        f"/leads/00Q1/chat?open={appointment}",
        "/accounts/001A/chat?type=reached-goal",
        "/accounts/001A/chat?dialogue=Pricing",
        "/leads/00Q2/chat",
        f"/leads/00Q2/chat?open={appointment}",
        "/leads/00Q2/chat/news?total=77",
        "/leads/00Q1/email?type=opened-email",
        f"/leads/00Q1/moments?open={company.activities['web-moment', None]}",
        "/leads/00Q2/score",
        *FAILING,
    ]
    seen = [one for url in [*pages(app, company), *more] for one in _both(client, url)]
    seen += list(_own(client))
    reject()
    for source in SOURCES:
        sources.failed(source, "It does not answer.")
    late_pages = ("/leads/00Q1", "/global", "/config")
    late = [(f"{url} (late)", *rest) for url in late_pages for _, *rest in _both(client, url)]
    seen += [(url, whole, page) for url, whole, page in late]
    turn(client, on=False)
    off = [
        one for url in ("/config", "/leads/00Q1/chat", "/global", "/leads/00Q1") for one in _both(client, url)
    ]
    seen += [(f"{url} (off)", whole, page) for url, whole, page in off]
    send(client, "/config/reset", sure="y")
    seen += [(f"{url} (reset)", whole, page) for url, whole, page in _both(client, "/config")]
    return seen


def _own(client: FlaskClient) -> Iterator[Seen]:
    """Give what a viewer keeps for themselves, and what each of its forms answers."""
    for path in ("/leads/00Q1", "/accounts/001A", "/opportunities/006A"):
        yield from _pressed(client, path, "[data-watch]")
    attention.watch("demo", "accounts", "001-gone")
    yield from _pressed(client, "/global/watch-list", "tr:not([data-gone]) [data-unwatch]")
    yield from _pressed(client, "/global/best-bets", "[data-hide]")
    yield from _pressed(client, "/global/best-bets?hidden=1", "[data-show-again]")
    yield from _pressed(client, "/global/moments/address", "[data-make-address]")
    yield from _pressed(client, "/global/moments/address", "[data-revoke-address]")


def _pressed(client: FlaskClient, url: str, css: str) -> Iterator[Seen]:
    """Give a page and its fragment, then what its first button of a kind answers to htmx."""
    seen = _both(client, url)
    yield from seen
    _url, _whole, page = seen[0]
    first = page.select(css)[0]
    answer = press(client, first.find_parent("form"), f"[{css.rpartition('[')[2]}", headers=HTMX)
    yield url, is_page(answer), _read(answer)


def change_and_change_back() -> None:
    """Let the history have a line of each change of tabs and families, and all be as before."""
    for of, there in family_settings.THERE.items():
        family_settings.set_tabs(of, there[::-1], "test")
        family_settings.set_tabs(of, there, "test")
    family_settings.set_families("test", on=["web"], kept_days={"web": "90"}, hidden_days="9")
    family_settings.set_families("test", on=FAMILY, kept_days={"web": ""}, hidden_days="7")


def reject() -> None:
    """Let a row of a file be rejected."""
    rejection = Rejection(line=2, body="?", reason="This row cannot be read.")
    store.save(Batch(source="activities", file="activities.csv", rejections=[rejection]))


def _both(client: FlaskClient, url: str) -> list[Seen]:
    answers = [client.get(url, headers=headers) for headers in ({}, HTMX)]
    return [(url, is_page(answer), _read(answer)) for answer in answers]


def _read(answer: TestResponse) -> BeautifulSoup:
    page = soup(answer, answer.status_code)
    page.source = answer.get_data(as_text=True)
    return page
