"""The four panels: who this is, a tab bar, and only the activities that belong there."""

import re
from urllib.parse import quote

import pytest

from tests.html.conftest import on_one_database
from tests.html.pages import links, squeezed
from tests.reading import HTMX, one, soup, texts
from webui.ingest.records import RoleRecord
from webui.vocabulary import FAMILY, PANELS

each_family = pytest.mark.parametrize("family", FAMILY)
ODD_IDS = ("営業 50%2F+;,é~", "a&b=c?d#f'q\"<i>")


def header(page):
    return one(page, "main > header")


def test_a_lead_panel_says_who_this_is(client, make_person):
    make_person(email="ann@larkspur.example", owner="Kim Owner")

    head = header(soup(client.get("/leads/00Q1")))

    assert texts(head, "h1") == ["Ann Lee"]
    assert "Lead" in squeezed(head)
    assert "ann@larkspur.example" in squeezed(head)
    assert "Kim Owner" in squeezed(head)


def test_a_person_without_a_name_is_called_by_e_mail_once(client, make_person):
    make_person(first_name=None, last_name=None, email="ann@larkspur.example")

    head = header(soup(client.get("/leads/00Q1")))

    assert squeezed(head).count("ann@larkspur.example") == 1


def test_a_contact_panel_names_the_account_with_a_link(client, make_account, make_person):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")

    head = header(soup(client.get("/contacts/003A")))

    assert "Contact" in squeezed(head)
    assert one(head, 'a[href="/accounts/001A"]').get_text() == "Larkspur"


def test_an_account_that_only_others_spoke_of_is_called_by_its_id(client, make_person):
    make_person("003A", kind="contact", account_crm_id="001X")

    assert texts(soup(client.get("/accounts/001X")), "h1") == ["001X"]
    assert one(soup(client.get("/contacts/003A")), 'a[href="/accounts/001X"]').get_text() == "001X"


def test_an_account_panel_says_how_many_contacts_it_has(client, make_account, make_person):
    make_account()
    make_person("003A", kind="contact", marketo_id=1, account_crm_id="001A")
    make_person("003B", kind="contact", marketo_id=2, account_crm_id="001A")

    head = header(soup(client.get("/accounts/001A")))

    assert texts(head, "h1") == ["Larkspur"]
    assert "2 contacts" in squeezed(head)


def test_an_opportunity_panel_names_its_account_and_counts_its_people_once(
    client, make_account, make_person, make_opportunity, save
):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_opportunity(people=("003A",), account_crm_id="001A")
    make_opportunity(people=("003A",), account_crm_id="001A")

    head = header(soup(client.get("/opportunities/006A")))

    assert texts(head, "h1") == ["Renewal"]
    assert one(head, 'a[href="/accounts/001A"]').get_text() == "Larkspur"
    assert "1 person in a role" in squeezed(head)


@on_one_database
def test_each_panel_has_a_dashboard_and_a_tab_for_each_family(client, company):
    for panel in company.panels():
        bar = one(soup(client.get(panel)), "[role=tablist]")

        assert [tab["data-tab"] for tab in bar.select("[role=tab]")] == ["dashboard", *FAMILY]
        assert texts(bar, "[role=tab]") == [
            "Insights Dashboard",
            "Interesting Moments",
            "Web Activity",
            "Email",
            "Score",
            "Chat",
        ]


@on_one_database
def test_a_panel_opens_on_the_dashboard(client, make_person):
    make_person()

    page = soup(client.get("/leads/00Q1"))

    assert one(page, "[role=tab][aria-selected=true]")["data-tab"] == "dashboard"
    assert page.select("table[data-grid]")
    assert not page.select("table[data-table]")


@on_one_database
@each_family
def test_the_tab_of_the_url_is_open_at_once(client, make_person, family):
    make_person()

    page = soup(client.get(f"/leads/00Q1?tab={family}"))

    assert one(page, "[role=tab][aria-selected=true]")["data-tab"] == family
    assert not page.select("table[data-grid]")


@on_one_database
def test_each_tab_shows_and_hides_its_own_panel(client, company):
    for panel in company.panels():
        tabs = [f"{panel}{tab}{key}" for tab in ("?tab=", "/") for key in ("dashboard", "web", "chat")]
        for url in (panel, *tabs):
            page = soup(client.get(url))
            for tab in page.select("[role=tab]"):
                shown = one(page, f"#{tab['aria-controls']}[role=tabpanel]")
                assert shown.has_attr("hidden") == (tab["aria-selected"] == "false"), url
                assert shown["aria-labelledby"] == tab["id"]


@on_one_database
def test_each_tab_is_a_link_to_the_panel_with_that_tab_open(client, make_person):
    make_person()
    page = soup(client.get("/leads/00Q1"))

    for key in ("dashboard", *FAMILY):
        opened = soup(client.get(one(page, f"[data-tab={key}]")["href"]))
        assert one(opened, "[role=tab][aria-selected=true]")["data-tab"] == key


@on_one_database
@each_family
def test_a_familys_tab_loads_its_rows_when_it_is_first_shown(client, company, family):
    for panel in company.panels():
        lazy = one(soup(client.get(panel)), f"[data-fragment={family}]")

        assert lazy["hx-get"] == f"{panel}/{family}"
        assert "once" in lazy["hx-trigger"]
        assert one(lazy, "a")["href"] == f"{panel}/{family}"


@on_one_database
def test_the_dashboard_loads_lazily_where_chat_was_opened_first(client, make_person):
    make_person()

    lazy = one(soup(client.get("/leads/00Q1?tab=chat")), "[data-fragment=dashboard]")

    assert lazy["hx-get"] == one(lazy, "a")["href"] == "/leads/00Q1/dashboard"


@on_one_database
def test_a_tab_that_is_none_is_a_bad_request_with_a_sentence(client, make_person):
    make_person()

    assert "nonsense" in one(soup(client.get("/leads/00Q1?tab=nonsense"), 400), "[data-error]").get_text()


def test_an_unknown_record_is_not_found_as_page_and_as_fragment(client, make_person):
    make_person("00Q1", kind="lead")
    for panel in PANELS:
        for tab in ("", "/dashboard", *(f"/{family}" for family in FAMILY)):
            url = f"/{panel}/nobody{tab}"
            assert one(soup(client.get(url), 404), "main [data-error]").get_text(strip=True)
            assert one(soup(client.get(url, headers=HTMX), 404), "[data-error]").get_text(strip=True)


def test_a_leads_id_opens_no_contact(client, make_person):
    make_person("00Q1", kind="lead")

    assert client.get("/contacts/00Q1").status_code == 404


def test_an_id_that_no_record_can_have_is_not_found(client):
    urls = [f"/{panel}/{no_id}" for panel in PANELS for no_id in ("x" * 300, "%ff%fe", "..%5c", "a%00b")]

    assert [url for url in urls if client.get(url).status_code != 404] == []


CONVERTED = {
    "/leads/00Q9": "/contacts/003B",
    "/leads/00Q9/chat": "/contacts/003B/chat",
    "/leads/00Q9/dashboard?week=2026-03-02": "/contacts/003B/dashboard?week=2026-03-02",
    "/leads/00Q9?tab=chat": "/contacts/003B?tab=chat",
    "/leads/00Q9/chat?dialogue=Ready%3F&sort=date": "/contacts/003B/chat?dialogue=Ready%3F&sort=date",
    "/leads/00Q9/chat?dialogue=Ready?": "/contacts/003B/chat?dialogue=Ready?",
}


def test_a_converted_leads_address_leads_to_the_same_place_of_the_contact(client, company):
    answers = {asked: client.get(asked) for asked in CONVERTED}

    assert {asked: answer.headers.get("Location") for asked, answer in answers.items()} == CONVERTED
    assert {answer.status_code for answer in answers.values()} <= {301, 302, 303, 307, 308}


def test_a_converted_lead_with_an_odd_id_leads_to_the_same_place_too(client, make_person):
    make_person("lead 1?", kind="lead")
    make_person("contact #1", kind="contact")

    answer = client.get("/leads/lead%201%3F/chat?sort=date")

    assert answer.headers["Location"] == "/contacts/contact%20%231/chat?sort=date"


def test_a_converted_leads_fragment_is_the_contacts(client, company):
    answer = client.get("/leads/00Q9/chat", headers=HTMX, follow_redirects=True)

    assert texts(soup(answer), "td[data-column=dialogue-name]") == ["Pricing"]


def test_an_account_shows_its_contacts_activities_each_named_and_nobody_elses(
    client, make_account, make_person, make_activity
):
    make_account()
    make_account("001B", "Other Ltd")
    make_person(
        "003A", kind="contact", marketo_id=1, first_name="Ann", last_name="One", account_crm_id="001A"
    )
    make_person("003B", kind="contact", marketo_id=2, first_name="Bo", last_name="Two", account_crm_id="001A")
    make_person(
        "003C", kind="contact", marketo_id=3, first_name="Cy", last_name="Other", account_crm_id="001B"
    )
    make_person("00Q1", kind="lead", marketo_id=4, first_name="Di", last_name="Lead", account_crm_id="001A")
    make_person("003E", kind="contact", marketo_id=5, first_name="Ed", last_name="Alone")
    for marketo_id in (1, 2, 3, 4, 5, 6):
        make_activity(marketo_id=marketo_id, at=f"2026-03-02T09:0{marketo_id}Z")

    table = one(soup(client.get("/accounts/001A/chat")), "table[data-table=chat]")

    assert texts(table, "td[data-column=name]") == ["Bo Two", "Ann One"]
    assert [a["href"] for a in table.select("td[data-column=name] a")] == ["/contacts/003B", "/contacts/003A"]


def test_an_opportunity_shows_the_activities_of_the_people_in_its_roles_and_nobody_elses(
    client, make_account, make_person, make_opportunity, make_activity
):
    make_account()
    make_person(
        "003A", kind="contact", marketo_id=1, first_name="Ann", last_name="One", account_crm_id="001A"
    )
    make_person(
        "003B", kind="contact", marketo_id=2, first_name="Bo", last_name="Colleague", account_crm_id="001A"
    )
    make_person("00Q1", kind="lead", marketo_id=3, first_name="Di", last_name="Lead")
    make_person("00Q2", kind="lead", marketo_id=4, first_name="Else", last_name="Where")
    make_opportunity(people=("003A", "00Q1", "unknown"), account_crm_id="001A")
    make_opportunity("006B", people=("00Q2",), account_crm_id="001A")
    for marketo_id in (1, 2, 3, 4):
        make_activity(marketo_id=marketo_id, at=f"2026-03-02T09:0{marketo_id}Z")

    table = one(soup(client.get("/opportunities/006A/chat")), "table[data-table=chat]")

    assert texts(table, "td[data-column=name]") == ["Di Lead", "Ann One"]
    assert [a["href"] for a in table.select("td[data-column=name] a")] == ["/leads/00Q1", "/contacts/003A"]


def test_a_person_in_two_roles_of_a_deal_is_listed_and_counted_once(
    client, make_person, make_opportunity, make_activity, save
):
    make_person()
    make_opportunity(people=("00Q1",))
    save(RoleRecord(opportunity_crm_id="006A", person_crm_id="00Q1", role="Second role", is_primary=True))
    make_activity()

    page = soup(client.get("/opportunities/006A/chat"))

    assert len(page.select("tr[data-activity]")) == 1
    assert squeezed(one(page, "[data-said]")) == "1 activity"


def test_a_persons_activities_are_there_as_soon_as_the_person_is(client, make_activity, make_person):
    make_activity(dialogue="Before we knew you")
    make_person()

    assert texts(soup(client.get("/leads/00Q1/chat")), "td[data-column=dialogue-name]") == [
        "Before we knew you"
    ]


def test_two_marketo_ids_of_one_person_make_one_list(client, make_person, make_activity):
    make_person(marketo_id=501)
    make_person(marketo_id=502)
    make_activity(marketo_id=501, at="2026-03-02T09:00Z", dialogue="First id")
    make_activity(marketo_id=502, at="2026-03-02T09:01Z", dialogue="Second id")

    table = soup(client.get("/leads/00Q1/chat"))

    assert texts(table, "td[data-column=dialogue-name]") == ["Second id", "First id"]


@on_one_database
@pytest.mark.parametrize("odd", ODD_IDS)
def test_every_link_works_whatever_characters_a_crm_id_has(
    client, make_account, make_person, make_opportunity, make_activities, odd
):
    """A link that is not encoded leads to nowhere, or worse, to someone else."""
    make_account(odd, "Odd Account")
    make_person(odd, kind="contact", last_name="Contact", account_crm_id=odd)
    make_person(odd, kind="lead", marketo_id=502, last_name="Lead")
    make_person("003B", kind="contact", marketo_id=503, last_name="Other", account_crm_id=odd)
    make_opportunity(odd, people=(odd, "003B"), name="Odd Deal", account_crm_id=odd)
    make_activities([{}] * 51)
    make_activities([{"marketo_id": 502}, {"marketo_id": 503}])
    ahead = ["/global/chat", f"/opportunities/{quote(odd, safe='')}"]
    kinds, names = set(map(kind_of, ahead)), set()

    for url in ahead:
        page = soup(client.get(url))
        names |= set(texts(page, "main > header h1"))
        for link in sorted(links(page, url)):
            if kind_of(link) not in kinds:
                kinds.add(kind_of(link))
                ahead.append(link)

    assert names >= {"Ann Contact", "Ann Lead", "Ann Other", "Odd Account", "Odd Deal"}
    assert {f"/{panel}/{quote(odd, safe='')}/chat" for panel in PANELS} <= kinds


def kind_of(link):
    """Reduce a link to its kind: one week, activity and choice of families stand for all others."""
    kind = re.sub(r"(?<=week=)[\d-]+|(?<=after=)[\d.]+|(?<=activities/)\d+", "", link)
    return re.sub(r"(family=)\w+(&family=\w+)*", r"\1", kind)
