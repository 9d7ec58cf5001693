"""How sources fare, as pages and metrics read it: late or not, what was brought, what is left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from webui.database import db
from webui.feeds import health
from webui.ingest import sources
from webui.installation import writing
from webui.models import SourceState

NOW = datetime.now(UTC)
REST = {
    "marketo_url": "https://123-abc-456.mktorest.com",
    "marketo_client_id": "id",
    "marketo_client_secret": "secret",
}


@pytest.fixture
def told(bare_app):
    """Write what is known of a source."""

    def tell(source, **columns):
        with writing():
            sources.succeeded(source)
            db.session.execute(update(SourceState).where(SourceState.source == source).values(**columns))

    return tell


def of(settings, source, now=NOW):
    """Return how a source fares."""
    return next(one for one in health.sources(settings, now) if one.source == source)


def test_before_any_source_there_is_nothing_to_say(bare_app, settings):
    assert health.freshness(settings) is None
    assert [one.state for one in health.sources(settings)] == ["off", "off", "off", "waiting"]


def test_the_data_are_as_of_the_minute_of_the_newest_success_of_any_source(settings, told):
    told("files", succeeded_at=NOW - timedelta(hours=3))
    told("adobe-io", succeeded_at=NOW - timedelta(hours=1))

    minute = (NOW - timedelta(hours=1)).replace(second=0, microsecond=0)
    assert health.freshness(settings, NOW).as_of == minute


@pytest.mark.parametrize(("minutes", "late"), [(59, False), (61, True)])
def test_a_source_that_is_read_is_late_when_it_was_not_read_for_an_hour(settings, told, minutes, late):
    told("marketo-rest", succeeded_at=NOW - timedelta(minutes=minutes))
    connected = replace(settings, **REST)

    one = of(connected, "marketo-rest")

    assert (one.is_late, one.state, one.lag) == (late, "late" if late else "good", timedelta(minutes=minutes))
    late_since = tuple((one.source, one.since) for one in health.freshness(connected, NOW).late)
    assert late_since == ((("marketo-rest", NOW - timedelta(minutes=minutes)),) if late else ())
    assert of(replace(connected, late_after_minutes=30), "marketo-rest").is_late


def test_a_source_that_was_read_once_is_late_without_its_settings(settings, told):
    told("marketo-rest", succeeded_at=NOW - timedelta(hours=2))

    one = of(settings, "marketo-rest")

    assert (one.is_configured, one.is_late) == (False, True)


@pytest.mark.parametrize("source", ["adobe-io", "marketo-activities", "files"])
def test_the_silence_of_those_who_send_by_themselves_is_no_lateness(settings, told, source):
    told(source, succeeded_at=NOW - timedelta(days=30))
    assert not of(settings, source).is_late
    assert of(settings, source).lag is None

    sources.failed(source, "The keys cannot be fetched.")

    assert (of(settings, source).is_late, of(settings, source).state) == (True, "failing")


def test_a_source_that_is_set_up_and_fails_before_its_first_success_is_late(settings, bare_app):
    connected = replace(settings, **REST)
    assert of(connected, "marketo-rest").state == "waiting"

    sources.failed("marketo-rest", "Marketo does not accept the credentials.", code="601")

    one = of(connected, "marketo-rest")
    assert (one.state, one.error_code, one.is_late) == ("failing", "601", True)
    assert health.freshness(connected).as_of is None


def test_a_pause_is_over_by_itself(settings, told):
    told("marketo-rest", succeeded_at=NOW, paused_until=NOW + timedelta(minutes=5))

    assert of(settings, "marketo-rest").state == "paused"
    assert of(settings, "marketo-rest", NOW + timedelta(minutes=6)).state == "good"


@pytest.mark.parametrize(
    ("counted", "now", "left"),
    [
        ("2026-07-01T06:00Z", "2026-07-02T04:59Z", 49_000),  # both July 1 in Chicago
        ("2026-07-01T06:00Z", "2026-07-02T05:00Z", None),
        ("2026-12-01T05:59Z", "2026-12-01T06:00Z", None),
    ],
)
def test_what_is_left_of_the_quota_is_told_of_marketos_running_day_alone(settings, told, counted, now, left):
    told("marketo-rest", calls_used=1_000, calls_at=datetime.fromisoformat(counted))

    assert of(settings, "marketo-rest", datetime.fromisoformat(now)).calls_left == left


def test_more_calls_than_the_quota_leave_none(settings, told):
    told("marketo-rest", calls_used=60_000, calls_at=NOW)

    assert of(settings, "marketo-rest").calls_left == 0


def test_what_came_today_is_counted_by_its_fate(settings, make_person, make_activity):
    make_person()
    make_activity()
    make_activity()

    files = of(settings, "files", datetime.now(UTC))

    assert (files.today["read"], files.today["added"], files.today["rejected"]) == (2, 2, 0)
    assert files.newest_at is not None
    assert of(settings, "files", datetime.now(UTC) + timedelta(days=1)).today["read"] == 0
    assert health.counts()["files"]["added"] == 2
    assert health.stored() == 2
