"""Signing in to Marketo: a token is asked for, used for its life, and renewed in time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.marketo.conftest import Connect
from tests.servers.marketo import CLIENT_SECRET, Marketo
from webui.config import BadSettings, Settings
from webui.marketo import calls
from webui.marketo.connection import Connection
from webui.marketo.failures import BadCredentials, Unreachable

TYPES = "/rest/v1/activities/types.json"


def test_the_secret_goes_in_a_body_and_the_token_in_a_header(marketo, connection):
    calls.usage_today(connection)

    (asked,) = marketo.identified
    assert (asked.method, asked.params["client_secret"]) == ("POST", CLIENT_SECRET)
    (asked,) = marketo.asked
    assert asked.headers["authorization"] == f"Bearer {marketo.door.token}"
    assert asked.params == {}


def test_one_token_serves_many_calls(marketo, connection):
    for _ in range(3):
        connection.get(TYPES)

    assert len(marketo.identified) == 1
    assert connection.calls == len(marketo.asked) == 3


def test_a_token_is_renewed_a_minute_before_it_ends(marketo, connection):
    connection.get(TYPES)
    marketo.forward(minutes=58)
    connection.get(TYPES)
    assert len(marketo.identified) == 1

    marketo.forward(minutes=1, seconds=1)
    connection.get(TYPES)

    assert len(marketo.identified) == 2


def test_in_its_last_minute_the_same_token_is_used_to_its_end(marketo, connection):
    connection.get(TYPES)
    marketo.forward(minutes=59, seconds=10)
    for _ in range(3):
        connection.get(TYPES)
    assert len(marketo.identified) == 2

    marketo.forward(minutes=1)
    connection.get(TYPES)

    assert len(marketo.identified) == 3
    assert {one.code for one in marketo.asked} == {""}


@pytest.mark.parametrize("code", ["601", "602"])
def test_a_token_that_ended_early_is_renewed_once_and_the_call_repeated(marketo, connection, code):
    connection.get(TYPES)
    marketo.end_token() if code == "602" else marketo.fail_next("types", code=code)

    assert connection.get(TYPES).rows
    assert len(marketo.identified) == 2
    assert len(marketo.asked) == 3


def test_a_second_601_says_that_the_credentials_are_to_be_mended(marketo, connection):
    marketo.fail_next("types", code="601", times=2)

    with pytest.raises(BadCredentials, match="CHATPANE_MARKETO_CLIENT_SECRET"):
        connection.get(TYPES)
    assert len(marketo.asked) == 2


def test_wrong_credentials_are_told_at_once_and_without_the_secret(marketo, connect, marketo_settings):
    connection = connect(replace(marketo_settings, marketo_client_secret="not-the-secret"))

    with pytest.raises(BadCredentials, match="does not accept the credentials") as told:
        connection.get(TYPES)
    assert (told.value.code, told.value.call) == ("HTTP 401", "POST /identity/oauth/token")
    assert "not-the-secret" not in str(told.value)
    assert len(marketo.identified) == 1


def test_threads_that_need_a_token_share_one_renewal(marketo, connection):
    marketo.fail_next("identity", slow=0.05)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(connection.get, [TYPES] * 8))

    assert len(marketo.identified) == 1


def test_threads_whose_token_ended_share_one_renewal(marketo, connection):
    connection.get(TYPES)
    marketo.end_token()
    marketo.fail_next("types", slow=0.1, times=4)  # so that all four hear of it

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(connection.get, [TYPES] * 8))

    assert len(marketo.identified) == 2


def test_signing_in_is_tried_again_after_a_proxys_page(marketo, connection):
    marketo.fail_next("identity", http=502, times=2)

    assert connection.get(TYPES).rows
    assert len(marketo.identified) == 3


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"access_token": 5}', b'{"access_token": "a\\nb"}', b"\xff", b""]
)
def test_an_answer_without_a_token_is_no_sign_in(marketo, connect, body):
    marketo.fail_next("identity", body=body, times=None)

    with pytest.raises(Unreachable):
        connect(attempts=2).get(TYPES)


def test_the_difference_of_clocks_is_kept(marketo, connection):
    assert connection.clock_skew is None
    marketo.forward(seconds=-90)

    connection.get(TYPES)

    assert connection.clock_skew == pytest.approx(-90, abs=2)


def test_without_credentials_there_is_no_connection(marketo_settings):
    with pytest.raises(BadSettings, match="CHATPANE_MARKETO_CLIENT_SECRET is not set"):
        Connection(replace(marketo_settings, marketo_client_secret=""))


def test_the_secret_is_not_sent_to_another_machine_without_https(marketo_settings):
    with pytest.raises(BadSettings, match="CHATPANE_MARKETO_URL: write an https address"):
        Connection(replace(marketo_settings, marketo_url="http://marketo.example"))


@pytest.mark.parametrize("end", ["", "/", "/rest", "/rest/", "/identity"])
def test_the_address_may_be_pasted_as_marketo_shows_it(
    marketo: Marketo, marketo_settings: Settings, connect: Connect, end: str
):
    assert connect(replace(marketo_settings, marketo_url=marketo.url + end)).get(TYPES).rows
