"""A long import: a line a batch, killed and run again, in memory that does not grow with the file."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Chatpane
from tests.ingest.files import (
    AGENT,
    ENGAGED,
    TYPE_NAMES,
    chat_row,
    contents,
    write_crm_file,
    write_extract,
    write_types,
)

ROWS = 2_200  # with transcripts of 8,000 characters: three batches
TRANSCRIPT = "Bot: Hello\nAnn: Hi\n" * 420


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files of a test lie, with the activity types."""
    write_types(tmp_path / "activity_types.json", TYPE_NAMES)
    return tmp_path


def long_extract(path: Path, rows: int) -> Path:
    """Write an extract of this many long conversations of 300 people."""
    return write_extract(
        path,
        [
            chat_row(
                {"Conversation Status": "Completed", "Conversation Transcript": TRANSCRIPT},
                marketoGUID=f"g{number}",
                leadId=str(500 + number % 300),
                activityDate=f"2031-{1 + number % 6:02}-{1 + number % 28:02}T08:15:30Z",
                activityTypeId=(ENGAGED, AGENT)[number % 2],
            )
            for number in range(rows)
        ],
    )


def import_measured(chatpane: Chatpane, path: Path) -> tuple[list[str], int]:
    """Import to the end; return the lines on stderr and the greatest memory held, in kilobytes."""
    run = chatpane.start("import", path)
    with run.stdout, run.stderr:
        said = run.stderr.read()
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0, said
    return said.splitlines(), usage.ru_maxrss


def test_memory_does_not_grow_with_the_file_and_each_batch_has_a_line(folder):
    lines, of_one = import_measured(Chatpane(folder / "one"), long_extract(folder / "one.csv", ROWS))
    _, of_three = import_measured(Chatpane(folder / "three"), long_extract(folder / "three.csv", 3 * ROWS))

    assert of_three < 1.3 * of_one, f"{of_one} KB for a file, {of_three} KB for one of three times the size"
    assert len(lines) >= 3
    assert lines[-1].endswith(f": {ROWS} rows so far")


def test_an_import_that_was_killed_is_made_whole_by_running_it_again(folder):
    contacts = (
        {"kind": "contact", "crm_id": f"C{number}", "marketo_id": number, "account_crm_id": f"A{number % 7}"}
        for number in range(500, 780)
    )
    files = (
        long_extract(folder / "activities.csv", ROWS),
        write_crm_file(folder / "people.csv", *contacts),
    )
    whole, killed = Chatpane(folder / "whole"), Chatpane(folder / "killed")
    assert whole("import", *files).returncode == 0
    run = killed.start("import", *files)
    while "rows so far" not in run.stderr.readline():
        pass
    run.send_signal(signal.SIGKILL)
    out, _ = run.communicate(timeout=60)
    assert (run.returncode, out) == (-signal.SIGKILL, "")

    again = killed("import", *files)

    assert again.returncode == 0
    unchanged = int(again.stdout.splitlines()[0].split(", ")[3].split()[0])
    assert 0 < unchanged < ROWS, "it was not killed midway"
    with killed.database() as ours, whole.database() as theirs:
        assert contents(ours) == contents(theirs)
