"""The demo's CRM: a page of another site, for the demo alone, which embeds panels by signed links."""

import pytest

from tests.html.conftest import browser, on_one_database
from tests.html.pages import send, turn
from tests.reading import one, soup, texts
from webui.views import home
from webui.vocabulary import FAMILIES, TYPES

pytestmark = on_one_database

CRM = "http://crm.localhost:8000"
PANE = "http://pane.localhost:8000"


@pytest.fixture
def crm(client, company, monkeypatch):
    """Ask the CRM for a path under its own name; its list holds the company's records."""
    showcase = [
        {"panel": panel, "crm_id": crm_id, "why": {"en": "Chats a lot", "ja": "チャット"}}
        for panel, crm_id in (path.lstrip("/").split("/") for path in company.panels())
    ]
    monkeypatch.setattr(home, "_showcase", lambda: showcase)
    return lambda path="", **options: client.get(f"/demo/crm{path}", base_url=CRM, **options)


def frames(page):
    return [frame["data-chatpane-link"] for frame in page.select("iframe")]


def test_a_contacts_page_has_its_panel_and_its_accounts(crm):
    page = soup(crm("/contacts/003A"))

    assert frames(page) == ["/demo/crm/link?opens=contacts/003A", "/demo/crm/link?opens=accounts/001A"]
    assert texts(page, "h1") == ["佐藤"]


def test_any_other_record_has_one_panel(crm):
    for opens in ("leads/00Q1", "accounts/001A", "opportunities/006A"):
        assert frames(soup(crm(f"/{opens}"))) == [f"/demo/crm/link?opens={opens}"]


def test_it_opens_with_the_first_contact(crm):
    assert crm().headers["Location"] == "/demo/crm/contacts/003A"


def test_without_records_it_says_how_to_load_them(client):
    page = soup(client.get("/demo/crm", base_url=CRM))
    assert "chatpane demo" in one(page, "main").get_text()


def test_under_another_name_it_leads_to_its_own(client, company):
    for name in ("127.0.0.1", "localhost", "pane.localhost"):
        answer = client.get("/demo/crm/contacts/003A?lang=ja", base_url=f"http://{name}:8000")
        assert answer.headers["Location"] == f"{CRM}/demo/crm/contacts/003A?lang=ja"


def test_a_converted_lead_leads_to_the_contact_and_nobody_to_nothing(crm, save):
    assert crm("/leads/nobody").status_code == 404


def test_the_search_finds_records_by_their_names(crm):
    page = soup(crm("/contacts/003A?q=ann"))
    assert texts(page, "nav.list a") == ["Ann Lee"]
    assert one(page, "input[name=q]")["value"] == "ann"
    assert texts(soup(crm("/contacts/003A?q=xyz")), "nav.list a") == []


def test_its_policy_allows_the_panels_and_nothing_else(crm):
    answer = crm("/contacts/003A")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))

    assert policy["frame-src"] == policy["script-src"] == PANE
    assert policy["form-action"] == f"'self' {PANE}"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert not soup(answer).select("script:not([src]), style, [style]")
    assert one(soup(answer), "script")["src"].startswith(f"{PANE}/static/host.js")


def test_its_backend_answers_with_a_link_that_opens_the_record_once(crm, client):
    link = crm("/link?opens=contacts/003A", headers={"Accept-Language": "ja"})
    assert link.headers["Cache-Control"] == "no-store"
    assert link.json["url"] == f"{PANE}/embed"

    opened = client.post("/embed", data={"token": link.json["token"]}, base_url=PANE)
    page = soup(opened)
    assert texts(page, "h1") == ["佐藤"]
    assert one(page, "html")["lang"] == "ja"
    assert CRM in opened.headers["Content-Security-Policy"]
    assert client.post("/embed", data={"token": link.json["token"]}, base_url=PANE).status_code == 401


def test_its_backend_refuses_what_is_no_record(crm):
    for opens in ("", "contacts", "people/1", "contacts/"):
        assert crm(f"/link?opens={opens}").status_code == 400


def test_after_a_reset_the_panel_says_that_it_trusts_no_link(crm, client):
    send(client, "/config/reset", sure="y")
    token = crm("/link?opens=contacts/003A").json["token"]
    refused = client.post("/embed", data={"token": token}, base_url=PANE)
    assert one(soup(refused, 401), "[data-error]").get_text(strip=True)


def test_while_the_switch_is_off_it_does_not_name_the_feature(crm, client):
    turn(client, on=False)
    for language in ("en", "ja"):
        for path in ("/contacts/003A", "/leads/00Q1", "/accounts/001A", "/opportunities/006A"):
            shown = crm(f"{path}?lang={language}").text.replace("Chatpane", "").replace("chatpane", "")
            labels = [one.labels[language] for one in (*FAMILIES, *TYPES)]
            assert [label for label in labels if label in shown] == []


def test_only_the_demo_has_it(closed_app, company):
    client = browser(closed_app)
    for path in ("/demo/crm", "/demo/crm/contacts/003A", "/demo/crm/link?opens=contacts/003A"):
        answer = client.get(path, base_url=CRM)
        assert answer.status_code == 404
        assert "token" not in answer.text


def test_other_sites_may_load_the_host_script_and_keep_it_for_an_hour(client):
    answer = client.get("/static/host.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "max-age=3600" in answer.headers["Cache-Control"]

    other = client.get("/static/pane.js")
    assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"
