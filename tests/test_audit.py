"""The audit trail on both databases: rows are only added, age out, and hold whatever a stranger sends."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jws
from joserfc.jwk import OctKey
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from tests.conftest import API_KEY
from tests.html.conftest import browser
from webui import audit, create_app
from webui.access import links
from webui.access.secret import secret_of
from webui.access.trail import A_DAY, AGAIN_AFTER, _Lately
from webui.database import db
from webui.models import AuditEntry


@pytest.fixture
def old_line(bare_app):
    """A line of ten days ago."""
    db.session.add(
        AuditEntry(at=datetime.now(UTC) - timedelta(days=10), action=audit.OPENED, what="leads/old")
    )
    db.session.commit()


def told():
    """Return what the lines are about, newest first."""
    return [entry.what for entry in audit.entries()]


@pytest.mark.parametrize(
    "change", [update(AuditEntry).values(viewer="nobody"), text("UPDATE audit_entry SET at = at")]
)
def test_the_database_refuses_to_change_a_line(old_line, change):
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(change)
    db.session.rollback()
    assert told() == ["leads/old"]


def test_what_is_older_than_the_trail_is_kept_goes_with_the_callers_transaction(old_line):
    audit.note(audit.OPENED, "leads/new", viewer="link:0055")
    db.session.commit()

    assert audit.forget(11) == 0
    assert audit.forget(9) == 1
    assert told() == ["leads/new"]
    db.session.rollback()
    assert told() == ["leads/new", "leads/old"]


def test_a_process_tidies_at_first_and_then_daily(old_line, monkeypatch):
    lately, now = _Lately(days=9), 1_000_000.0
    monkeypatch.setattr("webui.access.trail.time.monotonic", lambda: now)
    lately.tidy()
    assert told() == []
    audit.note(audit.OPENED, "leads/new", viewer=None)
    lately.days = -1  # everything is old from now on
    now += A_DAY - 1
    lately.tidy()
    assert told() == ["leads/new"]
    now += 1
    lately.tidy()
    assert told() == []


def test_an_opening_is_news_again_after_a_while(monkeypatch):
    lately, now = _Lately(days=9), 1_000_000.0
    monkeypatch.setattr("webui.access.trail.time.monotonic", lambda: now)
    assert [
        lately.is_news("one", "leads/1"),
        lately.is_news("two", "leads/1"),
        lately.is_news("one", "leads/1"),
    ] == [True, True, False]
    now += AGAIN_AFTER
    assert lately.is_news("one", "leads/1")


@pytest.fixture
def pane(app, settings):
    """A browser on the app as it is served to others than this machine."""
    return browser(create_app(replace(settings, demo=False, secret_key=secret_of(settings))))


def test_a_refusal_of_an_address_that_no_database_can_hold_is_noted(pane):
    assert pane.get("/leads/%00x").status_code == 401
    assert told()[0] == "/leads/\ufffdx"


def test_a_link_whose_texts_no_database_can_hold_opens_or_is_refused(pane, make_person):
    make_person()
    unheld = {"name": "Kim\x00\ud800", "pkg": "2.4\x00", "lang": "\ud800"}
    assert pane.post("/embed", data={"token": signed(**unheld)}).status_code == 200
    assert next(audit.entries()).why == "link, Kim\ufffd\ufffd"

    for claim in ({"sub": "\ud800"}, {"jti": "\ud800"}, {"opens": "leads/\ud800"}, {"opens": "leads/\x00"}):
        assert 400 <= pane.post("/embed", data={"token": signed(**claim)}).status_code < 500


def signed(**claims):
    """Return a token with these claims in place of good ones, in pure ASCII as most libraries write it."""
    good = jws.extract_compact(links.sign("leads/00Q1", "0055", API_KEY.encode()).encode())
    payload = json.dumps(json.loads(good.payload) | claims)
    return jws.serialize_compact({"alg": "HS256"}, payload, OctKey.import_key(API_KEY))
