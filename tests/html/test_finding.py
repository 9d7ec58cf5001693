"""Finding what matters in a Chat tab: the filter's form and chips, and sorting by each column."""

import pytest
from sqlalchemy import update

from tests.html.pages import squeezed
from tests.reading import HTMX, one, soup, texts
from webui.database import db
from webui.models import Activity

ROWS = "tr[data-activity]"


@pytest.fixture
def three_people(make_account, make_person, make_activities):
    """An account's contacts: Ann, bo and Ånn, with chats of different types and dialogues."""
    make_account()
    for number, name in enumerate(["Ann", "bo", "Ånn"]):
        crm_id = f"003{number}"
        make_person(
            crm_id,
            kind="contact",
            marketo_id=501 + number,
            first_name=None,
            last_name=name,
            account_crm_id="001A",
        )
    make_activities(
        [
            {"marketo_id": 501, "dialogue_name": "pricing", "type_key": "reached-goal"},
            {"marketo_id": 502, "dialogue_name": "Support", "status": "completed"},
            {"marketo_id": 503, "dialogue_name": None, "status": "dropped"},
        ]
    )
    return "/accounts/001A/chat"


def options(page, name: str) -> dict[str, str]:
    """Return the choices of a field by value, with their words; those that give nothing end in a cross."""
    chosen = one(page, f"form[data-filter] select[name={name}]")
    return {
        option["value"]: squeezed(option) + (" ✕" if option.has_attr("disabled") else "")
        for option in chosen.select("option")
        if option["value"]
    }


def test_each_choice_says_how_many_rows_it_would_give_under_the_other_filters(client, three_people):
    page = soup(client.get(f"{three_people}?type=engaged-dialogue"))

    assert options(page, "dialogue") == {"Support": "Support (1)", "pricing": "pricing (0) ✕"}
    assert options(page, "type")["reached-goal"] == "Reached Goal (1)"
    assert options(page, "type")["agent-engaged"] == "Engaged with an Agent (0) ✕"
    assert options(page, "status")["dropped"] == "Dropped (1)"


def test_what_is_chosen_stays_chosen_and_can_be_taken_away_one_by_one(client, three_people):
    page = soup(client.get(f"{three_people}?type=engaged-dialogue&status=dropped&from=2026-01-01"))

    form = one(page, "form[data-filter]")
    assert [option["value"] for option in form.select("option[selected]")] == ["engaged-dialogue", "dropped"]
    assert one(form, "input[name=from]")["value"] == "2026-01-01"
    chips = {chip["data-chip"]: chip["href"] for chip in page.select("a[data-chip]")}
    assert chips == {
        "type": f"{three_people}?status=dropped&from=2026-01-01",
        "status": f"{three_people}?type=engaged-dialogue&from=2026-01-01",
        "from": f"{three_people}?type=engaged-dialogue&status=dropped",
    }
    assert one(page, "#clear-filter")["href"] == three_people


def test_the_address_that_the_form_asks_for_is_told_without_its_empty_fields(client, three_people):
    answer = client.get(f"{three_people}?type=reached-goal&dialogue=&status=&from=&to=", headers=HTMX)

    assert answer.headers["HX-Replace-Url"] == f"{three_people}?type=reached-goal"
    assert "HX-Replace-Url" not in client.get(three_people, headers=HTMX).headers


def test_a_filter_that_fits_nothing_keeps_its_form_and_says_how_many_there_are_without_it(
    client, three_people
):
    page = soup(client.get(f"{three_people}?type=agent-engaged"))

    assert "3 activities" in squeezed(one(page, "[data-empty]"))
    one(page, "form[data-filter]")


def test_a_record_without_chats_has_nothing_to_filter(client, make_person):
    make_person()

    assert soup(client.get("/leads/00Q1/chat")).select("form[data-filter]") == []


@pytest.mark.parametrize(
    ("sort", "column", "order"),
    [
        ("name", "name", ["Ann", "bo", "Ånn"]),
        ("-name", "name", ["Ånn", "bo", "Ann"]),
        ("dialogue-name", "dialogue-name", ["pricing", "Support", "–"]),
        ("-dialogue-name", "dialogue-name", ["Support", "pricing", "–"]),
        ("activity-type", "activity-type", ["Engaged Dialogue", "Engaged Dialogue", "Reached Goal"]),
    ],
)
def test_a_small_list_is_sorted_by_each_column_alike_on_both_databases(
    client, three_people, sort, column, order
):
    page = soup(client.get(f"{three_people}?sort={sort}"))

    assert texts(page, f"td[data-column={column}]") == order
    heading = one(page, "th[aria-sort]")
    assert heading["data-column"] == column
    assert heading["aria-sort"] == ("descending" if sort.startswith("-") else "ascending")
    assert (
        one(heading, "a")["href"] == f"{three_people}?sort={column if sort.startswith('-') else '-' + column}"
    )


def test_a_sorted_list_comes_in_pages_that_hold_each_row_once(client, make_person, make_activities):
    make_person()
    ids = make_activities([{"dialogue_name": f"Dialogue {number % 7}"} for number in range(120)])

    url, seen = "/leads/00Q1/chat?sort=dialogue-name", []
    while url:
        page = soup(client.get(url, headers=HTMX))
        seen += [
            (squeezed(row.select_one("td[data-column=dialogue-name]")), int(row["data-activity"]))
            for row in page.select(ROWS)
        ]
        more = page.select_one("a[data-more]")
        url = more["href"] if more else None

    assert [name for name, _ in seen] == sorted(name for name, _ in seen)
    assert sorted(id_ for _, id_ in seen) == sorted(ids)


def test_a_long_list_stays_sorted_by_date_and_says_why(client, make_person, make_activities):
    make_person()
    make_activities([{}] * 1_001)

    page = soup(client.get("/leads/00Q1/chat?sort=dialogue-name"))

    assert "1,000" in squeezed(one(page, "p.sorted"))
    assert [th["data-column"] for th in page.select("th:has(a)")] == ["date"]
    assert one(page, "th[aria-sort]")["data-column"] == "date"


def test_a_list_goes_on_in_its_order_though_it_became_long_or_short_meanwhile(
    app, client, make_person, make_activities
):
    make_person()
    ids = make_activities([{"dialogue_name": f"Dialogue {number:04}"} for number in range(1_000)])

    def more(url):
        page = soup(client.get(url, headers=HTMX))
        return one(page, "a[data-more]")["href"], texts(page, "td[data-column=dialogue-name]")

    by_name, _ = more("/leads/00Q1/chat?sort=dialogue-name")
    make_activities([{"dialogue_name": "Dialogue 0060"}], guid="one-more")
    _, names = more(by_name)
    assert (names[0], names[-1]) == ("Dialogue 0050", "Dialogue 0098")

    by_date, newest = more("/leads/00Q1/chat?sort=dialogue-name")
    with app.app_context():
        db.session.execute(update(Activity).where(Activity.id.in_(ids[:2])).values(person_id=None))
        db.session.commit()
    _, names = more(by_date)
    assert len({*names} - {*newest}) == 50


def test_a_list_says_that_it_is_too_long_for_other_orders_only_where_it_is(
    client, make_person, make_activities
):
    make_person()
    make_activities([{}] * 1_000)
    assert not soup(client.get("/leads/00Q1/chat")).select("p.sorted")
    make_activities([{}], guid="one-more")

    assert "1,000" in squeezed(one(soup(client.get("/leads/00Q1/chat")), "p.sorted"))


def test_a_column_that_the_list_does_not_have_is_refused(client, make_person):
    make_person()

    one(soup(client.get("/leads/00Q1/chat?sort=account"), 400), "[data-error]")


def test_the_next_page_of_a_sorted_list_begins_where_the_last_ended_though_its_last_row_is_gone(
    app, client, make_person, make_activities
):
    make_person()
    make_activities([{"dialogue_name": f"Dialogue {number:03}"} for number in range(60)])
    first = soup(client.get("/leads/00Q1/chat?sort=dialogue-name"))
    last = first.select(ROWS)[-1]
    assert squeezed(last.select_one("td[data-column=dialogue-name]")) == "Dialogue 049"

    with app.app_context():
        db.session.execute(
            update(Activity).where(Activity.id == int(last["data-activity"])).values(person_id=None)
        )
        db.session.commit()
    second = soup(client.get(one(first, "a[data-more]")["href"]))

    assert texts(second, "td[data-column=dialogue-name]")[0] == "Dialogue 050"
    assert len(second.select(ROWS)) == 10


def test_an_account_without_a_name_is_sorted_by_the_id_that_stands_for_it(
    client, make_account, make_person, make_activities
):
    for number, name in enumerate(["Able", None, "Zeta"]):
        account = make_account(f"M{number}", name=name) if name else f"M{number}"
        make_person(f"003{number}", kind="contact", marketo_id=501 + number, account_crm_id=f"M{number}")
        assert account
    make_activities([{"marketo_id": 501 + number} for number in range(3)])

    page = soup(client.get("/global/chat?sort=account"))

    assert texts(page, "td[data-column=account]") == ["Able", "M1", "Zeta"]


def test_a_long_list_offers_the_dialogues_of_its_own_rows_and_of_no_others(
    client, make_person, make_activities
):
    make_person()
    make_person("00Q2", marketo_id=502)
    make_activities([{}] * 2_001)
    make_activities([{"marketo_id": 502, "dialogue_name": "Of somebody else"}], guid="other")

    page = soup(client.get("/leads/00Q1/chat"))

    assert options(page, "dialogue") == {"Pricing": "Pricing"}


@pytest.mark.parametrize("panel", ["/leads/00Q1", "/global"])
def test_pages_whose_addresses_begin_alike_are_told_apart(client, make_person, make_activity, panel):
    make_person("00Q1")
    begin = "acme.example/" + "製品/" * 100
    pages = (begin, f"{begin}one", f"{begin}two", begin[:200])
    ids = {page: make_activity(page, type_key="visited-page") for page in pages}
    for page, id_ in ids.items():
        found = soup(client.get(f"{panel}/web", query_string={"page": page})).select("tr[data-activity]")
        assert [row["data-activity"] for row in found] == [str(id_)]
