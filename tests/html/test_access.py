"""Who gets an answer at all: the demo serves this machine alone, any other start those with a session."""

import sqlite3
import time

from tests.html.conftest import browser, on_one_database
from tests.reading import HTMX, one, soup
from webui import audit
from webui.database import BUSY_SECONDS

pytestmark = on_one_database

LOCAL = (
    "localhost",
    "localhost:8000",
    "LOCALHOST:8000",
    "127.0.0.1:8000",
    "[::1]:8000",
    "pane.localhost:8000",
)
FOREIGN = (
    "pane.example.com",
    "localhost.example.com",
    "localhost.",
    "127.0.0.1.example.com",
    "127.0.0.2",
    "192.168.0.7:8000",
    "0.0.0.0:8000",
    "evil-localhost",
    "a.b@localhost",
    "[::2]",
)
FORWARDED = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "X-Forwarded-Port",
    "Via",
)


def test_a_stranger_is_told_where_to_begin_as_page_and_as_fragment(closed_app, company):
    for headers in ({}, HTMX):
        answer = browser(closed_app).get("/leads/00Q1", headers=headers)
        error = one(soup(answer, 401), "[data-error]")
        assert "from a record in your CRM" in error.get_text()
        assert error.has_attr("data-needs-link")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_stranger_learns_nothing_of_what_exists(closed_app, company):
    client = browser(closed_app)
    there, nowhere = client.get("/leads/00Q1"), client.get("/leads/nobody")

    assert there.status_code == nowhere.status_code == 401
    assert there.data == nowhere.data


def test_an_admin_who_is_not_signed_in_is_told_how(closed_app, company):
    for headers in ({}, HTMX):
        answer = browser(closed_app).get("/config", headers=headers)
        assert "chatpane admin-link" in soup(answer, 401).get_text()


def test_the_health_check_is_for_everyone(closed_app, company):
    for host in ("pane.example.com", "localhost"):
        assert browser(closed_app).get("/healthz", headers={"Host": host}).data == b"ok\n"


def test_the_demos_own_pages_are_not_there_in_production(closed_app, company):
    for path in ("/", "/demo/crm", "/demo/crm/link?opens=all"):
        assert browser(closed_app).get(path).status_code == 404


def test_a_stranger_waits_for_no_writer_and_is_refused_all_the_same(closed_app, settings, company):
    writer = sqlite3.connect(settings.database.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        begun = time.monotonic()
        assert browser(closed_app).get("/leads/00Q1").status_code == 401
        assert time.monotonic() - begun < BUSY_SECONDS / 3
    finally:
        writer.rollback()
        writer.close()
    assert browser(closed_app).get("/leads/00Q1").status_code == 401
    assert [entry.action for entry in audit.entries()].count(audit.REFUSED) == 1


def test_the_demo_answers_under_the_local_names(client, company):
    for host in LOCAL:
        assert client.get("/leads/00Q1", headers={"Host": host}).status_code == 200, host


def test_the_demo_answers_no_foreign_name(client, company):
    """A page on the internet can point its own name at this machine and read what it answers."""
    for host in FOREIGN:
        for path in ("/leads/00Q1", "/leads/00Q1/chat", "/config", "/", "/static/pane.css"):
            assert client.get(path, headers={"Host": host}).status_code == 403, host


def test_the_demo_answers_no_other_machine(client, company):
    for address, answers in {"127.0.0.1": 200, "::1": 200, "192.168.0.7": 403, "2001:db8::7": 403}.items():
        answer = client.get("/leads/00Q1", environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == answers, address


def test_the_demo_answers_nothing_that_a_proxy_passed_on(client, company):
    answers = {header: client.get("/leads/00Q1", headers={header: "1.1 localhost"}) for header in FORWARDED}

    assert [header for header, answer in answers.items() if answer.status_code != 403] == []


def test_the_readiness_check_says_whether_the_database_answers(client):
    assert client.get("/readyz").status_code == 200
