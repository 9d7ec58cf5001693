"""Marketo and the way to it fail at times: another try helps, and does not go on for ever."""

import json
import logging
from dataclasses import replace

import httpx
import pytest
import structlog

from tests.servers.marketo import CLIENT_SECRET
from webui.marketo.connection import Connection
from webui.marketo.failures import Refused, Unreachable
from webui.marketo.pace import A_CHECK

TYPES = "/rest/v1/activities/types.json"


@pytest.mark.parametrize(
    "fault",
    [
        {"http": 502},
        {"http": 504},
        {"http": 429},
        {"cut": True},
        {"cut": 1},
        {"body": b'{"requestId": "1", "succ'},
        {"body": b"<html>"},
        {"body": b""},
        {"body": b"[]"},
        {"body": b'{"result": []}'},
        {"code": "606"},
        {"code": "615"},
        {"code": "713"},
    ],
    ids=str,
)
def test_another_try_helps(marketo, connection, fault):
    marketo.fail_next("types", times=2, **fault)

    assert connection.get(TYPES).rows
    assert len(marketo.asked) == 3


def test_an_answer_that_does_not_come_is_asked_for_again(marketo, connection):
    connection.get(TYPES)
    marketo.fail_next("types", slow=0.6)

    assert connection.get(TYPES, timeout=0.3).rows
    assert len(marketo.asked) == 3


def test_after_the_last_try_marketo_is_unreachable(marketo, connection):
    marketo.fail_next("types", http=502, times=None)

    with pytest.raises(Unreachable, match="HTTP 502") as told:
        connection.get(TYPES)
    assert told.value.call == f"GET {TYPES}"
    assert len(marketo.asked) == 6


def test_nobody_at_the_address_is_unreachable(connect, marketo_settings):
    connection = connect(replace(marketo_settings, marketo_url="http://127.0.0.1:1"), attempts=2)

    with pytest.raises(Unreachable, match="ConnectError"):
        connection.get(TYPES)


@pytest.mark.parametrize("status", [302, 403, 404, 413, 414])
def test_a_page_that_says_that_the_call_was_wrong_is_not_asked_for_again(marketo, connection, status):
    marketo.fail_next("types", http=status)

    with pytest.raises(Unreachable, match=f"HTTP {status}.*CHATPANE_MARKETO_URL"):
        connection.get(TYPES)
    assert len(marketo.asked) == 1


def test_a_failure_counts_by_its_body_whatever_the_status(marketo, connection):
    said = {"requestId": "1", "success": False, "errors": [{"code": "1006", "message": "no field"}]}
    marketo.fail_next("types", http=502, body=json.dumps(said).encode())

    with pytest.raises(Refused, match="1006: no field"):
        connection.get(TYPES)


def test_a_long_question_goes_as_a_form(marketo, connection):
    for number in range(300):
        marketo.add_lead(email=f"{'a' * 40}+{number}@example.com")
    emails = [lead["email"] for lead in marketo.records.leads.values()]

    answer = connection.get("/rest/v1/leads.json", {"filterType": "email", "filterValues": ",".join(emails)})

    assert len(answer.rows) == 300
    (asked,) = marketo.asked
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_service_that_stops_does_not_wait_for_the_next_try(marketo, connect):
    class Stopping(BaseException):
        """The service stops."""

    def stop(_seconds: float) -> None:
        raise Stopping

    connection = connect(sleep=stop)
    marketo.fail_next("types", code="608")

    with pytest.raises(Stopping):
        connection.get(TYPES)


def test_the_log_names_call_code_and_request_and_nothing_secret(marketo, connection):
    marketo.fail_next("types", code="606", message=f"{CLIENT_SECRET} ann@example.com")

    with structlog.testing.capture_logs() as logged:
        connection.get(TYPES, {"of": "ann@example.com"})

    (line,) = logged
    assert (line["call"], line["code"], line["attempt"]) == (f"GET {TYPES}", "606", 1)
    assert line["request_id"]
    assert CLIENT_SECRET not in str(line)
    assert "ann" not in str(line)


def test_no_log_has_the_question(marketo, connection, caplog):
    with caplog.at_level(logging.INFO):
        connection.get(TYPES, {"of": "ann@example.com"})

    assert caplog.records == []


def test_bodies_that_are_compressed_are_read(marketo, connection):
    assert connection.get(TYPES).rows
    with httpx.Client() as client:  # the server does compress them
        token = {"Authorization": f"Bearer {marketo.door.token}"}
        assert client.get(marketo.url + TYPES, headers=token).headers["Content-Encoding"] == "gzip"


def test_somebody_who_waits_for_a_check_hears_at_once(marketo, marketo_settings):
    marketo.fail_next("types", code="608", times=None)

    with Connection(marketo_settings, A_CHECK) as connection, pytest.raises(Unreachable):
        connection.get(TYPES)
    assert len(marketo.asked) == 1
