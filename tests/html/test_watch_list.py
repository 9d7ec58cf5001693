"""My Watch List: who watches what, and what they then see of it."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete as delete_rows
from sqlalchemy import select

from tests.html.conftest import on_one_database, this_week
from tests.html.entering import enter
from tests.html.pages import press, squeezed
from tests.html.test_every_route import statements
from tests.reading import HTMX, one, soup, texts
from webui import attention
from webui.database import db
from webui.models import Account, Hidden, Installation, Watched
from webui.vocabulary import PANELS

EVERY_PANEL = {"leads": "00Q1", "contacts": "003A", "accounts": "001A", "opportunities": "006A"}


def watch(client, *paths):
    """Press Watch in these panels."""
    for path in paths:
        press(client, soup(client.get(path)), "[data-watch]")


def listed(client):
    """Return the watch list as (record, name, kind, account, last activity, when)."""
    page = soup(client.get("/global/watch-list?tz=UTC"))
    return [
        (row["data-watched"], *(squeezed(cell) for cell in row.select("td")[:-1]))
        for row in page.select("tr[data-watched]")
    ]


def records_of(client):
    """Return which records are on the watch list, in its order."""
    return [row[0] for row in listed(client)]


def is_watched(client, path):
    """Return whether a panel says that it is watched."""
    return one(soup(client.get(path)), "[data-watch]")["aria-pressed"] == "true"


@pytest.mark.parametrize("panel", PANELS)
def test_each_panel_has_a_button_that_watches_its_record_and_stops(client, company, panel):
    path = f"/{panel}/{EVERY_PANEL[panel]}"
    assert not is_watched(client, path)

    watch(client, path)
    assert is_watched(client, path)
    assert records_of(client) == [path[1:]]

    watch(client, path)
    assert not is_watched(client, path)
    assert records_of(client) == []


def test_htmx_gets_the_button_alone_as_it_is_now(client, company):
    page = soup(client.get("/leads/00Q1"))
    form = one(page, "form:has([data-watch])")
    assert form["hx-post"] == form["action"] == "/leads/00Q1/watch"
    assert one(page, form["hx-target"]) is form

    answer = press(client, page, "[data-watch]", headers=HTMX)
    part = soup(answer)

    assert one(part, "[data-watch]")["aria-pressed"] == "true"
    assert not part.select("main, table, h1")
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_javascript_the_button_leads_back_to_the_panel(client, company):
    answer = press(client, soup(client.get("/leads/00Q1")), "[data-watch]")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/leads/00Q1")


@on_one_database
def test_in_a_frame_without_cookies_the_button_works_with_and_without_javascript(closed_app, company):
    panel = enter(closed_app, "contacts/003A")

    plain = soup(press(panel.browser, panel.page, "[data-watch]"))
    assert one(plain, "h1").get_text() == "佐藤"
    assert one(plain, "html")["data-address"] == "/contacts/003A"
    assert one(plain, "[data-watch]")["aria-pressed"] == "true"
    session = json.loads(one(plain, "body")["hx-headers:inherited"])
    assert panel.browser.get("/contacts/003A", headers=session).status_code == 200

    swapped = press(panel.browser, plain, "[data-watch]", headers=panel.headers)
    assert one(soup(swapped), "[data-watch]")["aria-pressed"] == "false"


@on_one_database
def test_a_form_of_another_site_watches_nothing(client, company):
    assert client.post("/leads/00Q1/watch", data={"watched": "y"}).status_code == 400
    assert client.post("/global/watch-list/remove", data={"panel": "leads"}).status_code == 400
    assert records_of(client) == []


def test_the_list_says_name_kind_account_and_what_happened_last(
    client, make_account, make_person, make_activity
):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_activity(at="2025-03-02T09:15:42Z")
    id_ = make_activity("Prices", at="2025-03-02T09:20:42Z", type_key="visited-page")
    watch(client, "/contacts/003A")

    assert listed(client) == [
        ("contacts/003A", "Ann Lee", "Contact", "Larkspur", "Visited Web Page Prices", "Mar 2, 2025, 09:20")
    ]
    row = one(soup(client.get("/global/watch-list")), "tr[data-watched]")
    links = [link["href"] for link in row.select("a")]
    assert links == ["/contacts/003A", "/accounts/001A", f"/activities/{id_}"]
    assert one(row, "time")["datetime"] == "2025-03-02T09:20:42Z"


def test_what_happened_last_comes_first_then_records_without_activities(
    client, make_account, make_person, make_opportunity, make_activity
):
    make_account()
    make_account("001B", "Zephyr")
    make_account("001C", "Aster")
    make_person("00Q1")
    make_person("003A", kind="contact", marketo_id=502, account_crm_id="001A")
    make_opportunity("006A", ("00Q1",))
    make_activity(at=this_week(10))
    make_activity(at=this_week(20), marketo_id=502)
    watch(client, "/accounts/001B", "/accounts/001C", "/opportunities/006A", "/accounts/001A")

    assert records_of(client) == ["accounts/001A", "opportunities/006A", "accounts/001C", "accounts/001B"]
    assert listed(client)[-1][-2:] == ("Nothing yet", "")


def test_only_families_that_are_shown_count_as_what_happened_last(
    client, make_person, make_activity, turned_off
):
    make_person()
    make_activity("Prices", at=this_week(10), type_key="visited-page")
    make_activity("Pricing chat", at=this_week(20))
    watch(client, "/leads/00Q1")
    assert "Pricing chat" in listed(client)[0][4]

    turned_off("chat")
    assert listed(client)[0][4] == "Visited Web Page Prices"
    turned_off("chat", "web")
    assert listed(client)[0][4] == "Nothing yet"


def test_a_row_is_taken_off_by_its_button(client, company):
    watch(client, "/leads/00Q1", "/accounts/001A")
    page = soup(client.get("/global/watch-list"))

    whole = press(client, page, 'tr[data-watched="leads/00Q1"] [data-unwatch]')
    assert (whole.status_code, whole.headers["Location"]) == (303, "/global/watch-list")
    assert records_of(client) == ["accounts/001A"]

    part = soup(press(client, page, 'tr[data-watched="accounts/001A"] [data-unwatch]', headers=HTMX))
    assert one(part, "[data-done]").get_text() == "It is off your watch list."
    assert one(part, "[data-empty]")
    assert not part.select("main")


def test_an_empty_list_says_how_records_come_onto_it(client):
    page = soup(client.get("/global/watch-list"))

    assert "Watch" in one(page, "[data-empty]").get_text()
    assert not page.select("table")


@on_one_database
def test_nobody_sees_what_another_watches(closed_app, company):
    ann, bob = (enter(closed_app, "all", sub=name) for name in ("ann", "bob"))
    press(ann.browser, soup(ann.get("/leads/00Q1", **{"HX-Request-Type": "full"})), "[data-watch]")

    assert texts(soup(ann.get("/global/watch-list")), "[data-column=name] a") == ["Ann Lee"]
    assert soup(bob.get("/global/watch-list")).select("[data-empty]")
    assert one(soup(bob.page_of("/leads/00Q1")), "[data-watch]")["aria-pressed"] == "false"


@on_one_database
def test_who_may_open_a_panel_may_watch_it_and_no_other(closed_app, company):
    panel = enter(closed_app, "accounts/001A")
    data = {"watched": "y"}

    assert panel.browser.post("/contacts/003A/watch", data=data, headers=panel.headers).status_code == 200
    assert panel.browser.post("/leads/00Q1/watch", data=data, headers=panel.headers).status_code == 404
    assert panel.get("/global/watch-list").status_code == 403
    of_ann = enter(closed_app, "all")
    assert records_in(of_ann.get("/global/watch-list")) == ["contacts/003A"]


def records_in(answer):
    """Return which records an answer lists."""
    return [row["data-watched"] for row in soup(answer).select("tr[data-watched]")]


def test_a_lead_that_was_converted_is_listed_once_as_the_contact_it_is(client, make_person, make_account):
    make_account()
    make_person("00Q1")
    make_person("003A", kind="contact", marketo_id=None, account_crm_id="001A", last_name="Lee")
    watch(client, "/leads/00Q1", "/contacts/003A")
    make_person("003A", kind="contact", marketo_id=501, account_crm_id="001A", last_name="Lee")

    assert [row[:4] for row in listed(client)] == [("contacts/003A", "Ann Lee", "Contact", "Larkspur")]
    assert is_watched(client, "/contacts/003A")

    press(client, soup(client.get("/global/watch-list")), "[data-unwatch]")
    assert records_of(client) == []
    assert not is_watched(client, "/contacts/003A")


def test_a_record_that_was_merged_is_listed_as_the_one_that_stayed(client, make_person, merge):
    make_person("00Q1")
    make_person("00Q2", marketo_id=502, first_name="Bo")
    watch(client, "/leads/00Q2")
    merge(502, into=501)

    assert [row[:2] for row in listed(client)] == [("leads/00Q1", "Ann Lee")]


def test_a_lead_that_is_converted_while_its_panel_is_open_is_watched_as_the_contact(client, make_person):
    make_person("00Q1")
    page = soup(client.get("/leads/00Q1"))
    make_person("003A", kind="contact", marketo_id=501, account_crm_id="001A")

    assert press(client, page, "[data-watch]").headers["Location"] == "/contacts/003A"
    assert records_of(client) == ["contacts/003A"]


def test_a_record_that_is_gone_is_named_as_gone_and_can_be_removed(client, make_account):
    make_account()
    watch(client, "/accounts/001A")
    db.session.execute(delete_rows(Account))  # no source does that; a restored backup may
    db.session.commit()

    row = one(soup(client.get("/global/watch-list")), "tr[data-watched][data-gone]")
    assert not row.select("a")
    assert "001A" in squeezed(row)

    press(client, row, "[data-unwatch]")
    assert records_of(client) == []


@pytest.mark.parametrize("keeps", [False, True])
def test_who_is_deleted_is_on_nobodys_list_under_any_name(
    client, make_person, merge, delete, keeps, make_activity
):
    make_person("00Q1")
    make_person("00Q2", marketo_id=502)
    make_person("00Q3", marketo_id=503)
    make_activity()
    watch(client, "/leads/00Q1", "/leads/00Q2", "/leads/00Q3")
    attention.hide("demo", "leads", "00Q2", 7)
    merge(502, into=501)

    delete(501, keep_activities=keeps)
    assert records_of(client) == ["leads/00Q3"]
    db.session.rollback()
    assert db.session.scalars(select(Watched.crm_id)).all() == ["00Q3"]
    assert db.session.scalars(select(Hidden.crm_id)).all() == []


def test_a_person_of_two_marketo_ids_stays_on_the_list_while_one_is_left(client, make_person, delete):
    make_person("00Q1")
    make_person("00Q1", marketo_id=502)
    watch(client, "/leads/00Q1")

    delete(501)
    assert records_of(client) == ["leads/00Q1"]


@on_one_database
def test_a_full_list_takes_no_more_and_says_so(client, make_account):
    make_account()
    now = datetime.now(UTC)
    db.session.add_all(
        Watched(viewer="demo", panel="accounts", crm_id=f"A{number}", at=now)
        for number in range(attention.MOST_WATCHED)
    )
    db.session.commit()
    page = soup(client.get("/accounts/001A"))

    for headers in ({}, HTMX):
        refused = soup(press(client, page, "[data-watch]", headers=headers), 422)
        assert "full" in one(refused, "[data-error]").get_text()
    assert not is_watched(client, "/accounts/001A")


def test_a_long_list_costs_no_more_statements_than_a_short_one(client, company, make_person, make_activities):
    for number in range(20):
        make_person(f"00R{number}", marketo_id=700 + number)
    make_activities({"marketo_id": 700 + number} for number in range(20))
    watch(client, "/leads/00Q1", "/contacts/003A", "/accounts/001A", "/opportunities/006A", "/leads/00R0")
    with statements() as few:
        client.get("/global/watch-list", headers=HTMX)
    watch(client, *(f"/leads/00R{number}" for number in range(1, 20)))
    with statements() as many:
        assert len(records_in(client.get("/global/watch-list", headers=HTMX))) == 24

    assert len(many) == len(few) < 25


def test_watching_makes_no_kept_page_of_anybody_else_anew(client, company):
    def version():
        db.session.rollback()
        return db.session.execute(select(Installation.content_version)).scalar_one()

    before = version()
    watch(client, "/leads/00Q1")
    assert version() == before


@on_one_database
def test_a_tab_that_an_admin_took_away_is_not_there(client, company, choose_global_tabs):
    choose_global_tabs("chat web")

    assert client.get("/global/watch-list").status_code == 404
