"""Fragments that are kept in memory: never staler than the database, and nobody's but the viewer's."""

from dataclasses import replace

import pytest

from tests.html.conftest import browser, this_week
from tests.html.entering import enter
from tests.html.pages import rows, turn
from tests.html.test_every_route import statements
from tests.reading import HTMX, one, soup
from webui import create_app
from webui.access import visitors

CHATS = (
    "/leads/00Q1/chat",
    "/contacts/003A/chat",
    "/accounts/001A/chat",
    "/opportunities/006A/chat",
    "/global/chat",
)


def selects(run):
    return [one for one in run if one.lstrip().upper().startswith("SELECT")]


@pytest.mark.parametrize("path", [*CHATS, "/accounts/001A/dashboard"])
def test_what_was_rendered_already_costs_the_look_at_the_facts_alone(client, company, path):
    first = client.get(path, headers=HTMX)
    with statements() as run:
        again = client.get(path, headers=HTMX)

    assert selects(run) == []  # the facts are read without SQLAlchemy
    assert again.get_data() == first.get_data()
    for answer in (first, again):
        answer.headers.pop("Date", None)
    assert dict(again.headers) == dict(first.headers)


def test_a_client_that_has_it_is_told_so_by_this_worker_and_by_another(client, second_worker, company):
    tag = client.get(CHATS[0], headers=HTMX).headers["ETag"]
    other = browser(second_worker)
    for asked in (client, other, other):
        assert asked.get(CHATS[0], headers={**HTMX, "If-None-Match": tag}).status_code == 304


def test_what_is_stored_is_shown_at_once_by_each_worker(client, second_worker, company, make_activity):
    other = browser(second_worker)
    for asked in (client, other):
        asked.get(CHATS[0], headers=HTMX)
    new = make_activity(at=this_week(500))

    for asked in (client, other):
        assert new in rows(soup(asked.get(CHATS[0], headers=HTMX)))


def test_the_switch_comes_before_what_is_kept(client, company):
    for path in CHATS:
        client.get(path, headers=HTMX)
    turn(client, on=False)
    for path in CHATS:
        assert one(soup(client.get(path, headers=HTMX), 404), "[data-notice=off]")


def test_the_gate_comes_before_what_is_kept(settings, company):
    app = create_app(replace(settings, demo=False))
    account, contact = enter(app, "accounts/001A"), enter(app, "contacts/003A")
    assert account.browser.get("/accounts/001A/chat", headers={**HTMX, **account.headers}).status_code == 200
    assert contact.browser.get("/accounts/001A/chat", headers={**HTMX, **contact.headers}).status_code == 404

    with app.app_context():
        visitors.sign_out_everyone("test")

    assert account.browser.get("/accounts/001A/chat", headers={**HTMX, **account.headers}).status_code == 401


def test_each_viewer_has_the_links_that_are_theirs(settings, company):
    app = create_app(replace(settings, demo=False))
    chat = enter(app, "contacts/003A")
    page = soup(chat.browser.get("/contacts/003A/chat", headers={**HTMX, **chat.headers}))
    url = f"/chat/activities/{rows(page)[0]}"
    links = []
    for opens in ("contacts/003A", "accounts/001A", "contacts/003A"):
        panel = enter(app, opens)
        page = soup(panel.browser.get(url, headers={**HTMX, **panel.headers}))
        links.append([link["href"] for link in page.select("header a[href]")])

    assert links[0] == links[2] == ["/contacts/003A"]
    assert links[1] == ["/contacts/003A", "/accounts/001A"]


def test_languages_and_zones_do_not_mix(client, company):
    said = {
        (language, zone): client.get(
            CHATS[0], headers={**HTMX, "X-Pane-Language": language, "X-Pane-Zone": zone}
        ).get_data()
        for _ in range(2)
        for language in ("en", "ja")
        for zone in ("UTC", "Asia/Tokyo")
    }
    assert len(set(said.values())) == 4


def test_packed_and_plain_say_the_same(client, company):
    plain = client.get(CHATS[0], headers=HTMX)
    packed = client.get(CHATS[0], headers={**HTMX, "Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert plain.headers["ETag"] == packed.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_only_as_much_is_kept_as_there_is_room_for(settings, company):
    app = create_app(replace(settings, kept_mib=0))
    asked = browser(app)
    asked.get(CHATS[0], headers=HTMX)
    with statements() as run:
        asked.get(CHATS[0], headers=HTMX)
    assert len(selects(run)) > 1


def test_an_address_that_was_made_up_long_is_not_kept(client, company):
    path = f"{CHATS[0]}?unknown={'x' * 600}"
    client.get(path, headers=HTMX)
    with statements() as run:
        client.get(path, headers=HTMX)
    assert len(selects(run)) > 1
