"""As of when the data are: the foot of each panel and tab, and what it says of a source that is late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.html.conftest import in_each_language, on_one_database
from tests.html.entering import enter
from tests.html.pages import squeezed, turn
from tests.reading import HTMX, one, soup
from webui import create_app
from webui.database import db
from webui.ingest import sources
from webui.installation import writing
from webui.models import SourceState
from webui.wording import utc

LONG_AGO = datetime(2026, 1, 5, 9, 10, tzinfo=UTC)
PANELS = ("/leads/00Q1", "/contacts/003A", "/accounts/001A", "/opportunities/006A")


@pytest.fixture
def read_last(app):
    """Let a source have been read (or have delivered) at a time, and never before or after."""

    def note(at, source="marketo-rest"):
        with writing():
            sources.succeeded(source)
        db.session.execute(update(SourceState).where(SourceState.source == source).values(succeeded_at=at))
        db.session.commit()

    return note


def as_of(page):
    """Return the time that a page says its data are of."""
    return one(page, "footer#as-of [data-as-of] time")["datetime"]


def test_each_panel_and_tab_says_as_of_when_its_data_are(client, company, read_last):
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    read_last(at + timedelta(seconds=59))
    for path in (
        *PANELS,
        *(f"{panel}{tab}" for panel in PANELS for tab in ("?tab=chat", "/chat", "/dashboard")),
    ):
        assert as_of(soup(client.get(path))) == utc(at), path
    for path in ("/global", "/global/chat"):
        assert as_of(soup(client.get(path))) == utc(at), path


def test_a_fragment_brings_the_foot_along_to_take_the_place_of_the_pages(client, company):
    for path in ("/leads/00Q1/chat", "/leads/00Q1/dashboard", "/global/chat"):
        foot = one(soup(client.get(path, headers=HTMX)), "footer#as-of")

        assert foot["hx-swap-oob"] == "true"
        assert foot.select("[data-as-of]")
        assert not one(soup(client.get(path)), "footer#as-of").has_attr("hx-swap-oob")


@on_one_database
def test_before_any_source_nothing_is_said(client, make_person):
    make_person()

    assert squeezed(one(soup(client.get("/leads/00Q1")), "footer#as-of")) == ""


def test_a_late_source_is_told_in_a_sentence_for_reps(client, make_person, read_last):
    make_person()
    read_last(LONG_AGO)

    late = one(soup(client.get("/leads/00Q1/chat")), "footer#as-of [data-late=marketo-rest]")

    assert squeezed(late) == "Marketo has not been read since Jan 5, 09:10 ; newer activities may be missing."
    assert one(late, "time")["datetime"] == "2026-01-05T09:10:00Z"


@pytest.mark.parametrize("source", ["adobe-io", "marketo-activities", "files"])
def test_a_source_that_only_says_nothing_is_not_late(client, make_person, read_last, source):
    make_person()
    read_last(LONG_AGO, source)

    page = soup(client.get("/leads/00Q1"))
    assert as_of(page) == "2026-01-05T09:10:00Z"
    assert not page.select("[data-late]")

    sources.failed(source, "secret words for the admin")

    late = one(soup(client.get("/leads/00Q1")), f"[data-late={source}]")
    assert "the last delivery failed" in squeezed(late)
    assert "secret words" not in squeezed(late)


@on_one_database
@pytest.mark.parametrize(
    ("source", "words"),
    [("marketo-rest", "could not be read yet"), ("adobe-io", "the first delivery failed")],
)
def test_a_source_that_never_succeeded_is_late_without_a_time(client, make_person, source, words):
    make_person()
    sources.failed(source, "It does not answer.")

    page = soup(client.get("/leads/00Q1"))

    assert words in squeezed(one(page, f"[data-late={source}]"))
    assert not page.select("[data-as-of], [data-late] time")


def test_a_copy_that_a_browser_kept_is_good_no_longer_once_the_source_is_late(client, make_person, read_last):
    """Lateness comes by mere time: nothing is written when it begins."""
    make_person()
    paths = ("/leads/00Q1/chat", "/leads/00Q1/web", "/leads/00Q1/dashboard", "/global/chat")
    read_last(datetime.now(UTC) - timedelta(minutes=59))
    kept = {path: client.get(path, headers=HTMX).headers["ETag"] for path in paths}
    again = {path: {**HTMX, "If-None-Match": tag} for path, tag in kept.items()}
    assert all(client.get(path, headers=headers).status_code == 304 for path, headers in again.items())

    read_last(datetime.now(UTC) - timedelta(minutes=61))

    for path, headers in again.items():
        answer = client.get(path, headers=headers)
        assert soup(answer).select("[data-late=marketo-rest]")


@in_each_language("language")
def test_while_the_switch_is_off_each_page_says_as_of_when_the_others_data_are(
    client, company, read_last, language
):
    read_last(LONG_AGO)

    def feet():
        tabs = (f"{panel}/{tab}" for panel in PANELS for tab in ("dashboard", "web"))
        return {
            (path, bool(headers)): [
                squeezed(part)
                for part in soup(client.get(f"{path}?lang={language}", headers=headers)).select(
                    "footer#as-of :is([data-as-of], [data-late])"
                )
            ]
            for path in (*PANELS, *tabs, "/global/web")
            for headers in ({}, HTMX)
        }

    before = feet()
    turn(client, on=False)

    assert feet() == before
    assert {len(said) for said in before.values()} == {2}


@on_one_database
def test_the_notice_that_the_switch_is_off_empties_the_foot(client, company):
    turn(client, on=False)

    foot = one(soup(client.get("/leads/00Q1/chat", headers=HTMX), 404), "footer#as-of")

    assert (foot["hx-swap-oob"], squeezed(foot)) == ("true", "")


# What is not shown, and why.


def notes(page):
    """Return the notes of a page's foot by their keys."""
    return {note["data-note"]: squeezed(note) for note in page.select("footer#as-of [data-note]")}


def test_a_list_without_anything_left_out_has_no_note(client, make_person, make_activity):
    make_person()
    make_activity(status="completed")

    assert notes(soup(client.get("/leads/00Q1/chat"))) == {}


def test_conversations_that_may_still_end_are_counted_and_lead_to_their_rows(
    client, make_person, make_activity
):
    make_person()
    still = make_activity(status="initiated")
    make_activity(status="initiated", at=datetime.now(UTC) - timedelta(hours=73))
    make_activity(status="dropped")
    page = soup(client.get("/leads/00Q1"))

    assert notes(page)["open"].startswith("1 conversation is still open")
    link = one(page, "[data-note=open] a")
    assert link["href"] == link["hx-get"]
    rows = soup(client.get(link["href"])).select("tr[data-activity]")
    assert [row["data-activity"] for row in rows] == [str(still)]


def test_what_marketo_keeps_no_longer_is_counted_and_leads_to_its_rows(client, make_person, make_activity):
    make_person()
    old = make_activity(at=datetime.now(UTC) - timedelta(days=31 * 27))
    make_activity(at=datetime.now(UTC) - timedelta(days=30 * 24))
    page = soup(client.get("/leads/00Q1/dashboard"))

    assert "1 activity is older than 25 months" in notes(page)["older"]
    rows = soup(client.get(one(page, "[data-note=older] a")["href"])).select("tr[data-activity]")
    assert [row["data-activity"] for row in rows] == [str(old)]


def test_a_record_that_marketo_has_not_linked_says_so(client, make_person):
    make_person(marketo_id=None)

    assert "has not linked" in notes(soup(client.get("/leads/00Q1/chat")))["unlinked"]


def test_people_of_an_opportunity_who_are_not_known_are_counted(client, make_person, make_opportunity):
    make_person("00Q1")
    make_opportunity(people=("00Q1", "00QX", "00QY"))

    assert notes(soup(client.get("/opportunities/006A/chat")))["unknown-people"].startswith("2 people")


def test_while_the_switch_is_off_the_notes_of_people_stay_and_those_of_chats_go(
    client, make_person, make_opportunity, make_activity
):
    make_person("00Q1")
    make_activity(status="initiated")
    make_person("00Q2", marketo_id=None)
    make_opportunity(people=("00Q1", "00QX"))
    before = {path: notes(soup(client.get(path))) for path in ("/leads/00Q2", "/opportunities/006A")}
    assert [set(said) for said in before.values()] == [{"unlinked"}, {"open", "unknown-people"}]
    turn(client, on=False)
    after = {path: notes(soup(client.get(path))) for path in before}

    assert [set(said) for said in after.values()] == [{"unlinked"}, {"unknown-people"}]
    for path, said in after.items():
        assert said.items() <= before[path].items()


def test_the_global_tab_says_of_whom_and_of_which_types_it_shows_nothing(client, make_person, make_activity):
    make_person()
    make_activity(marketo_id=777)
    make_activity(marketo_id=778)
    make_activity(type_key="interacted-with-document", status="opened")
    said = notes(soup(client.get("/global/chat")))

    assert said["unknown-visitors"].startswith("2 activities of visitors")
    assert said["other-types"].startswith("1 activity of another type")
    assert "open" not in said


def test_activities_that_a_contacts_link_does_not_open_are_counted_for_it(
    settings, app, make_account, make_person, make_activity
):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_person("003B", kind="contact", marketo_id=502, account_crm_id="001A")
    make_activity(marketo_id=502)
    closed = create_app(replace(settings, demo=False, show_account=False))

    def said(opens, panel):
        return notes(soup(enter(closed, opens).get(f"/{panel}/chat"))).get("not-open")

    assert said("contacts/003A", "contacts/003A") == "1 activity of others at Larkspur is not open to you"
    assert said("accounts/001A", "contacts/003A") is None


def test_rows_of_a_later_page_bring_no_foot_along(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 60)
    more = one(soup(client.get("/leads/00Q1/chat")), "[data-more]")["href"]

    assert not soup(client.get(more, headers=HTMX)).select("footer")
    assert soup(client.get(more)).select("footer#as-of")


def test_news_bring_the_glance_and_the_foot_along(client, make_person, make_activity):
    make_person()
    make_activity(status="completed")
    page = soup(client.get("/leads/00Q1/chat", headers=HTMX))
    make_activity(status="initiated")

    came = soup(client.get(one(page, "[data-news]")["data-news"], headers=HTMX))
    assert "open" in notes(came)
    assert one(came, "#glance [data-glance-item=engagement] [data-tone=open]")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_notes_number_is_that_of_the_rows_behind_it_in_any_zone(client, make_person, make_activities, zone):
    make_person()
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    make_activities([{"at": now - timedelta(hours=hours), "status": "initiated"} for hours in range(80)])
    make_activities(
        [{"at": now - timedelta(days=800, hours=hours), "status": "completed"} for hours in range(0, 700, 9)]
    )

    page = soup(client.get(f"/leads/00Q1/chat?tz={zone}"))

    for key in ("open", "older"):
        note = one(page, f"[data-note={key}] a")
        listed = soup(client.get(f"{note['href']}&tz={zone}"))
        assert squeezed(note).split()[0] == squeezed(one(listed, "[data-said]")).split()[0], key
