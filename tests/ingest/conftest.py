"""Fixtures of the importer's tests: write a file, import it as the command does, look into the store."""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.ingest import files
from tests.ingest.files import TYPE_NAMES, write_crm_file, write_extract, write_types
from webui.cli.imports import import_files
from webui.config import Settings
from webui.database import db
from webui.ingest.rows import LONGEST_ROW
from webui.models import Base

Bring = Callable[..., Counter[str]]


@pytest.fixture(autouse=True)
def product_limit_of_a_csv_field() -> None:
    """Other tests read small files under a smaller limit, and Python has only one for all."""
    csv.field_size_limit(LONGEST_ROW + 1)


@pytest.fixture
def types(tmp_path: Path) -> Path:
    """An answer of Get Activity Types beside the files that the test writes."""
    return write_types(tmp_path / "activity_types.json", TYPE_NAMES)


@pytest.fixture
def extract(tmp_path: Path, types: Path) -> Callable[..., Path]:
    """Write rows as an extract; return its path."""

    def write(*rows: files.Cells, name: str = "activities.csv", **options: Any) -> Path:
        return write_extract(tmp_path / name, rows, **options)

    return write


@pytest.fixture
def crm_file(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a CRM file of this name; return its path."""
    return lambda name, *rows: write_crm_file(tmp_path / name, *rows)


@pytest.fixture
def bring(bare_app: Flask) -> Bring:
    """Import files in this order; return the counts. ``CHATPANE_ACTIVITY_TYPES`` may be given."""

    def bring_files(*paths: Path, **variables: str) -> Counter[str]:
        settings: Settings = bare_app.extensions["chatpane"]
        if variables:
            told = Settings.from_environment(variables)
            settings = replace(settings, activity_types=told.activity_types)
        totals, unread = import_files(paths, settings)
        assert not unread
        return totals

    return bring_files


@pytest.fixture
def forget(bare_app: Flask) -> Callable[[], None]:
    """Delete all that was imported; quick enough for a test that starts over many times."""

    def delete_all() -> None:
        db.session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "installation":
                db.session.execute(table.delete())
        db.session.commit()

    return delete_all


@pytest.fixture
def stored(bare_app: Flask) -> Callable[[], dict[str, SimpleNamespace]]:
    """Return the activities that the store holds, by guid."""
    return lambda: files.stored_chats(db.session.connection())


@pytest.fixture
def contents(bare_app: Flask) -> Callable[[], dict[str, list[Any]]]:
    """Return all that the store holds."""
    return lambda: files.contents(db.session.connection())


@pytest.fixture
def chats(bring: Bring, extract: Callable[..., Path], stored: Any) -> Callable[..., list[SimpleNamespace]]:
    """Import rows, each with a guid of its own, all of which must go in; return what is stored of each."""

    def import_rows(*rows: files.Cells, **variables: str) -> list[SimpleNamespace]:
        own = files.numbered(*rows)
        counts = bring(extract(*own), **variables)
        assert counts["added"] == len(rows), counts
        found = stored()
        return [found[row["marketoGUID"]] for row in own]

    return import_rows
