"""Bad luck: the database locked, gone or full, Redis gone. A sentence in time, no loss, and then all is well.

Each on a real server or file, from which something is really taken away.
"""

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.html.conftest import Browser, browser, on_one_database
from tests.html.entering import Panel, enter, token
from tests.html.pushing import PUSH, SIGNED_IN, activity, envelope, stored
from tests.reading import HTMX, one, soup
from webui import audit, create_app, operational_settings
from webui.assets import script_url, stylesheet_url
from webui.config import Settings
from webui.database import db

SOON = 0.3  # seconds: what tests let a request wait for another writer
IN_TIME = 10.0
CHAT = "/leads/00Q1/chat"
SENTENCES = {
    "en": "The data cannot be reached right now. "
    "That is most often over within a minute. Try again in a moment.",
    "ja": "ただいまデータにアクセスできません。 "
    "通常は 1 分以内に復旧します。しばらくしてから、もう一度お試しください。",
}

on_sqlite = on_one_database
on_postgresql = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


@pytest.fixture
def unlucky(settings: Settings, company, pushed_settings, monkeypatch) -> Flask:
    """An app of its own on the company's database, which takes pushes and waits but a moment for others."""
    monkeypatch.setattr("webui.database.BUSY_SECONDS", SOON)
    monkeypatch.setattr("webui.views.hooks.WITHIN", SOON)
    app = create_app(replace(pushed_settings, demo=True))
    db.session.rollback()
    return app


def said(answer: TestResponse, language: str = "en") -> None:
    """Hold an answer to what a viewer reads in bad luck, and what browsers and senders go by."""
    error = one(soup(answer, 503), "[data-error]")
    assert " ".join(error.get_text(" ", strip=True).split()) == SENTENCES[language]
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"


def said_in_time(ask: Callable[[], TestResponse]) -> None:
    """Hold an answer to what ``said`` does, and to its time."""
    began = time.monotonic()
    said(ask())
    assert time.monotonic() - began < IN_TIME


def config_form(client: Browser) -> dict[str, str]:
    """Return what proves that a form of the configuration tab is ours."""
    token = one(soup(client.get("/config")), 'form[action="/config/package-version"] input[name=csrf_token]')
    return {"csrf_token": str(token["value"])}


def set_version(client: Browser, form: dict[str, str]) -> TestResponse:
    """Send a form of the configuration tab."""
    return client.post("/config/package-version", data={**form, "package_version": "2.5.0"})


def push(client: Browser, *some: dict) -> TestResponse:
    """Push activities, as Marketo does."""
    return client.post(PUSH, data=envelope(*some), headers=SIGNED_IN)


def is_refused_for_now(answer: TestResponse) -> bool:
    """Whether a sender is told to bring its delivery again."""
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


# The database is not there.


@pytest.fixture(params=["nothing listens", "no such file"])
def gone(request, pushed_settings, tmp_path) -> Flask:
    """An app whose database is not there: no port where anybody listens, or no folder."""
    urls = {
        "nothing listens": "postgresql+psycopg://nobody@127.0.0.1:1/x",
        "no such file": f"sqlite:///{tmp_path}/no/x",
    }
    return create_app(replace(pushed_settings, demo=True, database_url=urls[request.param]))


@on_one_database
@pytest.mark.parametrize("language", SENTENCES)
def test_without_a_database_it_is_said_in_the_viewers_language(gone, language):
    client = browser(gone)
    for url in (CHAT, "/leads/00Q1", "/global", "/config", "/chat/activities/1"):
        page = client.get(url, headers={"Accept-Language": language})
        said(page, language)
        assert one(soup(page, 503), "html")["lang"] == language
        assert page.headers["Refresh"] == "5"
        part = client.get(url, headers=HTMX | {"X-Pane-Language": language})
        said(part, language)
        assert not soup(part, 503).select("html, main")
        assert "Refresh" not in part.headers


@on_one_database
def test_without_a_database_pages_have_their_style_and_machines_are_told(gone):
    client = browser(gone)
    with gone.test_request_context():
        files = (script_url(), stylesheet_url(None))
    assert [client.get(url).status_code for url in (*files, "/healthz", "/readyz")] == [200, 200, 200, 503]
    assert is_refused_for_now(push(client, activity()))


@on_one_database
def test_it_is_logged_in_a_line_without_the_address(gone):
    with capture_logs() as lines:
        browser(gone).get("/leads/00Q1/chat?q=larkspur")
    assert [line["event"] for line in lines] == ["the database or the disk cannot be used now"]
    assert "exc_info" not in lines[0]
    assert "00Q1" not in repr(lines)
    assert "larkspur" not in repr(lines)


@on_one_database
def test_a_link_that_came_in_vain_is_still_good_and_the_host_brings_it_anew(gone, closed_app, company):
    sent = token("leads/00Q1")
    answer = browser(gone).post("/embed", data={"token": sent})

    assert one(soup(answer, 503), "[data-error]").has_attr("data-needs-link")
    assert "Refresh" not in answer.headers
    assert browser(closed_app).post("/embed", data={"token": sent}).status_code == 200


@on_sqlite
def test_a_frame_may_show_what_went_wrong(settings, app, tmp_path):
    """Without the origins that may frame a page, the browser would show an error page of its own."""
    operational_settings.set_allowed_origins("https://crm.example.com", "test")
    folder = tmp_path / "mounted"
    folder.mkdir()
    with closing(sqlite3.connect(make_url(settings.database).database)) as whole:
        whole.execute("VACUUM INTO ?", [str(folder / "copy.sqlite")])
    copy = create_app(replace(settings, database_url=f"sqlite:///{folder}/copy.sqlite"))
    assert browser(copy).get("/global").status_code == 200
    with copy.app_context():
        db.engine.dispose()
    folder.rename(tmp_path / "unmounted")

    answer = browser(copy).get("/global")
    said(answer)
    assert "https://crm.example.com" in answer.headers["Content-Security-Policy"]
    (tmp_path / "unmounted").rename(folder)
    assert browser(copy).get("/global").status_code == 200


# Another process holds it.


@pytest.fixture
def other(settings: Settings) -> Iterator[sqlite3.Connection]:
    """Another process's connection to the SQLite file."""
    with closing(sqlite3.connect(make_url(settings.database).database, isolation_level=None)) as connection:
        yield connection


@on_sqlite
def test_while_another_writes_pages_are_read_and_what_is_sent_is_said_to_be_in_vain(unlucky, other):
    client = browser(unlucky)
    form = config_form(client)
    other.execute("BEGIN EXCLUSIVE")

    assert client.get(CHAT).status_code == 200
    said_in_time(lambda: set_version(client, form))
    assert is_refused_for_now(push(client, activity("pushed")))

    other.execute("ROLLBACK")
    assert set_version(client, form).status_code == 303
    assert push(client, activity("pushed")).get_json()["added"] == 1
    assert "pushed" in stored()


@on_sqlite
def test_an_opening_that_could_not_be_noted_is_refused_and_noted_when_it_succeeds(
    settings, company, other, monkeypatch
):
    monkeypatch.setattr("webui.database.BUSY_SECONDS", SOON)
    panel = enter(create_app(replace(settings, demo=False)), "accounts/001A")
    other.execute("BEGIN EXCLUSIVE")
    said_in_time(lambda: panel.get("/contacts/003A/chat"))
    other.execute("ROLLBACK")

    assert panel.get("/contacts/003A/chat").status_code == 200
    db.session.rollback()
    assert [entry.what for entry in audit.entries(action=audit.OPENED)] == ["contacts/003A"]


@on_sqlite
def test_a_file_that_nobody_else_may_read_is_waited_for_and_read_when_it_is_free(
    settings, company, tmp_path, monkeypatch
):
    monkeypatch.setattr("webui.database.BUSY_SECONDS", SOON)
    path = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(make_url(settings.database).database)) as whole:
        whole.execute("VACUUM INTO ?", [str(path)])
    app = create_app(replace(settings, database_url=f"sqlite:///{path}"))
    with closing(sqlite3.connect(path, isolation_level=None)) as alone:
        alone.execute("PRAGMA locking_mode = EXCLUSIVE")
        alone.execute("BEGIN EXCLUSIVE")
        said_in_time(lambda: browser(app).get(CHAT, headers=HTMX))

    assert browser(app).get(CHAT, headers=HTMX).status_code == 200


@on_postgresql
def test_who_waits_for_another_writer_of_postgresql_waits_within_a_bound(unlucky, settings):
    client = browser(unlucky)
    form = config_form(client)
    with psycopg.connect(settings.database.replace("+psycopg", "")) as other:
        other.execute("SELECT 1 FROM installation FOR UPDATE")
        assert client.get(CHAT).status_code == 200
        said_in_time(lambda: set_version(client, form))
        assert is_refused_for_now(push(client, activity("pushed")))

    assert set_version(client, form).status_code == 303
    assert push(client, activity("pushed")).get_json()["added"] == 1


@on_postgresql
def test_while_postgresql_only_reads_as_a_standby_does_pages_are_there_and_what_is_sent_is_in_vain(
    unlucky, settings
):
    client = browser(unlucky)
    form = config_form(client)

    def fail_over(only_reads: str) -> None:
        name = settings.database.rpartition("/")[2]
        with psycopg.connect(settings.database.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute("SET default_transaction_read_only = off")  # of this connection alone
            admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {only_reads}")
        cut(settings)

    fail_over("on")
    try:
        assert client.get(CHAT).status_code == 200
        said_in_time(lambda: set_version(client, form))
        assert is_refused_for_now(push(client, activity("pushed")))
    finally:
        fail_over("off")
    assert push(client, activity("pushed")).get_json()["added"] == 1


def test_who_gets_no_connection_waits_within_a_bound(unlucky, monkeypatch):
    client = browser(unlucky)
    with unlucky.app_context():
        engine = db.engine
    monkeypatch.setattr(engine.pool, "_timeout", SOON)
    held = [engine.connect() for _ in range(engine.pool.size() + engine.pool._max_overflow)]
    said_in_time(lambda: client.get(CHAT, headers=HTMX))
    for connection in held:
        connection.close()
    assert client.get(CHAT, headers=HTMX).status_code == 200


# PostgreSQL is started anew.


def cut(settings: Settings) -> int:
    """End every connection to a database, as a restart of PostgreSQL does; return how many there were."""
    with psycopg.connect(settings.database.replace("+psycopg", ""), autocommit=True) as admin:
        ended = admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return len(ended.fetchall())


@on_postgresql
def test_after_postgresql_was_started_anew_the_next_request_succeeds(unlucky, settings):
    client = browser(unlucky)
    assert client.get(CHAT).status_code == 200
    assert cut(settings) > 0

    assert client.get(CHAT).status_code == 200
    cut(settings)
    assert push(client, activity("pushed")).get_json()["added"] == 1
    db.session.rollback()  # the test's own connection was cut, too
    assert "pushed" in stored()


@on_postgresql
def test_a_request_that_is_cut_amid_its_query_says_so_and_the_next_succeeds(unlucky, settings, monkeypatch):
    monkeypatch.setattr("webui.database.BUSY_SECONDS", 60)
    app = create_app(replace(unlucky.extensions["chatpane"]))
    client = browser(app)
    answers: list[TestResponse] = []
    asking = threading.Thread(target=lambda: answers.append(client.get(CHAT, headers=HTMX)))
    with psycopg.connect(settings.database.replace("+psycopg", "")) as other:
        other.execute("LOCK TABLE installation IN ACCESS EXCLUSIVE MODE")
        asking.start()
        end = (
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE NOT granted AND relation = 'installation'::regclass"
        )
        until = time.monotonic() + IN_TIME
        while not other.execute(end).fetchall() and time.monotonic() < until:
            time.sleep(0.05)
        asking.join(IN_TIME)

    said(answers[0])
    assert client.get(CHAT, headers=HTMX).status_code == 200


@on_postgresql
def test_an_answer_is_sent_though_its_connection_was_cut_after_the_last_query(unlucky, settings):
    @unlucky.after_request
    def restart(response):
        cut(settings)
        return response

    assert [browser(unlucky).get(CHAT, headers=HTMX).status_code for _ in range(2)] == [200, 200]


# The disk is full.


@on_sqlite
def test_a_full_disk_loses_nothing_that_was_acknowledged_and_shows_what_is_there(unlucky, other):
    client = browser(unlucky)
    form = config_form(client)
    other.execute("VACUUM")
    with unlucky.app_context():
        engine = db.engine
    is_full = True

    @event.listens_for(engine, "checkout")
    def fill(connection, _record, _proxy) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if is_full else 2**31
        connection.execute(f"PRAGMA max_page_count = {pages}")

    large = [activity(f"large-{number}", primaryAttributeValue=f"Dialogue {number}") for number in range(300)]
    origins = " ".join(f"https://{'crm.' * 50}{number}.example.com" for number in range(50))
    assert is_refused_for_now(push(client, *large))
    said_in_time(lambda: client.post("/config/allowed-origins", data={**form, "allowed_origins": origins}))
    assert client.get(CHAT).status_code == 200
    assert not {guid for guid in stored() if guid.startswith("large-")}

    is_full = False
    assert push(client, *large).get_json()["added"] == len(large)
    assert len([guid for guid in stored() if guid.startswith("large-")]) == len(large)


@on_one_database
def test_a_disk_that_is_full_elsewhere_is_said_and_any_other_fault_is_ours(unlucky):
    full, other = OSError(28, "No space left on device"), OSError(5, "Input/output error")

    @unlucky.before_request
    def write() -> None:
        raise trouble

    trouble = full
    said(browser(unlucky).get(CHAT))
    trouble = other
    answer = browser(unlucky).get(CHAT)
    assert "our side" in one(soup(answer, 500), "[data-error]").get_text()


@on_sqlite
def test_a_wrong_statement_is_a_fault_of_ours_and_not_tried_again(unlucky):
    @unlucky.before_request
    def ask() -> None:
        db.session.execute(text("SELECT nothing FROM nowhere"))

    assert browser(unlucky).get(CHAT).status_code == 500


# Redis is gone.


@on_one_database
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGSTOP], ids=["stopped", "stalled"])
def test_when_redis_goes_panels_go_on_in_time(settings, company, redis_server, sent, capsys):
    app = create_app(replace(settings, demo=False, limit_refused="3 per minute", redis_url=redis_server.url))
    panel: Panel = enter(app, "leads/00Q1")
    assert panel.get(CHAT).status_code == 200

    os.kill(redis_server.process.pid, sent)
    if sent == signal.SIGTERM:
        redis_server.process.wait()
    capsys.readouterr()
    began = time.monotonic()
    assert panel.get(CHAT).status_code == 200
    assert browser(app).get("/leads/00Q1").status_code == 401
    assert time.monotonic() - began < IN_TIME
    lines = capsys.readouterr().err.splitlines()
    assert {json.loads(line)["event"] for line in lines} == {"the limits' storage does not answer"}
    assert "Traceback" not in "".join(lines)
