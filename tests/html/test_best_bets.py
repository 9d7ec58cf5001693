"""Best Bets: who did most lately, why, and whom a viewer hides."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.html.conftest import on_one_database
from tests.html.entering import enter
from tests.html.pages import press, squeezed
from tests.html.test_every_route import statements
from tests.reading import HTMX, one, soup, texts
from webui import attention
from webui.database import db
from webui.feeds import best_bets
from webui.models import Hidden, Installation

BETS = "/global/best-bets?tz=UTC"


def days_ago(days):
    """Return a time of that day, of UTC, not after now."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=1, microsecond=0)
    return today - timedelta(days=days)


def bets(client, url=BETS):
    """Return who is listed, as (name, points, reasons)."""
    rows, said = soup(client.get(url)).select("tr[data-bet]"), "[data-points], [data-reasons]"
    return [(squeezed(one(row, "[data-column=name]")), *texts(row, said)) for row in rows]


def names(client, url=BETS):
    """Return the names of those who are listed."""
    return [bet[0] for bet in bets(client, url)]


@pytest.fixture
def make_people(make_person):
    """Store leads of these first names, by their Marketo ids."""

    def make(**people):
        for name, marketo_id in people.items():
            make_person(f"00Q{marketo_id}", marketo_id=marketo_id, first_name=name, last_name="X")

    return make


@pytest.fixture
def score(make_activity):
    """Change a score of Marketo lead to a value."""

    def change(marketo_id, value, name="Lead Score", days=0):
        make_activity(
            name,
            marketo_id=marketo_id,
            type_key="changed-score",
            score_change=1,
            new_score=value,
            at=days_ago(days),
        )

    return change


def test_each_row_says_its_points_and_what_they_are_for(client, make_people, make_activities, score):
    make_people(Ann=501, Bo=502, Cy=503)
    make_activities(
        [
            {"at": days_ago(0), "type_key": "visited-page"},
            *[{"at": days_ago(3), "type_key": "visited-page"}] * 5,
            *[{"at": days_ago(3)}] * 3,
            {"at": days_ago(1), "marketo_id": 502, "type_key": "milestone-moment"},
            {"at": days_ago(14), "marketo_id": 503, "type_key": "opened-email"},
            *[{"at": days_ago(14), "marketo_id": 503, "type_key": "sent-email"}] * 9,
        ]
    )
    score(501, 186)
    score(502, 310)

    assert bets(client) == [
        ("Ann X", "73", "40 for today, 15 for 9 activities, 18 for a score of 186"),
        ("Bo X", "72", "39 for yesterday, 3 for 1 activity, 30 for a score of 310"),
        ("Cy X", "21", "20 for 14 days ago, 1 for 1 activity"),
    ]


def test_the_columns_are_name_account_last_moment_status_engagement_and_hide(
    client, make_account, make_person, make_activities, score
):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_activities(
        [
            {"at": days_ago(40), "type_key": "web-moment", "dialogue_name": "Came back"},
            {"at": days_ago(50), "type_key": "email-moment", "dialogue_name": "Answered"},
            {"at": days_ago(0), "type_key": "visited-page"},
        ]
    )
    score(501, 310)
    page = soup(client.get(BETS))

    headings = ["Name", "Account", "Last Interesting Moment", "Status", "Engagement", "Hide"]
    assert texts(page, "table[data-table=best-bets] th") == headings
    row = one(page, "tr[data-bet='contacts/003A']")
    assert [link["href"] for link in row.select("a")] == ["/contacts/003A", "/accounts/001A"]
    assert squeezed(one(row, "[data-column=last-moment]")).startswith("Came back ")
    assert squeezed(one(row, "[data-column=status]")) == "Score 310"


def test_the_page_states_the_formula(client, turned_off):
    said = " ".join(texts(soup(client.get(BETS)), "details li"))
    for words in ("40 points", "30 points", "28 days", "a visit counts 1", "a chat activity counts 3"):
        assert words in said
    assert "opened, clicked or answered counts 1" in said

    turned_off("chat", "score")
    said = " ".join(texts(soup(client.get(BETS)), "details li"))
    assert "visit" in said
    assert "chat" not in said.lower()
    assert "Score" not in said


def test_only_families_that_are_shown_count(client, make_people, make_activities, score, turned_off):
    make_people(Ann=501, Bo=502)
    make_activities(
        [
            {"at": days_ago(0)},
            {"at": days_ago(2), "type_key": "visited-page"},
            {"at": days_ago(0), "marketo_id": 502},
        ]
    )
    score(501, 10)
    assert names(client) == ["Ann X", "Bo X"]

    turned_off("chat", "score", "moments")
    assert bets(client) == [("Ann X", "38", "37 for 2 days ago, 1 for 1 activity")]
    page = soup(client.get(BETS))
    assert not page.select("[data-column=status], [data-column=last-moment]")


def test_an_email_to_everybody_makes_nobody_a_bet(client, make_people, make_activities, score):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0), "type_key": key} for key in ("sent-email", "delivered-email")])
    score(501, 99)

    assert one(soup(client.get(BETS)), "[data-empty]")


def test_what_is_older_than_28_days_counts_nothing(client, make_people, make_activities):
    make_people(Ann=501, Bo=502)
    make_activities([{"at": days_ago(27)}, {"at": days_ago(28)}, {"at": days_ago(28), "marketo_id": 502}])

    assert bets(client) == [("Ann X", "4", "1 for 27 days ago, 3 for 1 activity")]


def test_the_newest_lead_or_person_score_counts_and_no_other(client, make_people, make_activities, score):
    make_people(Ann=501, Bo=502)
    make_activities([{"at": days_ago(0)}, {"at": days_ago(0), "marketo_id": 502}])
    score(501, 90, "Person Score", days=40)
    score(501, 50, "PERSON SCORE", days=30)
    score(501, 700, "Behavior Score")
    score(502, 100, "Lead Score", days=35)

    assert [bet[1] for bet in bets(client)] == ["73", "58"]
    assert bets(client)[1][2].endswith("15 for a score of 50")


def test_much_is_counted_no_further_than_it_gives_points(client, make_people, make_activities):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0), "type_key": "visited-page"}] * 31)

    assert bets(client) == [("Ann X", "70", "40 for today, 30 for more than 30 activities")]


def test_deleted_people_without_a_name_are_no_bets(client, make_people, make_activities, delete):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0)}])
    delete(501, keep_activities=True)

    assert bets(client) == []


def test_the_best_100_are_shown_50_a_page(client, make_person, make_activities):
    for number in range(103):
        make_person(f"00Q{number}", marketo_id=1000 + number, first_name=f"P{number}", last_name="X")
    make_activities(
        {"at": days_ago(0) - timedelta(days=number % 20), "marketo_id": 1000 + number}
        for number in range(103)
    )

    first = soup(client.get(BETS))
    assert squeezed(one(first, "[data-said]")) == "100 people"
    assert texts(first, "[data-position]") == ["1–50", "51–100"]
    shown = names(client) + names(client, first.select("[data-position]")[1]["href"])
    assert len(set(shown)) == len(shown) == 100
    assert {"P19 X", "P39 X", "P59 X", "P79 X", "P99 X"} - set(shown)
    for bad in ("0", "2", "101", "x"):
        assert one(soup(client.get(f"{BETS}&from={bad}"), 400), "[data-error]")


def test_who_is_hidden_is_gone_for_this_viewer_and_can_be_shown_again(client, make_people, make_activities):
    make_people(Ann=501, Bo=502)
    make_activities([{"at": days_ago(0)}, {"at": days_ago(1), "marketo_id": 502}])
    page = soup(client.get(BETS))

    answer = press(client, page, 'tr[data-bet="leads/00Q501"] [data-hide]')
    assert (answer.status_code, answer.headers["Location"]) == (303, "/global/best-bets")
    assert names(client) == ["Bo X"]

    link = one(soup(client.get(BETS)), "[data-show-hidden]")
    assert squeezed(link) == "Show 1 hidden person"
    hidden = soup(client.get(link["href"]))
    assert texts(hidden, "tr[data-hidden] [data-column=name]") == ["Ann X"]

    part = soup(press(client, hidden, "[data-show-again]", headers=HTMX))
    assert one(part, "[data-done]").get_text() == "Ann X is shown again."
    assert one(part, "[data-empty]")
    assert names(client) == ["Ann X", "Bo X"]


def test_hiding_with_htmx_brings_the_list_anew_and_says_so(client, make_people, make_activities):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0)}])

    part = soup(press(client, soup(client.get(BETS)), "[data-hide]", headers=HTMX, data={"days": "30"}))
    assert one(part, "[data-done]").get_text() == "Ann X is hidden for 30 days."
    assert not part.select("[data-bet], main")


def test_a_person_is_hidden_for_the_days_of_the_installation_unless_others_are_chosen(
    client, make_people, make_activities
):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0)}])
    db.session.execute(update(Installation).values(hidden_days=14))
    db.session.commit()
    page = soup(client.get(BETS))
    assert texts(page, "select[name=days] option") == ["1 day", "7 days", "14 days", "30 days", "90 days"]
    assert one(page, "select[name=days] option[selected]")["value"] == "14"

    press(client, page, "[data-hide]")
    until = one(soup(client.get(f"{BETS}&hidden=1")), "[data-column=until] time")["datetime"]
    left = datetime.fromisoformat(until) - datetime.now(UTC)
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    for bad in ("0", "-1", "8", "x", ""):
        assert press(client, page, "[data-hide]", data={"days": bad}).status_code == 400


def test_after_its_days_a_hidden_person_is_back(client, make_people, make_activities):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0)}])
    press(client, soup(client.get(BETS)), "[data-hide]")
    assert names(client) == []

    db.session.execute(update(Hidden).values(until=datetime.now(UTC) - timedelta(seconds=1)))
    db.session.commit()
    assert names(client) == ["Ann X"]
    assert not soup(client.get(BETS)).select("[data-show-hidden]")


def test_a_hidden_lead_stays_hidden_as_the_contact(client, make_person, make_account, make_activities):
    make_account()
    make_person("00Q1")
    make_activities([{"at": days_ago(0)}])
    press(client, soup(client.get(BETS)), "[data-hide]")
    make_person("003A", kind="contact", account_crm_id="001A")

    assert names(client) == []
    hidden = soup(client.get(f"{BETS}&hidden=1"))
    assert one(hidden, "tr[data-hidden]")["data-hidden"] == "contacts/003A"
    press(client, hidden, "[data-show-again]")
    assert names(client) == ["Ann Lee"]


@on_one_database
def test_nobody_else_loses_whom_a_viewer_hides(app, closed_app, make_people, make_activities):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0)}])
    ann, bob = (enter(closed_app, "all", sub=name) for name in ("ann", "bob"))

    plain = press(ann.browser, soup(ann.page_of("/global/best-bets")), "[data-hide]")
    assert one(soup(plain), "[data-done]")
    assert one(soup(plain), "html")["data-address"] == "/global/best-bets"
    assert not soup(ann.get("/global/best-bets")).select("[data-bet]")
    assert soup(bob.get("/global/best-bets")).select("[data-bet]")


@on_one_database
def test_nobody_is_hidden_who_is_not_there(client, company):
    token = {"csrf_token": one(soup(client.get("/leads/00Q1")), "[name=csrf_token]")["value"]}
    for whom in ({"panel": "leads", "crm_id": "nobody"}, {"panel": "accounts", "crm_id": "001A"}, {}):
        data = {**token, **whom, "days": "7"}
        assert client.post("/global/best-bets/hide", data=data).status_code == 404


def test_many_candidates_cost_no_more_statements_than_few(client, make_people, make_person, make_activities):
    make_people(Ann=501)
    make_activities([{"at": days_ago(0)}])
    with statements() as few:
        client.get(BETS, headers=HTMX)
    for number in range(30):
        make_person(f"00R{number}", marketo_id=700 + number)
    make_activities({"at": days_ago(0), "marketo_id": 700 + number} for number in range(30))
    with statements() as many:
        found = client.get(BETS, headers=HTMX)

    assert len(soup(found).select("[data-bet]")) == 31
    assert len(many) == len(few) < 15


def test_only_the_people_of_the_newest_activities_are_rated(
    client, make_people, make_activities, monkeypatch
):
    monkeypatch.setattr(best_bets, "CANDIDATES", 3)
    make_people(Ann=501, Bo=502)
    make_activities([*[{"at": days_ago(0), "marketo_id": 502}] * 3, {"at": days_ago(1)}])

    assert names(client) == ["Bo X"]


def test_neither_visitors_nobody_knows_nor_a_mailing_take_the_place_of_who_did_something(
    client, make_people, make_activities
):
    make_people(Ann=501, Bo=502, Cy=503)
    make_activities(
        [
            {"at": days_ago(2), "type_key": "visited-page"},
            {"at": days_ago(3), "type_key": "clicked-email", "marketo_id": 502},
            {"at": days_ago(4), "marketo_id": 503},
        ]
    )
    make_activities(
        {"at": days_ago(0), "type_key": "visited-page", "marketo_id": 900_000 + number}
        for number in range(2_100)
    )
    make_activities(
        ({"at": days_ago(0), "type_key": "delivered-email"} for _ in range(2_100)), marketo_id=501
    )

    assert names(client) == ["Ann X", "Bo X", "Cy X"]


def test_who_hides_as_many_as_can_be_hidden_is_told_so_and_all_of_them_stay_hidden(
    client, make_people, make_activities
):
    make_people(Ann=501, Bo=502)
    make_activities([{"at": days_ago(0)}, {"at": days_ago(1), "marketo_id": 502}])
    press(client, soup(client.get(BETS)), 'tr[data-bet="leads/00Q501"] [data-hide]', data={"days": "1"})
    until = datetime.now(UTC) + timedelta(days=30)
    others = [f"00R{number}" for number in range(attention.MOST_HIDDEN - 1)]
    db.session.add_all(Hidden(viewer="demo", panel="leads", crm_id=crm_id, until=until) for crm_id in others)
    db.session.commit()
    page = soup(client.get(BETS))

    for headers in ({}, HTMX):
        refused = soup(press(client, page, "[data-hide]", headers=headers), 422)
        assert "500 people" in one(refused, "[data-error]").get_text()
    assert names(client) == ["Bo X"]

    db.session.execute(update(Hidden).where(Hidden.crm_id == others[0]).values(until=datetime.now(UTC)))
    db.session.commit()
    press(client, page, "[data-hide]")
    assert names(client) == []
