"""The Insights Dashboard: a grid of thirteen weeks, the chosen week's list, and that the two agree."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.html.conftest import this_week
from tests.html.pages import cells, pages, rows, squeezed
from tests.reading import HTMX, one, soup, texts
from webui.feeds.weeks import grid_weeks
from webui.vocabulary import BY_KEY, FAMILIES

UTC_ZONE = ZoneInfo("UTC")
WEEK = timedelta(weeks=1)


def weeks() -> tuple[date, ...]:
    return grid_weeks(UTC_ZONE)


def within(week: date, seconds: float = 0) -> datetime:
    """Return a time in that week of UTC."""
    return datetime.combine(week, time(), UTC) + timedelta(seconds=seconds)


def weekly(page: BeautifulSoup):
    return one(page, "ol[data-weekly-list]")


def chosen(page: BeautifulSoup) -> list[str]:
    return [cell["data-week"] for cell in page.select("td[data-week]:has(a[aria-current=true])")]


def test_the_grid_has_the_thirteen_iso_weeks_up_to_the_running_one(client, make_person):
    make_person()

    shown = list(cells(soup(client.get("/leads/00Q1/dashboard"))))

    assert shown == list(weeks())
    assert len(shown) == 13
    assert {week.weekday() for week in shown} == {0}
    today = datetime.now(UTC).date()
    assert shown[-1] <= today < shown[-1] + WEEK
    assert 85 <= (today - shown[0]).days + 1 <= 91


def test_the_grid_has_one_row_for_each_family_of_activities(client, make_person):
    make_person()
    grid = one(soup(client.get("/leads/00Q1/dashboard")), "table[data-grid]")

    assert [row["data-row"] for row in grid.select("tr[data-row]")] == [family.key for family in FAMILIES]
    assert texts(grid, "tr[data-row=chat] th[scope=row]") == ["Chat"]


def test_a_cell_is_its_count_and_nothing_else(client, make_person, make_activities):
    make_person()
    make_activities([{"at": within(weeks()[-2])}] * 3 + [{"at": within(weeks()[0])}])

    grid = one(soup(client.get("/leads/00Q1/dashboard")), "table[data-grid]")

    assert texts(grid, "td[data-week]") == ["1", *["0"] * 10, "3", "0"]


def test_a_cell_tells_the_types_of_its_week_apart_from_its_count(client, make_person, make_activities):
    make_person()
    make_activities([{"at": within(weeks()[-2])}] * 2)
    make_activities([{"at": within(weeks()[-2]), "type_key": "reached-goal", "status": None}])

    cell = one(soup(client.get("/leads/00Q1/dashboard")), f'td[data-week="{weeks()[-2]}"]')

    assert cell["data-types"].split("\n")[1:] == ["Engaged Dialogue 2", "Reached Goal 1"]
    assert "Engaged Dialogue 2, Reached Goal 1" in one(cell, "a")["aria-label"]


def test_a_trend_of_thirteen_points_says_itself_in_words(client, make_person, make_activities):
    make_person()
    make_activities([{"at": within(weeks()[-1])}] * 3)

    trend = one(soup(client.get("/leads/00Q1/dashboard")), "svg[data-trend=chat]")

    assert len(one(trend, "polyline")["points"].split()) == 13
    assert trend["aria-label"] == "Trend of Chat: from 0 a week to 3, at most 3"


def test_a_count_of_more_than_a_thousand_stays_plain_digits(client, make_person, make_activities):
    make_person()
    make_activities([{"at": this_week()}] * 1_001)

    page = soup(client.get("/leads/00Q1/dashboard"))

    assert cells(page)[weeks()[-1]] == 1_001
    assert int(one(page, "[data-summary=chat]").get_text()) == 1_001


def test_a_cell_says_itself_aloud_in_words(client, make_person, make_activities):
    make_person()
    make_activities([{"at": this_week()}] * 2)

    *_, last = soup(client.get("/leads/00Q1/dashboard")).select("td[data-week]")
    aloud = one(last, "[aria-label]")["aria-label"]

    assert "Chat" in aloud
    assert "2 activities" in aloud


def test_all_types_of_the_family_count_in_its_row(client, company):
    page = soup(client.get("/leads/00Q1/dashboard"))

    assert cells(page)[weeks()[-1]] == len(company.activities)
    assert {key for key, _ in company.activities} == set(BY_KEY)


def test_the_running_week_is_selected_at_first(client, make_person, make_activities):
    make_person()
    [now, _before] = make_activities([{"at": this_week()}, {"at": within(weeks()[-2])}])

    page = soup(client.get("/leads/00Q1/dashboard"))

    assert chosen(page) == [weeks()[-1].isoformat()] == [weekly(page)["data-week"]]
    assert rows(weekly(page)) == [now]


def test_choosing_a_week_shows_its_list(client, make_person, make_activities):
    make_person()
    [older, newer] = make_activities([{"at": within(weeks()[3], 5)}, {"at": within(weeks()[3], 500_000)}])
    week = weeks()[3].isoformat()
    first = soup(client.get("/leads/00Q1/dashboard"))

    page = soup(client.get(one(first, f'td[data-week="{week}"] a')["href"]))

    assert chosen(page) == [week] == [weekly(page)["data-week"]]
    assert rows(weekly(page)) == [newer, older]


def test_each_week_of_the_grid_is_a_link_with_and_without_javascript(client, make_person):
    make_person()
    page = soup(client.get("/leads/00Q1"))

    for cell in page.select("td[data-week]"):
        link = one(cell, "a")
        assert link["href"] == link["hx-get"] == f"/leads/00Q1/dashboard?week={cell['data-week']}"
        assert one(page, link["hx-target"])


def test_a_week_outside_the_grid_is_listed_and_none_is_selected(client, make_person, make_activities):
    make_person()
    week = weeks()[0] - WEEK
    [id_] = make_activities([{"at": within(week)}])

    page = soup(client.get(f"/leads/00Q1/dashboard?week={week}"))

    assert chosen(page) == []
    assert rows(weekly(page)) == [id_]
    assert weekly(page)["data-week"] == week.isoformat()
    assert one(page, "[data-summary=chat]").get_text() == "1"
    assert sum(cells(page).values()) == 0


NO_WEEKS = (
    "2026-03-03",
    "2026-03-08",
    "yesterday",
    "2026-02-30",
    "0001-01-01",
    "9999-12-27",
    "20260302",
    "2026-W10-1",
)


def test_a_week_that_is_named_by_no_monday_is_a_bad_request_with_a_sentence(client, make_person):
    make_person()
    answers = {week: client.get(f"/leads/00Q1/dashboard?week={week}") for week in NO_WEEKS}

    assert [week for week, answer in answers.items() if answer.status_code != 400] == []
    for week in NO_WEEKS:
        fragment = client.get(f"/leads/00Q1/dashboard?week={week}", headers=HTMX)
        assert "Monday" in one(soup(fragment, 400), "[data-error]").get_text()


def test_a_family_or_a_place_that_is_none_is_a_bad_request(client, make_person):
    make_person()

    for query in ("family=nonsense", "after=nonsense", "after=1.9223372036854775808"):
        assert one(soup(client.get(f"/leads/00Q1/dashboard?{query}"), 400), "[data-error]").get_text(
            strip=True
        )


def test_the_summary_counts_the_chosen_week(client, make_person, make_activities):
    make_person()
    make_activities([{"at": this_week()}] * 2 + [{"at": within(weeks()[5])}] * 3)

    now = soup(client.get("/leads/00Q1/dashboard"))
    then = soup(client.get(f"/leads/00Q1/dashboard?week={weeks()[5]}"))

    assert one(now, "[data-summary=chat]").get_text() == "2"
    assert one(then, "[data-summary=chat]").get_text() == "3"


def summary_link(page: BeautifulSoup):
    return one(page, "[data-summary=chat]").find_parent("a")


def test_each_count_of_the_summary_filters_the_week_and_lets_go_again(client, make_person, make_activities):
    make_person()
    ids = make_activities([{"at": within(weeks()[5])}] * 2)
    page = soup(client.get(f"/leads/00Q1/dashboard?week={weeks()[5]}"))

    filtered = soup(client.get(summary_link(page)["href"]))
    free = soup(client.get(summary_link(filtered)["href"]))

    assert "family=chat" in summary_link(page)["href"]
    assert [link["aria-checked"] for link in map(summary_link, (page, filtered, free))] == [
        "false",
        "true",
        "false",
    ]
    assert [rows(weekly(found)) for found in (page, filtered, free)] == [ids[::-1]] * 3
    assert chosen(filtered) == chosen(page)


def test_a_row_of_the_weekly_list_opens_its_detail_in_place(client, make_person, make_activities):
    make_person()
    [id_] = make_activities([{"at": this_week(), "dialogue_name": "Pricing"}])

    page = soup(client.get("/leads/00Q1"))
    row = one(weekly(page), f'li[data-row=chat][data-activity="{id_}"]')
    link = one(row, "a[data-detail]")

    assert link["href"] == link["hx-get"] == f"/chat/activities/{id_}"
    assert one(row, link["hx-target"])
    assert "Engaged Dialogue" in squeezed(link)
    assert "Pricing" in squeezed(row)
    assert one(row, "time")["datetime"] == this_week().strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_weekly_list_names_people_on_accounts_and_opportunities_alone(client, company):
    named = {}
    for panel in ("/leads/00Q1", "/contacts/003A", "/accounts/001A", "/opportunities/006A"):
        row = soup(client.get(f"{panel}/dashboard")).select("ol[data-weekly-list] li[data-activity]")[-1]
        named[panel] = [a["href"] for a in row.select("a:not([data-detail])")]

    assert named == {
        "/leads/00Q1": [],
        "/contacts/003A": [],
        "/accounts/001A": ["/contacts/003A"],
        "/opportunities/006A": ["/leads/00Q1"],
    }


def test_an_account_and_an_opportunity_sum_their_people_and_nobody_else(
    client, make_account, make_person, make_opportunity, make_activities
):
    make_account()
    make_person("003A", kind="contact", marketo_id=1, account_crm_id="001A")
    make_person("003B", kind="contact", marketo_id=2, account_crm_id="001A")
    make_person("00Q1", kind="lead", marketo_id=3)
    make_person("00Q2", kind="lead", marketo_id=4)
    make_opportunity(people=("003A", "00Q1"), account_crm_id="001A")
    by = {
        number: make_activities([{"at": this_week()}] * number, marketo_id=number) for number in (1, 2, 3, 4)
    }

    for panel, people in (("/accounts/001A", (1, 2)), ("/opportunities/006A", (1, 3))):
        page = soup(client.get(f"{panel}/dashboard"))
        assert cells(page)[weeks()[-1]] == sum(people)
        assert set(rows(weekly(page))) == {id_ for number in people for id_ in by[number]}


def test_a_week_of_more_than_fifty_goes_on_by_show_more(client, make_person, make_activities):
    make_person()
    ids = make_activities([{"at": within(weeks()[4], second)} for second in range(101)])

    found = [
        rows(weekly(page)) for page in pages(client, f"/leads/00Q1/dashboard?week={weeks()[4]}&family=chat")
    ]

    assert [len(some) for some in found] == [50, 50, 1]
    assert [id_ for some in found for id_ in some] == ids[::-1]


def test_htmx_takes_only_the_further_rows_of_a_long_week(client, make_person, make_activities):
    make_person()
    make_activities([{"at": this_week()}] * 60)
    more = one(soup(client.get("/leads/00Q1/dashboard")), "[data-more]")

    answer = client.get(more["hx-get"], headers=HTMX)
    taken = soup(answer).select(answer.headers["HX-Reselect"])

    assert more["href"] == more["hx-get"]
    assert [part.name for part in taken] == ["li"] * 10
    assert "HX-Reselect" not in client.get("/leads/00Q1/dashboard", headers=HTMX).headers


def test_an_empty_week_says_so_beside_its_empty_list(client, make_person, make_activities):
    make_person()
    make_activities([{"at": within(weeks()[2])}])

    page = soup(client.get("/leads/00Q1/dashboard"))

    assert rows(weekly(page)) == []
    assert "Nothing happened in this week." in one(page, "[data-empty]").get_text()


def test_a_record_without_any_activity_still_has_its_grid(client, make_account, make_opportunity):
    make_account()
    make_opportunity()

    for panel in ("/accounts/001A", "/opportunities/006A"):
        assert set(cells(soup(client.get(f"{panel}/dashboard"))).values()) == {0}


@pytest.fixture
def colleagues(make_account, make_person, make_activities):
    """Two contacts of an account, with 1 and 2 activities this week; return their ids."""
    make_account()
    make_person(
        "003A", kind="contact", marketo_id=1, first_name="Ann", last_name="One", account_crm_id="001A"
    )
    make_person("003B", kind="contact", marketo_id=2, first_name="Bo", last_name="Two", account_crm_id="001A")
    own = make_activities([{"at": this_week(1)}], marketo_id=1)
    others = make_activities([{"at": this_week()}, {"at": this_week(2)}], marketo_id=2)
    return own, others


def test_a_contact_can_show_its_accounts_activity_instead(client, colleagues):
    [own], [first, last] = colleagues
    page = soup(client.get("/contacts/003A/dashboard"))

    wide = soup(client.get(one(page, "#show-account")["href"]))

    assert rows(weekly(page)) == [own]
    assert cells(page)[weeks()[-1]] == 1
    assert rows(weekly(wide)) == [last, own, first]
    assert cells(wide)[weeks()[-1]] == 3
    assert one(wide, "[data-summary=chat]").get_text() == "3"
    assert [one(found, "#show-account")["aria-checked"] for found in (page, wide)] == ["false", "true"]


def test_of_an_accounts_activity_the_contacts_own_is_marked(client, colleagues):
    [own], _others = colleagues

    wide = soup(client.get("/contacts/003A/dashboard?show-account=1"))

    assert [int(row["data-activity"]) for row in weekly(wide).select("li[data-own]")] == [own]
    assert texts(weekly(wide), "li[data-activity] a:not([data-detail])") == ["Bo Two", "Ann One", "Bo Two"]
    assert "1 their own" in one(wide, f'td[data-week="{weeks()[-1]}"] a')["aria-label"]


def test_show_account_lets_go_again_and_keeps_the_week(client, colleagues):
    wide = soup(client.get(f"/contacts/003A/dashboard?show-account=1&week={weeks()[-1]}"))

    back = soup(client.get(one(wide, "#show-account")["href"]))

    assert one(back, "#show-account")["aria-checked"] == "false"
    assert chosen(back) == [weeks()[-1].isoformat()]


def test_choosing_a_week_keeps_show_account(client, colleagues):
    wide = soup(client.get("/contacts/003A/dashboard?show-account=1"))

    other = soup(client.get(one(wide, f'td[data-week="{weeks()[0]}"] a')["href"]))

    assert one(other, "#show-account")["aria-checked"] == "true"


def test_only_a_contact_of_an_account_has_an_account_to_show(client, company, make_person):
    make_person("003Z", kind="contact", marketo_id=900)
    shown = {
        panel: len(soup(client.get(f"{panel}/dashboard?show-account=1")).select("#show-account"))
        for panel in (
            "/leads/00Q1",
            "/contacts/003Z",
            "/contacts/003A",
            "/accounts/001A",
            "/opportunities/006A",
        )
    }

    assert shown == {
        "/leads/00Q1": 0,
        "/contacts/003Z": 0,
        "/contacts/003A": 1,
        "/accounts/001A": 0,
        "/opportunities/006A": 0,
    }


def test_weeks_begin_on_monday_in_the_installations_time_zone(
    client, count_weeks_in, make_person, make_activities
):
    count_weeks_in("Asia/Tokyo")
    tokyo = grid_weeks(ZoneInfo("Asia/Tokyo"))
    monday = datetime.combine(tokyo[5], time(), ZoneInfo("Asia/Tokyo"))
    make_person()
    [before, after] = make_activities(
        [{"at": monday.astimezone(UTC) - timedelta(seconds=1)}, {"at": monday.astimezone(UTC)}]
    )

    for zone in ("Asia/Tokyo", "UTC", "America/New_York"):
        page = soup(client.get(f"/leads/00Q1/dashboard?tz={zone}&week={tokyo[5]}"))
        assert list(cells(page)) == list(tokyo)
        assert (cells(page)[tokyo[4]], cells(page)[tokyo[5]]) == (1, 1)
        assert rows(weekly(page)) == [after]
        assert rows(weekly(soup(client.get(f"/leads/00Q1/dashboard?tz={zone}&week={tokyo[4]}")))) == [before]


def test_the_list_says_whose_weeks_they_are_where_the_zones_differ(client, count_weeks_in, make_person):
    count_weeks_in("Asia/Tokyo")
    make_person()

    same = soup(client.get("/leads/00Q1/dashboard?tz=Asia/Tokyo"))
    other = soup(client.get("/leads/00Q1/dashboard?tz=Europe/Berlin"))

    assert "Asia/Tokyo" not in same.main.get_text()
    assert "Weeks are those of Asia/Tokyo." in texts(other, "p")


numbers = count(1)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    offsets=st.lists(
        st.tuples(st.integers(-1, 13), st.integers(-2 * 86_400, 86_400)), min_size=1, max_size=70
    ),
    keys=st.lists(st.sampled_from(sorted(BY_KEY)), min_size=1, max_size=5),
    zone=st.sampled_from(ZONES),
)
def test_the_grid_and_the_lists_of_its_weeks_agree(client, make_person, make_activities, offsets, keys, zone):
    """Each activity stands in one week, and the week's count is the length of its list."""
    number = next(numbers)
    make_person(f"00Q-{number}", marketo_id=20_000 + number)
    ids = make_activities(
        (
            {
                "at": within(weeks()[0]) + back * WEEK + timedelta(seconds=off),
                "type_key": keys[place % len(keys)],
            }
            for place, (back, off) in enumerate(offsets)
        ),
        marketo_id=20_000 + number,
    )
    url = f"/leads/00Q-{number}/dashboard?tz={zone}"
    grid = cells(soup(client.get(url)))
    weeks_shown = [
        weeks()[0] - 2 * WEEK,
        weeks()[0] - WEEK,
        *grid,
        weeks()[-1] + WEEK,
        weeks()[-1] + 2 * WEEK,
    ]
    lists = {
        week: [id_ for page in pages(client, f"{url}&week={week}") for id_ in rows(weekly(page))]
        for week in weeks_shown
        if grid.get(week) != 0
    }

    assert {week: len(lists.get(week, ())) for week in grid} == grid
    assert sorted(id_ for listed in lists.values() for id_ in listed) == sorted(ids)
