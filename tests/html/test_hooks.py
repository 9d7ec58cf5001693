"""The two addresses that activities are pushed to: whose deliveries they take, and what they answer.

Senders repeat a delivery after 429 and 5xx alone. What is genuine must never be lost, what is not never
stored, and no request whatever may end in a 500.
"""

import json
import time
from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from tests.html.conftest import browser, on_one_database
from tests.html.pushing import PUSH, SIGNED_IN, TOKEN, activity, day_of, envelope, rejections, stored
from tests.servers.adobe import CLIENT_ID, chat_event
from webui import audit, create_app
from webui.access import adobe_keys
from webui.database import db
from webui.models import Installation


@pytest.mark.parametrize("asked", ["8ec8d794-e0ab-42df-9017-e3dada8e84f7", "<script>alert(1)</script>", "é"])
def test_it_is_said_back_as_a_plain_text_that_no_browser_takes_for_a_page(hooked, adobe, asked):
    assert adobe.challenge(hooked.get, asked)
    answer = hooked.get("/hooks/adobe-io", query_string={"challenge": asked})
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("query", [{}, {"challenge": ""}, {"challenge": "x" * 1_001}])
def test_none_or_a_long_one_is_refused(hooked, query):
    assert hooked.get("/hooks/adobe-io", query_string=query).status_code == 400


def test_an_address_to_validate_is_never_opened(hooked, adobe):
    inside = f"{adobe.address}/validate"
    for url in (
        inside,
        "https://csm.adobe.io@evil.example/",
        "https://csm.adobe.io:8443/",
        "file:///etc",
    ):
        assert adobe.ask_to_validate(hooked.post, url).status_code == 401
    with capture_logs() as said:
        assert adobe.ask_to_validate(hooked.post).status_code == 200
    assert adobe.asked == []
    assert [one["url"] for one in said] == [
        "https://csm.adobe.io/csm/registrations/validate?id=1&challenge=2"
    ]


def told(said):
    """Return the addresses that the log asks somebody to open."""
    return [one["url"] for one in said if "url" in one]


@on_one_database
def test_an_address_to_validate_takes_a_line_of_the_log_a_minute(
    bare_app, pushed_settings, adobe, monkeypatch
):
    client = browser(create_app(pushed_settings))
    with capture_logs() as said:
        assert [adobe.ask_to_validate(client.post).status_code for _ in range(3)] == [200] * 3
        assert len(told(said)) == 1
        monkeypatch.setattr("webui.views.hooks.TOLD_AGAIN_AFTER", 0)
        adobe.ask_to_validate(client.post)
    assert len(told(said)) == 2


@on_one_database
def test_who_asks_too_often_that_an_address_be_validated_has_to_wait(bare_app, pushed_settings, adobe):
    client = browser(create_app(replace(pushed_settings, limit_refused="3 per minute")))
    asked = [adobe.ask_to_validate(client.post).status_code for _ in range(5)]
    assert asked == [200, 200, 200, 429, 429]


@on_one_database
def test_where_no_client_is_set_up_no_address_to_validate_is_logged(bare_app, pushed_settings, adobe):
    client = browser(create_app(replace(pushed_settings, adobe_client_id="")))
    with capture_logs() as said:
        assert adobe.ask_to_validate(client.post).status_code == 503
    assert told(said) == []


@pytest.mark.parametrize("lacking", ["1", "2"])
def test_either_signature_will_do(hooked, adobe, lacking):
    for change in (None, "bm90IGEgc2lnbmF0dXJl", "%%%"):
        changes = {f"x_adobe_digital_signature_{lacking}": change}
        assert adobe.deliver(hooked.post, chat_event(), **changes).statuses == [200]
    assert len(stored()) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"x_adobe_digital_signature_1": None, "x_adobe_digital_signature_2": None},
        {"x_adobe_public_key1_path": None, "x_adobe_public_key2_path": None},
        {"x_adobe_digital_signature_1": "AAAA", "x_adobe_digital_signature_2": "AAAA"},
        {"x_adobe_digital_signature_1": "é", "x_adobe_digital_signature_2": "A" * 9_000},
    ],
)
def test_unsigned_and_wrongly_signed_is_401_and_leaves_nothing(hooked, adobe, changes):
    assert adobe.deliver(hooked.post, chat_event(), **changes).statuses == [401]
    assert stored() == {}
    assert rejections() == []


def test_a_signature_holds_for_the_bytes_that_were_signed_alone(hooked, adobe):
    body = json.dumps(chat_event()).encode()
    answer = hooked.post("/hooks/adobe-io", data=body + b" ", headers=adobe.headers(body))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/prod/keys/pub-key-1.pem",
        "//evil.example/prod/keys/pub-key-1.pem",
        "/prod/keys/../pub-key-1.pem",
        "/prod/keys/pub-key-" + "a" * 65 + ".pem",
        "/prod/keys/pub-key-1.pem?x=1",
        "@evil.example/prod/keys/pub-key-1.pem",
        "/prod/keys/pub-key-１.pem",
    ],
)
def test_a_key_elsewhere_is_never_asked_for(hooked, adobe, path):
    keys = {"x_adobe_public_key1_path": path, "x_adobe_public_key2_path": path}
    body = json.dumps(chat_event()).encode()
    headers = {name: value.encode().decode("latin-1") for name, value in adobe.headers(body, **keys).items()}
    assert hooked.post("/hooks/adobe-io", data=body, headers=headers).status_code == 401
    assert adobe.asked == []


def test_a_key_is_fetched_once_and_a_new_one_when_adobe_rotates(hooked, adobe):
    adobe.deliver(hooked.post, [chat_event() for _ in range(3)], batch=1)
    assert len(adobe.asked) == 1
    for _ in range(3):
        adobe.rotate()
        assert adobe.deliver(hooked.post, chat_event()).statuses == [200]


@on_one_database
@pytest.mark.parametrize("trouble", ["status", "redirect", "large", "not a key", "gone"])
def test_where_no_key_can_be_fetched_it_is_503_and_comes_again(hooked, adobe, trouble, monkeypatch):
    monkeypatch.setattr(adobe_keys, "NOT_ASKED_AGAIN_FOR", 0)
    paths = [one.path for one in adobe.keys]
    for path in paths:
        match trouble:
            case "status":
                adobe.statuses[path] = 500
            case "redirect":
                adobe.redirects[path] = f"{adobe.address}/other.pem"
            case "large":
                adobe.bodies[path] = b"-" * 20_000
            case "not a key":
                adobe.bodies[path] = b"<html>"
            case "gone":
                adobe.statuses[path] = 404
    first = adobe.deliver(hooked.post, chat_event())
    assert first.statuses == [503]
    assert int(first.answers[0].headers["Retry-After"])
    assert "/other.pem" not in adobe.asked
    adobe.statuses, adobe.redirects, adobe.bodies = {}, {}, {}
    assert adobe.deliver(hooked.post, chat_event()).statuses == [200]


def test_where_one_key_is_out_of_reach_the_other_will_do(hooked, adobe):
    adobe.statuses[adobe.keys[0].path] = 500
    assert adobe.deliver(hooked.post, chat_event()).statuses == [200]
    wrong = {"x_adobe_digital_signature_2": "AAAA"}
    assert adobe.deliver(hooked.post, chat_event(), **wrong).statuses == [503]


def test_events_of_other_clients_are_dropped_and_counted(hooked, adobe):
    ours, other, nobody = chat_event(), chat_event(), chat_event()
    other["recipientclientid"] = "someone-else"
    del nobody["recipientclientid"]
    assert adobe.deliver(hooked.post, [other, ours, nobody]).statuses == [200]

    assert list(stored()) == [ours["id"]]
    assert rejections() == []
    assert (day_of("adobe-io").foreign, day_of("adobe-io").added) == (2, 1)


def test_a_delivery_with_nothing_for_us_is_403_and_leaves_nothing(hooked, adobe):
    other = chat_event(note=CLIENT_ID) | {"recipientclientid": "someone-else"}
    for body in (other, [other, other], [], b"not JSON", b"", {"foo": CLIENT_ID}):
        assert adobe.deliver(hooked.post, body).statuses == [403]
    assert stored() == {}
    assert rejections() == []


def test_events_of_another_marketo_instance_are_dropped_and_counted(hooked, adobe):
    events = [
        chat_event(munchkinId="999-XYZ-999"),
        chat_event(munchkinId="123-abc-456"),
        chat_event(munchkinId=...),
    ]
    assert adobe.deliver(hooked.post, events).statuses == [200]
    assert set(stored()) == {events[1]["id"], events[2]["id"]}
    assert day_of("adobe-io").foreign == 1


@on_one_database
def test_without_a_munchkin_id_any_instance_is_ours(bare_app, pushed_settings, adobe):
    client = browser(create_app(replace(pushed_settings, marketo_munchkin_id="")))
    assert adobe.deliver(client.post, chat_event(munchkinId="999-XYZ-999")).statuses == [200]
    assert len(stored()) == 1


@on_one_database
def test_where_nothing_is_set_up_it_is_503(bare_app, settings, adobe):
    client = browser(create_app(replace(settings, demo=False)))
    assert adobe.deliver(client.post, chat_event()).statuses == [503]
    answer = client.post(PUSH, data=envelope(activity()), headers=SIGNED_IN)
    assert answer.status_code == 503
    assert "CHATPANE_MARKETO_PUSH_TOKEN" in answer.text


@on_one_database
def test_strangers_have_to_wait_and_adobe_with_a_key_that_is_known_never(bare_app, pushed_settings, adobe):
    client = browser(create_app(replace(pushed_settings, limit_refused="3 per minute")))
    assert adobe.deliver(client.post, chat_event()).statuses == [200]
    unsigned = [client.post("/hooks/adobe-io", data=b"{}").status_code for _ in range(5)]
    assert unsigned == [401, 401, 401, 429, 429]
    assert adobe.deliver(client.post, [chat_event() for _ in range(6)], batch=1).statuses == [200] * 6
    assert client.post(PUSH, data=envelope(activity()), headers=SIGNED_IN).status_code == 200
    assert "not from Adobe" in next(iter(audit.entries())).why


@on_one_database
def test_strangers_who_invent_keys_have_to_wait_and_leave_the_turns_to_adobe(
    bare_app, pushed_settings, adobe
):
    client = browser(create_app(replace(pushed_settings, limit_refused="3 per minute")))

    def invent():
        invented = f"/prod/keys/pub-key-{uuid4()}.pem"
        changes = {"x_adobe_public_key1_path": invented, "x_adobe_digital_signature_2": None}
        return adobe.deliver(client.post, chat_event(), **changes).statuses

    assert [invent() for _ in range(12)] == [[503]] * 3 + [[429]] * 9
    assert len(set(adobe.asked)) == 3
    elsewhere = partial(client.post, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert adobe.deliver(elsewhere, chat_event()).statuses == [200]


@on_one_database
def test_in_the_demo_only_this_machine_may(bare_app, pushed_settings, adobe):
    client = browser(create_app(replace(pushed_settings, demo=True)))
    assert adobe.deliver(client.post, chat_event()).statuses == [200]
    answer = client.get("/hooks/adobe-io?challenge=1", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.status_code == 403


@pytest.fixture
def other_writer(hooked):
    """Another connection that holds the writer's turn."""
    with db.engine.connect() as connection:
        connection.execute(Installation.__table__.update().values(content_version=7))
        yield
        connection.rollback()


def test_a_busy_database_is_503_in_time(hooked, adobe, other_writer, monkeypatch):
    monkeypatch.setattr("webui.views.hooks.WITHIN", 0.6)
    started = time.monotonic()
    delivered = adobe.deliver(hooked.post, chat_event())
    assert delivered.statuses == [503]
    assert int(delivered.answers[0].headers["Retry-After"])
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("where", ["activity_types.load", "deliveries.save"])
def test_whatever_fails_is_503_and_nothing_is_stored(hooked, adobe, monkeypatch, where):
    def fail(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(f"webui.views.hooks.{where}", fail)
    delivered = adobe.deliver(hooked.post, chat_event())
    monkeypatch.undo()
    assert delivered.statuses == [503]
    assert stored() == {}
    again = adobe.deliver(hooked.post, json.loads(delivered.given_up[0]))
    assert again.statuses == [200]


@pytest.mark.parametrize("given", [f"Bearer {TOKEN}", f"bearer  {TOKEN}", TOKEN])
def test_the_token_comes_with_bearer_or_bare(hooked, given):
    answer = hooked.post(PUSH, data=envelope(activity()), headers={"Authorization": given})
    assert answer.status_code == 200
    (chat,) = stored().values()
    assert (chat.guid, chat.marketo_id) == ("880142", 501)


@pytest.mark.parametrize("given", [None, "", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
def test_without_it_nothing_is_read(hooked, given):
    headers = {} if given is None else {"Authorization": given}
    assert hooked.post(PUSH, data=envelope(activity()), headers=headers).status_code == 401
    assert stored() == {}
    assert rejections() == []
