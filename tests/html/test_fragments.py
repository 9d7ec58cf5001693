"""Page or fragment: who gets which, what may be kept, and the headers that every answer sends."""

import re
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest
from bs4 import BeautifulSoup
from jinja2 import StrictUndefined

from tests.html.conftest import browser, on_one_database
from tests.html.pages import turn
from tests.html.walk import FAILING, addresses, is_page
from tests.reading import HTMX, one, soup, texts
from webui import create_app
from webui.config import shipped
from webui.vocabulary import OTHERS

FULL = (
    {},
    HTMX | {"HX-History-Restore-Request": "true"},
    HTMX | {"HX-Request-Type": "full"},
    {"HX-Request": "1"},
)
PARTS = (HTMX, HTMX | {"HX-Request-Type": "partial"}, HTMX | {"HX-History-Restore-Request": "false"})
TWOFOLD = (
    "/leads/00Q1/chat",
    "/contacts/003A/dashboard",
    "/accounts/001A/chat?dialogue=Elsewhere",
    "/opportunities/006A/chat?sort=date",
    "/global/chat",
    "/chat/activities/1",
    *(f"/leads/00Q1/{family.key}" for family in OTHERS),
    *(f"/accounts/001A/{family.key}" for family in OTHERS),
    "/global/web",
)


@on_one_database
def test_only_htmx_that_asks_for_a_part_gets_a_fragment(client, company):
    """A bare fragment in the place of a page is what the back button would show."""
    for url in TWOFOLD:
        assert [is_page(client.get(url, headers=headers)) for headers in FULL] == [True] * 4, url
        assert [is_page(client.get(url, headers=headers)) for headers in PARTS] == [False] * 3, url


@on_one_database
def test_what_went_wrong_is_said_as_page_or_fragment_too(client, company):
    for url in FAILING:
        assert is_page(client.get(url))
        assert not is_page(client.get(url, headers=HTMX))


@on_one_database
def test_every_answer_names_the_headers_that_it_depends_on(client, company):
    needed = {"HX-Request", "HX-Request-Type", "HX-History-Restore-Request", "Cookie", "Accept-Language"}
    needed |= {"X-Pane-Language", "X-Pane-Zone"}
    for url in (*TWOFOLD, *FAILING, "/", "/leads/00Q1", "/global", "/config"):
        for headers in ({}, HTMX):
            vary = client.get(url, headers=headers).headers.getlist("Vary")
            named = {name.strip() for line in vary for name in line.split(",")}
            assert needed <= named, url


@on_one_database
def test_a_fragment_holds_the_same_as_the_page_around_it(client, company):
    for url in TWOFOLD:
        part = soup(client.get(url, headers=HTMX))
        page = soup(client.get(url))
        for hook in ("tr[data-activity]", "td[data-week]", "dt", "dd", "[data-more]", "[data-empty]"):
            assert texts(part, hook) == texts(page, hook)


@on_one_database
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_an_unchanged_answer_is_not_sent_again(client, company, headers):
    for url in (*TWOFOLD, "/leads/00Q1", "/global", "/"):
        first = client.get(url, headers=headers)
        again = client.get(url, headers={**headers, "If-None-Match": first.headers["ETag"]})

        assert first.headers["Cache-Control"] == "private, no-cache"
        assert (again.status_code, again.data) == (304, b"")
        assert {name: again.headers[name] for name in ("ETag", "Cache-Control", "Vary")} == {
            name: first.headers[name] for name in ("ETag", "Cache-Control", "Vary")
        }


@on_one_database
def test_a_page_with_a_form_is_the_same_a_second_later(client, company):
    first = client.get("/leads/00Q1")
    assert soup(first).select("form[method=post]")
    sleep(1.1)
    assert client.get("/leads/00Q1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_answers_that_differ_never_bear_one_etag(app, company, make_activities):
    """Two answers that differ and bear one ETag are a stale page in somebody's browser."""
    asked = [
        ("/leads/00Q1", {}),
        ("/leads/00Q1", {"X-Pane-Language": "ja"}),
        ("/leads/00Q1", {"Accept-Language": "ja"}),
        ("/leads/00Q1", {"X-Pane-Zone": "Asia/Tokyo"}),
        ("/leads/00Q1", {"X-Pane-Zone": "UTC"}),
        ("/leads/00Q1?lang=ja", {}),
        ("/leads/00Q2", {}),
        ("/leads/00Q1/chat", {}),
        ("/leads/00Q1/chat", HTMX),
        ("/leads/00Q1/chat?sort=date", HTMX),
    ]
    answers = [browser(app).get(url, headers=headers) for url, headers in asked]
    make_activities([{}], guid="news")
    answers += [browser(app).get(url, headers=headers) for url, headers in asked]

    bodies = {}
    for answer in answers:
        bodies.setdefault(answer.headers["ETag"], set()).add(answer.get_data(as_text=True))
    assert len(bodies) > 12
    assert [texts(soup_of(some), "title") for some in bodies.values() if len(some) > 1] == []


def soup_of(bodies):
    return BeautifulSoup("".join(bodies), "html.parser")


def tag(client, url="/leads/00Q1"):
    return client.get(url).headers["ETag"]


def test_the_etag_changes_with_the_switch(client, company):
    on = tag(client)
    turn(client, on=False)
    off = tag(client)
    turn(client, on=True)

    assert len({on, off, tag(client)}) == 3


@on_one_database
def test_what_went_wrong_is_kept_by_nobody(client, company):
    for url in FAILING:
        for headers in ({}, HTMX):
            answer = client.get(url, headers=headers)
            assert answer.headers["Cache-Control"] == "no-store"
            assert "ETag" not in answer.headers


@on_one_database
def test_every_template_loads_and_no_name_is_undefined_silently(app):
    folder = Path(shipped("templates"))
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    assert app.jinja_env.undefined is StrictUndefined
    assert names
    for name in names:
        assert app.jinja_env.get_template(name)


def test_no_template_turns_escaping_off():
    """Each text that a stranger wrote goes through the templates."""
    for path in Path(shipped("templates")).rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|hx-on|\bjs:", source), path


SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REFERRER_OF = {
    "embed": "no-referrer",
    "lead_feed": "no-referrer",
    "sign_in": "strict-origin",
}  # their addresses hold tokens and codes


@on_one_database
def test_every_address_sends_the_security_headers(client, app, company):
    asked = [
        (path, method, REFERRER_OF.get(rule.endpoint.partition(".")[0], "same-origin"))
        for rule, path in addresses(app, company)
        for method in rule.methods
    ]
    asked += [(url, "GET", "same-origin") for url in FAILING] + [("/leads/00Q1", "DELETE", "same-origin")]

    for path, method, referrer in asked:
        headers = client.open(path, method=method).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        expected = {**SECURITY, "Referrer-Policy": referrer}
        assert {name: headers.get(name) for name in SECURITY} == expected, path
        assert "Permissions-Policy" in headers
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["base-uri"] == "'none'"
        assert "frame-ancestors" in policy
        assert "unsafe" not in headers["Content-Security-Policy"]


@on_one_database
def test_whatever_goes_wrong_is_said_in_a_sentence_with_a_next_step(client, company):
    wrong = [(url, "GET", None) for url in FAILING] + [
        ("/leads/00Q1", "POST", 405),
        ("/config/switch", "POST", 400),
    ]
    for url, method, status in wrong:
        for headers in ({}, HTMX):
            answer = client.open(url, method=method, headers=headers)
            assert answer.status_code == (status or answer.status_code) >= 400
            error = one(soup(answer, answer.status_code), "[data-error]")
            assert one(error, "strong").get_text(strip=True).endswith(".")
            assert error.get_text(strip=True) != one(error, "strong").get_text(strip=True)


@on_one_database
def test_an_error_of_ours_is_a_sentence_too_and_tells_no_secret(settings, tmp_path):
    """A database without tables stands for whatever nobody foresaw."""
    broken = browser(create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}")))

    for headers in ({}, HTMX):
        answer = broken.get("/leads/00Q1", headers=headers)
        said = one(soup(answer, 500), "[data-error]").get_text()
        assert "our side" in said
        assert "sqlite" not in answer.get_data(as_text=True).lower()
        assert "Traceback" not in answer.get_data(as_text=True)


@on_one_database
def test_a_file_that_is_none_of_ours_is_not_found(client):
    for path in ("/static/nothing.css", "/static/../wsgi.py", "/static/%2e%2e/wsgi.py", "/favicon"):
        assert one(soup(client.get(path), 404), "[data-error]")


def test_bytes_that_are_no_text_in_an_address_are_no_fault_of_ours(client, company):
    for headers in ({}, HTMX):
        answer = client.get(
            "/leads/00Q1/chat", headers=headers, environ_overrides={"QUERY_STRING": "q=\xff\xfe&x=%ff"}
        )
        assert answer.status_code == 200
        assert soup(answer).select("[data-empty]")
