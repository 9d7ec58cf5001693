"""The Lead Feed: everyone's interesting moments, on a tab and by a private address for feed readers."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, update

from tests.html.conftest import browser, on_one_database, this_week
from tests.html.entering import enter
from tests.html.pages import press, squeezed
from tests.reading import HTMX, one, soup, texts
from webui import audit, create_app, logs
from webui.access.visitors import sign_out_everyone
from webui.database import db
from webui.models import AuditEntry, Base, FeedAddress

ADDRESS = "/global/moments/address"
ATOM = "{http://www.w3.org/2005/Atom}"


def make(client):
    """Make a private address; return its path."""
    page = soup(press(client, soup(client.get(ADDRESS)), "[data-make-address]"))
    return one(page, "[data-feed-url]")["value"].removeprefix("http://localhost")


def made_in(panel):
    """Make a private address in a frame; return its path."""
    made = soup(press(panel.browser, soup(panel.page_of(ADDRESS)), "[data-make-address]"))
    return one(made, "[data-feed-url]")["value"].removeprefix("http://localhost")


def feed(client, path, **headers):
    """Return the root of the feed at a private address."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.data)


def entries(root):
    """Return the entries of a feed."""
    return root.findall(f"{ATOM}entry")


def text(element, name):
    """Return the text of an element's only child of a name."""
    [child] = element.findall(ATOM + name)
    return child.text


@pytest.fixture
def make_moments(make_activities):
    """Store interesting moments of Marketo lead 501: their descriptions, oldest first."""

    def make(*descriptions, **fields):
        return make_activities(
            {"type_key": "milestone-moment", "dialogue_name": said, "at": this_week(number), **fields}
            for number, said in enumerate(descriptions)
        )

    return make


def test_the_tab_is_called_lead_feed_and_lists_person_account_kind_description_and_time(
    client, make_account, make_person, make_moments
):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_moments("Asked for a quote")

    assert one(soup(client.get("/global")), "[data-tab=moments]").get_text() == "Lead Feed"
    page = soup(client.get("/global/moments"))
    assert "Lead Feed" in texts(page, "h2")
    shown = one(page, "table[data-table=moments]")
    assert texts(shown, "thead th") == ["Person", "Account", "Activity Type", "Description", "Date and Time"]
    assert texts(shown, "tr[data-activity] td")[:4] == [
        "Ann Lee",
        "Larkspur",
        "Milestone",
        "Asked for a quote",
    ]


@on_one_database
def test_a_panels_tab_of_moments_keeps_its_name_and_has_no_address(client, make_person, make_moments):
    make_person()
    make_moments("Asked")

    assert one(soup(client.get("/leads/00Q1")), "[data-tab=moments]").get_text() == "Interesting Moments"
    assert not soup(client.get("/leads/00Q1/moments")).select("[data-feed-address]")


def test_the_tab_leads_to_the_viewers_private_address_with_and_without_javascript(client):
    place = one(soup(client.get("/global/moments", headers=HTMX)), "[data-feed-address]")

    assert place["hx-get"] == one(place, "a")["href"] == ADDRESS
    part = soup(client.get(ADDRESS, headers=HTMX))
    assert texts(part, "button") == ["Make a private address"]
    assert not part.select("main")
    assert texts(soup(client.get(ADDRESS)), "main button") == ["Make a private address"]


def test_the_address_is_shown_once_and_then_never_again(client):
    answer = press(client, soup(client.get(ADDRESS)), "[data-make-address]", headers=HTMX)
    url = one(soup(answer), "[data-feed-url]")["value"]
    secret = re.fullmatch(r"http://localhost/feeds/moments/([\w-]{43})\.atom", url)[1]
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")

    page = client.get(ADDRESS)
    assert texts(soup(page), "main button") == ["Replace it", "Revoke it"]
    assert one(soup(page), "[data-feed-address] time")
    assert secret not in page.get_data(as_text=True)
    db.session.rollback()
    kept = "\n".join(
        repr(row) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))
    )
    assert secret not in kept


@on_one_database
def test_in_a_frame_without_cookies_an_address_is_made_without_javascript(app, closed_app):
    panel = enter(closed_app, "all")
    page = soup(panel.page_of(ADDRESS))

    made = soup(press(panel.browser, page, "[data-make-address]"))
    session = json.loads(one(made, "body")["hx-headers:inherited"])
    assert one(made, "[data-feed-url]")
    assert one(made, "html")["data-address"] == ADDRESS
    assert panel.browser.get("/global", headers=session).status_code == 200


def test_the_feed_is_read_without_a_session_by_its_address_alone(app, closed_app, make_person, make_moments):
    make_person()
    make_moments("Asked for a quote")
    panel = enter(closed_app, "all")
    path = one(
        soup(press(panel.browser, soup(panel.page_of(ADDRESS)), "[data-make-address]")), "[data-feed-url]"
    )
    path = path["value"].removeprefix("http://localhost")

    stranger = browser(closed_app)
    answer = stranger.get(path)
    assert [text(entry, "title") for entry in entries(feed(stranger, path))] == ["Ann Lee: Asked for a quote"]
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    assert stranger.get("/global/moments").status_code == 401


def test_an_entry_says_who_what_when_and_leads_to_the_person(
    settings, app, make_account, make_person, make_moments
):
    client = browser(create_app(replace(settings, public_url="https://pane.example.com")))
    make_account()
    make_person("003/A", kind="contact", account_crm_id="001A")
    [id_] = make_moments("Asked for a quote", at=datetime(2026, 3, 2, 9, 15, 42, 500, tzinfo=UTC))
    page = soup(press(client, soup(client.get(f"{ADDRESS}?tz=UTC")), "[data-make-address]"))
    url = one(page, "[data-feed-url]")["value"]
    assert url.startswith("https://pane.example.com/feeds/moments/")
    root = feed(client, url.removeprefix("https://pane.example.com"))

    assert root.tag == ATOM + "feed"
    assert text(root, "id") == "tag:pane.example.com,2026:moments"
    assert text(root, "title") == "Lead Feed · Chatpane"
    assert text(root, "updated") == "2026-03-02T09:15:42Z"
    assert text(root.find(f"{ATOM}author"), "name") == "Chatpane"
    [entry] = entries(root)
    assert text(entry, "id") == f"tag:pane.example.com,2026:moments/{id_}"
    assert text(entry, "updated") == "2026-03-02T09:15:42Z"
    assert entry.find(f"{ATOM}link").attrib["href"] == "https://pane.example.com/contacts/003%2FA"
    assert entry.find(f"{ATOM}content").attrib["type"] == "text"
    assert text(entry, "content").splitlines() == [
        "Milestone",
        "Ann Lee",
        "Larkspur",
        "Monday, March 2, 2026, 09:15 (UTC)",
        "Asked for a quote",
    ]


def test_a_feed_without_moments_is_whole_too(client):
    root = feed(client, make(client))

    assert entries(root) == []
    assert text(root, "updated").endswith("Z")


def test_what_strangers_wrote_is_text_and_holds_nothing_that_xml_forbids(client, make_person, make_moments):
    make_person(first_name="<b>Ann</b>", last_name='"&')
    make_moments("]]> <script>alert(1)</script> \x0b\x1b[0m\ufffe 漢字 🎉")
    path = make(client)
    [entry] = entries(feed(client, path))

    assert text(entry, "title") == '<b>Ann</b> "&: ]]> <script>alert(1)</script> [0m 漢字 🎉'
    assert b"<script" not in client.get(path).data
    assert b"<b>" not in client.get(path).data


def test_the_newest_fifty_come_newest_first_and_keep_their_ids(client, make_person, make_moments):
    make_person()
    make_moments(*(f"Moment {number}" for number in range(51)))
    path = make(client)
    before = {text(entry, "title"): text(entry, "id") for entry in entries(feed(client, path))}
    assert list(before) == [f"Ann Lee: Moment {number}" for number in range(50, 0, -1)]
    assert len(set(before.values())) == 50

    make_person("003A", kind="contact", account_crm_id="001A")
    make_moments("Late")
    after = {text(entry, "title"): text(entry, "id") for entry in entries(feed(client, path))}
    assert all(before[title] == after[title] for title in before.keys() & after.keys())


def test_what_was_not_changed_is_not_sent_again(client, make_person, make_moments):
    make_person()
    make_moments("One")
    path = make(client)
    first = client.get(path)
    assert first.last_modified == this_week()

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    make_moments("Two", guid="another")
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_feed_is_written_in_the_language_and_zone_of_whoever_made_the_address(
    client, make_person, make_moments
):
    make_person()
    make_moments("Asked", at=datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
    page = soup(client.get(f"{ADDRESS}?lang=ja&tz=Asia/Tokyo"))
    url = one(soup(press(client, page, "[data-make-address]")), "[data-feed-url]")["value"]

    [entry] = entries(feed(client, url.removeprefix("http://localhost"), **{"Accept-Language": "en"}))
    assert "マイルストーン" in text(entry, "content")
    assert "2026年3月3日" in text(entry, "content")


def test_a_replaced_a_revoked_and_an_unknown_address_are_plain_404(client, make_person, make_moments):
    make_person()
    make_moments("One")
    first = make(client)
    second = make(client)
    assert first != second
    assert client.get(second).status_code == 200

    part = soup(press(client, soup(client.get(ADDRESS)), "[data-revoke-address]", headers=HTMX))
    assert one(part, "[data-done]").get_text() == "The private address is revoked."
    gone = [
        client.get(path)
        for path in (first, second, "/feeds/moments/guess.atom", f"/feeds/moments/{'x' * 999}.atom")
    ]
    assert {(one.status_code, one.mimetype, one.data) for one in gone} == {
        (404, "text/plain", b"There is no such feed.\n")
    }
    assert all(one.headers["Cache-Control"] == "no-store" for one in gone)


def test_ending_all_sessions_ends_every_address(client):
    path = make(client)
    sign_out_everyone("test")

    assert client.get(path).status_code == 404
    assert texts(soup(client.get(ADDRESS)), "main button") == ["Make a private address"]


def test_while_moments_are_not_shown_there_is_no_feed(client, turned_off):
    path = make(client)
    turned_off("moments")

    assert (client.get(path).status_code, client.get(path).mimetype) == (404, "text/plain")
    assert client.get(ADDRESS).status_code == 404
    assert not soup(client.get("/global")).select("[data-tab=moments]")
    turned_off()
    assert client.get(path).status_code == 200


def test_chat_switched_off_leaves_the_feed(client, turned_off):
    path = make(client)
    turned_off("chat")

    assert client.get(path).status_code == 200


@on_one_database
def test_only_who_may_open_everything_may_make_an_address(app, closed_app, company):
    for opens in ("leads/00Q1", "accounts/001A"):
        panel = enter(closed_app, opens)
        for path in (ADDRESS, f"{ADDRESS}/revoke"):
            assert panel.browser.post(path, headers=panel.headers).status_code == 403
    assert browser(closed_app).post(ADDRESS).status_code == 401
    db.session.rollback()
    assert db.session.execute(select(FeedAddress)).all() == []


def test_each_viewer_has_an_address_of_their_own(app, closed_app):
    paths = []
    for name in ("ann", "bob"):
        panel = enter(closed_app, "all", sub=name)
        paths.append(made_in(panel))
    bob = panel
    press(bob.browser, soup(bob.page_of(ADDRESS)), "[data-revoke-address]")

    assert [browser(closed_app).get(path).status_code for path in paths] == [200, 404]


def test_making_and_revoking_stand_in_the_audit_trail_without_the_secret(client):
    path = make(client)
    client.get(path)
    client.get(path.replace(".atom", "x.atom"))
    press(client, soup(client.get(ADDRESS)), "[data-revoke-address]")

    lines = [(line.viewer, line.what, line.why) for line in audit.entries(action=audit.CHANGED)]
    assert [line for line in lines if line[1] == "lead feed address"] == [
        ("demo", "lead feed address", "revoked"),
        ("demo", "lead feed address", "made; one from before is over"),
    ]
    secret = path.rpartition("/")[2][:20]
    assert secret not in "\n".join(map(repr, db.session.execute(select(AuditEntry.__table__)).all()))


@on_one_database
def test_a_request_that_fails_is_logged_without_the_secret(
    client, make_person, make_moments, capsys, monkeypatch
):
    make_person()
    make_moments("One")
    path = make(client)
    logs.configure()
    db.session.execute(update(FeedAddress).values(language="xx"))  # which is none that we have
    db.session.commit()
    client.application.config["PROPAGATE_EXCEPTIONS"] = False

    assert client.get(path).status_code == 500
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["path"]) == ("request failed", "/feeds/moments/<secret>.atom")
    assert path.rpartition("/")[2].removesuffix(".atom") not in json.dumps(line)


@on_one_database
def test_guesses_and_readings_are_limited(app, settings):
    strict = create_app(
        replace(settings, demo=False, limit_refused="3 per minute", limit_session="5 per minute")
    )
    guesser = browser(strict)
    assert [guesser.get(f"/feeds/moments/{number}.atom").status_code for number in range(5)] == [404] * 3 + [
        429
    ] * 2

    path = make(browser(create_app(settings)))
    readers = [browser(strict).get(path) for _ in range(7)]
    assert [answer.status_code for answer in readers] == [200] * 5 + [429] * 2
    assert int(readers[-1].headers["Retry-After"]) <= 60


@on_one_database
def test_the_state_of_the_address_is_no_part_of_what_is_kept_of_the_list(
    app, closed_app, make_person, make_moments
):
    make_person()
    make_moments("One")
    ann, bob = (enter(closed_app, "all", sub=name) for name in ("ann", "bob"))
    press(ann.browser, soup(ann.page_of(ADDRESS)), "[data-make-address]")

    assert ann.get("/global/moments").data == bob.get("/global/moments").data
    assert squeezed(one(soup(bob.get(ADDRESS)), "button")) == "Make a private address"
