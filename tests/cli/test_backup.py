"""``chatpane backup`` and ``chatpane restore``: all comes back, into this release or the next."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select

from tests.cli.conftest import SECRET, Chatpane, contents_of, held, refused, tables
from tests.conftest import API_KEY, batch_of
from tests.reading import soup, texts
from webui import create_app, operational_settings, schema
from webui.config import Settings
from webui.database import db
from webui.ingest import store
from webui.ingest.records import ActivityRecord
from webui.models import Installation

PAGES = ("/accounts/A1/chat", "/contacts/C1/dashboard", "/global/chat")

NEXT_MIGRATION = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None
def upgrade():
    op.create_table("added_next", sa.Column("id", sa.Integer(), primary_key=True))
"""

# There and back


def test_what_was_backed_up_comes_back_whole_and_with_the_same_pages(filled, backup, new):
    other = new()
    run = other("restore", backup)

    assert (run.returncode, run.stdout) == (0, f"{backup}: schema {schema.head()}\n"), run.stderr
    assert held(other) == held(filled)
    assert pages(other) == pages(filled)
    assert "encrypted by another" not in run.stderr
    assert other("doctor").stdout.splitlines()[-1] == "sound"
    assert {line.split(": ")[1] for line in other("recount").stdout.splitlines()} == {
        "0 counts were wrong and are mended"
    }


def pages(chatpane: Chatpane) -> tuple:
    """Return what a rep reads on the pages, and the API Secret Keys."""
    demo = Settings.from_environment(chatpane.environment(CHATPANE_DEMO="1"))
    app = create_app(demo)
    with app.app_context():
        client = app.test_client()
        read = [texts(soup(client.get(path)), "main td, main li") for path in PAGES]
        keys = operational_settings.api_keys((SECRET,))
        db.session.remove()
        db.engine.dispose()
    assert all(read)
    assert keys == [API_KEY.encode()]
    return read


def test_a_backup_is_one_file_for_its_owner_and_says_its_size_and_schema(filled, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    file = folder / "chatpane.backup"
    run = filled("backup", file)

    assert run.stdout == f"{file}: {file.stat().st_size} bytes, schema {schema.head()}\n"
    assert [path.name for path in folder.iterdir()] == ["chatpane.backup"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_taken_while_another_process_writes_is_consistent(filled, new, tmp_path):
    file = tmp_path / "chatpane.backup"
    with writing_to(filled) as saved:
        wait_for_more(saved)
        run = filled("backup", file)
        wait_for_more(saved)
    assert run.returncode == 0, run.stderr
    other = new()
    assert other("restore", file).returncode == 0

    before, after = contents_of(other), contents_of(filled)
    assert 2 < len(before["activities"]) < len(after["activities"]) == 2 + len(saved)
    counts = other("recount").stdout.splitlines()
    assert [line for line in counts if not line.endswith(": 0 counts were wrong and are mended")] == []


@contextmanager
def writing_to(chatpane: Chatpane) -> Iterator[list[str]]:
    """Save one activity after another; give the growing list of their guids."""
    app = create_app(chatpane.settings())
    saved: list[str] = []
    enough = Event()

    def write() -> None:
        with app.app_context():
            while not enough.is_set():
                guid, at = f"meanwhile-{len(saved)}", datetime(2031, 4, 2, tzinfo=UTC)
                fields = {"marketo_id": 501, "at": at, "type_key": "engaged-dialogue", "is_flow": False}
                store.save(batch_of(ActivityRecord(guid=guid, **fields)))
                saved.append(guid)
            db.session.remove()
            db.engine.dispose()

    writer = Thread(target=write)
    writer.start()
    try:
        yield saved
    finally:
        enough.set()
        writer.join()


def wait_for_more(saved: list[str]) -> None:
    """Return when something more was saved."""
    so_far, until = len(saved), time.monotonic() + 20
    while len(saved) == so_far:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_prepared_database_without_records_is_as_good_as_an_empty_one(filled, backup, new):
    other = new()
    assert other("switch", "status").returncode == 0
    assert other("restore", backup).returncode == 0
    assert held(other) == held(filled)


def test_neither_pages_that_browsers_kept_nor_sessions_that_were_ended_are_good_after_a_restore(
    filled, backup, new
):
    numbers = select(Installation.content_version, Installation.session_generation)
    with filled.database() as connection:
        before = connection.execute(numbers).one()
    other = new()
    other("restore", backup)
    with other.database() as connection:
        after = connection.execute(numbers).one()
    assert min(after) > max(before) + 10**9


def test_another_secret_key_is_said_to_leave_the_api_secret_key_unread(backup, new):
    run = new()("restore", backup, CHATPANE_SECRET_KEY="another-" + SECRET)
    assert run.returncode == 0
    assert "encrypted by another CHATPANE_SECRET_KEY" in run.stderr
    assert API_KEY not in run.stderr


# Releases


@pytest.fixture
def next_release(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command of the release after this one."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for source in (*schema.MIGRATIONS.glob("*.*"), *schema.MIGRATIONS.glob("versions/*.py")):
        (folder / source.relative_to(schema.MIGRATIONS)).write_bytes(source.read_bytes())
    (folder / "versions" / "next.py").write_text(NEXT_MIGRATION.format(head=schema.head()))

    def run(chatpane: Chatpane, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return chatpane(*arguments, migrations=folder)

    return run


def test_a_backup_of_an_older_release_is_brought_up_to_date(filled, backup, new, next_release):
    other = new()
    run = next_release(other, "restore", backup)
    assert run.stdout == f"{backup}: schema {schema.head()} → next\n", run.stderr
    assert "added_next" in tables(other)
    assert held(other) == held(filled)


def test_a_backup_of_a_newer_release_is_refused(filled, new, next_release, tmp_path):
    file = tmp_path / "newer.backup"
    assert next_release(filled, "migrate").returncode == 0
    assert next_release(filled, "backup", file).returncode == 0
    other = new()
    refused(other("restore", file), "newer.backup", "schema next", "release that wrote it")
    assert tables(other) == []


def test_the_schema_is_backed_up_as_it_is_by_a_release_that_has_not_taken_it_over(
    filled, new, next_release, tmp_path
):
    file = tmp_path / "before.backup"
    assert next_release(filled, "backup", file).stdout.endswith(f"schema {schema.head()}\n")
    assert "added_next" not in tables(filled)
    assert new()("restore", file).returncode == 0
