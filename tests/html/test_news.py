"""What an open panel hears of: activities that were stored after it was loaded, at almost no cost."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from tests.html.conftest import on_one_database, this_week
from tests.html.entering import enter
from tests.html.pages import rows, turn
from tests.html.test_every_route import statements
from tests.reading import HTMX, one, soup, texts
from webui import create_app

PANELS = ("/leads/00Q1", "/contacts/003A", "/accounts/001A", "/opportunities/006A", "/global")


def news_of(client, url):
    """Return where a Chat tab says that news are asked for."""
    return one(soup(client.get(url, headers=HTMX)), "[data-news]")["data-news"]


def test_nothing_is_said_while_nothing_was_stored(client, company):
    for panel in PANELS:
        answer = client.get(news_of(client, f"{panel}/chat"), headers=HTMX)
        assert (answer.status_code, answer.data) == (204, b""), panel


def test_an_unchanged_answer_reads_the_installations_facts_and_nothing_else(client, company):
    url = news_of(client, "/accounts/001A/chat")
    with statements() as run:
        assert client.get(url, headers=HTMX).status_code == 204
    assert run == []  # the facts are read without SQLAlchemy


def test_what_is_stored_meanwhile_is_told_once_with_the_new_count(client, company, make_activity):
    url = news_of(client, "/leads/00Q1/chat")
    before = len(rows(soup(client.get("/leads/00Q1/chat"))))
    new = make_activity(at=this_week(100), marketo_id=501)

    answer = client.get(url, headers=HTMX)
    page = soup(answer)

    assert rows(page) == [new]
    assert texts(page, "[data-arrived]") == ["1 new activity"]
    assert texts(page, "[data-total]") == [f"{before + 1} activities"]
    assert one(page, "a[data-detail]")["href"] == f"/chat/activities/{new}"
    assert client.get(answer.headers["X-News"], headers=HTMX).status_code == 204


def test_another_records_activity_is_no_news_and_moves_the_version_on(client, company, make_activity):
    url = news_of(client, "/leads/00Q1/chat")
    make_activity(at=this_week(100), marketo_id=509)

    answer = client.get(url, headers=HTMX)

    assert (answer.status_code, answer.data) == (204, b"")
    again = answer.headers["X-News"]
    assert parse_qs(urlsplit(again).query)["version"] > parse_qs(urlsplit(url).query)["version"]
    with statements() as run:
        assert client.get(again, headers=HTMX).status_code == 204
    assert len(run) <= 2


def test_the_filter_in_force_is_kept_and_such_a_table_takes_no_rows_in(client, company, make_activity):
    page = soup(client.get("/leads/00Q1/chat?type=reached-goal", headers=HTMX))
    place = one(page, "[data-news]")
    assert not place.has_attr("data-inserts")
    make_activity(at=this_week(100), marketo_id=501)
    goal = make_activity(at=this_week(101), marketo_id=501, type_key="reached-goal")

    answer = soup(client.get(place["data-news"], headers=HTMX))

    assert rows(answer) == [goal]
    assert one(answer, "[data-arrived] a")["href"] == "/leads/00Q1/chat?type=reached-goal"


def test_the_panel_says_where_to_ask_before_its_chat_tab_was_opened(client, company, make_activity):
    url = one(soup(client.get("/leads/00Q1")), "#tabpanel-chat")["data-news"]
    new = make_activity(at=this_week(100), marketo_id=501)
    assert rows(soup(client.get(url, headers=HTMX))) == [new]


@on_one_database
def test_what_is_broken_is_refused(client, company):
    for since in ("x", "-1", "9" * 30, "1.5"):
        assert client.get(f"/leads/00Q1/chat/news?since={since}", headers=HTMX).status_code == 400


@on_one_database
def test_once_switched_off_the_answer_is_the_notice_that_takes_the_tab_away(client, company):
    url = news_of(client, "/leads/00Q1/chat")
    turn(client, on=False)
    answer = client.get(url, headers=HTMX)
    assert one(soup(answer, 404), "[data-notice=off]")
    assert answer.headers["HX-Trigger"] == "chatpane:off"


@on_one_database
def test_asking_neither_renews_the_session_nor_takes_from_its_share_of_requests(settings, company):
    app = create_app(replace(settings, demo=False, session_idle_minutes=1, limit_session="5 per minute"))
    panel = enter(app, "leads/00Q1")
    url = news_of_panel(panel)
    later = panel_after(app, 30)

    answers = [later(panel, url) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [204] * 5
    assert all("X-Pane" not in answer.headers for answer in answers)
    assert later(panel, "/leads/00Q1/chat").headers["X-Pane"]
    assert later(panel, url).status_code == 429


def news_of_panel(panel):
    """Return where a panel's page says that news are asked for."""
    return one(panel.page, "#tabpanel-chat")["data-news"]


def panel_after(app, seconds):
    """Return a function that asks as if so many seconds had passed since the session was renewed."""
    sessions = app.extensions["chatpane_sessions"]
    sessions.idle = 2 * seconds

    def ask(panel, url):
        sent = sessions.read("page session", panel.headers["X-Pane"], generation_of(panel, sessions))
        older = sessions.write("page session", replace(sent, renewed=sent.renewed - seconds))
        return panel.get(url, **{"X-Pane": older})

    return ask


def generation_of(panel, sessions):
    """Return the generation that a panel's session is of."""
    return sessions._signers["page session"].loads(panel.headers["X-Pane"])[3]


def test_of_more_than_a_page_of_rows_it_says_that_there_are_more_and_sends_none(
    client, company, make_activities
):
    url = news_of(client, "/leads/00Q1/chat")
    make_activities([{"at": this_week(100 + second)} for second in range(60)])

    page = soup(client.get(url, headers=HTMX))

    assert rows(page) == []
    assert texts(page, "[data-arrived] a") == ["more than 50 new activities"]


def test_a_list_that_got_longer_by_a_person_who_arrived_is_told_as_changed(
    client, make_account, make_activity, make_person
):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    make_activity(marketo_id=501)
    make_activity(marketo_id=777)  # of somebody who is not known yet
    url = news_of(client, "/accounts/001A/chat")
    make_person("003B", kind="contact", account_crm_id="001A", marketo_id=777)

    answer = client.get(url, headers=HTMX)

    assert one(soup(answer), "[data-changed] a")["href"] == "/accounts/001A/chat"
    assert client.get(answer.headers["X-News"], headers=HTMX).status_code == 204


def test_an_end_of_a_conversation_that_comes_later_is_told_at_a_glance(client, make_person, make_activity):
    make_person()
    make_activity(at=this_week(), guid="talk", status="initiated")
    url = one(soup(client.get("/leads/00Q1")), "#tabpanel-chat")["data-news"]
    make_activity(at=this_week(), guid="talk", status="completed", score=3)

    answer = client.get(url, headers=HTMX)

    assert "Completed" in one(soup(answer), "#glance [data-glance-item=engagement]").text
    assert one(soup(answer), "#glance [data-glance-item=score]")
    assert client.get(answer.headers["X-News"], headers=HTMX).status_code == 204
