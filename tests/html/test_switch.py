"""The switch turned off: nothing of the feature anywhere, at once, and all of it back again."""

import json
import re
from datetime import timedelta
from difflib import unified_diff
from zoneinfo import ZoneInfo

import pytest

from tests.html.conftest import browser, in_each_language, on_one_database, this_week
from tests.html.pages import cells, detail, rows, squeezed, turn
from tests.html.pages import pages as pages_of
from tests.html.walk import addresses, of_chat, other_pages, pages
from tests.reading import HTMX, one, soup, texts
from webui import switch
from webui.feeds.weeks import grid_weeks
from webui.ingest.records import AccountRecord, OpportunityRecord, PersonRecord
from webui.vocabulary import BY_KEY, CHAT, COLUMNS, FIELDS, LANGUAGES, OTHERS, TYPES
from webui.vocabulary.tabs import OF_GLOBAL

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture
def off(client, company):
    """A browser whose admin has just turned the switch off."""
    assert turn(client, on=False).status_code == 303
    client.get("/config")  # the notice of it is shown once, there
    return client


def chat_paths(app, company):
    return [path for rule, path in addresses(app, company) if of_chat(rule)]


@on_one_database
def test_the_feature_has_addresses_to_guard(app, company):
    assert len(chat_paths(app, company)) > len(company.activities)


def test_no_address_of_chat_answers_with_content(app, company, off):
    for path in chat_paths(app, company):
        page = soup(off.get(path), 404)

        assert one(page, "[data-notice]").get_text(strip=True)
        assert not page.select("table, [data-activity], [data-activity-detail], [data-table], [role=tab]")


@on_one_database
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


@on_one_database
def test_the_notice_leads_back_to_the_record(company, off):
    for panel in company.panels():
        page = soup(off.get(f"{panel}/chat"), 404)

        assert soup(off.get(one(page, "main a")["href"])).select("[data-tab=dashboard]")


@on_one_database
def test_what_the_notice_takes_away_is_the_tab_with_all_that_it_shows(client, company, app):
    """Whatever is swapped in and out by then (rows, an open detail) stands within these two elements."""
    for path in (*company.panels(), "/global"):
        for url in (path, f"{path}/chat", f"{path}/chat?open={company.activities['reached-goal', None]}"):
            page = soup(client.get(url))
            one(page, "#tab-chat[data-tab=chat]").decompose()
            one(page, "#tabpanel-chat[role=tabpanel]").decompose()

            assert one(page, "#notices")
            assert not page.select("[data-table=chat], [data-fragment=chat], [data-activity-detail]")


@on_one_database
def test_a_page_that_answers_no_method_answers_none_while_off(app, company, off):
    for path in chat_paths(app, company):
        for method in METHODS:
            for headers in ({}, HTMX):
                answer = off.open(path, method=method, headers=headers)
                assert answer.status_code in ((404,) if method in ("GET", "HEAD", "OPTIONS") else (404, 405))
                assert not soup(answer, answer.status_code).select(
                    "table, [data-activity], [data-activity-detail]"
                )


@on_one_database
def test_no_parameter_opens_what_is_off(company, off):
    id_ = company.activities["reached-goal", None]
    for url in ("chat?sort=date", "chat?after=1.1", f"chat?open={id_}", "chat?type=nonsense", "chat?lang=ja"):
        assert one(soup(off.get(f"/leads/00Q1/{url}"), 404), "[data-notice]")


@on_one_database
def test_nobody_may_keep_the_notice(company, off):
    for headers in ({}, HTMX):
        assert off.get("/leads/00Q1/chat", headers=headers).headers["Cache-Control"] == "no-store"


def test_a_copy_that_a_browser_kept_is_not_confirmed(client, company):
    kept = client.get("/leads/00Q1/chat").headers["ETag"]
    turn(client, on=False)

    assert client.get("/leads/00Q1/chat", headers={"If-None-Match": kept}).status_code == 404


@on_one_database
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


@on_one_database
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


OF_ITS_TYPES = [of for of in TYPES if of.family == CHAT.key]
WORDS = {
    labels[language]
    for language in LANGUAGES
    for labels in (
        CHAT.labels,
        *(of.labels for of in OF_ITS_TYPES),
        *(status.labels for of in OF_ITS_TYPES for status in of.statuses),
        *(FIELDS[key] for key in ("dialogue-name", "scheduled-on", "goal-name")),
        COLUMNS["dialogue-name"],
    )
}
# A document is "Opened" or 開封済み, and so is an e-mail.
WORDS -= {of.labels[language] for of in TYPES if of not in OF_ITS_TYPES for language in LANGUAGES}
WORDS -= {"開封済み"}


def traces(page) -> list[str]:
    """Return what a page has of the feature: hooks, addresses and words; the product's name is none."""
    hooks = [
        f"{name}={value}"
        for tag in page.find_all(True)
        for name, value in tag.attrs.items()
        if (name.startswith("data-") and value == "chat")
        or (name == "data-type" and BY_KEY[value].family == CHAT.key)
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


@on_one_database
def test_the_traces_are_there_while_the_switch_is_on(client, company):
    for url in ("/leads/00Q1", "/leads/00Q1/chat", "/accounts/001A/dashboard", "/global"):
        assert traces(soup(client.get(url)))


# What is chat's, by the hooks of the HTML contract.
OF_CHAT = (
    "[data-tab=chat], #tabpanel-chat, [data-glance], [data-row=chat], "
    "li:has([data-summary=chat]), [data-note]"
)
OF_PEOPLE = ("unlinked", "unknown-people")  # these notes are of all that people did


def beside_chat(page):
    """Return the markup of a page or fragment, tag by tag, without what is chat's and without blank space."""
    for node in page.select(OF_CHAT):
        if node.get("data-note") not in OF_PEOPLE:
            node.decompose()
    for key in page.select("input[name=csrf_token]"):
        key["value"] = "another each time"
    return re.sub(r"\s+", "", str(page)).split("<")


SOME_WEEKS_AGO = grid_weeks(ZoneInfo("UTC"))[-4]
STAYING = (
    "/leads/00Q1",
    "/leads/00Q2",
    "/leads/00Q1?tab=web",
    "/leads/00Q1/dashboard",
    "/leads/00Q1/dashboard?family=web&family=email",
    f"/contacts/003A/dashboard?week={SOME_WEEKS_AGO}",
    f"/contacts/003A/dashboard?week={SOME_WEEKS_AGO}&show-account=1&family=web",
    f"/accounts/001A/dashboard?week={SOME_WEEKS_AGO}",
    f"/opportunities/006A/dashboard?week={SOME_WEEKS_AGO}",
    "/opportunities/006A/dashboard?week=1999-03-01",
    "/leads/00Q1/web",
    "/opportunities/006A/score",
    "/global/web",
    "/global/moments",
)


@pytest.fixture
def everywhere(company, make_activities, make_person, make_opportunity):
    """The company, whose contact visits the website too, with people whom nobody linked or knows."""
    make_activities(
        [
            {"at": this_week(number) - timedelta(weeks=number), "type_key": "visited-page"}
            for number in range(9)
        ],
        marketo_id=503,
    )
    make_person("00Q2", marketo_id=None)
    make_opportunity(people=("00QX",), account_crm_id="001A")


@in_each_language("language")
@pytest.mark.parametrize("path", STAYING)
def test_turning_it_off_takes_what_is_chats_and_changes_nothing_else(client, everywhere, path, language):
    """Grid, counts, shades, lists, addresses, ids, order, tabs and the foot are those of before."""

    def shown(headers):
        return soup(client.get(path, headers={**headers, "X-Pane-Language": language}))

    before = [shown(headers) for headers in ({}, HTMX)]
    assert any(page.select(OF_CHAT) for page in before)
    turn(client, on=False)
    client.get("/config")
    after = [shown(headers) for headers in ({}, HTMX)]

    assert [traces(page) for page in after] == [[], []]
    for page, then in zip(after, before, strict=True):
        assert "\n".join(unified_diff(beside_chat(then), beside_chat(page), n=0, lineterm="")) == ""


@pytest.mark.parametrize(
    "path", ["/contacts/003A/dashboard", "/accounts/001A/dashboard", "/opportunities/006A/dashboard"]
)
def test_of_a_long_week_the_same_others_are_listed_in_the_same_order(client, company, make_activities, path):
    make_activities(
        [{"at": this_week(number), "type_key": "visited-page"} for number in range(0, 60, 2)], marketo_id=503
    )

    def listed():
        found = [
            item
            for page in pages_of(client, path)
            for item in page.select("ol[data-weekly-list] > li[data-row]")
        ]
        return [re.sub(r"\s+", "", str(item)) for item in found if item["data-row"] != "chat"], len(found)

    before, all_of_them = listed()
    turn(client, on=False)

    assert listed() == (before, len(before))
    assert all_of_them > 50 > len(before) > 0


def test_a_dashboard_of_chats_alone_stays_with_empty_rows(client, make_person, make_activities):
    make_person()
    make_activities([{"at": this_week()}])
    turn(client, on=False)

    page = soup(client.get("/leads/00Q1"))

    assert [row["data-row"] for row in page.select("tr[data-row]")] == [family.key for family in OTHERS]
    assert set(texts(page, "td[data-week]")) == {"0"}
    assert one(page, "[data-empty]").get_text(strip=True)


def test_the_global_tab_stays_with_the_tabs_of_the_others(off):
    page = soup(off.get("/global"))

    there = [tab["data-tab"] for tab in page.select("[role=tab]")]
    assert there == [key for key in OF_GLOBAL if key != "chat"]


@on_one_database
def test_a_chat_tab_that_the_address_asks_for_gives_the_dashboard(off):
    assert (
        one(soup(off.get("/leads/00Q1?tab=chat")), "[role=tab][aria-selected=true]")["data-tab"]
        == "dashboard"
    )


def test_a_family_that_is_off_is_no_error_and_leaves_no_trace(off):
    for panel in ("/leads/00Q1", "/contacts/003A", "/accounts/001A"):
        page = soup(off.get(f"{panel}/dashboard?family=chat"))
        free = soup(off.get(f"{panel}/dashboard"))

        assert rows(one(page, "ol[data-weekly-list]")) == rows(one(free, "ol[data-weekly-list]"))
        assert not page.select("[role=switch][aria-checked=true]")
        assert traces(page) == []


def test_a_dashboard_that_was_open_is_told_by_its_next_fragment(client, company):
    assert "HX-Trigger" not in client.get("/leads/00Q1/dashboard", headers=HTMX).headers
    turn(client, on=False)

    told = client.get("/leads/00Q1/dashboard", headers=HTMX)

    assert told.status_code == 200
    assert told.headers["HX-Trigger"] == "chatpane:off"
    assert "HX-Trigger" not in client.get("/leads/00Q1/dashboard").headers


@on_one_database
def test_the_configuration_stays_as_it_was(off):
    page = soup(off.get("/config"))

    assert one(page, "input[name=enable_dynamic_chat]")
    assert "Enable Dynamic Chat Data" in squeezed(page)


def shown_at(client, url):
    """Return what an address shows, but for the version from which on news are asked for and forms' keys."""
    shown = client.get(url).get_data(as_text=True)
    return re.sub(r'(version|wide)=\d+|name="csrf_token" value="[^"]+"', "", shown)


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


def test_the_notice_speaks_of_what_is_left_where_it_stands(client, company):
    turn(client, on=False)

    assert "dashboard" in squeezed(
        one(soup(client.get("/leads/00Q1/chat", headers=HTMX), 404), "[data-notice]")
    )
    assert "other tabs" in squeezed(one(soup(client.get("/global/chat", headers=HTMX), 404), "[data-notice]"))


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


@on_one_database
def test_only_one_switch_exists(client):
    page = soup(client.get("/config"))

    boxes = page.select("input[type=checkbox]:not([disabled])")
    assert [box["name"] for box in boxes if "chat" in box["name"]] == ["enable_dynamic_chat"]


def test_the_command_and_the_form_turn_the_same_switch(app, client, company):
    switch.turn(False, "operator")

    assert not one(soup(client.get("/config")), "input[name=enable_dynamic_chat]").has_attr("checked")
    assert client.get("/leads/00Q1/chat").status_code == 404
