"""The switch turned off: nothing of the feature anywhere, at once, and all of it back again."""

import json
import re

import pytest

from tests.html.conftest import browser, this_week
from tests.html.pages import cells, detail, rows, squeezed, turn
from tests.html.walk import addresses, of_chat, other_pages, pages
from tests.reading import HTMX, one, soup
from webui import switch
from webui.ingest.records import AccountRecord, OpportunityRecord, PersonRecord
from webui.vocabulary import COLUMNS, FAMILIES, FIELDS, LANGUAGES, TYPES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture
def off(client, company):
    """A browser whose admin has just turned the switch off."""
    assert turn(client, on=False).status_code == 303
    client.get("/config")  # the notice of it is shown once, there
    return client


def chat_paths(app, company):
    return [path for rule, path in addresses(app, company) if of_chat(rule)]


def test_the_feature_has_addresses_to_guard(app, company):
    assert len(chat_paths(app, company)) > len(company.activities)


def test_no_address_of_chat_answers_with_content(app, company, off):
    for path in chat_paths(app, company):
        page = soup(off.get(path), 404)

        assert one(page, "[data-notice]").get_text(strip=True)
        assert not page.select("table, [data-activity], [data-activity-detail], [data-table], [role=tab]")


def test_a_fragment_of_chat_is_the_notice_that_takes_the_tab_away(app, company, off):
    for path in chat_paths(app, company):
        answer = off.get(path, headers=HTMX)
        part = soup(answer, 404)

        assert one(part, "[data-notice]").get_text(strip=True)
        assert {node["id"] for node in part.select("[hx-swap-oob=delete]")} == {"tab-chat", "tabpanel-chat"}
        assert answer.headers["HX-Retarget"] == "#notices"
        assert answer.headers["HX-Trigger"] == "chatpane:off"
        assert "HX-Reselect" not in answer.headers
        assert not part.select("html, table, [data-activity], [data-activity-detail]")


def test_the_notice_leads_back_to_the_record(company, off):
    for panel in company.panels():
        page = soup(off.get(f"{panel}/chat"), 404)

        assert soup(off.get(one(page, "main a")["href"])).select("[data-tab=dashboard]")


def test_what_the_notice_takes_away_is_the_tab_with_all_that_it_shows(client, company, app):
    """Whatever is swapped in and out by then (rows, an open detail) stands within these two elements."""
    for path in (*company.panels(), "/global"):
        for url in (path, f"{path}/chat", f"{path}/chat?open={company.activities['reached-goal', None]}"):
            page = soup(client.get(url))
            one(page, "#tab-chat[data-tab=chat]").decompose()
            one(page, "#tabpanel-chat[role=tabpanel]").decompose()

            assert one(page, "#notices")
            assert not page.select("[data-table=chat], [data-fragment=chat], [data-activity-detail]")


def test_a_page_that_answers_no_method_answers_none_while_off(app, company, off):
    for path in chat_paths(app, company):
        for method in METHODS:
            for headers in ({}, HTMX):
                answer = off.open(path, method=method, headers=headers)
                assert answer.status_code in ((404,) if method in ("GET", "HEAD", "OPTIONS") else (404, 405))
                assert not soup(answer, answer.status_code).select(
                    "table, [data-activity], [data-activity-detail]"
                )


def test_no_parameter_opens_what_is_off(company, off):
    id_ = company.activities["reached-goal", None]
    for url in ("chat?sort=date", "chat?after=1.1", f"chat?open={id_}", "chat?type=nonsense", "chat?lang=ja"):
        assert one(soup(off.get(f"/leads/00Q1/{url}"), 404), "[data-notice]")


def test_nobody_may_keep_the_notice(company, off):
    for headers in ({}, HTMX):
        assert off.get("/leads/00Q1/chat", headers=headers).headers["Cache-Control"] == "no-store"


def test_a_copy_that_a_browser_kept_is_not_confirmed(client, company):
    kept = client.get("/leads/00Q1/chat").headers["ETag"]
    turn(client, on=False)

    assert client.get("/leads/00Q1/chat", headers={"If-None-Match": kept}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_page_has_anything_of_the_feature(app, company, off, language):
    paths = [*other_pages(app, company), "/leads/00Q1?tab=chat", "/contacts/003A/dashboard?show-account=1"]
    found = {
        f"{path} {'fragment' if headers else 'page'}": trace
        for path in paths
        if not path.startswith("/config")
        for headers in ({}, HTMX)
        if (trace := traces(soup(off.get(path, headers={**headers, "X-Pane-Language": language}))))
    }

    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demos_first_page_has_nothing_of_the_feature(client, save, seeds, language):
    makers = {
        "leads": lambda crm_id: PersonRecord(kind="lead", crm_id=crm_id),
        "contacts": lambda crm_id: PersonRecord(kind="contact", crm_id=crm_id),
        "accounts": lambda crm_id: AccountRecord(crm_id=crm_id),
        "opportunities": lambda crm_id: OpportunityRecord(crm_id=crm_id),
    }
    shown = json.loads((seeds / "showcase.json").read_text(encoding="utf-8"))
    for entry in shown:
        save(makers[entry["panel"]](entry["crm_id"]))
    turn(client, on=False)

    page = soup(client.get(f"/?lang={language}"))

    assert len(page.select("main li a")) == len(shown)
    assert traces(page) == []


WORDS = {
    labels[language]
    for language in LANGUAGES
    for labels in (
        *(family.labels for family in FAMILIES),
        *(of.labels for of in TYPES),
        *(status.labels for of in TYPES for status in of.statuses),
        *(FIELDS[key] for key in ("dialogue-name", "page-url", "scheduled-on", "goal-name")),
        *(COLUMNS[key] for key in ("activity-type", "dialogue-name", "date-and-time")),
    )
}


def traces(page) -> list[str]:
    """Return what a page has of the feature: hooks, addresses and words; the product's name is none."""
    hooks = [
        f"{name}={value}"
        for tag in page.find_all(True)
        for name, value in tag.attrs.items()
        if (name.startswith("data-") and value == "chat")
        or name in ("data-activity", "data-detail", "data-table")
    ]
    urls = [
        value
        for tag in page.find_all(True)
        for value in tag.attrs.values()
        if isinstance(value, str) and re.search(r"/chat(?![a-z])|[?&=]chat\b", value)
    ]
    said = [page.get_text(" ")] + [
        tag[name]
        for tag in page.find_all(True)
        for name in ("aria-label", "title", "content", "alt")
        if name in tag.attrs
    ]
    heard = " ".join(said).replace("Chatpane", "")
    words = [word for word in WORDS if re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", heard)]
    words += re.findall(r"\b[Cc]hats?\b", heard)
    return hooks + urls + words


def test_the_traces_are_there_while_the_switch_is_on(client, company):
    for url in ("/leads/00Q1", "/leads/00Q1/chat", "/accounts/001A/dashboard", "/global"):
        assert traces(soup(client.get(url)))


def test_the_dashboard_stays_without_the_row_of_chat(off):
    page = soup(off.get("/leads/00Q1"))

    assert one(page, "[role=tab]")["data-tab"] == "dashboard"
    assert one(page, "table[data-grid]")
    assert not page.select("[data-row], [data-summary], td[data-week]")
    assert not rows(one(page, "ol[data-weekly-list]"))


def test_the_global_tab_stays_without_a_chat_tab_and_says_that_it_is_empty(off):
    page = soup(off.get("/global"))

    assert not page.select("[role=tab], [data-fragment]")
    assert one(page, "[data-empty]").get_text(strip=True)


def test_a_chat_tab_that_the_address_asks_for_gives_the_dashboard(off):
    assert (
        one(soup(off.get("/leads/00Q1?tab=chat")), "[role=tab][aria-selected=true]")["data-tab"]
        == "dashboard"
    )


def test_a_family_that_is_off_is_no_error_and_leaves_no_trace(off):
    for panel in ("/leads/00Q1", "/contacts/003A", "/accounts/001A"):
        page = soup(off.get(f"{panel}/dashboard?family=chat"))

        assert not rows(one(page, "ol[data-weekly-list]"))
        assert traces(page) == []


def test_a_dashboard_that_was_open_is_told_by_its_next_fragment(client, company):
    assert "HX-Trigger" not in client.get("/leads/00Q1/dashboard", headers=HTMX).headers
    turn(client, on=False)

    told = client.get("/leads/00Q1/dashboard", headers=HTMX)

    assert told.status_code == 200
    assert told.headers["HX-Trigger"] == "chatpane:off"
    assert "HX-Trigger" not in client.get("/leads/00Q1/dashboard").headers


def test_the_configuration_stays_as_it_was(off):
    page = soup(off.get("/config"))

    assert one(page, "input[name=enable_dynamic_chat]")
    assert "Enable Dynamic Chat Data" in squeezed(page)


def shown_at(client, url):
    """Return what an address shows, but for the version from which on news are asked for."""
    return re.sub(r"(version|wide)=\d+", "", client.get(url).get_data(as_text=True))


def test_turning_it_on_again_restores_every_page(app, client, company):
    urls = [path for path in pages(app, company) if not path.startswith("/config")]
    urls += [f"{panel}?tab=chat" for panel in company.panels()]
    before = {url: shown_at(client, url) for url in urls}
    turn(client, on=False)
    assert [url for url in urls if shown_at(client, url) != before[url]]
    turn(client, on=True)

    assert {url: shown_at(client, url) for url in urls} == before


def test_the_very_next_request_of_another_worker_knows(client, company, second_worker):
    other = browser(second_worker)
    for on in (False, True, False):
        turn(client, on)

        assert other.get("/leads/00Q1/chat").status_code == (200 if on else 404)
        assert bool(soup(other.get("/leads/00Q1")).select("[data-tab=chat]")) is on
        assert other.get("/global/chat", headers=HTMX).status_code == (200 if on else 404)


def test_a_page_that_is_open_in_another_worker_loses_its_tab_at_the_next_click(
    client, company, second_worker
):
    other = browser(second_worker)
    more = one(soup(other.get("/accounts/001A/chat")), "[data-more]")["hx-get"]
    turn(client, on=False)

    assert one(soup(other.get(more, headers=HTMX), 404), "[data-notice]")


def test_imports_go_on_storing_while_it_is_off(client, make_person, make_activities):
    make_person()
    turn(client, on=False)
    ids = make_activities([{"at": this_week()}] * 3)
    turn(client, on=True)

    assert rows(soup(client.get("/leads/00Q1/chat"))) == ids[::-1]
    assert list(cells(soup(client.get("/leads/00Q1"))).values())[-1] == 3
    assert detail(client, ids[0])


def test_only_one_switch_exists(client):
    page = soup(client.get("/config"))

    assert [box["name"] for box in page.select("input[type=checkbox]")] == ["enable_dynamic_chat"]


def test_the_command_and_the_form_turn_the_same_switch(app, client, company):
    switch.turn(False, "operator")

    assert not one(soup(client.get("/config")), "input[name=enable_dynamic_chat]").has_attr("checked")
    assert client.get("/leads/00Q1/chat").status_code == 404
