"""The samples of the documents do what they promise: each that can run here opens a panel of the real app.

Python, PHP and Node are run as they stand in ``docs/samples``. What needs a CRM around it (Apex, C#, the
Lightning component) is read: its claims, its base64url and its messages are those that Chatpane knows.
"""

import base64
import hmac
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import databases
from tests.conftest import API_KEY
from tests.html.conftest import browser, on_one_database
from tests.reading import one, soup
from webui import create_app, operational_settings
from webui.access import links
from webui.access.grants import REP, Grant, Opens
from webui.access.secret import secrets_of
from webui.config import Settings

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "docs" / "samples"
ENVIRONMENT = {"PANE_URL": "https://pane.example.com", "PANE_KEY": API_KEY}
KEYS = links.Keys((API_KEY.encode(),), ())

SIGNERS = [("python3", "panel_link.py"), ("php", "panel_link.php"), ("node", "panel-link.js")]
each_signer = pytest.mark.parametrize(("program", "sample"), SIGNERS, ids=[sample for _, sample in SIGNERS])


def path_of(program: str) -> str:
    """Return where a program is; skip the test where it is not."""
    found = shutil.which(program)
    if found is None:
        databases.skip(f"no {program}")
    return str(found)


def signed_by(program: str, sample: str, user: str, opens: str) -> dict[str, str]:
    """Run a sample as its document says; return what it prints."""
    command = [path_of(program), str(SAMPLES / sample), user, opens]
    run = subprocess.run(
        command, env=os.environ | ENVIRONMENT, capture_output=True, timeout=30, check=True, text=True
    )
    assert run.stderr == ""
    found: dict[str, str] = json.loads(run.stdout)
    return found


@pytest.fixture
def enter(app: Flask, settings: Settings) -> Callable[[str], TestResponse]:
    """Post a token, as a frame does, to the app started as no demo."""
    closed = create_app(replace(settings, demo=False, secret_key="a-secret-of-enough-bytes-0123456789"))
    operational_settings.set_api_key(API_KEY, "test", secrets_of(closed.extensions["chatpane"]))

    def post(token: str) -> TestResponse:
        return browser(closed).post("/embed", data={"token": token}, base_url="https://pane.example.com")

    return post


@on_one_database
@each_signer
def test_a_sample_signs_a_link_that_opens_the_panel_once(program, sample, enter, make_person):
    make_person()

    answer = signed_by(program, sample, "ann", "leads/00Q1")

    assert answer.keys() == {"url", "token"}
    assert answer["url"] == "https://pane.example.com/embed"
    assert one(soup(enter(answer["token"])), "main > header h1").get_text(strip=True) == "Ann Lee"
    assert one(soup(enter(answer["token"]), 401), "[data-error]")


@each_signer
def test_a_sample_names_any_user_and_signs_anew_each_time(program, sample):
    first, second = (
        links.read(signed_by(program, sample, "Ödön 佐藤 <a/b?c>", "accounts/+/ü")["token"], KEYS)
        for _ in range(2)
    )

    assert first.viewer == "link:Ödön 佐藤 <a/b?c>"
    assert first.grant == Grant(REP, Opens("accounts", "+/ü"))
    assert first.mark != second.mark


# HubSpot's backend, over HTTP.

PORTAL, SECRET, ADDRESS = "4711", "client-secret", "https://link.example.com"
ASKED = "/chatpane-link?portalId=4711&userId=7&userEmail=ann%40larkspur.example&note=a%20b%2Fc%2Bd"
AS_SIGNED = "/chatpane-link?portalId=4711&userId=7&userEmail=ann@larkspur.example&note=a%20b/c%2Bd"
RECORD = b'{"objectTypeId": "0-1", "objectId": 51}'


@pytest.fixture(scope="module")
def backend() -> Iterator[str]:
    """HubSpot's sample backend, running; the value is its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    own = {"HUBSPOT_CLIENT_SECRET": SECRET, "HUBSPOT_PORTAL": PORTAL, "LINK_URL": ADDRESS, "PORT": port}
    running = subprocess.Popen(
        [path_of("node"), str(SAMPLES / "hubspot-link.js")], env=os.environ | ENVIRONMENT | own
    )
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
                break
            except OSError:
                assert running.poll() is None
                assert time.monotonic() < until, "the backend did not start"
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


def hubspot_signature(address: str, body: bytes, at: int, secret: str = SECRET) -> str:
    """Sign as HubSpot does: its client secret over method, decoded address, body and milliseconds."""
    signed = b"POST" + (ADDRESS + address).encode() + body + str(at).encode()
    return base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def ask(backend: str, signature: str, at: int, address: str = ASKED, body: bytes = RECORD) -> tuple[int, str]:
    """Send a request; return status and text."""
    headers = {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": str(at)}
    try:
        with urlopen(Request(backend + address, body, headers), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def now() -> int:
    """Return the time in HubSpot's milliseconds."""
    return int(time.time() * 1000)


@on_one_database
def test_hubspots_backend_gives_a_link_for_what_hubspot_signed(backend, enter, make_person):
    make_person(crm_id="51", kind="contact")
    at = now()

    status, said = ask(backend, hubspot_signature(AS_SIGNED, RECORD, at), at)

    assert status == 200
    assert links.read(json.loads(said)["token"], KEYS).viewer == "link:hubspot-7"
    assert one(soup(enter(json.loads(said)["token"])), "main > header h1").get_text(strip=True) == "Ann Lee"


def test_hubspots_backend_refuses_what_hubspot_did_not_sign_like_that(backend):
    at = now()
    old, ahead = at - 301_000, at + 330_000
    signature = hubspot_signature(AS_SIGNED, RECORD, at)
    refused = {
        "no signature": ask(backend, "", at),
        "another secret": ask(backend, hubspot_signature(AS_SIGNED, RECORD, at, "other"), at),
        "another record": ask(backend, signature, at, body=RECORD.replace(b"51", b"52")),
        "another user": ask(backend, signature, at, address=ASKED.replace("userId=7", "userId=8")),
        "another time": ask(backend, signature, at + 1),
        "too old": ask(backend, hubspot_signature(AS_SIGNED, RECORD, old), old),
        "too far ahead": ask(backend, hubspot_signature(AS_SIGNED, RECORD, ahead), ahead),
        "everything decoded": ask(
            backend, hubspot_signature(AS_SIGNED.replace("%20", " ").replace("%2B", "+"), RECORD, at), at
        ),
    }

    assert {why: answer for why, answer in refused.items() if answer[0] != 401} == {}


def test_hubspots_backend_knows_one_account_and_three_kinds_of_record(backend):
    at = now()
    other = AS_SIGNED.replace("4711", "4712")
    ticket = b'{"objectTypeId": "0-5", "objectId": 51}'

    assert ask(backend, hubspot_signature(other, RECORD, at), at, ASKED.replace("4711", "4712"))[0] == 403
    assert ask(backend, hubspot_signature("/", RECORD, at), at, "/")[0] == 403
    assert ask(backend, hubspot_signature(AS_SIGNED, ticket, at), at, body=ticket)[0] == 404


# What needs a CRM around it.


def read(sample: str) -> str:
    """Return the text of a sample."""
    return (SAMPLES / sample).read_text(encoding="utf-8")


def literal(sample: str, pattern: str) -> Any:
    """Return the one match of a pattern in a sample."""
    found = re.findall(pattern, read(sample), re.DOTALL)
    assert len(found) == 1, f"{len(found)} of {pattern} in {sample}"
    return found[0]


def test_apex_signs_the_claims_that_a_link_needs():
    claims = literal("ChatpaneLink.cls", r"claims = new Map<String, Object>\{(.*?)\};")
    names = re.findall(r"'(\w+)' =>", claims)

    assert set(links.REQUIRED) <= set(names) <= {*links.REQUIRED, "name", "lang", "tz"}
    assert "'role' => 'rep'" in claims
    assert 0 < int(literal("ChatpaneLink.cls", r"'exp' => now \+ (\d+)")) <= links.LONGEST_LIFE
    assert json.loads(literal("ChatpaneLink.cls", r"'(\{\"alg\".*?\})'")) == {"alg": "HS256"}
    assert dict(re.findall(r"\.replace\('(.)', '(.?)'\)", read("ChatpaneLink.cls"))) == {
        "+": "-",
        "/": "_",
        "=": "",
    }


def test_c_sharp_signs_the_claims_that_a_link_needs():
    text = read("PanelLink.cs").replace('\\"', "'")
    claims = re.search(r"var claims = (.*?);\n", text, re.DOTALL)[1]

    assert sorted(re.findall(r"'(\w+)':", claims)) == sorted(links.REQUIRED)
    assert "'role':'rep'" in claims
    assert 0 < int(re.search(r"now \+ (\d+)", claims)[1]) <= links.LONGEST_LIFE
    assert "{'alg':'HS256'}" in text
    assert dict(re.findall(r"\.Replace\('(.)', '(.)'\)", read("PanelLink.cs"))) == {"+": "-", "/": "_"}
    assert ".TrimEnd('=')" in text


@pytest.mark.parametrize("sample", ["ChatpaneLink.cls", "PanelLink.cs"])
def test_apex_and_c_sharp_name_the_panels(sample):
    named = dict(
        re.findall(
            r"['\"](\w+)['\"](?: =>|,) ['\"](leads|contacts|accounts|opportunities)['\"]", read(sample)
        )
    )

    assert {kind.lower(): panel for kind, panel in named.items()} == {
        "lead": "leads",
        "contact": "contacts",
        "account": "accounts",
        "opportunity": "opportunities",
    }


def test_the_lightning_component_speaks_the_messages_of_the_panel():
    messages = re.compile(r"chatpane:[a-z-]+")
    spoken = set(messages.findall((ROOT / "static" / "frame.js").read_text(encoding="utf-8")))

    assert set(messages.findall(read("chatpane.js"))) == spoken != set()


@on_one_database
def test_the_pages_post_the_field_that_the_panel_reads(enter):
    assert one(soup(enter(""), 400), "[data-error]")
    for sample in ("chatpane.html", "Chatpane.page"):
        assert re.findall(r'<input type="hidden" name="(\w+)"', read(sample)) == ["token"]
        assert re.findall(r'<form[^>]* method="(\w+)"', read(sample)) == ["post"]
