"""The bench's files are the same each time, and what the floor writes is what an import writes."""

from datetime import date
from pathlib import Path
from sqlite3 import Connection, connect

import pytest

from tests.bench import command, data, databases, floor, imports
from tests.bench.data import Files, Shape, written
from tests.bench.databases import Sqlite

SHAPE = Shape(activities=700, last_week=date(2026, 3, 2))
COLUMNS = {
    "activity": "guid, marketo_id, person_id, account_id, type_key, at, week, status",
    "activity_detail": "activity_id, is_flow, page_url, agent_name, goal_name, document_url, scheduled_for",
    "conversation": "activity_id, summary, transcript",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of the bench's own."""
    for module in (data, databases, command):
        monkeypatch.setattr(module, "DATA", tmp_path)
    return tmp_path


def texts(files: Files) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(files.folder.iterdir())}


def test_the_same_shape_gives_the_same_files(folder):
    first = texts(written(SHAPE))
    written(SHAPE).folder.rename(folder / "before")

    assert texts(written(SHAPE)) == first
    assert sum(text.count("\n") - 1 for name, text in first.items() if name.startswith("activities-")) == 700


def test_every_row_goes_in_and_the_floor_writes_the_same_rows(folder):
    files = written(SHAPE)
    loaded, _ = imports.with_people("sqlite", files)
    copy = Sqlite("floor")
    copy.copy_from(loaded)
    imports.load(loaded, files)
    list(floor.main(copy.path, *files.extracts))

    with connect(Sqlite(loaded.name).path) as imported, connect(copy.path) as bare:
        for table in COLUMNS:
            assert rows(bare, table) == rows(imported, table) != [], table


def rows(connection: Connection, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table, in their order, by what both writers fill."""
    return connection.execute(f"SELECT {COLUMNS[table]} FROM {table} ORDER BY 1").fetchall()
