"""``/metrics``: to who knows the token, how each source fares."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from tests.html.conftest import browser
from tests.html.walk import reject
from webui import create_app
from webui.database import db
from webui.ingest import sources
from webui.installation import writing
from webui.models import SourceState

TOKEN = "a-token-of-some-length"


@pytest.fixture
def scraped(settings, app):
    """A client of an installation that has a token."""
    return browser(create_app(replace(settings, metrics_token=TOKEN)))


def scrape(client):
    """Return each sample's value by its name and labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {
        (sample.name, *sorted(sample.labels.values(), reverse=True)): sample.value
        for family in families
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_there_are_no_metrics(client):
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("authorization", ["", TOKEN, f"Bearer {TOKEN}x", f"bearer {TOKEN}", "Bearer é"])
def test_another_token_is_refused_and_told_nothing(scraped, authorization):
    answer = scraped.get("/metrics", headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "chatpane_" not in answer.get_data(as_text=True)


def test_the_metrics_are_prometheus_and_kept_by_nobody(scraped):
    answer = scraped.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_what_came_is_counted_by_source_and_fate(scraped, make_person, make_activity):
    make_person()
    make_activity()
    make_activity(guid="guid-1")
    reject()

    found = scrape(scraped)

    assert found["chatpane_source_read_total", "files"] == 3
    assert found["chatpane_source_activities_total", "files", "added"] == 1
    assert found["chatpane_source_activities_total", "rejected", "files"] == 1
    assert found["chatpane_rejected_kept", "files"] == 1
    assert found["chatpane_activities",] == 1
    assert found["chatpane_switch_on",] == 1
    assert found["chatpane_source_up", "files"] == 1


def test_a_late_source_is_told_with_its_times_and_its_quota(scraped):
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    with writing():
        sources.succeeded("marketo-rest", newest_at=at)
        sources.used("marketo-rest", 10)
    db.session.execute(update(SourceState).values(succeeded_at=at))
    db.session.commit()

    found = scrape(scraped)

    assert found["chatpane_source_late", "marketo-rest"] == 1
    assert found["chatpane_source_up", "marketo-rest"] == 0
    assert found["chatpane_source_last_success_timestamp_seconds", "marketo-rest"] == at.timestamp()
    assert found["chatpane_source_newest_activity_timestamp_seconds", "marketo-rest"] == at.timestamp()
    assert 3 * 3600 <= found["chatpane_source_lag_seconds", "marketo-rest"] < 3 * 3600 + 60
    assert found["chatpane_source_calls_left", "marketo-rest"] == 49_990
    assert ("chatpane_source_lag_seconds", "adobe-io") not in found


def test_a_paused_source_is_told(scraped):
    until = datetime.now(UTC) + timedelta(hours=1)
    sources.failed("marketo-rest", "used up", paused_until=until)

    assert scrape(scraped)["chatpane_source_paused", "marketo-rest"] == 1


def test_the_metrics_hold_no_text_of_an_error(scraped):
    sources.failed("adobe-io", "ann@larkspur.example could not be read")

    answer = scraped.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert "larkspur" not in answer.get_data(as_text=True)
