"""The Chat tab as a CSV file: all that is filtered, for those who may see it, as long as they may."""

import csv
import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.html.conftest import browser, on_one_database, this_week
from tests.html.entering import enter
from tests.html.pages import rows, turn
from tests.reading import HTMX, one, soup
from webui import audit, create_app, switch
from webui.access import visitors
from webui.database import db
from webui.feeds import export
from webui.models import Activity, Person
from webui.views.export import BrokenOff, _disposition, harmless

MANY = export.BATCH * 2 + 10


def table_of(answer):
    """Return a file's rows as lists of cells, the headings first."""
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_file_holds_what_is_filtered_in_the_order_that_is_seen(client, company):
    for asked in ("", "?type=reached-goal", "?sort=date", "?status=completed"):
        listed = len(rows(soup(client.get(f"/leads/00Q1/chat{asked}"))))
        answer = client.get(f"/leads/00Q1/chat.csv{asked}", buffered=True)
        table = table_of(answer)
        assert len(table) - 1 == listed, asked
        dates = [row[0] for row in table[1:]]
        assert dates == sorted(dates, reverse="sort=date" not in asked)
    assert client.get("/leads/00Q1/chat.csv?type=nothing", buffered=True).status_code == 400


def test_every_list_links_to_its_file_with_the_filter_in_force(client, company):
    for panel in ("/leads/00Q1", "/contacts/003A", "/accounts/001A", "/opportunities/006A", "/global"):
        page = soup(client.get(f"{panel}/chat?type=engaged-dialogue", headers=HTMX))
        href = one(page, "a[data-download]")["href"]
        assert href == f"{panel}/chat.csv?type=engaged-dialogue"
        assert len(table_of(client.get(href, buffered=True))) > 1


def test_it_is_for_excel(client, company):
    asked = {"Accept-Language": "ja", "X-Pane-Zone": "Asia/Tokyo"}
    answer = client.get("/leads/00Q1/chat.csv", headers=asked, buffered=True)
    text = answer.get_data()

    assert text.startswith("\ufeff".encode())
    assert text.count(b"\r\n") == len(text.decode().splitlines())
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    head, first, *_ = table_of(answer)
    assert "(Asia/Tokyo)" in head[0]
    assert "アクティビティタイプ" in head
    assert len(first) == len(head)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", first[0])


@on_one_database
def test_a_file_is_named_after_its_record_and_day_and_its_family_beside_chat(client, company):
    name = client.get("/contacts/003A/chat.csv", buffered=True).headers["Content-Disposition"]
    assert name.startswith('attachment; filename="__ 2')
    assert "filename*=UTF-8''%E4%BD%90%E8%97%A4%2020" in name
    for family, label in (("web", "Web%20Activity"), ("score", "Score")):
        name = client.get(f"/contacts/003A/{family}.csv", buffered=True).headers["Content-Disposition"]
        assert f"filename*=UTF-8''%E4%BD%90%E8%97%A4%20{label}%2020" in name
    assert '"' not in _disposition('a"b\r\n/../c').removeprefix('attachment; filename="').split('"', 1)[0]
    assert "\r" not in _disposition('a"b\r\n/../c')


@on_one_database
def test_no_cell_is_a_formula(client, company, make_activity):
    make_activity(at=this_week(900), dialogue='=HYPERLINK("http://x","y")')
    table = table_of(client.get("/leads/00Q1/chat.csv", buffered=True))
    cells = [cell for row in table for cell in row]
    assert '\'=HYPERLINK("http://x","y")' in cells
    for cell in ("=1", "+1", "-1", "@x", "\t=1", "\r1", "  =1", "＝1"):
        assert harmless(cell) == f"'{cell}"
    assert [harmless(cell) for cell in ("", "a=b", "予定", "x; y")] == ["", "a=b", "予定", "x; y"]
    assert harmless("x;=1; @y") == "x;'=1;' @y"  # where semicolons end cells


@on_one_database
def test_htmx_swaps_no_file_into_the_page(client, company):
    appointment = company.activities["scheduled-appointment", "scheduled"]
    talk = company.activities["engaged-dialogue", "completed"]
    for path in (
        "/leads/00Q1/chat.csv",
        "/global/chat.csv",
        f"/chat/activities/{appointment}/appointment.ics",
        f"/chat/activities/{talk}/transcript.txt",
    ):
        answer = client.get(path, headers=HTMX, buffered=True)
        assert (answer.status_code, answer.headers["HX-Reswap"]) == (200, "none"), path


@pytest.fixture
def many(company, make_activities):
    """More activities of the lead than two batches hold, some at the same time."""
    return make_activities([{"at": this_week(number // 3)} for number in range(MANY)])


def test_it_is_whole_over_several_batches(client, many):
    table = table_of(client.get("/leads/00Q1/chat.csv?dialogue=Pricing&type=engaged-dialogue", buffered=True))
    assert len(table) - 1 >= MANY


@pytest.fixture
def reading(settings, many):
    """A download by a lead's panel that has begun: gives its parts."""
    app = create_app(replace(settings, demo=False))
    panel = enter(app, "leads/00Q1")
    answer = app.test_client().get("/leads/00Q1/chat.csv", headers=panel.headers)
    assert answer.status_code == 200
    parts = answer.iter_encoded()
    next(parts)
    next(parts)
    return app, parts


def test_it_breaks_off_when_the_switch_is_turned_off(reading):
    app, parts = reading
    with app.app_context():
        switch.turn(False, "ann")
    with pytest.raises(BrokenOff):
        list(parts)


@pytest.fixture
def many_visits(company, make_activities):
    """More visits of the lead than two batches hold; returns how many the lead has in all."""
    make_activities([{"at": this_week(number // 3)} for number in range(MANY)], type_key="visited-page")
    visits = select(func.count()).select_from(Activity).join(Person).where(Person.crm_id == "00Q1")
    return db.session.execute(visits.where(Activity.family == "web")).scalar_one()


def test_another_familys_file_is_whole_while_chats_are_off(client, many_visits):
    turn(client, on=False)

    assert len(table_of(client.get("/leads/00Q1/web.csv", buffered=True))) - 1 == many_visits >= MANY


def test_another_familys_file_breaks_off_when_that_family_is_turned_off(settings, many_visits, turned_off):
    app = create_app(replace(settings, demo=False))
    panel = enter(app, "leads/00Q1")
    parts = app.test_client().get("/leads/00Q1/web.csv", headers=panel.headers).iter_encoded()
    next(parts)
    next(parts)
    turned_off("web")

    with pytest.raises(BrokenOff):
        list(parts)
    with app.app_context():
        broken = next(iter(audit.entries(action=audit.REFUSED)))
        assert (broken.what, broken.why) == ("/leads/00Q1/web.csv", "broken off: web was switched off")


def test_it_breaks_off_when_everyone_is_signed_out(reading):
    app, parts = reading
    with app.app_context():
        visitors.sign_out_everyone("ann")
    with pytest.raises(BrokenOff):
        list(parts)
    with app.app_context():
        broken = next(iter(audit.entries(action=audit.REFUSED)))
        assert (broken.what, broken.why) == ("/leads/00Q1/chat.csv", "broken off: the session is over")


def test_the_trail_has_who_took_it(settings, company):
    app = create_app(replace(settings, demo=False))
    panel = enter(app, "accounts/001A")
    for family in ("chat", "web"):
        panel.browser.get(f"/accounts/001A/{family}.csv", headers=panel.headers, buffered=True)
    db.session.rollback()
    noted = [one for one in audit.entries(action=audit.OPENED) if one.why == "exported as CSV"]
    taken = {("link:ann", "accounts/001A"), ("link:ann", "accounts/001A/web")}
    assert {(one.viewer, one.what) for one in noted} == taken


@on_one_database
def test_nothing_is_taken_along_while_it_is_off_or_by_strangers(client, closed_app, company):
    assert browser(closed_app).get("/leads/00Q1/chat.csv").status_code == 401
    assert enter(closed_app, "leads/00Q2").get("/leads/00Q1/chat.csv").status_code == 404
    turn(client, on=False)
    assert one(soup(client.get("/leads/00Q1/chat.csv", buffered=True), 404), "[data-notice=off]")
