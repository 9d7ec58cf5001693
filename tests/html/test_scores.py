"""Scores: the history above a person's list, who has the most of an account's people, stars and flames."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.html.conftest import on_one_database
from tests.html.pages import squeezed, turn
from tests.reading import HTMX, one, soup, texts
from webui.database import db
from webui.feeds.scores import MOST_CHANGES, compared, main_score
from webui.models import Installation

NOW = datetime.now(UTC).replace(microsecond=0)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def make_scores(make_activities):
    """Store changes of a score, each as (days ago, by how much, what it became)."""
    numbers = iter(range(1_000_000))

    def make(*changes, name="Lead Score", marketo_id=501):
        make_activities(
            [
                {
                    "guid": f"score-{next(numbers)}",
                    "at": ago(days),
                    "score_change": change,
                    "new_score": score,
                    "type_key": "changed-score",
                    "dialogue_name": name,
                }
                for days, change, score in changes
            ],
            marketo_id=marketo_id,
        )

    return make


@pytest.fixture
def lead(make_person):
    """A lead without activities; returns the path of the panel."""
    make_person()
    return "/leads/00Q1"


def history(page):
    return one(page, "figure[data-score-history]")


def points(page):
    """Return the rows of a history's table as (change, score), newest first."""
    return [tuple(texts(row, "td")) for row in history(page).select("details tbody tr")]


def words(page):
    return one(history(page), "svg[role=img]")["aria-label"]


def line(page):
    return one(history(page), "svg path")["d"]


def test_a_person_has_the_history_of_the_lead_score_above_the_list(client, lead, make_scores):
    make_scores((30, 10, 10), (20, 15, 25), (3, -5, 20))
    make_scores(*[(day, 1, day) for day in range(1, 9)], name="Behavior Score")

    for headers in ({}, HTMX):
        page = soup(client.get(f"{lead}/score", headers=headers))
        assert history(page)["data-score-history"] == "Lead Score"
        assert points(page) == [("−5", "20"), ("+15", "25"), ("+10", "10")]


@on_one_database
def test_the_line_is_said_in_words(client, lead, make_scores):
    make_scores((30, 10, 10), (20, 15, 25), (3, -5, 20))

    said = words(soup(client.get(f"{lead}/score")))

    assert re.fullmatch(
        r"Lead Score from 0 on \w+ \d+ to 20 on \w+ \d+, at most 25", re.sub(r", \d{4}", "", said)
    )


@on_one_database
def test_the_line_has_a_step_for_each_change_from_the_first_to_the_end_of_the_day(client, lead, make_scores):
    make_scores((40, 10, 10), (20, 10, 20))

    assert re.fullmatch(r"M0 96H0V50H(29\d(\.\d)?|300)V4H600", line(soup(client.get(f"{lead}/score"))))


@on_one_database
def test_a_score_that_stays_is_a_straight_line(client, lead, make_scores):
    make_scores((40, 0, 7))

    assert line(soup(client.get(f"{lead}/score"))) == "M0 50H0V50H600"


def test_a_long_history_is_shown_for_13_weeks_from_what_the_score_was_then(client, lead, make_scores):
    make_scores((200, 5, 5), (100, 35, 40), (10, 10, 50))

    page = soup(client.get(f"{lead}/score"))

    assert points(page) == [("+10", "50")]
    assert "from 40 on" in words(page)


def test_where_nothing_changed_lately_all_that_is_there_is_shown(client, lead, make_scores):
    make_scores((300, 5, 5), (200, 5, 10))

    assert points(soup(client.get(f"{lead}/score"))) == [("+5", "10"), ("+5", "5")]


def test_the_filter_by_score_chooses_the_history_too(client, lead, make_scores):
    make_scores((3, 10, 10))
    make_scores((2, 4, 4), name="Behavior Score")

    page = soup(client.get(f"{lead}/score?score=Behavior+Score", headers=HTMX))

    assert history(page)["data-score-history"] == "Behavior Score"
    assert points(page) == [("+4", "4")]
    assert not soup(client.get(f"{lead}/score?score=Nothing")).select("[data-score-history]")


def test_without_a_lead_or_person_score_it_is_the_one_that_changed_most_often():
    assert main_score(["B", "A", "B"]) == "B"
    assert main_score(["B", "A"]) == "A"
    assert main_score(["B", "B", "Person Score"]) == "Person Score"
    assert main_score([]) is None


def test_the_main_score_is_the_same_however_its_letters_are_written(client, lead, make_person, make_scores):
    make_person("00Q2", marketo_id=502)
    make_scores((30, 10, 10), name="LEAD SCORE")
    make_scores((3, 20, 30), name="Lead Score")
    make_scores((2, 1, 1), (1, 1, 2), (1, 1, 3), name="Behavior Score")
    make_scores((3, 90, 90), name="lead score", marketo_id=502)

    page = soup(client.get(f"{lead}/score"))

    assert history(page)["data-score-history"] == "Lead Score"
    assert points(page) == [("+20", "30"), ("+10", "10")]
    assert one(page, "[data-stars]")["aria-label"].startswith("1 of 3 stars: score 30, highest 90")


@on_one_database
def test_a_history_is_bounded(client, lead, make_scores):
    make_scores(*[(1 + number / 1_000, 1, MOST_CHANGES + 60 - number) for number in range(MOST_CHANGES + 50)])

    assert len(points(soup(client.get(f"{lead}/score")))) == MOST_CHANGES


@on_one_database
def test_the_table_of_the_history_has_heads_of_columns_and_rows(client, lead, make_scores):
    make_scores((3, 10, 10))
    table = one(history(soup(client.get(f"{lead}/score"))), "details table")

    assert [th["scope"] for th in table.select("th")] == ["col", "col", "col", "row"]
    assert not one(history(soup(client.get(f"{lead}/score"))), "details").has_attr("open")


@on_one_database
def test_a_change_that_did_not_tell_the_score_is_listed_and_no_point(client, lead, make_scores):
    make_scores((3, 10, None))

    page = soup(client.get(f"{lead}/score"))

    assert texts(page, "td[data-column=new-score]") == ["–"]
    assert not page.select("[data-score-history], [data-stars]")


@pytest.fixture
def account(make_account, make_person, make_opportunity):
    """An account of two contacts, who are also in an opportunity."""
    make_account()
    for number in (1, 2):
        make_person(
            f"003{number}",
            kind="contact",
            marketo_id=500 + number,
            last_name=f"N{number}",
            account_crm_id="001A",
        )
    make_opportunity(people=("0031", "0032"), account_crm_id="001A")
    return ("/accounts/001A", "/opportunities/006A")


def leaders(page):
    return [tuple(texts(row, "th, td")) for row in page.select("table[data-score-leaders] tr[data-person]")]


def test_of_many_people_those_with_the_highest_scores_are_named(client, account, make_scores):
    make_scores((60, 10, 10), (20, 25, 35))
    make_scores((60, 90, 90), (50, 10, 100), marketo_id=502)
    make_scores((5, 500, 500), name="Behavior Score", marketo_id=502)

    for panel in account:
        page = soup(client.get(f"{panel}/score"))
        assert leaders(page) == [("Ann N2", "100", "±0"), ("Ann N1", "35", "+25")]
        assert [a["href"] for a in page.select("table[data-score-leaders] a")] == [
            "/contacts/0032",
            "/contacts/0031",
        ]
        assert not page.select("[data-score-history]")
        caption = squeezed(one(page, "table[data-score-leaders] caption"))
        assert caption == "The highest scores of the people in the newest 2,000 changes"
        filtered = soup(client.get(f"{panel}/score?score=Behavior+Score", headers=HTMX))
        assert leaders(filtered) == [("Ann N2", "500", "+500")]


@on_one_database
def test_at_most_ten_are_named(client, make_account, make_person, make_scores):
    make_account()
    for number in range(12):
        make_person(f"003{number}", kind="contact", marketo_id=600 + number, account_crm_id="001A")
        make_scores((2, 1, number), marketo_id=600 + number)

    assert [score for _, score, _ in leaders(soup(client.get("/accounts/001A/score")))] == [
        str(number) for number in range(11, 1, -1)
    ]


def test_who_was_deleted_is_named_nowhere(client, account, make_scores, delete):
    make_scores((2, 10, 10))
    make_scores((2, 5, 5), marketo_id=502)
    delete(501, keep_activities=True)

    assert leaders(soup(client.get("/accounts/001A/score"))) == [("Ann N2", "5", "+5")]


def test_stars_compare_with_the_highest_of_all_and_flames_with_two_weeks_ago(
    client, lead, make_person, make_scores
):
    make_person("00Q2", marketo_id=502)
    make_scores((40, 200, 200), (3, 110, 310))
    make_scores((40, 517, 517), marketo_id=502)
    make_scores((1, 9_000, 9_000), name="Behavior Score", marketo_id=502)

    found = one(soup(client.get(lead)), "main > header [data-stars]")
    highest = one(soup(client.get("/leads/00Q2")), "main > header [data-stars]")

    assert (found["data-stars"], found["data-flames"]) == ("2", "2")
    assert found["aria-label"] == found["title"]
    assert found["aria-label"] == "2 of 3 stars: score 310, highest 517 · 2 of 3 flames: +110 in 14 days"
    assert (highest["data-stars"], highest["data-flames"]) == ("3", "0")
    drawn = [use["href"].partition("#")[2] for use in found.select("use")]
    assert drawn == ["star", "star", "no-star", "flame", "flame", "no-flame"]


def test_stars_are_rounded_up_and_flames_begin_at_a_quarter_and_a_half():
    assert [compared(score, 0, 300).stars for score in (-5, 0, 1, 100, 101, 200, 201, 300)] == [
        0, 0, 1, 1, 2, 2, 3, 3,
    ]  # fmt: skip
    assert [compared(100, gained, 100).flames for gained in (-10, 0, 1, 24, 25, 49, 50, 100)] == [
        0, 0, 1, 1, 2, 2, 3, 3,
    ]  # fmt: skip
    assert compared(-20, 5, 100).flames == 0


@on_one_database
def test_a_person_without_a_score_and_a_group_have_no_stars(client, account, make_scores):
    make_scores((3, 10, 10), marketo_id=502)

    for panel in ("/contacts/0031", *account):
        assert not soup(client.get(panel)).select("[data-stars]")


@on_one_database
def test_there_are_no_stars_while_scores_are_off(client, lead, make_scores):
    make_scores((3, 10, 10))
    assert one(soup(client.get(lead)), "[data-stars]")
    turn(client, on=False)
    assert one(soup(client.get(lead)), "[data-stars]")

    db.session.query(Installation).update({"families_off": "score"})
    db.session.commit()

    page = soup(client.get(lead))
    assert not page.select("[data-stars], [data-tab=score]")
    assert client.get(f"{lead}/score").status_code == 404


@on_one_database
@pytest.mark.parametrize("name", ["\"><script>alert(1)</script>'", "%(score)s %s {{ 7*7 }}"])
def test_a_scores_name_is_shown_letter_by_letter(client, lead, make_scores, name):
    make_scores((3, 10, 10), name=name)

    page = soup(client.get(f"{lead}/score"))

    assert squeezed(one(history(page), "figcaption")) == name
    assert words(page).startswith(name)
    assert not page.select("body script")
