"""The Chat tab of the four panels: the rows a rep reads, newest first, each opening its detail."""

from datetime import UTC, datetime, timedelta
from itertools import chain, count
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.html.pages import DASH, pages, rows, squeezed
from tests.reading import HTMX, one, soup, texts


def every(lists):
    """Return the members of all the lists."""
    return list(chain.from_iterable(lists))


LATE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_lead_panel_lists_chats_newest_first_in_three_columns(client, make_person, make_activity):
    make_person()
    make_activity(dialogue="Pricing", at="2026-03-02T09:15Z")
    make_activity(dialogue="Support", at="2026-03-02T09:16Z")

    table = one(soup(client.get("/leads/00Q1/chat")), "table[data-table=chat]")

    assert texts(table, "th") == ["Activity Type", "Dialogue Name", "Date"]
    assert texts(table, "td[data-column=dialogue-name]") == ["Support", "Pricing"]


def test_htmx_gets_the_table_only_with_the_rows_of_the_page(client, make_person, make_activity):
    make_person()
    make_activity()
    page = soup(client.get("/leads/00Q1/chat"))
    part = soup(client.get("/leads/00Q1/chat", headers=HTMX))

    assert not part.select("html, main")
    assert texts(part, "tr[data-activity]") == texts(page, "tr[data-activity]") != []


@pytest.mark.parametrize(
    ("panel", "columns"),
    [
        ("/leads/00Q1", ["activity-type", "dialogue-name", "date"]),
        ("/contacts/003A", ["activity-type", "dialogue-name", "date"]),
        ("/accounts/001A", ["name", "activity-type", "dialogue-name", "date"]),
        ("/opportunities/006A", ["name", "activity-type", "dialogue-name", "date"]),
    ],
)
def test_headings_and_cells_are_the_columns_of_the_panel(client, company, panel, columns):
    table = one(soup(client.get(f"{panel}/chat")), "table[data-table=chat]")

    assert [th["data-column"] for th in table.select("thead th")] == columns
    for row in table.select("tr[data-activity]"):
        assert [td["data-column"] for td in row.select("td")] == columns


def test_each_row_says_its_type_in_words_and_as_a_key(client, company):
    table = one(soup(client.get("/leads/00Q1/chat")), "table[data-table=chat]")

    shown = {
        row["data-type"]: texts(row, "[data-column=activity-type]")[0]
        for row in table.select("[data-activity]")
    }
    assert shown == {
        "engaged-dialogue": "Engaged Dialogue",
        "agent-engaged": "Engaged with an Agent",
        "scheduled-appointment": "Scheduled Appointment",
        "reached-goal": "Reached Goal",
        "interacted-with-document": "Interacted with Document",
    }


def test_the_activity_type_is_a_link_that_opens_the_detail_in_the_row_below(
    client, make_person, make_activity
):
    make_person()
    id_ = make_activity()

    table = one(soup(client.get("/leads/00Q1/chat")), "table[data-table=chat]")
    link = one(table, f'tr[data-activity="{id_}"] td[data-column=activity-type] a[data-detail]')

    assert link["href"] == link["hx-get"] == f"/chat/activities/{id_}"
    assert one(table, link["hx-target"])
    opened = soup(client.get(link["hx-get"], headers=HTMX))
    assert one(opened, "[data-activity-detail]")["data-activity-detail"] == str(id_)


def test_a_row_without_a_dialogue_has_a_dash(client, make_person, make_activity):
    make_person()
    make_activity(dialogue=None)

    assert texts(soup(client.get("/leads/00Q1/chat")), "td[data-column=dialogue-name]") == [DASH]


def test_each_date_carries_its_utc_time_for_machines(client, make_person, make_activity):
    make_person()
    make_activity(at="2026-03-02T18:15:42.987+09:00")

    cell = one(soup(client.get("/leads/00Q1/chat?tz=America/New_York")), "td[data-column=date]")

    assert one(cell, "time")["datetime"] == "2026-03-02T09:15:42Z"
    assert "04:15" in squeezed(cell)


def days(page):
    """Return (heading, dialogues) of each day of a table; None where the day goes on from the page before."""
    found = []
    for body in page.select("table[data-table=chat] > tbody"):
        listed = texts(body, "td[data-column=dialogue-name]")
        first = body.select("tr")[0]
        if listed:
            found.append((None if first.has_attr("data-activity") else squeezed(first), listed))
    return found


def test_rows_are_grouped_by_day_in_the_viewers_time_zone(client, make_person, make_activity):
    make_person()
    make_activity(dialogue="A", at="2025-03-02T14:00Z")
    make_activity(dialogue="B", at="2025-03-02T16:00Z")
    make_activity(dialogue="C", at="2025-03-03T14:00Z")

    assert days(soup(client.get("/leads/00Q1/chat?tz=UTC"))) == [
        ("Mon, Mar 3, 2025", ["C"]),
        ("Sun, Mar 2, 2025", ["B", "A"]),
    ]
    assert days(soup(client.get("/leads/00Q1/chat?tz=Asia/Tokyo"))) == [
        ("Mon, Mar 3, 2025", ["C", "B"]),
        ("Sun, Mar 2, 2025", ["A"]),
    ]


def test_today_and_yesterday_are_called_so(client, make_person, make_activities):
    now = datetime.now(UTC)
    make_person()
    make_activities([{"at": now}, {"at": now - timedelta(days=1)}])

    assert [heading for heading, _ in days(soup(client.get("/leads/00Q1/chat")))] == ["Today", "Yesterday"]


def test_a_day_that_goes_on_after_show_more_is_not_headed_twice(client, make_person, make_activities):
    make_person()
    make_activities({"at": LATE - timedelta(minutes=minute)} for minute in range(60))

    first, second = pages(client, "/leads/00Q1/chat")

    assert [heading is not None for heading, _ in days(first)] == [True]
    assert [heading is not None for heading, _ in days(second)] == [False]


def test_fifty_rows_come_first_then_the_rest_by_show_more(client, make_person, make_activities):
    make_person()
    ids = make_activities({"at": LATE - timedelta(minutes=minute)} for minute in range(101))

    found = [rows(page) for page in pages(client, "/leads/00Q1/chat")]

    assert [len(some) for some in found] == [50, 50, 1]
    assert every(found) == ids


def test_exactly_fifty_rows_offer_no_more(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 50)

    assert len(list(pages(client, "/leads/00Q1/chat"))) == 1


def test_show_more_works_with_and_without_javascript(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 60)

    more = one(soup(client.get("/leads/00Q1/chat")), "[data-more]")

    assert more["href"] == more["hx-get"]
    assert rows(soup(client.get(more["href"]))) == rows(soup(client.get(more["hx-get"], headers=HTMX)))


def test_a_later_page_leads_back_to_the_first(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 60)

    first, second = pages(client, "/leads/00Q1/chat?dialogue=Pricing")

    back = "/leads/00Q1/chat?dialogue=Pricing"
    assert not first.select(f'[data-said] a[href="{back}"]')
    assert one(second, f'[data-said] a[href="{back}"]')


def test_htmx_takes_only_the_further_rows_of_a_later_page(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 60)
    more = one(soup(client.get("/leads/00Q1/chat")), "[data-more]")["hx-get"]

    answer = client.get(more, headers=HTMX)
    taken = soup(answer).select(answer.headers["HX-Reselect"])

    assert len(every(rows(part) for part in taken)) == 10
    assert not [part for part in taken if part.select("thead, p")]
    assert "HX-Reselect" not in client.get("/leads/00Q1/chat", headers=HTMX).headers
    assert "HX-Reselect" not in client.get(more).headers


def test_every_row_of_a_busy_second_is_listed_once(client, make_person, make_activities):
    make_person()
    ids = make_activities([{"at": LATE}] * 130)

    assert every(rows(page) for page in pages(client, "/leads/00Q1/chat")) == ids[::-1]


def test_rows_of_the_same_time_keep_their_order(client, make_person, make_activities):
    make_person()
    make_activities([{"at": LATE}] * 20)

    found = {tuple(rows(soup(client.get("/leads/00Q1/chat")))) for _ in range(3)}

    assert len(found) == 1


numbers = count(1)
seconds = st.integers(0, 3).map(lambda second: LATE + timedelta(seconds=second))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(seconds, min_size=51, max_size=110),
    meanwhile=st.lists(st.lists(seconds, max_size=8), min_size=1, max_size=3),
    oldest_first=st.booleans(),
)
def test_a_row_that_arrives_meanwhile_neither_repeats_nor_hides_another(
    client, make_person, make_activities, first, meanwhile, oldest_first
):
    number = next(numbers)
    make_person(f"00Q-{number}", marketo_id=10_000 + number)
    there = make_activities(({"at": at} for at in first), marketo_id=10_000 + number)
    late = iter(meanwhile)
    listed = []

    for page in pages(client, f"/leads/00Q-{number}/chat" + ("?sort=date" if oldest_first else "")):
        listed += rows(page)
        if more := next(late, []):
            make_activities(({"at": at} for at in more), marketo_id=10_000 + number)

    assert len(listed) == len(set(listed))
    assert set(listed) >= set(there)


def total(page):
    return squeezed(one(page, "[data-said]"))


def test_the_total_counts_all_rows_and_not_only_those_of_the_page(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 60)

    first, second = pages(client, "/leads/00Q1/chat")

    assert total(first) == "60 activities"
    assert total(second).startswith("60 activities")


def test_a_filtered_total_counts_what_fits_and_says_that_it_is_filtered(client, make_person, make_activities):
    make_person()
    make_activities([{"dialogue_name": "Pricing"}] * 3 + [{"dialogue_name": "Support"}] * 2)

    assert total(soup(client.get("/leads/00Q1/chat?dialogue=Support"))) == "2 activities of 5"


def test_a_filtered_total_beyond_a_thousand_says_more_than(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 1_000)
    assert total(soup(client.get("/leads/00Q1/chat?dialogue=Pricing"))).startswith("1,000 activities")
    make_activities([{}], guid="one-more")

    assert total(soup(client.get("/leads/00Q1/chat?dialogue=Pricing"))).startswith(
        "more than 1,000 activities"
    )
    assert total(soup(client.get("/leads/00Q1/chat"))) == "1,001 activities"


def dialogues(client, url):
    return texts(soup(client.get(url)), "td[data-column=dialogue-name]")


@pytest.fixture
def mixed(make_person, make_activities):
    """Four rows that each filter tells apart."""
    make_person()
    make_activities(
        [
            {"dialogue_name": "D", "at": LATE, "status": "completed"},
            {"dialogue_name": "C", "at": LATE - timedelta(days=1), "status": "dropped"},
            {"dialogue_name": "B", "at": LATE - timedelta(days=2), "type_key": "reached-goal"},
            {"dialogue_name": "A", "at": LATE - timedelta(days=3), "type_key": "scheduled-appointment"},
        ]
    )


CHOICES = {
    "": "DCBA",
    "type=engaged-dialogue": "DC",
    "type=reached-goal": "B",
    "dialogue=A": "A",
    "dialogue=a": "",
    "status=completed": "D",
    "status=cancelled": "",
    "from=2026-03-01": "DC",
    "to=2026-02-28": "BA",
    "from=2026-02-28&to=2026-03-01": "CB",
    "from=2026-03-02&to=2026-03-01": "",
    "sort=date": "ABCD",
    "sort=-date": "DCBA",
    "type=engaged-dialogue&status=dropped&sort=date": "C",
    "type=&dialogue=&status=&from=&to=&sort=&after=&open=": "DCBA",
}


def test_the_parameters_of_the_url_choose_the_rows(client, mixed):
    listed = {query: "".join(dialogues(client, f"/leads/00Q1/chat?{query}")) for query in CHOICES}

    assert listed == CHOICES


def test_from_and_to_are_days_of_the_viewers_time_zone(client, make_person, make_activity):
    make_person()
    make_activity(dialogue="Evening of the 1st in UTC", at="2026-03-01T20:00Z")

    assert dialogues(client, "/leads/00Q1/chat?from=2026-03-02&tz=Asia/Tokyo")
    assert not dialogues(client, "/leads/00Q1/chat?from=2026-03-02&tz=UTC")
    assert not dialogues(client, "/leads/00Q1/chat?to=2026-03-01&tz=Asia/Tokyo")
    assert dialogues(client, "/leads/00Q1/chat?to=2026-03-01&tz=UTC")


def test_dialogues_of_one_name_are_filtered_together(client, make_person, make_activities):
    make_person()
    make_activities([{"dialogue_ref": "7"}, {"dialogue_ref": "8"}, {"dialogue_name": "Other"}])

    assert dialogues(client, "/leads/00Q1/chat?dialogue=Pricing") == ["Pricing", "Pricing"]


def test_show_more_keeps_filter_and_order(client, make_person, make_activities):
    make_person()
    make_activities([{"status": "completed"}] * 120 + [{"status": "dropped"}] * 30, at=LATE)
    query = "?type=engaged-dialogue&dialogue=Pricing&status=completed&from=2026-01-01&to=2026-12-31&sort=date"

    found = [rows(page) for page in pages(client, f"/leads/00Q1/chat{query}")]

    assert [len(some) for some in found] == [50, 50, 20]
    assert every(found) == sorted(every(found))


def test_the_date_heading_turns_the_order_and_keeps_the_filter(client, mixed):
    page = soup(client.get("/leads/00Q1/chat?type=engaged-dialogue"))
    heading = one(page, "th[data-column=date]")
    turned = soup(client.get(one(heading, "a")["href"]))
    back = one(turned, "th[data-column=date] a")["href"]

    assert heading["aria-sort"] == "descending"
    assert one(turned, "th[data-column=date]")["aria-sort"] == "ascending"
    assert texts(turned, "td[data-column=dialogue-name]") == ["C", "D"]
    assert dict(parse_qsl(urlsplit(back).query)) == {"type": "engaged-dialogue"}


UNUSABLE = (
    "type=nonsense",
    "type=Engaged%20Dialogue",
    "status=nonsense",
    "from=yesterday",
    "to=2026-13-01",
    "from=2026-02-30",
    "from=20260302",
    "from=2026-W10-1",
    "from=0001-01-01",
    "to=9999-12-31",
    "sort=name",
    "sort=--date",
    "after=nonsense",
    "after=1",
    "after=-1.5",
    "after=1.2.3",
    "after=1.9223372036854775808",
    "after=99999999999999999999.1",
    "after=%D9%A1.%D9%A2",
)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_value_that_cannot_be_used_is_a_bad_request_with_a_sentence(client, mixed, headers):
    answers = {query: client.get(f"/leads/00Q1/chat?{query}", headers=headers) for query in UNUSABLE}

    assert [query for query, answer in answers.items() if answer.status_code != 400] == []
    for answer in answers.values():
        assert len(squeezed(one(soup(answer, 400), "[data-error]"))) > 20


def test_a_dialogue_that_nobody_ever_named_so_fits_nothing(client, mixed):
    for dialogue in ("%ff", "x" * 5_000, "'%20OR%201=1%20--", "%25", "_", "%F0%9F%98%80", "%00"):
        page = soup(client.get(f"/leads/00Q1/chat?dialogue={dialogue}"))

        assert not rows(page)
        assert one(page, "[data-empty]")


def test_open_shows_the_detail_in_its_row(client, make_person, make_activities):
    make_person()
    first, second = make_activities([{}, {}])

    for headers in ({}, HTMX):
        page = soup(client.get(f"/leads/00Q1/chat?open={first}", headers=headers))
        opened = one(page, "table[data-table=chat] [data-activity-detail]")
        row = opened.find_parent("tr").find_previous_sibling("tr")

        assert opened["data-activity-detail"] == row["data-activity"] == str(first)
        assert one(row, "a[data-detail]")["aria-expanded"] == "true"
        assert one(page, f'tr[data-activity="{second}"] a[data-detail]')["aria-expanded"] == "false"


def test_open_shows_a_detail_above_the_table_where_its_row_is_on_another_page(
    client, make_person, make_activities
):
    make_person()
    first, *_ = make_activities([{}] * 60)

    page = soup(client.get(f"/leads/00Q1/chat?open={first}"))

    assert one(page, "[data-activity-detail]")["data-activity-detail"] == str(first)
    assert not page.select("table [data-activity-detail]")


def test_open_shows_no_detail_that_is_not_of_the_list(client, make_person, make_activities):
    make_person()
    make_person("00Q2", marketo_id=502)
    [_mine, theirs] = make_activities([{}, {"marketo_id": 502}])

    page = soup(client.get(f"/leads/00Q1/chat?open={theirs}"))

    assert not page.select("[data-activity-detail]")


def test_open_of_what_is_no_activity_shows_the_list(client, make_person, make_activity):
    make_person()
    make_activity()

    for no_id in ("nonsense", "-1", "0", "1.5", f"{2**63 - 1}", f"{10**19 - 1}", "9" * 40, "%00", "%C2%B2"):
        assert len(rows(soup(client.get(f"/leads/00Q1/chat?open={no_id}")))) == 1


def test_a_record_without_chats_says_so_and_what_comes_next(client, make_person):
    make_person()

    for headers in ({}, HTMX):
        page = soup(client.get("/leads/00Q1/chat", headers=headers))
        assert "No chats yet." in one(page, "[data-empty]").get_text()
        assert not page.select("table[data-table]")


def test_a_filter_that_nothing_fits_says_so_and_leads_back_to_all(client, make_person, make_activity):
    make_person()
    make_activity()

    page = soup(client.get("/leads/00Q1/chat?dialogue=Elsewhere", headers=HTMX))

    assert "No chats yet." not in one(page, "[data-empty]").get_text()
    assert one(page, "#clear-filter")["hx-get"] == one(page, "#clear-filter")["href"] == "/leads/00Q1/chat"


def test_a_filtered_list_leads_back_to_all(client, mixed):
    page = soup(client.get("/leads/00Q1/chat?type=reached-goal"))

    assert one(page, "#clear-filter")["hx-get"] == one(page, "#clear-filter")["href"] == "/leads/00Q1/chat"


def test_each_row_and_slot_has_one_id_of_its_own(client, company):
    page = soup(client.get("/accounts/001A/chat"))
    ids = [node["id"] for node in page.select("[id]")]

    assert len(ids) == len(set(ids))
