"""Every route of the app, asked as nobody and as each kind of session: who gets an answer is written here.

The table says it in the words of the specification and knows nothing of the policy. A route that it does
not know fails: say here who may open it.
"""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import pytest
from sqlalchemy import Engine, event

from tests.html.conftest import browser, on_one_database, this_week
from tests.html.entering import enter, token
from tests.reading import HTMX, one, parsed, soup
from webui import create_app
from webui.access.policy import WANTED
from webui.database import db
from webui.feeds import records

OPEN_TO_ALL = "anyone"
ADMINS = "admins"
READERS_OF_ALL = "all"
DEMO = "the demo alone"
OF_A_RECORD = "the record"
OF_AN_ACTIVITY = "the activity"

WHO = {
    "panels.panel": OF_A_RECORD,
    "dashboard.of_record": OF_A_RECORD,
    "chat.of_record": OF_A_RECORD,
    "chat.one": OF_AN_ACTIVITY,
    "chat.record_file": OF_A_RECORD,
    "chat.everyones_file": READERS_OF_ALL,
    "chat.news.of_record": OF_A_RECORD,
    "chat.news.of_everyone": READERS_OF_ALL,
    "chat.talk": OF_AN_ACTIVITY,
    "chat.transcript_file": OF_AN_ACTIVITY,
    "chat.appointment_file": OF_AN_ACTIVITY,
    "chat.of_everyone": READERS_OF_ALL,
    "others.of_record": OF_A_RECORD,
    "others.record_file": OF_A_RECORD,
    "others.of_everyone": READERS_OF_ALL,
    "others.everyones_file": READERS_OF_ALL,
    "others.one": OF_AN_ACTIVITY,
    "global_tab.page": READERS_OF_ALL,
    "lead_feed.address": READERS_OF_ALL,
    "lead_feed.make": READERS_OF_ALL,
    "lead_feed.revoke": READERS_OF_ALL,
    "lead_feed.atom": OPEN_TO_ALL,  # by the secret in its address: test_lead_feed.py
    "best_bets.page": READERS_OF_ALL,
    "best_bets.hide": READERS_OF_ALL,
    "best_bets.show_again": READERS_OF_ALL,
    "watch_list.turn": OF_A_RECORD,
    "watch_list.page": READERS_OF_ALL,
    "watch_list.remove": READERS_OF_ALL,
    "config_tab.page": ADMINS,
    "config_tab.package_version": ADMINS,
    "config_tab.api_secret_key": ADMINS,
    "config_tab.allowed_origins": ADMINS,
    "config_tab.test_connection": ADMINS,
    "config_tab.set_activity_types": ADMINS,
    "config_tab.set_panel_tabs": ADMINS,
    "config_tab.set_global_tabs": ADMINS,
    "config_tab.set_families": ADMINS,
    "config_tab.turn": ADMINS,
    "config_tab.ask_reset": ADMINS,
    "config_tab.reset": ADMINS,
    "sign_in.start": OPEN_TO_ALL,
    "sign_in.finish": OPEN_TO_ALL,
    "sign_in.ask": OPEN_TO_ALL,
    "sign_in.enter": OPEN_TO_ALL,
    "sign_in.leave": ADMINS,
    "home.page": DEMO,
    "demo_crm.page": DEMO,
    "demo_crm.link": DEMO,
    "embed.by_link": OPEN_TO_ALL,
    "embed.by_canvas": OPEN_TO_ALL,
    "hooks.challenge": OPEN_TO_ALL,
    "hooks.adobe_events": OPEN_TO_ALL,
    "hooks.marketo_activities": OPEN_TO_ALL,
    "page_files.script": OPEN_TO_ALL,
    "page_files.stylesheet": OPEN_TO_ALL,
    "health.healthz": OPEN_TO_ALL,
    "health.readyz": OPEN_TO_ALL,
    "metrics.metrics": OPEN_TO_ALL,
    "static": OPEN_TO_ALL,
}

# What a session that opens the record on the left may see: records, and whose activities.
SEES = {
    "leads/00Q1": ({"leads/00Q1"}, {"leads/00Q1"}),
    "leads/00Q2": ({"leads/00Q2"}, {"leads/00Q2"}),
    "contacts/003A": ({"contacts/003A"}, {"contacts/003A", "contacts/003B"}),  # by "show account"
    "contacts/003C": ({"contacts/003C"}, {"contacts/003C"}),
    "accounts/001A": (
        {"accounts/001A", "contacts/003A", "contacts/003B"},
        {"contacts/003A", "contacts/003B"},
    ),
    "opportunities/006A": (
        {"opportunities/006A", "leads/00Q1", "contacts/003A"},
        {"leads/00Q1", "contacts/003A"},
    ),
}
RECORDS = (
    "leads/00Q1",
    "leads/00Q2",
    "contacts/003A",
    "contacts/003B",
    "contacts/003C",
    "accounts/001A",
    "accounts/001B",
    "opportunities/006A",
    "opportunities/006B",
)
EVERYTHING = (set(RECORDS), {"leads/00Q1", "leads/00Q2", "contacts/003A", "contacts/003B", "contacts/003C"})


@dataclass
class World:
    """Two companies. ``activities`` is one chat activity's id of each person, ``visits`` another's."""

    activities: dict[str, int]
    visits: dict[str, int]

    def owner(self, id_: int) -> str:
        """Return whose an activity is."""
        both = (*self.activities.items(), *self.visits.items())
        return next(person for person, activity in both if activity == id_)


@pytest.fixture
def world(company, make_account, make_person, make_opportunity, make_activity):
    """The company, and another one beside it."""
    make_account("001B", "Other")
    make_person("003C", "contact", marketo_id=601, account_crm_id="001B")
    make_opportunity("006B", ("003C",))
    files = {"scheduled_for": this_week(200), "transcript": "Bot: Hi\nAnn: Hello"}

    def whole(marketo_id: int) -> int:
        at = this_week(100)
        return make_activity(type_key="scheduled-appointment", at=at, marketo_id=marketo_id, **files)

    activities = {
        "leads/00Q1": whole(marketo_id=501),
        "leads/00Q2": whole(marketo_id=502),
        "contacts/003A": whole(marketo_id=503),
        "contacts/003B": whole(marketo_id=509),
        "contacts/003C": whole(marketo_id=601),
    }
    people = {"leads/00Q1": 501, "leads/00Q2": 502, "contacts/003A": 503, "contacts/003B": 509}
    visits = {
        person: make_activity(type_key="visited-page", at=this_week(100), marketo_id=marketo_id)
        for person, marketo_id in {**people, "contacts/003C": 601}.items()
    }
    return World(activities, visits)


@contextmanager
def statements():
    """Give the list of the SQL statements that are run in the block."""
    run = []

    def note(_connection, _cursor, statement, *_others):
        run.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def sessions(app):
    """Give each kind of session as (name, opens, role, what it sees)."""
    yield "nobody", None, "", (set(), set())
    for opens, sees in SEES.items():
        yield opens, opens, "rep", sees
    yield "all", "all", "rep", EVERYTHING
    yield "admin", "all", "admin", EVERYTHING


def ask(app, opens, role):
    """Return a function that asks for (path, method, headers), as a session by a link or as nobody."""
    if opens is None:
        client = browser(app)
        return lambda path, method, headers: client.open(path, method=method, headers=headers)
    panel = enter(app, opens, role=role)
    return lambda path, method, headers: panel.browser.open(
        path, method=method, headers={**panel.headers, **headers}
    )


def expected(endpoint, values, opens, role, sees, world):
    """Whether the table lets a session see what the path names."""
    records_seen, people_seen = sees
    match WHO[endpoint]:
        case "anyone":
            return True
        case "admins":
            return role == "admin"
        case "all":
            return opens == "all"
        case "the demo alone":
            return False
        case "the record":
            return f"{values['panel']}/{values['crm_id']}" in records_seen
    return world.owner(values["id_"]) in people_seen


def samples(rule, world):
    """Return the values of a rule's arguments: each record of both companies, an activity of each person."""
    records_named = [dict(zip(("panel", "crm_id"), one.split("/"), strict=True)) for one in RECORDS]
    of_family = world.activities if rule.endpoint.startswith("chat.") else world.visits
    known = {
        (): [{}],
        ("crm_id", "panel"): records_named,
        ("crm_id", "family", "panel"): [{**named, "family": "web"} for named in records_named],
        ("family",): [{"family": "web"}, {"family": "moments"}],
        ("id_",): [{"id_": id_} for id_ in of_family.values()],
        ("filename",): [{"filename": "pane.css"}],
        ("mark",): [{"mark": "0-0a66c2"}],
        ("secret",): [{"secret": "guess"}],
    }
    return known[tuple(sorted(rule.arguments))]


@on_one_database
def test_every_route_has_a_rule_and_stands_in_this_table(whole_app):
    endpoints = {rule.endpoint for rule in whole_app.url_map.iter_rules()}

    assert endpoints - set(WANTED) == set()
    assert endpoints == set(WHO)


# Which rule a route has does not depend on the database; which records a rule opens does.
@pytest.mark.parametrize(
    ("settings", "endpoints"),
    [
        ("sqlite", {endpoint for endpoint, who in WHO.items() if who != OPEN_TO_ALL}),
        ("postgresql", {"panels.panel", "chat.of_record", "chat.one", "others.one", "global_tab.page"}),
    ],
    indirect=["settings"],
    ids=["sqlite", "postgresql"],
    scope="session",
)
def test_every_route_answers_those_whom_the_table_names_and_nobody_else(settings, world, endpoints):
    app = create_app(replace(settings, demo=False, embed_admin=True, limit_refused="1000000 per minute"))
    wrong = []
    for name, opens, role, sees in sessions(app):
        asking = ask(app, opens, role)
        for rule in app.url_map.iter_rules():
            if rule.endpoint not in endpoints:
                continue
            for values in samples(rule, world):
                _host, path = rule.build(values)
                may = expected(rule.endpoint, values, opens, role, sees, world)
                for method, whole in (("GET", "false"), ("HEAD", "true")):
                    if method not in rule.methods:
                        continue
                    answer = asking(path, method, {"HX-Request": whole})
                    refused = (401,) if opens is None and WHO[rule.endpoint] != DEMO else (403, 404)
                    is_right = answer.status_code == 200 if may else is_refusal(answer, refused, method)
                    if not is_right:
                        wrong.append((name, method, path, answer.status_code))
    assert wrong == []


def is_refusal(answer, refused, method):
    """Whether an answer refuses, with a sentence and nothing else."""
    if answer.status_code not in refused:
        return False
    if method == "HEAD":
        return True
    return says_no_more_than_why(answer.get_data(as_text=True))


@cache  # many refusals are the same to the letter
def says_no_more_than_why(markup):
    """Whether a page has the sentence of a refusal, and no content."""
    page = parsed(markup)
    return bool(page.select("[data-error]")) and not page.select("[data-activity], table, form, dl")


@on_one_database
def test_every_form_is_refused_to_whoever_may_not_send_it(settings, world):
    app = create_app(replace(settings, demo=False, embed_admin=True, limit_refused="1000000 per minute"))
    posts = [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and WHO[rule.endpoint] != OPEN_TO_ALL
    ]
    assert posts
    wrong = []
    for name, opens, role, sees in sessions(app):
        asking = ask(app, opens, role)
        for rule in posts:
            for values in samples(rule, world):
                path = rule.build(values)[1]
                status = asking(path, "POST", HTMX).status_code
                if expected(rule.endpoint, values, opens, role, sees, world):
                    is_right = status not in (401, 403)
                else:
                    is_right = status in ((401,) if opens is None else (403, 404))
                if not is_right:
                    wrong.append((name, path, status))
    assert wrong == []


def test_a_forbidden_record_and_one_that_is_not_there_answer_alike(settings, world):
    app = create_app(replace(settings, demo=False))
    panel = enter(app, "leads/00Q1")
    for there, nowhere in (
        ("/leads/00Q2", "/leads/00QX"),
        ("/leads/00Q2/chat", "/leads/00QX/chat"),
        ("/contacts/003A/dashboard", "/contacts/00QX/dashboard"),
        (f"/chat/activities/{world.activities['contacts/003A']}", "/chat/activities/987654"),
    ):
        answers = [panel.get(path) for path in (there, nowhere)]
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].data == answers[1].data


@on_one_database
def test_strangers_are_never_redirected(settings, world):
    app = create_app(replace(settings, demo=False, limit_refused="1000000 per minute"))
    client = browser(app)
    for rule in app.url_map.iter_rules():
        for values in samples(rule, world):
            if WHO[rule.endpoint] == OPEN_TO_ALL:
                continue
            for headers in ({}, HTMX):
                answer = client.get(rule.build(values)[1], headers=headers)
                assert answer.status_code in (401, 404, 405), rule
    assert client.get("/leads/00Q9").status_code == 401


@on_one_database
def test_a_route_without_a_rule_is_answered_to_nobody(settings, world):
    app = create_app(replace(settings, demo=False, embed_admin=True))
    app.add_url_rule("/forgotten", "forgotten", lambda: "secrets")

    for opens, role in (("leads/00Q1", "rep"), ("all", "rep"), ("all", "admin")):
        assert ask(app, opens, role)("/forgotten", "GET", {}).status_code == 403
    assert browser(app).get("/forgotten").status_code == 401


def test_a_setting_keeps_a_contacts_link_from_its_account(settings, world):
    app = create_app(replace(settings, demo=False, show_account=False))
    panel, account = enter(app, "contacts/003A"), enter(app, "accounts/001A")
    colleagues = f"/chat/activities/{world.activities['contacts/003B']}"

    assert panel.get(colleagues).status_code == 404
    dashboard = soup(panel.get("/contacts/003A/dashboard?show-account=1"))
    assert not dashboard.select("#show-account, [data-own]")
    assert account.get(colleagues).status_code == 200
    assert soup(account.get("/contacts/003A/dashboard?show-account=1")).select("[data-own]")


@on_one_database
def test_show_account_lists_the_accounts_rows_to_a_contacts_link(closed_app, world):
    panel = enter(closed_app, "contacts/003A")
    dashboard = soup(panel.get("/contacts/003A/dashboard?show-account=1"))

    assert "Ito" in one(dashboard, "[data-weekly-list]").get_text()
    assert dashboard.select('[data-weekly-list] a[href="/contacts/003A"]')
    assert not dashboard.select('[data-weekly-list] a[href="/contacts/003B"]')


@on_one_database
def test_no_page_links_to_what_its_session_may_not_open(settings, world):
    app = create_app(replace(settings, demo=False, embed_admin=True))
    for _name, opens, role, _sees in sessions(app):
        if opens is None:
            continue
        panel = enter(app, opens, role=role)
        start = "/global" if opens == "all" else f"/{opens}"
        seen, todo = set(), [start, f"{start}/chat"]
        if opens.startswith("contacts"):
            todo.append(f"{start}/dashboard?show-account=1")
        while todo and len(seen) < 20:
            url = todo.pop(0)
            if url in seen:
                continue
            seen.add(url)
            answer = panel.get(url)
            assert answer.status_code == 200, f"{opens} was linked to {url}"
            page = soup(answer)
            links = {link["href"] for link in page.select("a[href^='/']")}
            links |= {place["hx-get"] for place in page.select("[hx-get]")}
            todo += sorted(links - seen)


def test_a_lead_that_is_converted_while_its_panel_is_open_leads_on_to_the_contact(
    closed_app, world, make_person
):
    panel = enter(closed_app, "leads/00Q2")
    make_person("003Q", "contact", marketo_id=502, last_name="Quiet")

    moved = panel.get("/leads/00Q2/chat")
    assert moved.status_code == 302
    assert panel.get(moved.headers["Location"]).status_code == 200
    assert panel.get(f"/chat/activities/{world.activities['leads/00Q2']}").status_code == 200
    assert panel.get("/contacts/003A/chat").status_code == 404


def test_who_leaves_an_account_is_not_shown_to_its_link_any_more(closed_app, world, make_person):
    panel = enter(closed_app, "accounts/001A")
    assert panel.get("/contacts/003B/chat").status_code == 200

    make_person("003B", "contact", marketo_id=None, last_name="Ito", account_crm_id="001B")

    assert panel.get("/contacts/003B/chat").status_code == 404
    assert panel.get(f"/chat/activities/{world.activities['contacts/003B']}").status_code == 404


def test_access_adds_one_look_up_at_most(settings, world):
    """Besides the installation's facts, which every page reads with or without access."""
    app = create_app(replace(settings, demo=False))
    free = create_app(settings)
    asked = {
        "leads/00Q1": ["/leads/00Q1/chat", f"/chat/activities/{world.activities['leads/00Q1']}"],
        "accounts/001A": ["/accounts/001A/chat", "/contacts/003A/dashboard"],
        "opportunities/006A": ["/opportunities/006A/chat", "/leads/00Q1/chat"],
        "contacts/003A": [f"/chat/activities/{world.activities['contacts/003B']}"],
    }
    for opens, urls in asked.items():
        panel = enter(app, opens)
        for url in urls:
            panel.get(url)  # the opening of another record is noted once
            with statements() as guarded:
                assert panel.get(url).status_code == 200
            with statements() as unguarded:
                assert browser(free).get(url, headers=HTMX).status_code == 200
            assert len(guarded) <= len(unguarded) + 1, (url, guarded)


@on_one_database
def test_a_panel_is_not_shown_to_a_token_that_opens_a_record_of_another_kind(closed_app, world):
    """Ids are told apart by their kind: a lead and a contact may have the same."""
    assert browser(closed_app).post("/embed", data={"token": token("contacts/00Q1")}).status_code == 404
    assert records.find("leads", "00Q1")
    db.session.rollback()
