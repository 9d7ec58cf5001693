"""A migration on PostgreSQL while others read and write: they go on, and none waits long.

A long reader, such as a backup, holds the migration up; so there is a while in which it is certainly running.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy.exc import OperationalError

from tests import conftest, databases
from tests.conftest import batch_of
from webui import create_app, schema
from webui.config import Settings
from webui.database import db
from webui.ingest import store
from webui.ingest.records import ActivityRecord, PersonRecord

BOUND = 0.3  # seconds that a migration waits for a lock, here
SLACK = 0.7  # of a busy machine
LOOKED_FOR = 1.0


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL database of its own."""
    made = databases.new_url("postgresql", tmp_path_factory.mktemp("migrating"))
    yield made
    databases.drop(made)


@pytest.fixture
def running(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An app on that database, at this release's schema, with a lead and an activity."""
    monkeypatch.setattr(schema, "LOCK_WAITS", (int(BOUND * 1_000),) * 50)
    monkeypatch.setattr(schema, "PAUSE", 0.1)
    settings = Settings.from_environment(
        {"CHATPANE_DATABASE_URL": url, "CHATPANE_INSTANCE": str(tmp_path), "CHATPANE_DEMO": "1"}
    )
    app = create_app(settings)
    with app.app_context():
        schema.migrate(settings)
        conftest.empty(settings)
        store.save(batch_of(PersonRecord(kind="lead", crm_id="00Q1", marketo_id=501, last_name="Lee")))
        about = {"guid": "one", "marketo_id": 501, "type_key": "engaged-dialogue", "is_flow": False}
        store.save(batch_of(ActivityRecord(at=datetime.now(UTC), **about)))
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


def step_back(revision: str) -> None:
    """Bring the schema back to an earlier one."""
    db.session.remove()
    downgrade(directory=str(schema.MIGRATIONS), revision=revision)


@contextmanager
def long_reader(url: str, table: str) -> Iterator[None]:
    """Read a table in a transaction that stays open, as a backup does."""
    with psycopg.connect(url) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute(f"SELECT count(*) FROM {table}".encode())
        yield


class Migration(threading.Thread):
    """``chatpane migrate`` beside the test; ``failure`` is what it raised."""

    def __init__(self, app: Flask) -> None:
        super().__init__(daemon=True)
        self._app = app
        self.failure: Exception | None = None
        self.start()

    def run(self) -> None:
        with self._app.app_context():
            try:
                schema.migrate(self._app.extensions["chatpane"])
            except Exception as failure:
                self.failure = failure

    def goes_on(self) -> None:
        """Raise what it raised, if it ended."""
        if self.failure is not None:
            raise self.failure
        assert self.is_alive()

    def ends(self) -> None:
        """Wait for its end, and raise what it raised."""
        self.join(30)
        assert not self.is_alive()
        if self.failure is not None:
            raise self.failure


def slowest(ask, seconds: float = LOOKED_FOR) -> float:
    """Ask again and again for so many seconds; return how long the slowest answer took."""
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        ask()
        took.append(time.monotonic() - began)
    return max(took)


def test_whoever_reads_while_a_migration_waits_for_a_table_waits_but_a_moment(running, url):
    step_back("0002")
    with psycopg.connect(url, autocommit=True) as other:
        with long_reader(url, "person"):
            migration = Migration(running)
            longest = slowest(lambda: other.execute("SELECT count(*) FROM person").fetchall())
            migration.goes_on()
        migration.ends()
    assert BOUND / 3 < longest < BOUND + SLACK
    assert schema.revision() == schema.head()


def test_a_migration_that_never_gets_a_table_gives_up_and_says_what_to_do(running, url, monkeypatch):
    monkeypatch.setattr(schema, "LOCK_WAITS", (int(BOUND * 1_000),) * 2)
    step_back("0002")
    with long_reader(url, "person"), pytest.raises(schema.NoDatabase, match="pg_stat_activity"):
        schema.migrate(running.extensions["chatpane"])
    assert schema.revision() == "0002"


def test_activities_are_read_and_written_while_an_index_is_made(running, url):
    step_back("0004")
    with psycopg.connect(url, autocommit=True) as other:

        def work() -> None:
            changed = other.execute("UPDATE activity SET status = 'completed' RETURNING id").fetchall()
            assert other.execute("SELECT id FROM activity").fetchall() == changed != []

        with long_reader(url, "activity"):
            migration = Migration(running)
            assert slowest(work) < SLACK
            migration.goes_on()
        migration.ends()
    assert schema.revision() == schema.head()


def test_an_index_whose_making_was_cut_off_is_made_by_the_next_migration(running, url):
    step_back("0004")
    with psycopg.connect(url, autocommit=True) as operator:
        with long_reader(url, "activity"):
            migration = Migration(running)
            half_made = "SELECT relname FROM pg_class WHERE relname = 'ix_activity_booked'"
            making = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%'"
            while not (operator.execute(half_made).fetchall() and operator.execute(making).fetchall()):
                time.sleep(0.01)
            with pytest.raises(OperationalError):
                migration.ends()
        is_valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_activity_booked'::regclass"
        assert operator.execute(is_valid).fetchone() == (False,)

        schema.migrate(running.extensions["chatpane"])

        assert operator.execute(is_valid).fetchone() == (True,)


def test_an_index_is_dropped_while_somebody_reads_long_and_nobody_waits(running, url):
    step_back("0006")
    with psycopg.connect(url, autocommit=True) as other:

        def work() -> None:
            assert other.execute("UPDATE person SET owner = 'Kim' RETURNING id").fetchall()

        with long_reader(url, "person"):
            migration = Migration(running)
            assert slowest(work) < SLACK
            migration.goes_on()
        migration.ends()
        left = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix_person_account_id%'"
        assert other.execute(left).fetchall() == [("ix_person_account_id_is_nameless",)]
