"""``chatpane embed-link`` and ``sign-out-everyone``: a link to try, and the end of every session."""

import json
from getpass import getuser
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jws
from sqlalchemy import func, select

from tests.cli.conftest import SECRET, refused
from tests.cli.test_audit import lines
from tests.conftest import API_KEY
from tests.html.conftest import browser
from tests.reading import one, soup
from webui import create_app, operational_settings
from webui.access import links
from webui.access.links import Keys
from webui.access.secret import secrets_of
from webui.models import AccessGrant

NEWER_KEY = "a-newer-key-of-thirty-two-bytes-or-more"


def token_of(run):
    """Return the token of the link that a run printed, alone on standard output."""
    assert run.returncode == 0, run.stderr
    (address,) = run.stdout.splitlines()
    return parse_qs(urlsplit(address).query)["token"][0]


def claims(run):
    """Return what the token says."""
    return json.loads(jws.extract_compact(token_of(run).encode()).payload)


def pane_of(chatpane):
    """Open a browser on what the command's installation serves."""
    return browser(create_app(chatpane.settings()))


def session_of(page):
    """Return the session that an opened panel carries, as the header that it sends."""
    headers = json.loads(one(page, "body")["hx-headers:inherited"])
    return {"X-Pane": headers["X-Pane"]}


def test_a_link_opens_its_record_as_asked_and_once(shared, make_person):
    make_person()
    shared.variables["CHATPANE_PUBLIC_URL"] = "https://pane.example.com"
    run = shared("embed-link", "leads/00Q1", "--lang", "ja", "--tz", "Asia/Tokyo", "--user", "0055")
    assert run.stdout.startswith("https://pane.example.com/embed?token=")
    assert "five minutes" in run.stderr
    assert "Warning" not in run.stderr

    pane = pane_of(shared)
    page = soup(pane.get("/embed", query_string={"token": token_of(run)}), 200)
    assert one(page, "html")["lang"] == "ja"
    assert "Asia/Tokyo" in one(page, "body")["hx-headers:inherited"]
    assert pane.get("/embed", query_string={"token": token_of(run)}).status_code >= 400
    assert [(line[1], line[2], line[3]) for line in lines(shared("audit", "--action", "entered"))] == [
        ("entered", "link:0055", "leads/00Q1")
    ]


def test_a_link_is_for_this_machine_and_its_user_unless_told(ready):
    run = ready("embed-link", "all", PORT="8123")
    assert run.stdout.startswith("http://127.0.0.1:8123/embed?token=")
    said = claims(run)
    assert (said["sub"], said["role"], said["opens"]) == (getuser(), "rep", "all")
    assert ready("embed-link", "all", PORT="").stdout.startswith("http://127.0.0.1:8000/")


def test_a_link_is_signed_by_the_newest_key(shared, settings):
    operational_settings.set_api_key(NEWER_KEY, "test", secrets_of(settings))
    token = token_of(shared("embed-link", "all", "--user", "0055"))
    assert links.read(token, Keys((NEWER_KEY.encode(),), ())).viewer == "link:0055"
    with pytest.raises(links.BadLink):
        links.read(token, Keys((API_KEY.encode(),), ()))


def test_without_a_key_no_link_is_made_and_the_way_to_one_is_told(chatpane):
    run = chatpane("embed-link", "all")
    refused(run, "chatpane config set api-secret-key")
    assert run.stdout == ""


def test_a_key_that_another_secret_encrypted_signs_nothing(ready):
    run = ready("embed-link", "all", CHATPANE_SECRET_KEY=SECRET[::-1])
    refused(run, "CHATPANE_PREVIOUS_SECRET_KEY", "chatpane config set api-secret-key")
    assert run.stdout == ""


def test_a_link_to_what_is_not_there_is_made_with_a_warning(ready):
    run = ready("embed-link", "accounts/nobody")
    assert token_of(run)
    assert "there is no accounts/nobody" in run.stderr


def test_an_admins_link_warns_while_such_links_are_refused(ready):
    run = ready("embed-link", "all", "--role", "admin")
    assert claims(run)["role"] == "admin"
    assert "CHATPANE_EMBED_ADMIN" in run.stderr
    assert "Warning" not in ready("embed-link", "all", "--role", "admin", CHATPANE_EMBED_ADMIN="1").stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["persons/00Q1"], "leads/<crm_id>"),
        (["leads/"], "leads/<crm_id>"),
        (["all", "--lang", "fr"], "'en', 'ja'"),
        (["all", "--tz", "Mars/Olympus"], "Europe/Berlin"),
        (["all", "--role", "owner"], "'rep', 'admin'"),
        (["all", "--user", ""], "--user"),
        (["all", "--user", "u" * 320], "--user"),
    ],
)
def test_a_link_that_would_be_refused_is_not_made(ready, arguments, word):
    run = ready("embed-link", *arguments)
    refused(run, word, code=2)
    assert run.stdout == ""


def test_signing_everyone_out_ends_open_panels_and_is_noted(shared, make_person):
    make_person()
    pane = pane_of(shared)
    token = links.sign("leads/00Q1", "0055", API_KEY.encode())
    session = session_of(soup(pane.post("/embed", data={"token": token}), 200))
    assert pane.get("/leads/00Q1", headers=session).status_code == 200

    run = shared("sign-out-everyone")

    assert (run.returncode, run.stderr) == (0, "")
    assert "Every session is over" in run.stdout
    assert pane.get("/leads/00Q1", headers=session).status_code == 401
    assert pane.get("/leads/00Q1").status_code == 401
    with shared.database() as connection:
        assert connection.execute(select(func.count()).select_from(AccessGrant)).scalar() == 0
    (line,) = [line for line in lines(shared("audit", "--action", "changed")) if line[3] == "sessions"]
    assert line[2].endswith("(command line)")
