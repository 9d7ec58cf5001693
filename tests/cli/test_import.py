"""``chatpane import``: what a script reads from it, what an operator sees meanwhile, and how it ends."""

import os
import pty
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Chatpane, refused
from tests.ingest.files import (
    GOAL,
    TYPE_NAMES,
    chat_row,
    contents,
    numbered,
    write_crm_file,
    write_extract,
    write_types,
)
from webui.config import Settings

LEAD = {"kind": "lead", "crm_id": "L1", "marketo_id": "501", "first_name": "Ann", "account_crm_id": "A1"}


@pytest.fixture
def company(tmp_path: Path) -> list[Path]:
    """Two files that go in whole, with the activity types beside them."""
    folder = tmp_path / "files"
    folder.mkdir()
    write_types(folder / "activity_types.json", TYPE_NAMES)
    rows = numbered(chat_row(), chat_row(activityTypeId=GOAL), chat_row(activityTypeId="32"))
    return [
        write_extract(folder / "activities.csv", rows),
        write_crm_file(folder / "people.csv", LEAD),
    ]


def test_an_import_ends_with_a_line_a_file_and_a_total_and_again_finds_nothing_new(chatpane, company):
    first = chatpane("import", *company)
    assert (first.returncode, first.stdout.splitlines()) == (
        0,
        [
            "activities.csv: 3 read, 2 added, 0 updated, 0 unchanged, 1 ignored, 0 rejected",
            "people.csv: 1 read, 1 added, 0 updated, 0 unchanged, 0 ignored, 0 rejected",
            "total: 4 read, 3 added, 0 updated, 0 unchanged, 1 ignored, 0 rejected",
        ],
    )
    told = first.stderr.splitlines()
    assert "activities.csv: ignored 1 of type Merge Leads" in told
    assert [line for line in told if line.startswith("people.csv: an account given for a lead was ignored")]

    again = chatpane("import", *company[::-1])
    assert (again.returncode, again.stdout.splitlines()) == (
        0,
        [
            "people.csv: 1 read, 0 added, 0 updated, 1 unchanged, 0 ignored, 0 rejected",
            "activities.csv: 3 read, 0 added, 0 updated, 2 unchanged, 1 ignored, 0 rejected",
            "total: 4 read, 0 added, 0 updated, 3 unchanged, 1 ignored, 0 rejected",
        ],
    )


def test_one_file_has_a_total_too_and_a_rejected_row_makes_the_exit_code_three(chatpane, company):
    bad = write_extract(company[0].with_name("more.csv"), [chat_row(leadId="none"), chat_row()])
    run = chatpane("import", bad)
    assert (run.returncode, run.stdout.splitlines()) == (
        3,
        [
            "more.csv: 2 read, 1 added, 0 updated, 0 unchanged, 0 ignored, 1 rejected",
            "total: 2 read, 1 added, 0 updated, 0 unchanged, 0 ignored, 1 rejected",
        ],
    )
    assert "chatpane rejected list" in run.stderr


def test_a_file_that_cannot_be_read_does_not_keep_others_out(chatpane, company):
    run = chatpane("import", "missing.csv", *company)
    refused(run, "missing.csv", code=3)
    assert run.stdout.splitlines()[-1].startswith("total: 4 read, 3 added")


def test_nothing_readable_makes_the_exit_code_two_and_says_why_of_each(chatpane, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    empty = tmp_path / "empty.csv"
    empty.touch()
    run = chatpane("import", "missing.csv", other, empty, tmp_path)
    refused(run, "missing.csv", "other.csv", "empty.csv: the file is empty", str(tmp_path), code=2)
    assert "marketoGUID" in run.stderr


def test_an_extract_whose_types_nobody_knows_makes_the_exit_code_two_and_says_what_to_do(chatpane, company):
    company[0].with_name("activity_types.json").unlink()
    run = chatpane("import", company[0])
    refused(run, "activity types", "activity_types.json", "--types", code=2)


def test_types_may_be_named(chatpane, company, tmp_path):
    types = company[0].with_name("activity_types.json").rename(tmp_path / "elsewhere.json")
    run = chatpane("import", "--types", types, company[0])
    assert (run.returncode, run.stdout.splitlines()[-1].partition(",")[0]) == (0, "total: 3 read")


def test_types_that_are_no_answer_of_marketo_make_the_exit_code_two(chatpane, company, tmp_path):
    types = tmp_path / "types.json"
    types.write_text('{"success": false, "errors": [{"code": "603"}]}')
    refused(chatpane("import", "--types", types, company[0]), "types.json", "603", code=2)


def test_custom_types_and_the_zone_of_the_weeks_are_taken_from_the_environment(chatpane, company):
    extract = write_extract(
        company[0], [chat_row(activityTypeId="100001", activityDate="2031-04-06T15:00:00Z")]
    )
    run = chatpane(
        "import",
        extract,
        company[1],
        CHATPANE_ACTIVITY_TYPES="100001=reached-goal:flow",
        CHATPANE_TIMEZONE="Asia/Tokyo",
    )
    assert run.returncode == 0
    with chatpane.database() as connection:
        weeks = contents(connection)["weeks of all"]
    assert weeks == [(date(2031, 4, 7), "reached-goal", 1)]


def test_a_custom_type_that_does_not_exist_is_refused_and_named(chatpane, company):
    run = chatpane("import", company[1], CHATPANE_ACTIVITY_TYPES="100001=engaged-dialog")
    refused(run, "CHATPANE_ACTIVITY_TYPES", "engaged-dialog", "engaged-dialogue")


def test_a_terminal_shows_a_bar_instead_of_lines(chatpane, company):
    ours, theirs = pty.openpty()
    run = chatpane.start("import", *company, stderr=theirs)
    os.close(theirs)
    out, _ = run.communicate(timeout=60)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert run.returncode == 0
    assert out.splitlines()[-1].startswith("total: 4 read")
    assert "rows so far" not in shown
    assert "activities.csv" in shown


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_the_import_is_the_same_on_postgresql(settings: Settings, bare_app, company, tmp_path):
    chatpane = Chatpane(tmp_path / "instance", url=settings.database_url)
    run = chatpane("import", *company)
    assert (run.returncode, run.stdout.splitlines()[-1]) == (
        0,
        "total: 4 read, 3 added, 0 updated, 0 unchanged, 1 ignored, 0 rejected",
    )
