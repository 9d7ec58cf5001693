"""The families beside chat, each in its tab: rows, details, filters, files, and who may see them.

What every list has in common is tested with chat, in ``test_chat_tab.py``, ``test_finding.py`` and
``test_export.py``; here, that each family has it too, and what each has of its own.
"""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest

from tests.html.conftest import browser, on_one_database, this_week
from tests.html.entering import enter
from tests.html.pages import DASH, facts, fields, links, pages, rows, squeezed, turn, value
from tests.reading import HTMX, one, soup, texts
from webui.vocabulary import BY_KEY, CHAT, COLUMNS, FAMILY, FIELDS, LANGUAGES, OTHERS, keys_of

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = ("leads/00Q1", "contacts/003A")
GROUPS = ("accounts/001A", "opportunities/006A")


@dataclass(frozen=True)
class Expected:
    """What a tab shows: its columns between name and date, and what its example's detail says, in order."""

    columns: list[str]
    type_key: str
    about: str
    given: dict[str, Any]
    detail: dict[str, str]


EXPECTED = {
    "moments": Expected(
        ["activity-type", "description"],
        "milestone-moment",
        "Asked for a quote",
        {"told": {"source": "Campaign Quotes"}},
        {"description": "Asked for a quote", "source": "Campaign Quotes"},
    ),
    "web": Expected(
        ["activity-type", "page"],
        "visited-page",
        "www.larkspur.example/pricing",
        {"page_url": "https://www.larkspur.example/pricing", "told": {"search-words": "lanes"}},
        {
            "page": "www.larkspur.example/pricing",
            "page-url": "https://www.larkspur.example/pricing",
            "referrer": DASH,
            "search-words": "lanes",
        },
    ),
    "email": Expected(
        ["activity-type", "subject", "opened", "clicked"],
        "clicked-email",
        "Summer release",
        {"told": {"link": "https://www.larkspur.example/summer", "device": "Phone"}},
        {"subject": "Summer release", "link": "https://www.larkspur.example/summer", "device": "Phone"},
    ),
    "score": Expected(
        ["activity-type", "score-name", "change", "new-score"],
        "changed-score",
        "Lead Score",
        {"score_change": -10, "new_score": 1_250, "told": {"reason": "Unsubscribed"}},
        {
            "score-name": "Lead Score",
            "change": "−10",
            "old-score": DASH,
            "new-score": "1,250",
            "reason": "Unsubscribed",
        },
    ),
}
EACH = pytest.mark.parametrize("family", list(EXPECTED))


def test_each_family_beside_chat_is_tested_here():
    assert list(EXPECTED) == [family.key for family in OTHERS]


@pytest.fixture
def make_some(make_activities):
    """Store activities of a family's example; each is a dict of what is its own. Returns their ids."""

    def make(family, some=({},), **more):
        example = EXPECTED[family]
        default = {"type_key": example.type_key, "dialogue_name": example.about, **example.given, "at": AT}
        return make_activities([{**default, **one} for one in some], **more)

    return make


@pytest.fixture
def lead(make_person):
    """A lead without activities; returns the path of the panel."""
    make_person()
    return "/leads/00Q1"


def column(page, key):
    return texts(page, f"table[data-table] td[data-column={key}]")


def about(family):
    return EXPECTED[family].columns[1]


@on_one_database
@EACH
@pytest.mark.parametrize("panel", [*PEOPLE, *GROUPS])
def test_headings_and_cells_are_the_columns_of_the_panel_the_name_first_where_it_lists_many(
    client, company, make_some, family, panel
):
    make_some(family, marketo_id=503)
    columns = ["name"] * (panel in GROUPS) + EXPECTED[family].columns + ["date"]

    table = one(soup(client.get(f"/{panel}/{family}")), f"table[data-table={family}]")

    assert [th["data-column"] for th in table.select("thead th")] == columns
    assert rows(table)
    for row in table.select("tr[data-activity]"):
        assert [td["data-column"] for td in row.select("td")] == columns


@on_one_database
@pytest.mark.parametrize("family", ["moments", "web"])
def test_the_global_tab_names_person_and_account_first(client, company, family):
    page = soup(client.get(f"/global/{family}"))

    columns = ["person", "account", *EXPECTED[family].columns, "date"]
    assert [th["data-column"] for th in page.select(f"table[data-table={family}] th")] == columns
    assert {row["data-type"] for row in page.select("tr[data-activity]")} == set(keys_of(family))


@on_one_database
@pytest.mark.parametrize("family", ["email", "score"])
def test_the_global_tab_has_no_tab_of_what_is_too_much_for_it(client, company, family):
    assert client.get(f"/global/{family}").status_code == 404
    assert client.get(f"/global/{family}.csv").status_code == 404


@EACH
@on_one_database
@pytest.mark.parametrize("of", LANGUAGES)
def test_tab_headings_types_and_fields_are_called_by_the_vocabularys_words(client, company, family, of):
    page = soup(client.get(f"/leads/00Q1/{family}?lang={of}"))

    assert texts(page, f"[data-tab={family}]") == [FAMILY[family].labels[of]]
    assert texts(page, f"table[data-table={family}] thead th") == [
        COLUMNS[key][of] for key in FAMILY[family].person_columns
    ]
    shown = {
        row["data-type"]: texts(row, "[data-column=activity-type]") for row in page.select("tr[data-type]")
    }
    assert shown == {key: [BY_KEY[key].labels[of]] for key in keys_of(family)}
    for (key, _status), id_ in company.activities.items():
        if key in shown:
            found = one(soup(client.get(f"/activities/{id_}?lang={of}")), "[data-activity-detail]")
            assert texts(found, "[data-heading]") == [BY_KEY[key].labels[of]]
            assert texts(found, "dt[data-field]") == [FIELDS[field][of] for field in fields(found)]


@on_one_database
@EACH
def test_htmx_gets_the_table_only_with_the_rows_of_the_page(client, lead, make_some, family):
    make_some(family)
    page, part = (soup(client.get(f"{lead}/{family}", headers=headers)) for headers in ({}, HTMX))

    assert not part.select("html, main")
    assert texts(part, "tr[data-activity]") == texts(page, "tr[data-activity]") != []
    assert one(page, "[role=tab][aria-selected=true]")["data-tab"] == family
    assert page.select(f"#tabpanel-{family}:not([hidden]) table[data-table={family}]")


@EACH
def test_an_unchanged_list_is_not_sent_again_and_a_changed_one_is(client, lead, make_some, family):
    make_some(family)
    first = client.get(f"{lead}/{family}", headers=HTMX)
    known = {**HTMX, "If-None-Match": first.headers["ETag"]}

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (client.get(f"{lead}/{family}", headers=known).status_code) == 304
    make_some(family, guid="news")
    assert client.get(f"{lead}/{family}", headers=known).status_code == 200


@on_one_database
@EACH
def test_a_click_on_the_type_opens_the_detail_outside_chat(client, lead, make_some, family):
    [id_] = make_some(family)
    table = one(soup(client.get(f"{lead}/{family}")), f"table[data-table={family}]")
    link = one(table, f'tr[data-activity="{id_}"] td[data-column=activity-type] a[data-detail]')

    assert link["href"] == link["hx-get"] == f"/activities/{id_}"
    assert one(table, link["hx-target"])
    opened = one(soup(client.get(link["hx-get"], headers=HTMX)), f'[data-activity-detail="{id_}"]')
    assert opened["data-type"] == EXPECTED[family].type_key


@on_one_database
@EACH
def test_a_detail_has_the_types_fields_in_order_with_dashes_for_what_it_always_has(
    client, lead, make_some, family
):
    [id_] = make_some(family)

    shown = one(soup(client.get(f"/activities/{id_}")), "[data-activity-detail]")

    assert fields(shown) == list(EXPECTED[family].detail)
    assert {key: squeezed(value(shown, key)) for key in fields(shown)} == EXPECTED[family].detail
    assert one(shown, "header a")["href"] == lead
    assert one(shown, "header time")["datetime"] == "2026-03-02T09:00:00Z"


@on_one_database
def test_a_detail_leads_back_to_its_familys_tab(client, company):
    for (key, _status), id_ in company.activities.items():
        if BY_KEY[key].family != CHAT.key:
            page = soup(client.get(f"/activities/{id_}"))
            assert one(page, f'a[href="/leads/00Q1?tab={BY_KEY[key].family}"]')


@EACH
@on_one_database
def test_the_way_back_of_a_detail_without_a_person_opens_a_tab_that_is_there(
    client, lead, make_some, delete, choose_global_tabs, family
):
    [id_] = make_some(family)
    delete(501, keep_activities=True)
    shown = {"moments": "/global?tab=moments", "web": "/global?tab=web"}
    choose_global_tabs("chat moments web")

    href = one(soup(client.get(f"/activities/{id_}")), "p.back a")["href"]

    assert href == shown.get(family, "/global")
    assert client.get(href).status_code == 200


@on_one_database
def test_what_marketo_told_besides_stands_folded_below_the_fields(client, lead, make_some):
    [id_] = make_some("web", [{"extra": {"Webpage ID": "77"}}])

    shown = one(soup(client.get(f"/activities/{id_}")), "[data-activity-detail]")

    assert facts(shown) == {"Webpage ID": "77", "Marketo lead id": "501"}


ADDRESSES = {
    "https://www.larkspur.example/a?b=c": True,
    "http://larkspur.example": True,
    "javascript:alert(1)": False,
    "data:text/html,<script>alert(1)</script>": False,
    "//larkspur.example/a": False,
    "www.larkspur.example": False,
}


@on_one_database
@pytest.mark.parametrize(
    ("type_key", "key", "given"),
    [
        ("visited-page", "page-url", lambda text: {"page_url": text}),
        ("visited-page", "referrer", lambda text: {"told": {"referrer": text}}),
        ("clicked-link", "link", lambda text: {"dialogue_name": text}),
        ("clicked-email", "link", lambda text: {"told": {"link": text}}),
    ],
)
def test_only_http_addresses_are_links(client, lead, make_activities, type_key, key, given):
    ids = make_activities([given(text) for text in ADDRESSES], type_key=type_key)

    for id_, (text, is_link) in zip(ids, ADDRESSES.items(), strict=True):
        cell = value(one(soup(client.get(f"/activities/{id_}")), "[data-activity-detail]"), key)
        assert cell.get_text().strip() == text
        assert [a["href"] for a in cell.select("a")] == [text] * is_link


@EACH
@on_one_database
def test_a_detail_of_another_family_is_not_found_below_chat_nor_a_chat_outside_it(
    client, company, make_some, family
):
    """Else the switch would hide what it does not touch, or a chat would be read while it is off."""
    [other] = make_some(family)
    chat = company.activities["reached-goal", None]

    for on in (True, False):
        turn(client, on)
        for headers in ({}, HTMX):
            assert client.get(f"/chat/activities/{other}", headers=headers).status_code == 404
            assert client.get(f"/activities/{chat}", headers=headers).status_code == 404
            assert client.get(f"/activities/{other}", headers=headers).status_code == 200
            assert client.get(f"/chat/activities/{chat}", headers=headers).status_code == (200 if on else 404)


@on_one_database
@EACH
def test_the_switch_leaves_the_tab_as_it_is(client, company, family):
    def shown():
        return {
            panel: texts(soup(client.get(f"{panel}/{family}", headers=HTMX)), "tr[data-activity]")
            for panel in company.panels()
        }

    on = shown()
    turn(client, on=False)

    assert shown() == on
    assert any(on.values())
    for panel in company.panels():
        assert one(soup(client.get(panel)), f"[data-tab={family}]")
    assert client.get(f"/leads/00Q1/{family}.csv").status_code == 200


@EACH
def test_the_parameters_of_the_url_choose_the_rows(client, lead, make_some, family):
    choice, first = FAMILY[family].choice, EXPECTED[family].about
    make_some(
        family,
        [
            {"dialogue_name": "Zebra", "at": AT - timedelta(days=1)},
            {},
            {"dialogue_name": "Mango", "at": AT - timedelta(days=2)},
        ],
    )
    chosen = {
        "": [first, "Zebra", "Mango"],
        "sort=date": ["Mango", "Zebra", first],
        "from=2026-03-01&to=2026-03-01": ["Zebra"],
        f"type={EXPECTED[family].type_key}": [first, "Zebra", "Mango"],
        "q=zeb": ["Zebra"],
        "q=nowhere": [],
        f"sort={about(family)}": sorted([first, "Zebra", "Mango"], key=str.casefold),
        f"sort=-{about(family)}": sorted([first, "Zebra", "Mango"], key=str.casefold, reverse=True),
        "week=2026-03-02": [first],
    }
    if choice:
        chosen[f"{choice}=Mango"] = ["Mango"]
        chosen[f"{choice}=mango"] = []

    assert {
        query: column(soup(client.get(f"{lead}/{family}?{query}")), about(family)) for query in chosen
    } == chosen


@EACH
def test_a_value_that_cannot_be_used_is_a_bad_request_with_a_sentence(client, lead, make_some, family):
    make_some(family)
    wrong = ("type=engaged-dialogue", "status=completed", "sort=dialogue-name", "from=yesterday", "after=1")

    for query in wrong:
        for headers in ({}, HTMX):
            error = one(soup(client.get(f"{lead}/{family}?{query}", headers=headers), 400), "[data-error]")
            assert len(squeezed(error)) > 20, query
            assert one(error.parent, "a")["href"] == f"{lead}/{family}"


@EACH
def test_types_are_a_filter_where_there_are_several(client, company, family):
    page = soup(client.get(f"/leads/00Q1/{family}"))
    types = keys_of(family)

    found = [option["value"] for option in page.select("form[data-filter] select[name=type] option")]

    assert found == (["", *types] if len(types) > 1 else [])
    for key in types:
        page = soup(client.get(f"/leads/00Q1/{family}?type={key}"))
        assert {row["data-type"] for row in page.select("tr[data-activity]")} == {key}


@pytest.mark.parametrize("family", [key for key in EXPECTED if FAMILY[key].choice])
def test_what_is_called_alike_is_one_choice_whatever_its_id(client, lead, make_some, family):
    """Marketo has a page of one address under several ids, and an e-mail that was cloned."""
    make_some(family, [{"dialogue_ref": "7"}, {"dialogue_ref": "8"}, {"dialogue_name": "Another"}])
    name, said = FAMILY[family].choice, EXPECTED[family].about

    page = soup(client.get(f"{lead}/{family}"))
    options = texts(page, f"form[data-filter] select[name={name}] option")[1:]

    assert sorted(options) == sorted([f"{said} (2)", "Another (1)"])
    assert column(soup(client.get(f"{lead}/{family}?{name}={said}")), about(family)) == [said, said]


@EACH
def test_every_row_of_a_busy_second_is_listed_once_page_by_page(client, lead, make_some, family):
    ids = make_some(family, [{}] * 130)

    found = [rows(page) for page in pages(client, f"{lead}/{family}")]

    assert [len(some) for some in found] == [50, 50, 30]
    assert list(chain.from_iterable(found)) == ids[::-1]


@EACH
def test_htmx_takes_only_the_further_rows_of_a_later_page(client, lead, make_some, family):
    make_some(family, [{}] * 60)
    more = one(soup(client.get(f"{lead}/{family}")), "[data-more]")["hx-get"]

    answer = client.get(more, headers=HTMX)
    taken = soup(answer).select(answer.headers["HX-Reselect"])

    assert sum(len(rows(part)) for part in taken) == 10
    assert not [part for part in taken if part.select("thead, figure")]


@EACH
def test_open_shows_the_detail_in_its_row_and_none_of_another_list(client, lead, make_some, family):
    [id_] = make_some(family)
    elsewhere = next(key for key in EXPECTED if key != family)

    opened = one(soup(client.get(f"{lead}/{family}?open={id_}")), "table [data-activity-detail]")

    assert opened["data-activity-detail"] == str(id_)
    other = soup(client.get(f"{lead}/{elsewhere}?open={id_}"))
    assert not other.select("[data-activity-detail]")


EMPTY = {
    "moments": "No interesting moments yet.",
    "web": "No visits yet.",
    "email": "No e-mails yet.",
    "score": "No changes of a score yet.",
}


@on_one_database
@EACH
def test_an_empty_tab_says_so_and_a_filter_that_nothing_fits_leads_back_to_all(
    client, lead, make_some, family
):
    for headers in ({}, HTMX):
        page = soup(client.get(f"{lead}/{family}", headers=headers))
        assert EMPTY[family] in squeezed(one(page, "[data-empty]"))
        assert not page.select("table[data-table]")
    make_some(family)

    page = soup(client.get(f"{lead}/{family}?q=elsewhere", headers=HTMX))

    assert EMPTY[family] not in squeezed(one(page, "[data-empty]"))
    clear = one(page, f"#{family}-clear-filter")
    assert clear["href"] == clear["hx-get"] == f"{lead}/{family}"


@EACH
@on_one_database
def test_it_is_a_file_to_take_along_with_what_the_details_say(client, lead, make_some, family):
    make_some(family, [{}, {"dialogue_name": "=cmd()", "at": AT - timedelta(days=1)}])
    href = one(soup(client.get(f"{lead}/{family}?sort=date", headers=HTMX)), "a[data-download]")["href"]
    assert href == f"{lead}/{family}.csv?sort=date"

    answer = client.get(href, buffered=True)
    head, *lines = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline=""))

    labels = [COLUMNS[about(family)]["en"]]
    labels += [FIELDS[key]["en"] for key in EXPECTED[family].detail if key != about(family)]
    assert [label for label in labels if label not in head] == []
    assert [line[head.index(labels[0])] for line in lines] == ["'=cmd()", EXPECTED[family].about]
    assert {len(line) for line in lines} == {len(head)}


@on_one_database
def test_scores_in_a_file_are_numbers(client, lead, make_some):
    make_some("score", [{"told": {"old-score": "-5", "reason": "-5"}}])

    answer = client.get(f"{lead}/score.csv", buffered=True)
    head, line = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline=""))

    assert (line[head.index("Change")], line[head.index("New Value")]) == ("-10", "1250")
    assert (line[head.index("Old Value")], line[head.index("Reason")]) == ("-5", "'-5")


HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'`{{7*7}}<!--&amp;"


@EACH
@on_one_database
def test_what_strangers_wrote_is_shown_letter_by_letter(client, lead, make_some, family):
    type_ = BY_KEY[EXPECTED[family].type_key]
    hostile = {"told": dict.fromkeys(type_.told.values(), HOSTILE), "page_url": HOSTILE}
    [id_] = make_some(family, [{**hostile, "dialogue_name": HOSTILE, "extra": {HOSTILE: HOSTILE}}])

    listed = soup(client.get(f"{lead}/{family}"))
    shown = soup(client.get(f"/activities/{id_}"))

    assert column(listed, about(family)) == [" ".join(HOSTILE.split())]
    for page in (listed, shown):
        assert not page.select("img, style, iframe, body script")
    assert [HOSTILE] * len(type_.told) == [
        value(shown, key).get_text() for key in fields(shown) if key in type_.told.values()
    ]
    assert facts(one(shown, "[data-activity-detail]"))[" ".join(HOSTILE.split())]


@EACH
@on_one_database
def test_a_record_that_a_link_does_not_open_shows_nothing_of_it(closed_app, company, make_some, family):
    [id_] = make_some(family, marketo_id=503)
    paths = (f"/contacts/003A/{family}", f"/contacts/003A/{family}.csv", f"/activities/{id_}")
    for path in paths:
        for headers in ({}, HTMX):
            assert browser(closed_app).get(path, headers=headers).status_code == 401, path

    own, other = enter(closed_app, "contacts/003A"), enter(closed_app, "leads/00Q2")

    assert [own.get(path).status_code for path in paths] == [200, 200, 200]
    assert [other.get(path).status_code for path in paths] == [404, 404, 404]


@EACH
@on_one_database
def test_an_accounts_link_opens_its_contacts_activities_and_no_others(closed_app, company, make_some, family):
    [theirs] = make_some(family, marketo_id=503)
    [another] = make_some(family, marketo_id=502, guid="another")
    account = enter(closed_app, "accounts/001A")

    assert rows(soup(account.get(f"/accounts/001A/{family}"))) == [theirs]
    assert account.get(f"/activities/{theirs}").status_code == 200
    assert account.get(f"/activities/{another}").status_code == 404


@EACH
@on_one_database
def test_every_link_of_a_tab_leads_somewhere(client, company, family):
    for panel in company.panels():
        page = soup(client.get(f"{panel}/{family}"))
        assert [url for url in links(page, f"{panel}/{family}") if client.get(url).status_code != 200] == []


def test_an_e_mail_says_whether_this_person_opened_it_and_clicked_in_it(
    client, make_person, make_activities, lead
):
    make_person("00Q2", marketo_id=502)
    sent = [
        {"type_key": "sent-email", "dialogue_name": name, "at": AT + timedelta(minutes=number)}
        for number, name in enumerate(("Unread", "Read", "Clicked"))
    ]
    done_with = [("Read", "opened-email"), ("Clicked", "opened-email"), ("Clicked", "clicked-email")]
    make_activities([*sent, *({"type_key": key, "dialogue_name": name} for name, key in done_with)])
    make_activities(
        [{"marketo_id": 502, "type_key": "opened-email", "dialogue_name": "Unread"}], guid="other"
    )

    page = soup(client.get(f"{lead}/email?type=sent-email"))

    assert column(page, "subject") == ["Clicked", "Read", "Unread"]
    assert column(page, "opened") == ["opened", "opened", DASH]
    assert column(page, "clicked") == ["clicked", DASH, DASH]


@pytest.mark.parametrize("asked", ["", "&sort=date", "&sort=subject", "&sort=-subject"])
def test_sorted_and_on_later_pages_too_an_e_mail_says_whether_it_was_opened_and_clicked(
    client, make_person, make_account, make_activities, asked
):
    """Two contacts got the same 60 e-mails: one opened the first 20, the other clicked in the first 10."""
    make_account()
    for number in (1, 2):
        make_person(f"003{number}", kind="contact", marketo_id=500 + number, account_crm_id="001A")
    subjects = [f"Mail {number:02}" for number in range(60)]
    at = [AT + timedelta(minutes=number) for number in range(60)]
    did = [
        (501, "opened-email", 20),
        (502, "clicked-email", 10),
        (501, "sent-email", 60),
        (502, "sent-email", 60),
    ]
    make_activities(
        {"marketo_id": whose, "type_key": key, "dialogue_name": subjects[number], "at": at[number]}
        for whose, key, many in did
        for number in range(many)
    )
    done: dict[tuple[str, str], list[str]] = {}
    for path, many in (("contacts/0031", 60), ("contacts/0032", 60), ("accounts/001A", 120)):
        found = list(pages(client, f"/{path}/email?type=sent-email{asked}"))
        assert sum(len(rows(page)) for page in found) == many
        for key in ("opened", "clicked"):
            said = [
                subject
                for page in found
                for subject, cell in zip(column(page, "subject"), column(page, key), strict=True)
                if cell != DASH
            ]
            done[path, key] = sorted(said)

    assert done == {
        ("contacts/0031", "opened"): subjects[:20],
        ("contacts/0031", "clicked"): [],
        ("contacts/0032", "opened"): [],
        ("contacts/0032", "clicked"): subjects[:10],
        ("accounts/001A", "opened"): subjects[:20],
        ("accounts/001A", "clicked"): subjects[:10],
    }


@on_one_database
def test_sales_e_mails_are_told_from_marketos_by_word_and_icon(client, company):
    page = soup(client.get("/leads/00Q1/email"))
    icons = {
        row["data-type"]: one(row, "a[data-detail] use")["href"].partition("#")[2]
        for row in page.select("tr[data-activity]")
    }
    sales = {key for key in icons if "sales" in key}

    assert len(sales) == 5
    assert {icons[key] for key in sales}.isdisjoint(icons[key] for key in icons.keys() - sales)
    for key in sales:
        assert "Sales" in one(page, f"tr[data-type={key}] a[data-detail]").get_text()


@on_one_database
def test_a_kind_of_moment_that_nobody_knows_is_a_moment_all_the_same(client, lead, make_activities):
    [id_] = make_activities([{"type_key": "moment", "extra": {"Type": "Fax"}, "dialogue_name": "Sent a fax"}])

    assert texts(soup(client.get(f"{lead}/moments")), "td[data-column=activity-type]") == [
        "Interesting Moment"
    ]
    assert facts(one(soup(client.get(f"/activities/{id_}")), "[data-activity-detail]"))["Type"] == "Fax"


@on_one_database
def test_the_tabs_stand_in_the_order_of_the_vocabulary(client, company):
    for panel in company.panels():
        tabs = [tab["data-tab"] for tab in soup(client.get(panel)).select("[role=tab]")]
        assert tabs == ["dashboard", "moments", "web", "email", "score", "chat"]


@on_one_database
def test_rows_of_one_family_are_in_no_other_familys_tab(client, lead, make_some):
    ids = {family: make_some(family, guid=f"one-{family}", at=this_week(5)) for family in EXPECTED}

    assert {family: rows(soup(client.get(f"{lead}/{family}"))) for family in EXPECTED} == ids
    assert not rows(soup(client.get(f"{lead}/chat")))
