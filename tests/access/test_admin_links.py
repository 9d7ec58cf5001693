"""A link that `chatpane admin-link` makes lets an admin in once, by the press of a button."""

from datetime import UTC, datetime

from tests.access.conftest import SECRET
from tests.html.conftest import browser, on_one_database
from tests.reading import one, soup, texts
from webui import audit
from webui.access import admin_links
from webui.access.admin_links import VALID_FOR
from webui.access.visitors import sign_out_everyone
from webui.installation import facts

PANE = "https://pane.example.com"


def link_of(app):
    """Make a link, as the command does; return its path."""
    token = admin_links.make(app.extensions["chatpane"], "ann", facts().session_generation)
    return f"/config/enter?token={token}"


def press(client, path):
    """Open the link's page and press its button, as a browser does over https; return the answer."""
    return client.post("/config/enter", data=form_of(client, path), **over_https(client, path))


def form_of(client, path):
    """Open the link's page; return what its form would send."""
    form = one(soup(client.get(path, base_url=PANE)), "form[action='/config/enter']")
    return {field["name"]: field["value"] for field in form.select("input")}


def over_https(client, path):
    """Return where a browser sends the form to, and the Referer that the page's policy leaves."""
    assert client.get(path, base_url=PANE).headers["Referrer-Policy"] == "strict-origin"
    return {"base_url": PANE, "headers": {"Referer": f"{PANE}/"}}


def configuration(client):
    """Return the status of the configuration tab."""
    return client.get("/config", base_url=PANE).status_code


def test_a_link_lets_an_admin_in(open_app):
    app = open_app(oidc_issuer="")
    client = browser(app)

    answer = press(client, link_of(app))

    assert (answer.status_code, answer.location) == (303, "/config")
    page = soup(client.get("/config", base_url=PANE))
    assert "Signed in as ann" in texts(page, "form[action='/config/sign-out'] span")[0]
    [line] = audit.entries(action=audit.ENTERED)
    assert (line.viewer, line.what, line.why) == ("admin-link:ann", "config", "admin-link")


def test_a_link_works_once_whichever_process_is_asked(open_app):
    app, other = open_app(), open_app()
    path = link_of(app)
    late = browser(other)
    form = form_of(late, path)
    assert press(browser(app), path).status_code == 303

    answer = late.post("/config/enter", data=form, base_url=PANE, headers={"Referer": f"{PANE}/"})

    assert "was used before" in texts(soup(answer, 401), "[data-error]")[0]
    assert configuration(late) == 401


@on_one_database
def test_opening_the_page_uses_nothing_up(open_app):
    """Mail programs and chats follow a link to show what it leads to."""
    app = open_app()
    path = link_of(app)
    for _ in range(3):
        assert browser(app).get(path, base_url=PANE).status_code == 200
        assert browser(app).head(path, base_url=PANE).status_code == 200

    assert press(browser(app), path).status_code == 303


@on_one_database
def test_a_link_that_was_used_says_so_when_it_is_opened(open_app):
    app = open_app()
    path = link_of(app)
    press(browser(app), path)

    page = soup(browser(app).get(path, base_url=PANE), 401)

    assert "chatpane admin-link" in texts(page, "[data-error]")[0]


@on_one_database
def test_a_link_is_good_for_ten_minutes(open_app, later):
    app = open_app()
    client, path = browser(app), link_of(app)
    form = form_of(client, path)

    later(minutes=9.9)
    assert client.get(path, base_url=PANE).status_code == 200
    later(minutes=0.2)
    assert "expired" in texts(soup(client.get(path, base_url=PANE), 401), "[data-error]")[0]
    answer = client.post("/config/enter", data=form, base_url=PANE, headers={"Referer": f"{PANE}/"})
    assert answer.status_code == 401


@on_one_database
def test_a_link_is_remembered_for_longer_than_it_is_good(open_app):
    """Else it would be good once more in its last second, when it is forgotten and not yet too old."""
    app = open_app()
    token = link_of(app).partition("=")[2]

    assert admin_links.read(token, app.extensions["chatpane"], 0).stale - datetime.now(UTC) > VALID_FOR


@on_one_database
def test_a_link_that_was_tampered_with_lets_nobody_in(open_app):
    app = open_app()
    path = link_of(app)
    swapped = path[:-5] + ("A" if path[-5] != "A" else "B") + path[-4:]
    for bad in ("/config/enter", "/config/enter?token=", swapped, path + "x" * 2000, path + "%00"):
        page = soup(browser(app).get(bad, base_url=PANE), 401)
        assert "lets nobody in" in texts(page, "[data-error]")[0]
    assert {line.why for line in audit.entries(action=audit.REFUSED)} == {"admin-link: not-ours"}


@on_one_database
def test_a_link_of_another_installation_lets_nobody_in(open_app):
    path = link_of(open_app(secret_key="another" + SECRET))

    assert browser(open_app()).get(path, base_url=PANE).status_code == 401


@on_one_database
def test_a_link_of_the_secret_before_is_good_while_that_is_replaced(open_app):
    path = link_of(open_app())
    app = open_app(secret_key="another" + SECRET, previous_secret_key=SECRET)

    assert press(browser(app), path).status_code == 303


@on_one_database
def test_signing_everybody_out_ends_links_too(open_app):
    app = open_app()
    path = link_of(app)

    sign_out_everyone("test")

    assert browser(app).get(path, base_url=PANE).status_code == 401


@on_one_database
def test_another_site_cannot_press_the_button(open_app):
    app = open_app()
    token = link_of(app).partition("=")[2]

    answer = browser(app).post("/config/enter", data={"token": token}, base_url=PANE)

    assert answer.status_code == 400
    assert press(browser(app), f"/config/enter?token={token}").status_code == 303


@on_one_database
def test_what_proved_a_form_before_proves_none_of_the_admins(open_app):
    """Somebody may have known it who used this browser, or planted it there."""
    app = open_app()
    client, path = browser(app), link_of(app)
    before = form_of(client, path)["csrf_token"]
    press(client, path)

    answer = client.post("/config/sign-out", data={"csrf_token": before}, **over_https(client, link_of(app)))

    assert answer.status_code == 400
    assert configuration(client) == 200


@on_one_database
def test_the_token_stays_between_the_browser_and_us(open_app):
    app = open_app()
    answer = browser(app).get(link_of(app), base_url=PANE)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
