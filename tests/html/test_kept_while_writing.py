"""Fragments that are kept, and panels that are open, while activities of others are being stored."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import update

from tests.html.conftest import browser, on_one_database, this_week
from tests.html.pages import rows
from tests.html.test_every_route import statements
from tests.html.test_news import news_of
from tests.reading import HTMX, one, soup
from webui import create_app
from webui.database import db
from webui.ingest import deliveries, prune
from webui.ingest.records import AccountRecord, ActivityRecord, OpportunityRecord, Origin, RoleRecord
from webui.installation import facts
from webui.models import Installation, SourceState

RECORDS = ("/leads/00Q1", "/contacts/003A", "/accounts/001A", "/opportunities/006A")
OTHERS = 502  # a lead who has no part in any other record


@pytest.fixture(autouse=True)
def read_a_moment_ago(company):
    """Let the foot say the same all along: a minute that passes changes it."""
    db.session.execute(update(SourceState).values(succeeded_at=datetime.now(UTC) + timedelta(days=1)))
    db.session.commit()


@pytest.fixture
def deliver(company):
    """Store activities as a delivery brings them."""

    def store(*records):
        batch = deliveries.empty("adobe-io")
        batch.records = [(record, Origin(0, "")) for record in records]
        deliveries.save(batch, lambda: 5.0)
        db.session.execute(update(SourceState).values(succeeded_at=datetime.now(UTC) + timedelta(days=1)))
        db.session.commit()

    return store


def talk(guid, marketo_id, **fields):
    return ActivityRecord(
        guid=guid,
        marketo_id=marketo_id,
        **{"at": this_week(700), "type_key": "engaged-dialogue", "is_flow": False, **fields},
    )


def selects(run):
    return [statement for statement in run if statement.lstrip().upper().startswith("SELECT")]


@pytest.mark.parametrize("tab", ["chat", "dashboard"])
def test_what_is_stored_of_others_leaves_a_records_fragments_as_they_are(client, deliver, tab):
    paths = [f"{record}/{tab}" for record in RECORDS]
    before = {path: client.get(path, headers=HTMX).data for path in paths}
    for number in range(3):
        deliver(talk(f"other-{number}", OTHERS))
        for path in paths:
            with statements() as run:
                assert client.get(path, headers=HTMX).data == before[path], path
            assert len(selects(run)) == 2, path  # besides the facts: the record's version, the freshness


def test_what_is_stored_of_others_leaves_a_detail_as_it_is(client, company, deliver):
    path = f"/chat/activities/{next(iter(company.activities.values()))}"
    client.get(path, headers=HTMX)
    deliver(talk("other", OTHERS))
    with statements() as run:
        client.get(path, headers=HTMX)
    assert len(selects(run)) == 1  # besides the facts: the version of whose it is


def test_a_panel_that_is_open_hears_of_others_activities_nothing_at_two_look_ups(client, deliver):
    for record in RECORDS:
        url = news_of(client, f"{record}?tab=chat")
        deliver(talk(f"other-{record}", OTHERS))
        with statements() as run:
            answer = client.get(url, headers=HTMX)
        assert (answer.status_code, len(selects(run))) == (204, 2), record

        again = answer.headers["X-News"]
        said, says = (parse_qs(urlsplit(one).query) for one in (url, again))
        assert int(says.pop("version")[0]) > int(said.pop("version")[0])
        assert says == said
        with statements() as run:
            assert client.get(again, headers=HTMX).status_code == 204
        assert selects(run) == []


@on_one_database
@pytest.mark.parametrize("crm_id", ["顧客1", "00Q?x", "50%", "a b", "a#b", "a%0d%0ab", "a\nb"])
def test_a_panel_of_an_odd_id_goes_on_asking_for_itself(client, make_person, deliver, crm_id):
    make_person(crm_id, marketo_id=601)
    deliver(talk("own", 601))
    root = f"/leads/{quote(crm_id, safe='')}"
    url = news_of(client, f"{root}?tab=chat")
    for number in range(2):
        deliver(talk(f"other-{number}", OTHERS))
        answer = client.get(url, headers=HTMX)
        url = answer.headers["X-News"]
        assert (answer.status_code, url.partition("?")[0]) == (204, f"{root}/chat/news")


def test_a_standby_that_lacks_the_last_writes_is_believed(client, deliver):
    url = news_of(client, f"{RECORDS[0]}?tab=chat")
    before = facts()
    for number in range(5):
        deliver(talk(f"lost-{number}", OTHERS))
    url = client.get(url, headers=HTMX).headers["X-News"]
    client.get(f"{RECORDS[0]}/chat", headers=HTMX)
    counted = {"content_version": before.content_version, "narrow_writes": before.narrow_writes}
    db.session.execute(update(Installation).values(counted))
    db.session.commit()

    deliver(talk("own", 501))

    assert len(rows(soup(client.get(url, headers=HTMX)))) == 1
    assert len(rows(soup(client.get(f"{RECORDS[0]}/chat", headers=HTMX)))) == len(
        rows(soup(client.get(f"{RECORDS[0]}/chat")))
    )


def test_a_panel_that_is_open_is_told_when_the_data_are_of_a_later_minute(client, deliver):
    url = news_of(client, f"{RECORDS[0]}?tab=chat")
    later = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)
    deliver(talk("other", OTHERS))
    db.session.execute(update(SourceState).values(succeeded_at=later))
    db.session.commit()

    page = soup(client.get(url, headers=HTMX))

    of = one(page, "footer#as-of [data-as-of] time")["datetime"]
    assert of == f"{later:%Y-%m-%dT%H:%M:%SZ}"
    assert of == one(soup(client.get(f"{RECORDS[0]}/chat", headers=HTMX)), "footer#as-of time")["datetime"]


@on_one_database
def test_an_address_of_a_panel_that_is_open_since_before_an_upgrade_is_answered(client, company):
    url = "/leads/00Q1/chat/news?since=0&version="
    for version in ("1", "x", "", "9" * 40):
        for wide in ("", f"&wide={facts().wide_writes}&mark="):
            assert client.get(url + version + wide, headers=HTMX).status_code == 200


def writes(save, make_person, merge, delete) -> dict[str, Callable[[], object]]:
    """Return one of each kind of write, in an order in which each changes something."""

    def again(guid, **fields):
        return lambda: save(talk(guid, 501, **fields))

    return {
        "a new activity of a lead": lambda: save(talk("new-1", 501)),
        "its end and transcript": again("new-1", status="complete", transcript="Bot: Hello\nAnn: Hi"),
        "its date": again("new-1", at=this_week() - timedelta(weeks=1)),
        "its dialogue": again("new-1", dialogue_name="Renewals"),
        "a new activity of a contact": lambda: save(talk("new-3", 503)),
        "one of another of the account": lambda: save(talk("new-9", 509)),
        "one of a stranger": lambda: save(talk("new-777", 777)),
        "the stranger arrives": lambda: make_person("003C", "contact", 777, account_crm_id="001A"),
        "an activity becomes another's": lambda: save(talk("new-777", 502)),
        "two people are one": lambda: merge(502, into=501),
        "a name": lambda: make_person("00Q1", marketo_id=501, first_name="Anna"),
        "the account's name": lambda: save(AccountRecord(crm_id="001A", name="Larkspur & Sons")),
        "the deal's name": lambda: save(OpportunityRecord(crm_id="006A", name="New")),
        "a role": lambda: save(role("003B")),
        "an activity of who has it": lambda: save(talk("new-10", 509)),
        "a role is no more": lambda: save(role("003B", is_deleted=True)),
        "a contact leaves the account": lambda: make_person("003B", "contact", 509, account_crm_id="001Z"),
        "a lead becomes a contact": lambda: make_person("003D", "contact", 501, account_crm_id="001A"),
        "a person is deleted": lambda: delete(509),
        "old ones are pruned": lambda: list(prune.prune(datetime.now(UTC) - timedelta(days=10))),
    }


def role(person, *, is_deleted=False):
    fields = {"role": "Decides", "is_primary": False, "is_deleted": is_deleted}
    return RoleRecord(opportunity_crm_id="006A", person_crm_id=person, **fields)


def told(answer):
    """Return what a panel that is open hears, but for when it is to ask from the next time."""
    return answer.status_code, answer.data if answer.status_code == 200 else b""


def asking_all(url):
    """Return a panel's question as one who does not know what was written since asks it."""
    return re.sub(r"&(wide|version)=\d+", "", url)


def said(client, path):
    """Return what a fragment says, but for the version that its own news are asked for from."""
    answer = client.get(path, headers=HTMX)
    text = answer.get_data(as_text=True)
    return answer.status_code, re.sub(r"(since|version|wide)=\d+", "", text)


def test_whatever_is_written_what_is_kept_says_what_is_stored(
    client, company, settings, save, make_person, merge, delete
):
    anew = browser(create_app(replace(settings, kept_mib=0)))
    details = [f"/chat/activities/{id_}" for id_ in company.activities.values()]
    paths = [f"{record}/{tab}" for record in RECORDS for tab in ("chat", "dashboard", "chat?q=hello")]
    paths += ["/contacts/003A/dashboard?show-account=1", "/leads/00Q2/chat", "/global/chat", *details[:3]]
    open_ones = {record: news_of(client, f"{record}?tab=chat") for record in RECORDS}
    for name, write in writes(save, make_person, merge, delete).items():
        before = facts()
        write()
        db.session.rollback()
        assert facts().content_version > before.content_version, name
        for path in paths:
            assert said(client, path) == said(anew, path), (name, path)
        for record, url in open_ones.items():
            answer = client.get(url, headers=HTMX)
            assert told(answer) == told(client.get(asking_all(url), headers=HTMX)), (name, record)
            open_ones[record] = answer.headers.get("X-News", url)
