"""``chatpane backup`` and ``restore``: nothing is replaced, and nothing is left half-done."""

import resource
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.cli.conftest import Chatpane, held, refused, run_sql, tables
from webui.models import GRAM_INDEX, Account, Base

OTHER = {"sqlite": "PostgreSQL", "postgresql": "SQLite"}


def test_a_file_that_is_there_is_not_replaced(filled, tmp_path):
    file = tmp_path / "precious"
    file.write_text("mine")
    refused(filled("backup", file), "precious", "name another file")
    assert file.read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(filled, tmp_path):
    refused(filled("backup", tmp_path / "nowhere" / "file"), "nowhere/file", "No such file or directory")


def test_where_there_is_nothing_nothing_is_backed_up_or_made(new, tmp_path):
    chatpane = new()
    refused(chatpane("backup", tmp_path / "file"), "CHATPANE_DATABASE_URL")
    assert not (tmp_path / "file").exists()
    assert not chatpane.url.startswith("sqlite") or not Path(chatpane.settings().database[10:]).exists()


def test_nothing_is_restored_over_records(filled, backup):
    before = held(filled)
    refused(
        filled("restore", backup), "holds records already (account, account_week", "CHATPANE_DATABASE_URL"
    )
    assert held(filled) == before


def test_a_configured_database_is_not_empty(backup, new):
    other = new()
    other("config", "set", "package-version", "2.5.0")
    refused(other("restore", backup), "configuration_change")


def test_somebody_elses_tables_are_left_alone_and_named(backup, new):
    other = new()
    run_sql(other, "CREATE TABLE invoices (id INTEGER)")
    refused(other("restore", backup), "invoices", "not Chatpane's", "CHATPANE_DATABASE_URL")
    assert tables(other) == ["invoices"]


def test_a_backup_of_the_other_kind_of_database_is_refused(backend, new, tmp_path):
    begin = {"sqlite": b"PGDMP\x01\x0e", "postgresql": b"SQLite format 3\0"}[backend]
    file = tmp_path / "chatpane.backup"
    file.write_bytes(begin + bytes(4_096))
    refused(new()("restore", file), "chatpane.backup", f"backup of {OTHER[backend]}", "CHATPANE_DATABASE_URL")


def test_what_is_no_backup_is_refused(new, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Ann")
    other = new()
    refused(other("restore", file), "letter.txt is not a backup of Chatpane's", "chatpane backup")
    refused(other("restore", tmp_path / "missing"), "missing", code=2)


def test_a_backup_of_another_program_is_refused(filled, new, tmp_path):
    file = tmp_path / "other.backup"
    drop = [
        f"DROP TABLE {name}"
        for name in (GRAM_INDEX, *(t.name for t in reversed(Base.metadata.sorted_tables)))
    ]
    run_sql(filled, *drop)
    assert filled("backup", file).returncode == 0
    refused(new()("restore", file), "other.backup is not a backup of Chatpane's")


def test_a_damaged_backup_is_refused_and_leaves_the_database_empty(filled, backup, new):
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) * 3 // 4])
    other = new()
    run = other("restore", backup)
    refused(run, "chatpane.backup", "damaged" if "sqlite" in other.url else "pg_restore failed")
    assert "is not a backup of Chatpane's" not in run.stderr
    assert [table for table in tables(other) if table != "alembic_version"] == []

    backup.write_bytes(whole)
    assert other("restore", backup).returncode == 0
    assert held(other) == held(filled)


# SQLite


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_disk_that_fills_up_leaves_no_backup_and_an_empty_database(filled, backup, new, tmp_path):
    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    def try_on_it(chatpane: Chatpane, *arguments: str | Path) -> str:
        run = chatpane.start(*arguments, preexec_fn=small_disk)
        _, told = run.communicate(timeout=60)
        assert run.returncode == 1, told
        return told

    assert "room" in try_on_it(filled, "backup", tmp_path / "second.backup")
    assert list(tmp_path.glob("second*")) == []
    other = new()
    assert "stays empty" in try_on_it(other, "restore", backup)
    assert tables(other) == []
    assert other("restore", backup).returncode == 0
    assert held(other) == held(filled)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_arrives_while_a_restore_waits_for_its_turn_is_not_lost(backup, new):
    other = new()
    other("switch", "status")
    with other.database() as connection:
        connection.execute(text("INSERT INTO account (crm_id) VALUES ('meanwhile')"))
        run = other.start("restore", backup)
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(timeout=4)
    _, told = run.communicate(timeout=60)
    assert (run.returncode, "holds records already (account)" in told) == (1, True), told
    with other.database() as connection:
        assert list(connection.execute(select(Account.crm_id)).scalars()) == ["meanwhile"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_deleted_is_not_in_a_backup(filled, tmp_path):
    run_sql(filled, "PRAGMA secure_delete = OFF", "DELETE FROM rejected")
    run_sql(filled, f"UPDATE account SET name = '{'gone' * 2_000}'", "UPDATE account SET name = 'kept'")
    file = tmp_path / "chatpane.backup"
    filled("backup", file)
    assert b"gonegone" not in file.read_bytes()


# PostgreSQL


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("program", ["pg_dump", "pg_restore"])
def test_a_missing_or_old_program_of_postgresql_is_named(filled, program, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    file = tmp_path / "chatpane.backup"
    arguments = ("backup", file) if program == "pg_dump" else ("restore", file)
    if program == "pg_restore":
        file.write_bytes(b"PGDMP")
    refused(filled(*arguments, PATH=str(programs)), f"{program} is not on the PATH", "postgresql-client-")

    script(programs / program, f"echo '{program} (PostgreSQL) 9.6.24'")
    refused(filled(*arguments, PATH=str(programs)), f"{program} is older than the server's", "9.6.24")


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_the_password_stands_on_no_command_line_and_in_no_message(filled, tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    noted = tmp_path / "noted"
    script(
        programs / "pg_dump",
        "case $1 in --version) echo 'pg_dump (PostgreSQL) 99.1';; *) "
        f'echo "$@" > {noted}; echo "$PGPASSWORD" >> {noted}; echo "pg_dump: error: no" >&2; exit 1;; esac',
    )
    with_password = filled.settings().database.replace("root@", "root:hunter2hunter2@")
    run = filled(
        "backup", tmp_path / "file", CHATPANE_DATABASE_URL=with_password, PATH=f"{programs}:/usr/bin:/bin"
    )

    refused(run, "pg_dump: error: no")
    arguments, password = noted.read_text().splitlines()
    assert "--format=custom" in arguments
    assert password == "hunter2hunter2"
    assert "hunter2" not in arguments + run.stderr + run.stdout
    assert list(tmp_path.glob("file*")) == []


def script(path: Path, line: str) -> None:
    """Write a shell script that anyone may run."""
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_database_that_somebody_holds_is_said_to_be_in_use_and_kept(backup, new):
    other = new()
    other("switch", "status")
    before = tables(other)
    with other.database() as connection:
        connection.execute(text("SELECT * FROM installation"))
        refused(other("restore", backup), "is in use", "stop Chatpane's service")
    assert tables(other) == before
