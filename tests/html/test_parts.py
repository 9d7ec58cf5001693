"""Parts of pages that are remembered: shown to nobody to whom they would not be said anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.html.conftest import this_week
from tests.html.entering import enter
from tests.reading import HTMX
from webui import create_app

NEVER_KEPT = f"unknown={'x' * 600}"  # as a whole: so long an address was made up
LIST = f"/accounts/001A/chat?{NEVER_KEPT}"
WEEK = f"/contacts/003A/dashboard?show-account=1&{NEVER_KEPT}"


@pytest.fixture
def said(settings, company):
    """Return a function that lets processes of their own, one that remembers and one not, say the same."""
    apps = [create_app(replace(settings, demo=False, kept_mib=mib)) for mib in (32, 0)]

    def by_both(opens, path, **headers):
        answers = []
        for app in apps:
            panel = enter(app, opens)
            answers.append(panel.browser.get(path, headers={**HTMX, **panel.headers, **headers}).get_data())
        remembered, anew = answers
        assert remembered == anew
        return remembered

    return by_both


def test_each_viewer_reads_their_own_words_and_times(said):
    viewers = [(language, zone) for language in ("en", "ja") for zone in ("UTC", "Asia/Tokyo")] * 2
    found = {
        said("accounts/001A", LIST, **{"X-Pane-Language": language, "X-Pane-Zone": zone})
        for language, zone in viewers
    }
    assert len(found) == 4


def test_what_was_today_is_yesterday_a_day_later(said, make_activity):
    make_activity(marketo_id=503, at=datetime.now(UTC))
    found = []
    for days in (0, 1, 400):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            found.append(said("accounts/001A", LIST))
    assert len({*found}) == 3


def test_each_viewer_has_links_to_what_they_may_open(said, make_activity):
    make_activity(marketo_id=509, at=this_week(90))  # of 003B
    alone = said("contacts/003A", WEEK)
    assert said("accounts/001A", WEEK) != alone
    assert said("contacts/003A", WEEK) == alone


def test_a_row_that_changed_is_another_row(said, make_person):
    before = said("accounts/001A", LIST)
    make_person("003A", kind="contact", marketo_id=502, first_name="Renamed", account_crm_id="001A")
    after = said("accounts/001A", LIST)
    assert b"Renamed" in after
    assert b"Renamed" not in before
