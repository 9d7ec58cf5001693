"""Fixtures of the command's tests: the installed ``chatpane``, run on an installation of its own.

Each run is a process, as an operator or a script starts it. ``ready`` is copied from an installation
that was prepared once.
"""

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, make_url, select, text

from tests import conftest, databases
from tests.cli.started import Starter
from tests.ingest.files import (
    GOAL,
    TYPE_NAMES,
    chat_row,
    contents,
    write_crm_file,
    write_extract,
    write_types,
)
from webui import create_app, schema, switch
from webui.access.secret import secret_of
from webui.cli.imports import import_files
from webui.config import Settings
from webui.database import db
from webui.models import Installation

COMMAND = str(Path(sys.executable).with_name("chatpane"))
SECRET = "correct-horse-battery-staple-0123456789"
PATIENCE = 60


@cache
def _starter() -> Starter:
    starter = Starter()
    atexit.register(starter.stop)
    return starter


@dataclass
class Chatpane:
    """An installation, and the command on it: call it with arguments, standard input and variables."""

    instance: Path
    url: str = ""
    variables: dict[str, str] = field(default_factory=lambda: {"CHATPANE_SECRET_KEY": SECRET})

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the environment of a run: this installation's, and nothing of the tester's own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHATPANE_")}
        kept |= {"CHATPANE_INSTANCE": str(self.instance), "CHATPANE_DATABASE_URL": self.url}
        return kept | self.variables | variables

    def __call__(
        self, *arguments: str | Path, stdin: str = "", migrations: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command to its end, with the migrations of another release where they are named."""
        return _starter().run(
            [*map(str, arguments)],
            stdin=stdin,
            env=self.environment(**variables),
            cwd=self.instance.parent,
            timeout=PATIENCE,
            migrations=migrations,
        )

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Start the command and let it run."""
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(
            [COMMAND, *map(str, arguments)],
            env=self.environment(),
            cwd=self.instance.parent,
            text=True,
            **streams,
        )

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """A connection to the installation's database."""
        engine = create_engine(self.settings().database)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def settings(self) -> Settings:
        """Return the settings of this installation."""
        return Settings.from_environment(self.environment())


@pytest.fixture
def chatpane(tmp_path: Path) -> Chatpane:
    """The command on a machine where it has never run."""
    return Chatpane(tmp_path / "instance")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the prerequisites met, one chat activity, three rejected rows, the switch off."""
    chatpane = Chatpane(tmp_path_factory.mktemp("prepared") / "instance")
    settings = chatpane.settings()
    app = create_app(settings)
    with app.app_context():
        schema.prepare(settings)
        conftest.configure(app)
        import_files((_extract(chatpane.instance),), settings)
        db.session.remove()
        db.engine.dispose()
    return chatpane.instance


def _extract(folder: Path) -> Path:
    write_types(folder / "activity_types.json", {1001: TYPE_NAMES[1001]})
    rows = [
        chat_row({"Conversation Status": "Paused"}, marketoGUID="plain"),
        chat_row(marketoGUID="with\ttab\nand line", leadId="no\tlead\nid"),
        chat_row({"Goal Name": "Demo"}, marketoGUID="goal", activityTypeId=GOAL),
        chat_row(activityDate="2031-04-06T15:00:00Z"),
    ]
    return write_extract(folder / "activities.csv", rows)


@pytest.fixture
def ready(tmp_path: Path, prepared: Path) -> Chatpane:
    """The command on that installation; the test has a copy of its own."""
    shutil.copytree(prepared, tmp_path / "instance")
    return Chatpane(tmp_path / "instance")


@pytest.fixture
def shared(app: Flask, settings: Settings, tmp_path: Path) -> Chatpane:
    """The command on the test's own database, of either kind: rows come from the ``make_*`` fixtures."""
    variables = {"CHATPANE_SECRET_KEY": secret_of(settings)}
    return Chatpane(tmp_path / "instance", url=settings.database_url, variables=variables)


def refused(run: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    """Assert that a run was refused in a sentence with these words, and not by a traceback."""
    assert run.returncode == code, (run.returncode, run.stdout, run.stderr)
    assert "Traceback" not in run.stderr
    for word in words:
        assert word in run.stderr


# On both databases


Make = Callable[[], Chatpane]


@pytest.fixture(params=databases.BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return request.param


@pytest.fixture
def new(backend: str, tmp_path: Path) -> Iterator[Make]:
    """Make the command on an installation of its own, with an empty database."""
    made = []

    def make() -> Chatpane:
        folder = tmp_path / f"machine-{len(made)}"
        folder.mkdir()
        made.append(Chatpane(folder / "instance", url=databases.new_url(backend, folder)))
        return made[-1]

    yield make
    for one in made:
        databases.drop(one.url)


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Chatpane]]:
    """Give an installation on a kind of database that every test copies: see ``filled``."""
    made: list[str] = []

    @cache
    def once(backend: str) -> Chatpane:
        folder = tmp_path_factory.mktemp(f"filled-{backend}")
        made.append(databases.new_url(backend, folder))
        chatpane = Chatpane(folder / "instance", url=made[-1])
        _fill(chatpane, folder)
        assert chatpane("backup", folder / "chatpane.backup").returncode == 0
        return chatpane

    yield once
    for url in made:
        databases.drop(url)


def _fill(chatpane: Chatpane, folder: Path) -> None:
    write_types(folder / "activity_types.json", TYPE_NAMES)
    rows = [
        chat_row({"Conversation Status": "Completed"}, marketoGUID="one"),
        chat_row({"Goal Name": "Demo 予約"}, marketoGUID="two", activityTypeId=GOAL),
        chat_row(marketoGUID="three", leadId="none"),
    ]
    contact = {"kind": "contact", "crm_id": "C1", "marketo_id": "501", "account_crm_id": "A1"}
    files = (
        write_crm_file(folder / "accounts.csv", {"crm_id": "A1", "name": "Larkspur"}),
        write_crm_file(folder / "people.csv", contact),
        write_extract(folder / "activities.csv", rows),
    )
    settings = chatpane.settings()
    app = create_app(settings)
    with app.app_context():
        schema.prepare(settings)
        conftest.configure(app)
        import_files(files, settings)
        switch.turn(True, "test")
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def filled(new: Make, filled_once: Callable[[str], Chatpane], backend: str) -> Chatpane:
    """An installation with an account, its contact, two chats and one rejected row, all configured."""
    chatpane = new()
    _copy(filled_once(backend).url, chatpane.url)
    return chatpane


def _copy(url: str, to: str) -> None:
    """Let a database that is new be as another one that nobody uses."""
    source, target = make_url(url).database or "", make_url(to).database or ""
    if url.startswith("sqlite"):
        shutil.copy(source, target)
        return
    with psycopg.connect(databases.SERVER, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {target}")
        connection.execute(f"CREATE DATABASE {target} TEMPLATE {source}")
        connection.execute(f"ALTER DATABASE {target} SET synchronous_commit = off")


@pytest.fixture
def backup(filled_once: Callable[[str], Chatpane], backend: str, tmp_path: Path) -> Path:
    """A backup of that installation."""
    made = filled_once(backend).instance.with_name("chatpane.backup")
    return Path(shutil.copy(made, tmp_path / made.name))


def held(chatpane: Chatpane) -> dict:
    """Return everything that was imported, and the configuration."""
    with chatpane.database() as connection:
        row = connection.execute(select(Installation.__table__)).mappings().one()
    anew = ("content_version", "session_generation")
    return contents_of(chatpane) | {name: row[name] for name in row if name not in anew}


def tables(chatpane: Chatpane) -> list[str]:
    """Return the tables there are."""
    with chatpane.database() as connection:
        return inspect(connection).get_table_names()


def run_sql(chatpane: Chatpane, *statements: str) -> None:
    """Change the database behind the command's back."""
    with chatpane.database() as connection:
        for statement in statements:
            connection.execute(text(statement))


def contents_of(chatpane: Chatpane) -> dict:
    """Return everything that was imported."""
    with chatpane.database() as connection:
        return contents(connection)
