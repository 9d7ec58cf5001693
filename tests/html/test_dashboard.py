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
from webui.vocabulary import BY_KEY, FAMILIES, keys_of

UTC_ZONE = ZoneInfo("UTC")
WEEK = timedelta(weeks=1)
each_family = pytest.mark.parametrize("family", [family.key for family in FAMILIES])


def weeks() -> tuple[date, ...]:
    return grid_weeks(UTC_ZONE)


def within(week: date, seconds: float = 0) -> datetime:
    """Return a time in that week of UTC."""
    return datetime.combine(week, time(), UTC) + timedelta(seconds=seconds)


def weekly(page: BeautifulSoup):
    return one(page, "ol[data-weekly-list]")


def chosen(page: BeautifulSoup) -> list[str]:
    """Return the chosen weeks, each once: it is chosen in every row."""
    found = [cell["data-week"] for cell in page.select("td[data-week]:has(a[aria-current=true])")]
    assert [found.count(week) for week in found] == [len(page.select("tr[data-row]"))] * len(found)
    return list(dict.fromkeys(found))


def cell_of(page: BeautifulSoup, week: object, family: str = "chat"):
    return one(page, f'tr[data-row={family}] td[data-week="{week}"]')


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

    assert [row["data-row"] for row in grid.select("tr[data-row]")] == [
        "moments",
        "web",
        "email",
        "score",
        "chat",
    ]
    assert texts(grid, "tr[data-row] th[scope=row]") == [
        "Interesting Moments",
        "Web Activity",
        "Email",
        "Score",
        "Chat",
    ]


@each_family
def test_a_cell_is_its_count_and_nothing_else(client, make_person, make_activities, family):
    make_person()
    make_activities(
        [{"at": within(weeks()[-2])}] * 3 + [{"at": within(weeks()[0])}], type_key=keys_of(family)[0]
    )

    grid = one(soup(client.get("/leads/00Q1/dashboard")), "table[data-grid]")

    assert texts(grid, f"tr[data-row={family}] td[data-week]") == ["1", *["0"] * 10, "3", "0"]
    others = grid.select(f"tr[data-row]:not([data-row={family}]) td[data-week]")
    assert {cell.get_text().strip() for cell in others} == {"0"}


def test_the_shades_of_a_row_do_not_depend_on_another(client, make_person, make_activities):
    make_person()
    make_activities([{"at": within(weeks()[place]), "type_key": "moment"} for place in (2, 3, 3, 3, 3)])
    few = soup(client.get("/leads/00Q1/dashboard"))
    make_activities([{"at": within(weeks()[2])}] * 300)
    many = soup(client.get("/leads/00Q1/dashboard"))

    shades = [
        [cell["data-shade"] for cell in page.select("tr[data-row=moments] td[data-week]")]
        for page in (few, many)
    ]
    assert shades[0] == shades[1] == ["0", "0", "1", "4", *["0"] * 9]


def test_a_cell_tells_the_types_of_its_week_apart_from_its_count(client, make_person, make_activities):
    make_person()
    make_activities([{"at": within(weeks()[-2])}] * 2)
    make_activities([{"at": within(weeks()[-2]), "type_key": "reached-goal", "status": None}])

    cell = cell_of(soup(client.get("/leads/00Q1/dashboard")), weeks()[-2])

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


@each_family
def test_all_types_of_a_family_count_in_its_row_and_in_its_summary(client, company, family):
    page = soup(client.get("/leads/00Q1/dashboard"))

    of_family = [key for key, _ in company.activities if BY_KEY[key].family == family]
    assert cells(page, family)[weeks()[-1]] == len(of_family)
    assert int(one(page, f"[data-summary={family}]").get_text()) == len(of_family)
    assert set(of_family) == set(keys_of(family))


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

    page = soup(client.get(one(cell_of(first, week), "a")["href"]))

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


def summary_link(page: BeautifulSoup, family: str = "chat"):
    return one(page, f"[data-summary={family}]").find_parent("a")


@pytest.fixture
def one_of_each(make_person, make_activities):
    """A lead with an activity of each family, a second apart in one week; ids by family, oldest first."""
    make_person()
    ids = make_activities(
        {"at": within(weeks()[5], second), "type_key": keys_of(family.key)[0]}
        for second, family in enumerate(FAMILIES)
    )
    return dict(zip((family.key for family in FAMILIES), ids, strict=True))


def test_the_weekly_list_mixes_the_families_by_time(client, one_of_each):
    listed = weekly(soup(client.get(f"/leads/00Q1/dashboard?week={weeks()[5]}")))

    assert rows(listed) == list(one_of_each.values())[::-1]
    assert [item["data-row"] for item in listed.select("li[data-activity]")] == list(one_of_each)[::-1]


@each_family
def test_each_count_of_the_summary_filters_the_week_and_lets_go_again(client, one_of_each, family):
    page = soup(client.get(f"/leads/00Q1/dashboard?week={weeks()[5]}"))

    filtered = soup(client.get(summary_link(page, family)["href"]))
    free = soup(client.get(summary_link(filtered, family)["href"]))

    assert f"family={family}" in summary_link(page, family)["href"]
    assert [summary_link(found, family)["aria-checked"] for found in (page, filtered, free)] == [
        "false",
        "true",
        "false",
    ]
    assert rows(weekly(filtered)) == [one_of_each[family]]
    assert rows(weekly(free)) == rows(weekly(page))
    assert chosen(filtered) == chosen(page)
    for found in (page, filtered):
        assert texts(found, "[data-summary]") == ["1"] * len(FAMILIES)  # a filter changes no count


def test_several_families_can_be_chosen_at_once_and_let_go_one_by_one(client, one_of_each):
    page = soup(client.get(f"/leads/00Q1/dashboard?week={weeks()[5]}"))
    for family in ("web", "chat"):
        page = soup(client.get(summary_link(page, family)["href"]))

    assert rows(weekly(page)) == [one_of_each["chat"], one_of_each["web"]]
    checked = [link["aria-checked"] for link in page.select(".summary [role=switch]")]
    assert checked == ["false", "true", "false", "false", "true"]
    assert "family=web&family=chat" in cell_of(page, weeks()[0]).a["href"]

    page = soup(client.get(summary_link(page, "web")["href"]))
    assert rows(weekly(page)) == [one_of_each["chat"]]


def test_what_is_chosen_is_kept_through_weeks_show_account_and_show_more(client, colleagues, make_activities):
    for key in ("visited-page", "moment"):
        make_activities(
            [{"at": within(weeks()[5], second), "type_key": key} for second in range(40)], marketo_id=2
        )
    page = soup(client.get("/contacts/003A/dashboard?family=web&family=moments"))

    page = soup(client.get(one(page, "#show-account")["href"]))
    page = soup(client.get(cell_of(page, weeks()[5]).a["href"]))
    later = soup(client.get(one(page, "[data-more]")["href"]))

    for found in (page, later):
        assert chosen(found) == [weeks()[5].isoformat()]
        assert one(found, "#show-account")["aria-checked"] == "true"
        assert [
            summary_link(found, key)["aria-checked"] for key in ("moments", "web", "email", "score", "chat")
        ] == ["true", "true", "false", "false", "false"]
    assert [len(rows(weekly(found))) for found in (page, later)] == [50, 30]
    assert not later.select("[data-more]")


def test_a_filter_that_finds_nothing_says_so_beside_the_counts(client, one_of_each):
    page = soup(client.get("/leads/00Q1/dashboard?family=score"))

    assert rows(weekly(page)) == []
    assert one(page, "[data-empty]").get_text(strip=True)


def test_a_moment_is_told_apart_from_an_e_mail_and_a_visit_by_its_family(
    client, make_person, make_activities
):
    make_person()
    make_activities(
        {"at": this_week(second), "type_key": key}
        for second, key in enumerate(("email-moment", "web-moment", "sent-email", "visited-page"))
    )

    listed = weekly(soup(client.get("/leads/00Q1/dashboard")))

    assert texts(listed, "a[data-detail]") == [
        "Web Activity Visited Web Page",
        "Email Sent",
        "Interesting Moments Web",
        "Interesting Moments Email",
    ]
    named = [
        (one(link, "svg[role=img] title").get_text(), link.svg.use["href"])
        for link in listed.select("a[data-detail]")
    ]
    icons = {name: href.partition("#")[2] for name, href in named}
    assert icons == {
        family.labels["en"]: family.icon for family in FAMILIES if family.key in ("moments", "web", "email")
    }


def test_a_changed_score_says_by_how_much_and_what_it_is_now(client, make_person, make_activities):
    make_person()
    scores = ((5, 45), (-10, 40), (None, 50), (3, None))
    make_activities(
        {
            "at": this_week(second),
            "type_key": "changed-score",
            "dialogue_name": "Lead Score",
            "score_change": change,
            "new_score": new,
        }
        for second, (change, new) in enumerate(scores)
    )
    make_activities([{"at": this_week(9), "dialogue_name": "Pricing"}])

    listed = weekly(soup(client.get("/leads/00Q1/dashboard")))

    assert texts(listed, ".what") == [
        "Pricing",
        "Lead Score +3 → –",
        "Lead Score – → 50",
        "Lead Score −10 → 40",
        "Lead Score +5 → 45",
    ]


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


@each_family
def test_each_row_of_the_weekly_list_leads_to_its_detail(client, one_of_each, family):
    listed = weekly(soup(client.get(f"/leads/00Q1/dashboard?week={weeks()[5]}&family={family}")))

    [link] = listed.select("a[data-detail]")
    assert one(
        soup(client.get(link["href"], headers=HTMX)), f'[data-activity-detail="{one_of_each[family]}"]'
    )


def test_the_weekly_list_names_people_on_accounts_and_opportunities_alone(client, company):
    named = {}
    for panel in ("/leads/00Q1", "/contacts/003A", "/accounts/001A", "/opportunities/006A"):
        links = weekly(soup(client.get(f"{panel}/dashboard"))).select(
            "li[data-activity] a:not([data-detail])"
        )
        named[panel] = {link["href"] for link in links}

    assert named == {
        "/leads/00Q1": set(),
        "/contacts/003A": set(),
        "/accounts/001A": {"/contacts/003A"},
        "/opportunities/006A": {"/contacts/003A", "/leads/00Q1"},
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


def test_a_week_without_any_of_the_chosen_families_offers_those_that_there_are(
    client, make_person, make_activities
):
    make_person()
    make_activities([{"at": within(weeks()[-1])}])

    page = soup(client.get("/leads/00Q1/dashboard?family=email"))

    assert "Nothing fits this filter." in squeezed(one(page, "[data-empty]"))
    assert rows(weekly(soup(client.get(one(page, "[data-empty] a")["href"]))))


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
    assert "1 their own" in one(cell_of(wide, weeks()[-1]), "a[data-own]")["aria-label"]
    assert not cell_of(wide, weeks()[-1], "web").select("a[data-own]")


def test_show_account_lets_go_again_and_keeps_the_week(client, colleagues):
    wide = soup(client.get(f"/contacts/003A/dashboard?show-account=1&week={weeks()[-1]}"))

    back = soup(client.get(one(wide, "#show-account")["href"]))

    assert one(back, "#show-account")["aria-checked"] == "false"
    assert chosen(back) == [weeks()[-1].isoformat()]


def test_choosing_a_week_keeps_show_account(client, colleagues):
    wide = soup(client.get("/contacts/003A/dashboard?show-account=1"))

    other = soup(client.get(one(cell_of(wide, weeks()[0]), "a")["href"]))

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
    page = soup(client.get(url))
    of_each = [cells(page, family.key) for family in FAMILIES]
    grid = {week: sum(some[week] for some in of_each) for week in of_each[0]}
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


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(st.sampled_from(sorted(BY_KEY)), min_size=51, max_size=120),
    seconds=st.lists(st.integers(0, 2), min_size=1, max_size=5),
    wanted=st.sets(st.sampled_from([family.key for family in FAMILIES])),
)
def test_pages_of_a_week_repeat_and_miss_nothing_of_any_family(
    client, make_person, make_activities, keys, seconds, wanted
):
    """However many rows of however many families share a second, and whichever are chosen."""
    number = next(numbers)
    make_person(f"00P-{number}", marketo_id=30_000 + number)
    ids = make_activities(
        ({"at": this_week(seconds[place % len(seconds)]), "type_key": key} for place, key in enumerate(keys)),
        marketo_id=30_000 + number,
    )
    chosen_ones = "".join(f"&family={key}" for key in sorted(wanted))

    found = [
        rows(weekly(page))
        for page in pages(client, f"/leads/00P-{number}/dashboard?week={weeks()[-1]}{chosen_ones}")
    ]

    by_time = sorted(
        (seconds[place % len(seconds)], id_)
        for place, (key, id_) in enumerate(zip(keys, ids, strict=True))
        if not wanted or BY_KEY[key].family in wanted
    )
    assert [id_ for some in found for id_ in some] == [id_ for _, id_ in by_time[::-1]]
    assert all(len(some) == 50 for some in found[:-1])
