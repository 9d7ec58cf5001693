"""Logs are lines of JSON, and hold no address that was asked: its query may name a person or a token."""

import json
import logging

import httpx
import pytest
import structlog

from tests.servers.marketo import CLIENT_SECRET
from webui import logs
from webui.marketo.calls import activity_types
from webui.marketo.connection import Connection
from webui.marketo.failures import MarketoFailure
from webui.marketo.pace import Pace


@pytest.fixture
def written(capsys):
    """Return the lines that were logged, read as JSON."""
    logs.configure()
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_no_address_that_was_asked_is_logged_whatever_the_root_logs(written, marketo, level):
    root = logging.getLogger()
    before = root.level
    root.setLevel(level)
    try:
        logs.configure()
        httpx.get(f"{marketo.url}/rest/v1/leads.json?filterValues=ann@larkspur.example&access_token=hunter2")
    finally:
        root.setLevel(before)

    assert written() == []


def test_a_call_that_fails_is_a_line_without_secrets(written, marketo, marketo_settings):
    marketo.fail_next("/rest", code="603", times=None)
    with pytest.raises(MarketoFailure), Connection(marketo_settings, Pace(attempts=1)) as connection:
        activity_types(connection)

    [line] = written()

    assert (line["code"], line["level"]) == ("603", "warning")
    assert CLIENT_SECRET not in json.dumps(line)


def test_what_libraries_warn_of_is_a_line_of_json_too(written):
    logging.getLogger("some.library").warning("it is %s", "late")
    structlog.get_logger().warning("ours")

    theirs, ours = written()

    assert (theirs["event"], theirs["level"]) == ("it is late", "warning")
    assert ours["event"] == "ours"
    assert theirs.keys() == ours.keys()


def test_a_line_is_written_once_however_often_logging_is_set_up(written):
    for _ in range(3):
        logs.configure()
    logging.getLogger("some.library").error("once")

    assert [line["event"] for line in written()] == ["once"]
