"""A new CHATPANE_SECRET_KEY: nobody notices while the one before is named, nor after a start without it."""

import signal
import socket
from dataclasses import replace

from tests.cli.conftest import SECRET, refused
from tests.cli.test_embed_link import session_of, token_of
from tests.cli.test_serving import status
from tests.conftest import API_KEY
from tests.html.conftest import Browser, on_one_database
from tests.reading import soup
from webui import create_app
from webui.access import links
from webui.access.links import Keys
from webui.access.secret import secret_of

NEW = "a-new-secret-of-enough-bytes-0123456789"
BOTH = {"CHATPANE_SECRET_KEY": NEW, "CHATPANE_PREVIOUS_SECRET_KEY": SECRET}
ONLY_NEW = {"CHATPANE_SECRET_KEY": NEW}


def served_once(chatpane, **variables):
    """Start serving, wait for the first answer, stop; return what was said on standard error."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    before = dict(chatpane.variables)
    chatpane.variables |= {"CHATPANE_WORKERS": "1", **variables}
    run = chatpane.start("serve", "--port", str(port))
    chatpane.variables = before
    try:
        assert status(f"http://127.0.0.1:{port}/readyz") == 200
    finally:
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=20)
    return said


def test_the_api_secret_key_outlives_the_secret_that_encrypted_it(ready):
    assert token_of(ready("embed-link", "all", **BOTH))
    refused(ready("embed-link", "all", **ONLY_NEW), "CHATPANE_PREVIOUS_SECRET_KEY")

    assert "Embed links" not in served_once(ready, **BOTH)

    token = token_of(ready("embed-link", "all", "--user", "0055", **ONLY_NEW))
    assert links.read(token, Keys((API_KEY.encode(),), ())).viewer == "link:0055"
    refused(ready("embed-link", "all"), "encrypted by another CHATPANE_SECRET_KEY")


@on_one_database
def test_an_open_panel_and_its_cookie_outlive_the_secret_that_signed_them(app, settings, make_person):
    make_person()
    old = replace(settings, demo=False, secret_key=secret_of(settings))
    new = replace(old, secret_key=NEW)
    panes = {
        name: Browser(app := create_app(one), app.response_class, use_cookies=False)
        for name, one in {
            "old": old,
            "both": replace(new, previous_secret_key=old.secret_key),
            "new": new,
        }.items()
    }
    https = {"base_url": "https://pane.example.com"}
    token = links.sign("leads/00Q1", "0055", API_KEY.encode())
    entered = panes["old"].post("/embed", data={"token": token}, **https)
    session = session_of(soup(entered, 200))
    cookie = {"Cookie": entered.headers["Set-Cookie"].partition(";")[0]}

    def statuses(headers):
        return {
            name: pane.get("/leads/00Q1", headers=headers, **https).status_code
            for name, pane in panes.items()
        }

    assert statuses(session) == statuses(cookie) == {"old": 200, "both": 200, "new": 401}
    renewed = session_of(soup(panes["both"].get("/leads/00Q1", headers=session, **https), 200))
    assert statuses(renewed) == {"old": 401, "both": 200, "new": 200}


def test_serving_without_an_api_secret_key_says_how_to_set_one(chatpane):
    said = served_once(chatpane)
    assert "Embed links cannot be served yet" in said
    assert "chatpane config set api-secret-key" in said
    assert SECRET not in said


def test_serving_with_everything_says_nothing(ready):
    assert served_once(ready) == ""
