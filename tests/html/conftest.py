"""Fixtures of the page tests: browsers, many rows at once, and a company that has one of everything."""

import contextvars
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.conftest import batch_of, configure
from tests.databases import skip
from tests.html import walk
from tests.html.pushing import TOKEN
from tests.html.walk import Seen
from tests.servers.adobe import CLIENT_ID, Adobe
from webui import create_app, switch
from webui.config import Settings
from webui.database import db
from webui.feeds.weeks import grid_weeks
from webui.ingest import store
from webui.ingest.records import (
    AccountRecord,
    ActivityRecord,
    OpportunityRecord,
    PersonRecord,
    RoleRecord,
)
from webui.models import Activity, Installation
from webui.vocabulary import CHANGED_SCORE, CHAT_KEYS, LANGUAGES, TYPES


class Browser(FlaskClient):
    """A browser without JavaScript. Each request has a context and a database session of its own."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # an answer that is streamed is read in its own context
        return contextvars.Context().run(super().open, *args, **kwargs)


def browser(app: Flask) -> Browser:
    """Open a new browser, without cookies."""
    return Browser(app, app.response_class, use_cookies=True)


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser, with the switch on."""
    return browser(app)


@pytest.fixture
def bare_client(bare_app: Flask) -> Browser:
    """A browser on an installation that nobody has configured."""
    return browser(bare_app)


@pytest.fixture(scope="session")
def second_worker(whole_app: Flask, settings: Settings) -> Flask:
    """Another process's app on the same database."""
    return create_app(settings)


@pytest.fixture(scope="session")
def closed_app(whole_app: Flask, settings: Settings) -> Flask:
    """The app on the same database, started as no demo; many tests are refused from one address."""
    return create_app(replace(settings, demo=False, limit_refused="1000000 per minute"))


# Markup does not depend on the database: where a test only reads it, one is enough.
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def in_each_language(argument: str) -> pytest.MarkDecorator:
    """Give a test each language by this argument, and one of them on both databases: words are no SQL."""
    cases = [*(("sqlite", language) for language in LANGUAGES), ("postgresql", LANGUAGES[0])]
    # Without its scope, each case would have a database of its own.
    return pytest.mark.parametrize(("settings", argument), cases, indirect=["settings"], scope="session")


def this_week(seconds: float = 0) -> datetime:
    """Return a time in the running week of UTC, ``seconds`` after it began."""
    return datetime.combine(grid_weeks(ZoneInfo("UTC"))[-1], time(), UTC) + timedelta(seconds=seconds)


@pytest.fixture
def make_activities(bare_app: Flask) -> Callable[..., list[int]]:
    """Store many activities at once; each is a dict of what is its own. Returns their ids."""
    numbers = count(1)

    def make(some: Iterable[dict[str, Any]], **fields: Any) -> list[int]:
        default = {
            "marketo_id": 501,
            "type_key": "engaged-dialogue",
            "is_flow": False,
            "dialogue_name": "Pricing",
        }
        records = [
            ActivityRecord(**{"guid": f"many-{next(numbers)}", "at": this_week(), **default, **fields, **one})
            for one in some
        ]
        store.save(batch_of(*records))
        known = select(Activity.guid, Activity.id).where(Activity.guid.in_([one.guid for one in records]))
        ids = dict(db.session.execute(known).all())
        db.session.rollback()
        return [ids[one.guid] for one in records]

    return make


@pytest.fixture
def count_weeks_in(bare_app: Flask) -> Callable[[str], None]:
    """Let the installation's weeks begin in this time zone, as ``CHATPANE_TIMEZONE`` would."""

    def choose(zone: str) -> None:
        db.session.execute(update(Installation).values(weeks_timezone=zone))
        db.session.commit()

    return choose


@pytest.fixture
def turned_off(bare_app: Flask) -> Callable[..., None]:
    """Show each family but these, as an admin would choose on the configuration tab."""

    def choose(*families: str) -> None:
        others = " ".join(one for one in families if one != "chat")
        shown = {"families_off": others, "chat_enabled": "chat" not in families}
        version = Installation.content_version + 1
        db.session.execute(update(Installation).values(content_version=version, **shown))
        db.session.commit()

    return choose


@pytest.fixture
def choose_global_tabs(bare_app: Flask) -> Callable[[str], None]:
    """Choose the global tab's tabs, by their keys with blanks between."""

    def choose(keys: str) -> None:
        db.session.execute(update(Installation).values(global_tabs=keys))
        db.session.commit()

    return choose


@dataclass(frozen=True)
class Company:
    """Records worth a walk. ``activities`` are ids by (type key, status), all of the lead's."""

    account: str
    contact: str
    lead: str
    quiet_lead: str
    converted_lead: str
    opportunity: str
    activities: dict[tuple[str, str | None], int]

    def panels(self) -> list[str]:
        """Return the paths of the panels."""
        return [
            f"/leads/{self.lead}",
            f"/leads/{self.quiet_lead}",
            f"/contacts/{self.contact}",
            f"/accounts/{self.account}",
            f"/opportunities/{self.opportunity}",
        ]


@pytest.fixture
def company(app: Flask, make_activities: Callable[..., list[int]]) -> Company:
    """A company with each type and status, a long week, a booking, talks with and without transcript."""
    for batch in (
        [AccountRecord(crm_id="001A", name="Larkspur")],
        [
            PersonRecord(
                kind="lead", crm_id="00Q1", marketo_id=501, first_name="Ann", last_name="Lee", owner="Kim"
            ),
            PersonRecord(kind="lead", crm_id="00Q2", marketo_id=502, email="quiet@larkspur.example"),
            PersonRecord(kind="lead", crm_id="00Q9", marketo_id=509, first_name="Old", last_name="Lead"),
            PersonRecord(
                kind="contact", crm_id="003A", marketo_id=503, last_name="佐藤", account_crm_id="001A"
            ),
            PersonRecord(
                kind="contact", crm_id="003B", marketo_id=509, last_name="Ito", account_crm_id="001A"
            ),
        ],
        [OpportunityRecord(crm_id="006A", name="Renewal", account_crm_id="001A")],
        [
            RoleRecord(opportunity_crm_id="006A", person_crm_id=person, role="Buyer", is_primary=False)
            for person in ("00Q1", "003A")
        ],
    ):
        store.save(batch_of(*batch))
    kinds = [(of.key, status.key) for of in TYPES for status in of.statuses]
    kinds += [(of.key, None) for of in TYPES if not of.statuses]
    ids = make_activities(
        (FULL if key in CHAT_KEYS else {})
        | {"type_key": key, "status": status, "at": this_week(number)}
        | ({"transcript": None} if status == "initiated" else {})
        | (SCORED if key == CHANGED_SCORE else {})
        for number, (key, status) in enumerate(kinds)
    )
    make_activities([{"at": this_week(number)} for number in range(60)], marketo_id=503)
    make_activities([{"at": this_week() - timedelta(weeks=2)}], marketo_id=509)
    return Company("001A", "003A", "00Q1", "00Q2", "00Q9", "006A", dict(zip(kinds, ids, strict=True)))


@dataclass(frozen=True)
class RedisServer:
    """A running Redis."""

    url: str
    process: "subprocess.Popen[bytes]"


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis server of this test's own."""
    server = shutil.which("redis-server")
    if server is None:
        skip("no Redis: apt-get install redis-server")
    socket = tmp_path / "redis.sock"
    command = [server, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        client = redis.Redis(unix_socket_path=str(socket))
        for _ in range(100):
            try:
                client.ping()
                break
            except redis.ConnectionError:
                sleep(0.05)
        yield RedisServer(f"redis+unix://{socket}", process)
        process.kill()


@pytest.fixture(scope="session")
def adobe_server() -> Iterator[Adobe]:
    """An Adobe for all tests."""
    server = Adobe()
    yield server
    server.stop()


@pytest.fixture
def adobe(adobe_server: Adobe) -> Adobe:
    """Adobe, honest."""
    adobe_server.be_honest()
    return adobe_server


@pytest.fixture
def pushed_settings(settings: Settings, adobe: Adobe) -> Settings:
    """Settings of an installation that takes both pushes."""
    return replace(
        settings,
        demo=False,
        adobe_client_id=CLIENT_ID,
        adobe_keys_url=adobe.address,
        marketo_push_token=TOKEN,
        marketo_munchkin_id="123-ABC-456",
        limit_refused="1000000 per minute",
    )


@pytest.fixture
def hooked(bare_app: Flask, pushed_settings: Settings) -> Browser:
    """A browser's stand-in that posts to an installation which takes both pushes."""
    return browser(create_app(pushed_settings))


_WALKED: dict[str, list[Seen]] = {}


@pytest.fixture
def everything(request: pytest.FixtureRequest, settings: Settings) -> list[Seen]:
    """Each page, each fragment and some failures, as (address, whether a page, the answer); walked once."""
    if settings.database not in _WALKED:
        app, client, company = map(request.getfixturevalue, ("app", "client", "company"))
        _WALKED[settings.database] = walk.everything(app, client, company)
        configure(app)
        switch.turn(True, "test")
    return _WALKED[settings.database]


FULL = {
    "page_url": "https://www.larkspur.example/pricing",
    "agent_name": "Mia Agent",
    "agent_email": "mia@larkspur.example",
    "goal_name": "Asked for a quote",
    "document_name": "Price list",
    "document_url": "https://www.larkspur.example/prices.pdf",
    "scheduled_for": datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
    "routing_queue": "Europe",
    "summary": "Wants a quote.",
    "transcript": "Visitor: Hello\nBot: Hi!",
    "score": 2,
    "topics": ["pricing", "terms"],
    "extra": {"Source Name": "Homepage"},
}
SCORED = {"dialogue_name": "Lead Score", "score_change": 20, "new_score": 60}
