"""Fixtures: the real app on a small database, and rows that came in through the write door.

``app`` runs each test on SQLite and on PostgreSQL, with the switch on and its prerequisites met; the
``make_*`` fixtures have one good default row each.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import CodeType
from typing import Any

import certifi
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from werkzeug.routing import Rule

from tests import databases
from webui import create_app, operational_settings, schema, switch
from webui.access.secret import secrets_of
from webui.config import Settings
from webui.database import db
from webui.ingest import deletions, merges, store
from webui.ingest.records import (
    AccountRecord,
    ActivityRecord,
    Batch,
    OpportunityRecord,
    Origin,
    PersonRecord,
    Record,
    RoleRecord,
)
from webui.installation import writing
from webui.models import Base

pytest_plugins = ["tests.servers.fixtures"]

VERSIONS = count(0, 1_000_000)  # an installation's content version never comes again
API_KEY = "k" * 16 + "0123456789abcdef"
SECRET_KEY = "a-secret-of-enough-bytes-0123456789"
SOURCES = {
    ActivityRecord: "activities",
    AccountRecord: "accounts",
    PersonRecord: "people",
    OpportunityRecord: "opportunities",
    RoleRecord: "roles",
}


@event.listens_for(Engine, "connect")
def wait_for_no_disk(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Let SQLite not wait until the disk has what a test wrote; ``databases`` says so of PostgreSQL."""
    if type(connection).__module__.startswith("sqlite3"):
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()


class Compiled(BytecodeCache):
    """Templates as they were compiled; one whose text has changed is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, (None, None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key] = bucket.checksum, bucket.code


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Compile each template once for all apps that tests make: they differ in their settings alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
        yield


@pytest.fixture(scope="session", autouse=True)
def routes_compiled_once() -> Iterator[None]:
    """Compile what writes the addresses of a route once for all apps: it asks the route for what is its own.

    To compile them takes four fifths of the time in which an app is made.
    """
    compile_anew = Rule._compile_builder
    kept: dict[tuple[str, str, str, bool], Callable[..., tuple[str, str]]] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, repr(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_anew(rule, append_unknown)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let who asks by HTTP trust one authority: to read all of them takes each client longer than to ask.

    No test asks by HTTPS. The file is named as an operator would name one of a company's own.
    """
    authorities = Path(certifi.where()).read_text(encoding="utf-8")
    end = "-----END CERTIFICATE-----\n"
    file = tmp_path_factory.mktemp("authority") / "one.pem"
    file.write_text(authorities.partition(end)[0] + end, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(file))
        yield


@pytest.fixture(scope="session", params=databases.BACKENDS)
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a demo on a database of its own, with the schema made by the migrations."""
    folder = tmp_path_factory.mktemp("instance")
    url = databases.new_url(request.param, folder)
    yield Settings.from_environment(
        {
            "CHATPANE_DATABASE_URL": url,
            "CHATPANE_INSTANCE": str(folder),
            "CHATPANE_SECRET_KEY": SECRET_KEY,
            "CHATPANE_DEMO": "1",
        }
    )
    databases.drop(url)


@pytest.fixture(scope="session")
def whole_app(settings: Settings) -> Flask:
    """The app, made once for each database."""
    app = create_app(settings)
    app.config["TESTING"] = True
    with app.app_context():
        schema.prepare(settings)
    return app


@pytest.fixture
def bare_app(whole_app: Flask) -> Iterator[Flask]:
    """The app on an empty database: nothing imported, nothing configured, the switch off."""
    settings: Settings = whole_app.extensions["chatpane"]
    with whole_app.app_context():
        empty(settings)
        yield whole_app
        db.session.rollback()


def empty(settings: Settings) -> None:
    """Delete every row, and make the installation's anew."""
    databases.delete_all(db.session.connection(), [table.name for table in Base.metadata.sorted_tables])
    db.session.execute(
        text(
            "INSERT INTO installation (id, content_version, next_activity_id, weeks_timezone, chat_enabled) "
            "VALUES (1, :version, 1, :zone, :off)"
        ),
        {"version": next(VERSIONS), "zone": settings.timezone.key, "off": False},
    )
    db.session.commit()


@pytest.fixture
def app(bare_app: Flask) -> Flask:
    """The app with the prerequisites met and the switch on; no record, no activity."""
    configure(bare_app)
    switch.turn(True, "test")
    return bare_app


def configure(app: Flask) -> None:
    """Meet the prerequisites, as an admin and a first delivery would."""
    operational_settings.set_package_version("2.4.0", "test")
    operational_settings.set_api_key(API_KEY, "test", secrets_of(app.extensions["chatpane"]))
    db.session.execute(
        text("UPDATE installation SET connected_at = :at, connection_source = 'activities'"),
        {
            "at": 1_700_000_000_000_000
            if db.engine.dialect.name == "sqlite"
            else datetime(2023, 11, 14, tzinfo=UTC)
        },
    )
    db.session.commit()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def save(bare_app: Flask) -> Callable[..., Counter[str]]:
    """Store records through the write door; return the counts."""

    def save_records(*records: Record) -> Counter[str]:
        totals: Counter[str] = Counter()
        for record in records:
            totals += store.save(batch_of(record))
        return totals

    return save_records


def batch_of(*records: Record) -> Batch:
    """Return a batch of records of one kind, as if from a file."""
    return Batch(
        source=SOURCES[type(records[0])],
        file="test.csv",
        header="",
        records=[(record, Origin(line, repr(record))) for line, record in enumerate(records, 2)],
    )


Make = Callable[..., Any]


@pytest.fixture
def make_account(save: Callable[..., Any]) -> Make:
    """Store an account; return its crm_id."""

    def make(crm_id: str = "001A", name: str = "Larkspur") -> str:
        save(AccountRecord(crm_id=crm_id, name=name))
        return crm_id

    return make


@pytest.fixture
def make_person(save: Callable[..., Any]) -> Make:
    """Store a lead (or contact); return its crm_id. Its Marketo id is 501 unless named."""

    def make(crm_id: str = "00Q1", kind: str = "lead", marketo_id: int | None = 501, **fields: Any) -> str:
        fields = {"first_name": "Ann", "last_name": "Lee", **fields}
        save(PersonRecord(kind=kind, crm_id=crm_id, marketo_id=marketo_id, **fields))
        return crm_id

    return make


@pytest.fixture
def make_opportunity(save: Callable[..., Any]) -> Make:
    """Store an opportunity with roles for these people; return its crm_id."""

    def make(crm_id: str = "006A", people: tuple[str, ...] = (), **fields: Any) -> str:
        save(OpportunityRecord(crm_id=crm_id, **{"name": "Renewal", **fields}))
        for person in people:
            save(RoleRecord(opportunity_crm_id=crm_id, person_crm_id=person, role="Buyer", is_primary=False))
        return crm_id

    return make


@pytest.fixture
def make_activity(save: Callable[..., Any]) -> Make:
    """Store an activity of Marketo lead 501; return its id. ``at`` is an ISO text or an aware time."""
    numbers = count(1)

    def make(dialogue: str | None = "Pricing", at: str | datetime | None = None, **fields: Any) -> int:
        number = next(numbers)
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        record = {
            "guid": f"guid-{number}",
            "marketo_id": 501,
            "at": moment or datetime.now(UTC) - timedelta(minutes=5),
            "type_key": "engaged-dialogue",
            "is_flow": False,
            **fields,
        }
        if dialogue is not None:
            record["dialogue_name"] = dialogue
        save(ActivityRecord(**record))
        found = db.session.execute(
            text("SELECT id FROM activity WHERE guid = :guid"), {"guid": record["guid"]}
        )
        return int(found.scalar_one())

    return make


@pytest.fixture
def merge(bare_app: Flask) -> Callable[..., int]:
    """Merge Marketo ids into another, as Marketo tells it; return how many were news."""

    def merge_ids(*losers: int, into: int) -> int:
        with writing():
            return merges.merge(losers, into)

    return merge_ids


@pytest.fixture
def delete(bare_app: Flask) -> Callable[..., int]:
    """Delete Marketo ids, as Marketo tells it; return how many were news."""

    def delete_ids(*marketo_ids: int, keep_activities: bool = False) -> int:
        with writing():
            return deletions.delete(marketo_ids, keep_activities=keep_activities)

    return delete_ids


@pytest.fixture
def seeds() -> Path:
    """The folder of the demo company."""
    return Path(__file__).parent.parent / "seeds"
