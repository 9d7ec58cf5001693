"""People who were merged or deleted, as a rep meets them: led on, or told in words, and never a dead link."""

import pytest

from tests.html.conftest import browser, on_one_database
from tests.html.pages import squeezed
from tests.reading import one, soup, texts
from webui.access.grants import Grant, Opens
from webui.access.policy import OneActivity, OneRecord, allows

pytestmark = on_one_database


@pytest.fixture
def two_contacts(make_account, make_person, make_opportunity):
    """Two contacts of an account with roles in an opportunity: Ann (501) and Bo (502)."""
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A", email="ann@larkspur.example")
    make_person("003B", kind="contact", marketo_id=502, first_name="Bo", account_crm_id="001A")
    make_opportunity("006A", people=("003A", "003B"))


@pytest.mark.parametrize("path", ["/leads/00Q2", "/leads/00Q2/chat", "/leads/00Q2/dashboard?week=2026-03-02"])
def test_a_merged_leads_address_leads_to_the_same_place_of_the_winner(client, make_person, merge, path):
    make_person("00Q1")
    make_person("00Q2", marketo_id=502)
    merge(502, into=501)
    assert client.get(path).headers["Location"] == path.replace("00Q2", "00Q1")


def test_a_chat_of_a_merged_lead_says_for_which_id_it_was_logged(client, make_person, make_activity, merge):
    make_person("00Q1")
    id_ = make_activity(marketo_id=502)
    merge(502, into=501)
    said = texts(soup(client.get(f"/chat/activities/{id_}")), "details[data-section=more] dd")
    assert [text for text in said if "502" in text] == ["Marketo lead 502, since merged into this one"]


@pytest.mark.parametrize("kind", ["lead", "contact"])
def test_who_may_open_the_loser_may_open_the_winner_and_nobody_else(
    whole_app, settings, make_person, make_activity, merge, kind
):
    panel = f"{kind}s"
    for number in (1, 2, 3):
        make_person(f"P{number}", kind=kind, marketo_id=500 + number)
    mine, other = make_activity(marketo_id=501), make_activity(marketo_id=503)
    merge(502, into=501)
    grant = Grant("rep", Opens(panel, "P2"))
    asked = [
        OneRecord(Opens(panel, "P1")),
        OneActivity(mine),
        OneRecord(Opens(panel, "P3")),
        OneActivity(other),
    ]
    assert [bool(allows(grant, one, settings)) for one in asked] == [True, True, False, False]


@pytest.mark.parametrize("keep", [False, True])
def test_a_deleted_persons_panel_is_not_there(client, two_contacts, make_activity, delete, keep):
    make_activity()
    delete(501, keep_activities=keep)
    for path in ("/contacts/003A", "/contacts/003A/chat", "/contacts/003A/dashboard"):
        assert "was deleted" in squeezed(one(soup(client.get(path), 404), "[data-error]"))


def test_who_was_not_granted_a_deleted_person_is_not_told_that_there_was_one(
    closed_app, two_contacts, make_activity, delete
):
    delete(501)
    [gone, never] = (browser(closed_app).get(f"/contacts/{id_}") for id_ in ("003A", "003Z"))
    assert (gone.status_code, gone.text.replace("003A", "")) == (
        never.status_code,
        never.text.replace("003Z", ""),
    )


def test_a_deleted_persons_chats_are_in_no_list_and_have_no_detail(
    client, two_contacts, make_activity, delete
):
    gone, stays = make_activity(), make_activity(marketo_id=502)
    delete(501)
    for panel in ("/accounts/001A", "/opportunities/006A", "/global"):
        rows = soup(client.get(f"{panel}/chat")).select("tr[data-activity]")
        assert [row["data-activity"] for row in rows] == [str(stays)]
    one(soup(client.get(f"/chat/activities/{gone}"), 404), "[data-error]")


@pytest.mark.parametrize(
    ("path", "column"),
    [("/accounts/001A/chat", "name"), ("/opportunities/006A/chat", "name"), ("/global/chat", "person")],
)
def test_kept_chats_are_listed_as_a_deleted_persons_without_a_link(
    client, two_contacts, make_activity, delete, path, column
):
    make_activity(summary="Ann asked", transcript="It is me, Ann", extra={"Nickname": "Annie"})
    delete(501, keep_activities=True)
    page = soup(client.get(path))
    assert texts(page, f"td[data-column={column}]") == ["Deleted person"]
    assert page.select(f"td[data-column={column}] a") == []
    assert "deleted-" not in str(page)


def test_the_weekly_list_names_a_deleted_person_so_too(client, two_contacts, make_activity, delete):
    make_activity()
    delete(501, keep_activities=True)
    line = one(soup(client.get("/accounts/001A/dashboard")), "li[data-activity]")
    assert "Deleted person" in texts(line, "span")
    assert [link["href"] for link in line.select("a")] == [f"/chat/activities/{line['data-activity']}"]


def test_the_detail_of_a_kept_chat_says_nothing_of_the_person(client, two_contacts, make_activity, delete):
    id_ = make_activity(
        status="completed", summary="Ann asked", transcript="It is me, Ann", extra={"Nickname": "Annie"}
    )
    delete(501, keep_activities=True)
    page = soup(client.get(f"/chat/activities/{id_}"))
    assert one(page, "p.back a")["href"] == "/accounts/001A?tab=chat"
    assert texts(page, "[data-no-transcript]") == ["What was said was deleted with the person."]
    assert page.title is not None
    assert "Deleted person" in page.title.get_text()
    main = one(page, "main")
    for icon in main.select("svg"):
        icon.decompose()  # its address has a digest
    for word in ("Ann", "501", "003A", "deleted-"):
        assert word not in str(main), word


def test_what_was_written_to_or_about_a_deleted_person_is_gone(client, two_contacts, make_activity, delete):
    told = {"source": "Ann's list", "referrer": "https://ann.example/"}
    moment = make_activity("Ann asked for a quote", type_key="web-moment", told=told)
    email = make_activity("A word for Ann", type_key="sent-email", told=told)
    visit = make_activity("/pricing", type_key="visited-page", told=told)
    delete(501, keep_activities=True)
    for id_ in (moment, email, visit):
        assert "Ann" not in squeezed(one(soup(client.get(f"/activities/{id_}")), "main")), id_
    rows = soup(client.get("/accounts/001A/web")).select("table[data-table=web] td[data-column=page]")
    assert [squeezed(row) for row in rows] == ["/pricing"]


def test_a_kept_chat_of_a_lead_leads_back_to_the_global_tab(client, make_person, make_activity, delete):
    make_person()
    id_ = make_activity()
    delete(501, keep_activities=True)
    page = soup(client.get(f"/chat/activities/{id_}"))
    assert one(page, "p.back a")["href"] == "/global"  # whose first tab is Chat


def test_a_deleted_person_is_none_of_an_accounts_contacts(client, two_contacts, make_activity, delete):
    make_activity()
    before = texts(soup(client.get("/accounts/001A")), "header.who")
    delete(501, keep_activities=True)
    after = texts(soup(client.get("/accounts/001A")), "header.who")
    assert [text.replace("2", "1").replace("contacts", "contact") for text in before] == after
