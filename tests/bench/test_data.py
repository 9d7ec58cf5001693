"""The bench's files are the same each time, the floor writes what an import writes, and pages are there."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from sqlite3 import Connection, connect

import pytest

from tests.bench import command, data, databases, deals, floor, growth, imports, load, people, records
from tests.bench.data import Files, Shape, written
from tests.bench.databases import Sqlite
from tests.bench.people import LARGE, VAST
from webui import create_app
from webui.config import Settings
from webui.vocabulary import FAMILIES, TYPES

GUID = "marketoGUID"
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
    monkeypatch.setattr(command, "LOOK_EVERY", 10)  # a look costs more than the work of these small files
    return tmp_path


def texts(files: Files) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(files.folder.iterdir())}


def test_the_same_shape_gives_the_same_files(folder):
    first = texts(written(SHAPE))
    written(SHAPE).folder.rename(folder / "before")

    assert texts(written(SHAPE)) == first
    assert sum(text.count("\n") - 1 for name, text in first.items() if name.startswith("activities-")) == 700


def test_files_of_another_week_go_when_new_ones_are_written_and_other_sizes_stay(folder):
    before, other = written(SHAPE), written(replace(SHAPE, activities=800))
    after = written(replace(SHAPE, last_week=date(2026, 3, 9)))

    assert not before.folder.exists()
    assert other.folder.exists()
    assert after.folder.exists()


def test_a_database_of_another_week_goes_and_other_sizes_stay(folder):
    for name in ("700_before", "700_after", "7000_before"):
        Sqlite(name).path.touch()
    databases.drop_others("sqlite", "700_", but="700_after")

    assert sorted(path.stem for path in folder.glob("*.sqlite")) == ["7000_before", "700_after"]


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


def test_two_accounts_and_a_deal_are_the_same_in_companies_of_any_size():
    small, large = (people.company(size, seed=7) for size in (people.WHOLE, 2 * people.WHOLE))

    for known in (LARGE, VAST):
        contacts = [one for one in small.people if one.account == known.place]
        assert contacts == [one for one in large.people if one.account == known.place]
        assert len(contacts) == known.contacts
        assert sum(one.weight for one in contacts) == pytest.approx(known.activities)
    assert sum(one.weight for one in large.people) == pytest.approx(2 * people.WHOLE)
    part = largest_part(small)
    assert part == largest_part(large)
    assert len(part) == deals.LARGEST_PEOPLE


def largest_part(company: people.Company) -> list[str]:
    """Return the people of the largest deal."""
    return [person for deal, person, *_ in deals.deals(company, seed=7).roles if deal == deals.LARGEST]


def test_every_page_that_is_compared_is_there(folder):
    database = imports.built("sqlite", written(replace(SHAPE, activities=5_000)), lambda _: None)
    week = SHAPE.last_week - timedelta(weeks=1)
    found = records.alike([database], week)
    client = create_app(Settings.from_environment(command.environment(database.url))).test_client()

    for page in growth.first_pages(found, week) + growth.further_pages(found, week):
        assert client.get(page.paths[0], headers=load.HEADERS).status_code == 200, page


def rows(connection: Connection, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table, in their order, by what both writers fill."""
    return connection.execute(f"SELECT {COLUMNS[table]} FROM {table} ORDER BY 1").fetchall()


def test_each_family_has_as_many_activities_of_known_types_as_any_other(folder):
    extracts = data.with_families(written(SHAPE), part=4)

    assert list(extracts) == [family.key for family in FAMILIES]
    kinds = {str(of.classic_id): of.family for of in TYPES if of.classic_id}
    guids = set()
    for family, paths in extracts.items():
        lines = [
            line for path in paths for line in csv.reader(path.open(encoding="utf-8")) if line[0] != GUID
        ]
        assert len(lines) == 700 // 4
        assert {kinds.get(line[3], "chat") for line in lines} == {family}
        guids |= {line[0] for line in lines}
    assert len(guids) == len(FAMILIES) * (700 // 4)
