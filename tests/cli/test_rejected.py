"""``chatpane rejected``: a line each that scripts can cut at its tabs, the whole text on request."""

import re

from tests.cli.conftest import refused
from tests.ingest.files import TYPE_NAMES, write_extract, write_types


def listed(chatpane):
    """Return the cells of each line of the list."""
    run = chatpane("rejected", "list")
    assert run.returncode == 0
    return [line.split("\t") for line in run.stdout.splitlines()]


def test_rejected_rows_are_listed_whole_a_line_each_with_five_cells(ready):
    lines = listed(ready)
    assert [len(cells) for cells in lines] == [5, 5, 5]
    ids, times, sources, guids, reasons = zip(*lines, strict=True)
    assert ids == ("1", "2", "3")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time) for time in times)
    assert set(sources) == {"activities"}
    assert guids == ("plain", "with tab and line", "goal")
    assert reasons[0] == (
        "activities.csv:2: Conversation Status: 'Paused' is not a status of Engaged Dialogue "
        "(Initiated, Dropped, Completed)"
    )
    assert reasons[1].startswith("activities.csv:3: leadId: ")
    assert reasons[2].startswith("activities.csv:6: activityTypeId: 1004 is not among the activity types ")
    assert reasons[2].endswith("then `chatpane rejected retry`")


def test_one_is_shown_whole_with_its_header(ready):
    shown = ready("rejected", "show", "2").stdout
    assert "line: 3\ncolumn: leadId\n" in shown
    assert "header: marketoGUID,leadId," in shown
    body = "".join((ready.instance / "activities.csv").read_text().splitlines(keepends=True)[2:5])
    assert shown.rstrip("\n").endswith("\n" + body.rstrip("\n"))


def test_what_goes_in_when_tried_again_is_forgotten_and_the_rest_stays(ready, tmp_path):
    types = write_types(tmp_path / "types.json", TYPE_NAMES)
    ready("import", "--types", types, write_extract(tmp_path / "none.csv", []))

    run = ready("rejected", "retry")

    assert (run.returncode, run.stdout) == (
        3,
        "3 read, 1 added, 0 updated, 0 unchanged, 0 ignored, 2 rejected\n",
    )
    assert [cells[3] for cells in listed(ready)] == ["plain", "with tab and line"]


def test_only_what_is_named_is_tried_again(ready):
    run = ready("rejected", "retry", "2")
    assert run.stdout == "1 read, 0 added, 0 updated, 0 unchanged, 0 ignored, 1 rejected\n"


def test_what_is_dropped_is_gone(ready):
    assert ready("rejected", "drop", "1", "3").stdout == "2 dropped\n"
    assert [cells[0] for cells in listed(ready)] == ["2"]
    assert ready("rejected", "drop", "--all").stdout == "1 dropped\n"


def test_nothing_is_dropped_or_shown_that_was_not_named(ready):
    refused(ready("rejected", "drop"), "--all", code=2)
    refused(ready("rejected", "show", "99"), "nothing is kept under 99")
