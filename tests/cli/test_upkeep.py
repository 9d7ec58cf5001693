"""Settings that cannot be used, ``chatpane doctor``, ``migrate`` and ``recount``."""

import re

import pytest
from flask_migrate import downgrade
from sqlalchemy import create_engine, text

from tests.cli.conftest import SECRET, Chatpane, refused
from webui import schema
from webui.config import Settings
from webui.database import db


def test_settings_that_cannot_be_used_are_named_all_at_once(chatpane):
    run = chatpane(
        "config",
        "show",
        CHATPANE_TIMEZONE="Mars/Olympus",
        CHATPANE_WORKERS="0",
        CHATPANE_DEMO="perhaps",
        CHATPANE_PROXY_HOPS="-1",
        CHATPANE_PUBLIC_URL="pane.example.com",
        CHATPANE_DATABASE_URL="mysql://root@localhost/chatpane",
        CHATPANE_ACTIVITY_TYPES="engaged",
    )
    refused(run, "Mars/Olympus", "Europe/Berlin", "from 1 to 64", "postgresql://", "https://", "id=type")
    named = [re.split("[=:]", line)[0] for line in run.stderr.splitlines() if line.startswith("CHATPANE_")]
    assert named == [
        "CHATPANE_DATABASE_URL",
        "CHATPANE_DEMO",
        "CHATPANE_TIMEZONE",
        "CHATPANE_PUBLIC_URL",
        "CHATPANE_PROXY_HOPS",
        "CHATPANE_WORKERS",
        "CHATPANE_ACTIVITY_TYPES",
    ]


def test_a_database_that_does_not_answer_is_named_without_its_password(chatpane):
    url = "postgresql://chatpane:hunter2hunter2@127.0.0.1:1/chatpane"
    run = chatpane("switch", "status", CHATPANE_DATABASE_URL=url)
    refused(run, "127.0.0.1:1/chatpane", "cannot be used")
    assert "hunter2" not in run.stderr


# The doctor


def test_the_doctor_finds_a_ready_installation_sound_and_lists_every_setting(ready):
    run = ready("doctor")
    lines = run.stdout.splitlines()
    listed = [line.partition("=")[0] for line in lines if line.startswith("CHATPANE_")]
    assert (run.returncode, lines[-1], run.stderr) == (0, "sound", "")
    assert listed == [variable for _, variable, _ in Settings.described()]
    assert SECRET not in run.stdout


def test_the_doctor_finds_a_new_installation_sound(chatpane):
    run = chatpane("doctor")
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "sound"), run.stderr


def test_the_doctor_says_everything_that_is_wrong(ready):
    run = ready("doctor", CHATPANE_SECRET_KEY="short", CHATPANE_TIMEZONE="Asia/Tokyo")
    refused(run, "CHATPANE_SECRET_KEY has fewer than 32 bytes", "chatpane recount")
    assert run.stdout.splitlines()[-1] == "2 to mend"


def test_the_doctor_shows_no_password_of_the_database(chatpane):
    url = "postgresql://chatpane:hunter2hunter2@127.0.0.1:1/chatpane"
    run = chatpane("doctor", CHATPANE_DATABASE_URL=url)
    refused(run, "cannot be used")
    assert "127.0.0.1:1/chatpane" in run.stdout
    assert "hunter2" not in run.stdout + run.stderr


# Schema and counts


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_an_older_postgresql_schema_is_refused_until_it_is_migrated(settings, bare_app, tmp_path):
    chatpane = Chatpane(tmp_path / "instance", url=settings.database_url)
    schema.migrate(settings)
    db.session.remove()
    downgrade(directory=str(schema.MIGRATIONS), revision="-1")
    try:
        refused(chatpane("switch", "status"), str(schema.head()), "run `chatpane migrate`")
        assert chatpane("migrate").stdout == f"schema {schema.head()}\n"
        assert schema.revision() == schema.head()
    finally:
        schema.migrate(settings)


def test_an_older_sqlite_schema_is_brought_up_to_date_by_any_command(chatpane):
    chatpane.instance.mkdir()
    engine = create_engine(f"sqlite:///{chatpane.instance / 'chatpane.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    assert chatpane("switch", "status").stdout.splitlines()[0] == "off"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == schema.head()
    engine.dispose()


def test_two_first_commands_at_a_time_make_one_schema(chatpane):
    runs = [chatpane.start("config", "show") for _ in range(2)]
    ends = [(*run.communicate(timeout=60), run.returncode) for run in runs]
    assert [code for *_, code in ends] == [0, 0], ends


def test_a_recount_says_what_was_wrong_and_mends_it(ready):
    with ready.database() as connection:
        connection.execute(text("INSERT INTO installation_week VALUES ('2031-04-07', 'reached-goal', 5)"))
    assert ready("recount").stdout.splitlines() == [
        "person_week: 0 counts were wrong and are mended",
        "account_week: 0 counts were wrong and are mended",
        "installation_week: 1 counts were wrong and are mended",
    ]
    with ready.database() as connection:
        assert connection.execute(text("SELECT count(*) FROM installation_week")).scalar() == 0


def test_a_recount_moves_the_weeks_to_another_time_zone(ready):
    run = ready("recount", CHATPANE_TIMEZONE="Asia/Tokyo")
    assert run.stdout.splitlines()[0] == "weeks: UTC → Asia/Tokyo"
    with ready.database() as connection:
        weeks = connection.execute(text("SELECT week FROM activity")).scalars().all()
        zone = connection.execute(text("SELECT weeks_timezone FROM installation")).scalar()
    assert (weeks, zone) == (["2031-04-07"], "Asia/Tokyo")
