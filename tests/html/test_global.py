"""The Global Marketo tab: everyone's chats of three types, each with its person and account."""

import pytest

from tests.html.conftest import this_week
from tests.html.pages import DASH, cells, pages, rows, squeezed
from tests.reading import HTMX, one, soup, texts
from webui.vocabulary import CHAT_KEYS, global_keys_of

THREE = {"engaged-dialogue", "scheduled-appointment", "reached-goal"}


def table(client, url="/global/chat"):
    return one(soup(client.get(url)), "table[data-table=chat]")


def test_the_global_tab_has_a_chat_tab_that_loads_its_rows(client):
    page = soup(client.get("/global"))
    lazy = one(page, "[data-fragment=chat]")

    assert [(tab["data-tab"], tab["aria-selected"]) for tab in page.select("[role=tab]")] == [
        ("chat", "true"),
        ("best-bets", "false"),
        ("watch-list", "false"),
        ("web", "false"),
        ("moments", "false"),
    ]
    assert lazy["hx-get"] == one(lazy, "a")["href"] == "/global/chat"


@pytest.mark.parametrize("key", ["best-bets", "watch-list", "web", "moments"])
def test_each_other_tab_loads_its_own_content_when_it_is_first_seen(client, company, key):
    page = soup(client.get(f"/global?tab={key}"))
    lazy = one(page, f"[data-fragment={key}]")

    assert one(page, "[role=tab][aria-selected=true]")["data-tab"] == key
    assert lazy["hx-get"] == one(lazy, "a")["href"] == f"/global/{key}"
    assert soup(client.get(lazy["hx-get"], headers=HTMX)).select("table, [data-empty]")
    whole = soup(client.get(lazy["hx-get"]))
    assert one(whole, "[role=tab][aria-selected=true]")["data-tab"] == key
    assert one(whole, f"#fragment-{key}").select("table, [data-empty]")


def test_the_tabs_and_their_order_are_those_that_an_admin_chose(client, choose_global_tabs):
    choose_global_tabs("moments watch-list chat")
    page = soup(client.get("/global"))

    assert texts(page, "[role=tab]") == ["Lead Feed", "My Watch List", "Chat"]


def test_web_activity_says_the_page_the_person_the_account_and_when(
    client, make_account, make_person, make_activity
):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_activity("Prices", at="2025-03-02T09:15:42Z", type_key="visited-page")
    row = one(soup(client.get("/global/web?tz=UTC")), "table[data-table=web] tr[data-activity]")

    assert texts(row, "td") == ["Ann Lee", "Larkspur", "Visited Web Page", "Prices", "Mar 2, 2025, 09:15"]


def test_the_global_tab_lists_exactly_three_types(client, company):
    assert set(global_keys_of("chat")) == THREE
    assert {
        row["data-type"] for page in pages(client, "/global/chat") for row in page.select("[data-activity]")
    } == THREE


def test_the_columns_are_person_account_type_dialogue_and_date_with_its_time(client, company):
    shown = table(client)

    assert texts(shown, "thead th") == [
        "Person",
        "Account",
        "Activity Type",
        "Dialogue Name",
        "Date and Time",
    ]
    for row in shown.select("tr[data-activity]"):
        assert [td["data-column"] for td in row.select("td")] == [
            "person",
            "account",
            "activity-type",
            "dialogue-name",
            "date",
        ]


def test_person_and_account_are_links_to_their_panels(client, make_account, make_person, make_activity):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_activity()

    row = one(table(client), "tr[data-activity]")

    assert one(row, "td[data-column=person] a")["href"] == "/contacts/003A"
    assert squeezed(one(row, "td[data-column=person]")) == "Ann Lee"
    assert one(row, "td[data-column=account] a")["href"] == "/accounts/001A"
    assert squeezed(one(row, "td[data-column=account]")) == "Larkspur"


def test_a_lead_has_a_dash_for_an_account(client, make_person, make_activity):
    make_person(account_crm_id="001A")
    make_activity()

    row = one(table(client), "tr[data-activity]")

    assert squeezed(one(row, "td[data-column=account]")) == DASH
    assert one(row, "td[data-column=person] a")["href"] == "/leads/00Q1"


def test_the_date_comes_with_its_time(client, make_person, make_activity):
    make_person()
    make_activity(at="2025-03-02T09:15:42Z")

    cell = one(table(client, "/global/chat?tz=UTC"), "td[data-column=date]")

    assert squeezed(cell) == "Mar 2, 2025, 09:15"
    assert one(cell, "time")["datetime"] == "2025-03-02T09:15:42Z"


def test_the_activity_type_opens_the_detail_here_too(client, make_person, make_activity):
    make_person()
    id_ = make_activity()

    shown = table(client)
    link = one(shown, "td[data-column=activity-type] a[data-detail]")

    assert link["href"] == link["hx-get"] == f"/chat/activities/{id_}"
    assert one(shown, link["hx-target"])
    assert one(soup(client.get(link["hx-get"], headers=HTMX)), f'[data-activity-detail="{id_}"]')


def test_activities_of_people_who_are_not_known_yet_are_not_listed(client, make_person, make_activity):
    make_activity(marketo_id=9)

    page = soup(client.get("/global/chat"))

    assert one(page, "[data-empty]")
    assert not page.select("[data-activity]")


def test_everyones_chats_come_newest_first_in_pages_of_fifty(client, make_person, make_activities):
    make_person()
    make_person("00Q2", marketo_id=502)
    ids = make_activities({"marketo_id": 501 + number % 2} for number in range(101))

    found = [rows(page) for page in pages(client, "/global/chat")]

    assert [len(some) for some in found] == [50, 50, 1]
    assert [id_ for some in found for id_ in some] == ids[::-1]


def test_the_total_is_of_the_three_types_alone(client, make_person, make_activities):
    make_person()
    make_activities({"type_key": key} for key in CHAT_KEYS)

    assert squeezed(one(soup(client.get("/global/chat")), "[data-said]")) == "3 activities"
    assert sum(cells(soup(client.get("/leads/00Q1"))).values()) == 5


def test_the_list_can_be_filtered_by_its_types_and_by_no_other(client, make_person, make_activities):
    make_person()
    [engaged, *_] = make_activities({"type_key": key} for key in CHAT_KEYS)

    assert rows(table(client, "/global/chat?type=engaged-dialogue")) == [engaged]
    for other in ("agent-engaged", "interacted-with-document"):
        assert one(soup(client.get(f"/global/chat?type={other}"), 400), "[data-error]").get_text(strip=True)


def test_open_shows_the_detail_in_the_row(client, make_person, make_activities):
    make_person()
    [listed, unlisted] = make_activities([{}, {"type_key": "agent-engaged"}])

    assert one(table(client, f"/global/chat?open={listed}"), f'[data-activity-detail="{listed}"]')
    assert not soup(client.get(f"/global/chat?open={unlisted}")).select("[data-activity-detail]")


@pytest.mark.parametrize("sort", ["", "&sort=date"])
def test_a_dialogue_that_marketo_knows_by_several_ids_is_listed_as_one(
    client, make_person, make_activities, sort
):
    make_person()
    refs = ("11", "12", None)
    ids = make_activities(
        {"at": this_week(number), "dialogue_name": "Pricing", "dialogue_ref": refs[number % 3]}
        for number in range(120)
    )
    make_activities([{"at": this_week(200), "dialogue_name": "Other"}])

    shown, url = [], f"/global/chat?dialogue=Pricing{sort}"
    while url:
        page = soup(client.get(url, headers=HTMX))
        shown += rows(page)
        url = next((link["href"] for link in page.select("[data-more]")), None)

    assert shown == (ids if sort else ids[::-1])
    assert rows(soup(client.get("/global/chat?dialogue=Nothing", headers=HTMX))) == []
