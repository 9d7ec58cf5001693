"""Tabs and families on the configuration tab: which there are, in which order, and how long they are kept."""

import pytest
from sqlalchemy import select

from tests.html.conftest import browser, on_one_database
from tests.html.pages import send, squeezed
from tests.html.test_config import history
from tests.reading import HTMX, one, soup, texts
from webui.database import db
from webui.models import Installation

pytestmark = (
    on_one_database  # what is stored is tried on both by the command: tests/cli/test_configuration.py
)

PANEL_TABS = ["dashboard", "moments", "web", "email", "score", "chat"]
SECTIONS = {"panel_tabs": "/config/panel-tabs", "global_tabs": "/config/global-tabs"}


@pytest.fixture
def lead(make_person):
    make_person()
    return "/leads/00Q1"


def tabs(client, url):
    return [tab["data-tab"] for tab in soup(client.get(url)).select("[role=tab]")]


def stored(column):
    db.session.rollback()
    return db.session.execute(select(column)).scalar_one()


def form(client, action):
    return one(soup(client.get("/config")), f"form[action='{action}']")


def filled_in(client, action):
    """Return what a browser would send of a form that nobody touched."""
    inputs = form(client, action).select("input[name]:not([disabled])")
    return {
        field["name"]: field.get("value", "")
        for field in inputs
        if field["type"] != "checkbox" or field.has_attr("checked")
    }


def change(client, action, *unticked, **values):
    """Send a form with these boxes unticked and these fields changed; ``place_web`` is ``place-web``."""
    sent = filled_in(client, action)
    for name in unticked:
        del sent[name]
    named = {
        name if name == "hidden_days" else name.replace("_", "-"): value for name, value in values.items()
    }
    return send(client, action, **sent | named)


def rows(page, action):
    """Return (tab, whether it is shown, its place) of each row."""
    return [
        (
            row["data-tab-choice"],
            one(row, "input[type=checkbox]").has_attr("checked"),
            one(row, "input[type=text]")["value"],
        )
        for row in one(page, f"form[action='{action}']").select("[data-tab-choice]")
    ]


def refused(answer, field):
    """Return the sentence at a field of a form that was refused."""
    page = soup(answer, 422)
    told = one(page, "input[aria-invalid=true]")
    assert told["aria-describedby"] == f"{field}-error"
    return squeezed(one(page, f"#{field}-error[data-error]"))


# Tabs


def test_at_first_every_tab_is_there_in_the_usual_order(client, lead):
    page = soup(client.get("/config"))

    assert rows(page, "/config/panel-tabs") == [(key, True, str(n)) for n, key in enumerate(PANEL_TABS, 1)]
    assert tabs(client, lead) == PANEL_TABS
    assert tabs(client, "/global") == [key for key, *_ in rows(page, "/config/global-tabs")]


def test_a_tab_that_is_unticked_is_left_out_of_every_panel(client, company):
    assert change(client, "/config/panel-tabs", "shown-score").headers["Location"] == "/config"

    for panel in company.panels():
        assert tabs(client, panel) == [key for key in PANEL_TABS if key != "score"]
    last = rows(soup(client.get("/config")), "/config/panel-tabs")[-1]
    assert last == ("score", False, "6")


def test_the_order_is_by_the_places(client, lead):
    change(client, "/config/panel-tabs", place_chat="1", place_dashboard="6")

    assert tabs(client, lead) == ["chat", "moments", "web", "email", "score", "dashboard"]
    assert one(soup(client.get(lead)), "[role=tab][aria-selected=true]")["data-tab"] == "chat"


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ({"place_email": "2"}, ["dashboard", "email", "moments", "web", "score", "chat"]),
        ({"place_moments": "4"}, ["dashboard", "web", "email", "moments", "score", "chat"]),
        (
            {"place_chat": "1", "place_dashboard": "2"},
            ["chat", "dashboard", "moments", "web", "email", "score"],
        ),
        ({"place_web": "6", "place_email": "6"}, ["dashboard", "moments", "score", "chat", "web", "email"]),
        ({"place_dashboard": "99"}, ["moments", "web", "email", "score", "chat", "dashboard"]),
    ],
)
def test_a_tab_that_is_given_the_place_of_another_stands_there(client, lead, place, order):
    change(client, "/config/panel-tabs", **place)

    assert tabs(client, lead) == order


def test_digits_of_any_script_are_a_place(client, lead):
    change(client, "/config/panel-tabs", place_chat="１", place_dashboard="２")

    assert tabs(client, lead)[:2] == ["chat", "dashboard"]


def test_the_global_tab_has_an_order_of_its_own(client, lead):
    change(client, "/config/global-tabs", "shown-web", place_moments="1", place_chat="2")

    assert tabs(client, "/global")[:2] == ["moments", "chat"]
    assert "web" not in tabs(client, "/global")
    assert tabs(client, lead) == PANEL_TABS


def test_chat_cannot_be_left_out_there_and_the_page_says_what_hides_it(client, lead):
    section = one(soup(client.get("/config")), "[data-section=tabs]")
    for action in SECTIONS.values():
        box = one(section, f"form[action='{action}'] input[name=shown-chat]")
        assert box.has_attr("disabled")
        assert box.has_attr("checked")
    assert "Enable Dynamic Chat Data" in squeezed(section)

    change(client, "/config/panel-tabs", place_chat="2")
    assert tabs(client, lead)[:3] == ["dashboard", "chat", "moments"]


def test_one_tab_beside_chat_must_stay(client, lead):
    others = [f"shown-{key}" for key in PANEL_TABS if key != "chat"]

    answer = change(client, "/config/panel-tabs", *others)

    assert "no tab left" in refused(answer, "panel_tabs")
    assert not any(shown for key, shown, _ in rows(soup(answer, 422), "/config/panel-tabs") if key != "chat")
    assert tabs(client, lead) == PANEL_TABS
    assert history(soup(client.get("/config")))[0][0] == "switch"


def test_a_tab_whose_activities_are_off_is_none_that_stays(client, lead):
    change(client, "/config/families", "on-web")

    answer = change(
        client, "/config/panel-tabs", *[f"shown-{key}" for key in PANEL_TABS if key not in ("chat", "web")]
    )

    assert "no tab left" in refused(answer, "panel_tabs")


@pytest.mark.parametrize("place", ["", "first", "0", "-1", "1.5", "100", "99999"])
def test_a_place_that_is_none_is_refused_and_shown_as_it_was_typed(client, lead, place):
    answer = change(client, "/config/panel-tabs", "shown-score", place_web=place)

    assert "from 1 to 99" in refused(answer, "panel_tabs")
    typed = rows(soup(answer, 422), "/config/panel-tabs")
    assert ("web", True, place) in typed
    assert ("score", False, "5") in typed
    assert stored(Installation.panel_tabs) is None


def test_a_tab_that_there_is_not_is_refused(client):
    answer = send(client, "/config/panel-tabs", **{"place-nonsense": "1", "shown-nonsense": "y"})

    assert "no such tab" in refused(answer, "panel_tabs")


def test_putting_all_back_is_as_if_nothing_had_been_said(client, lead):
    change(client, "/config/panel-tabs", "shown-web", place_chat="1")
    sent = {f"shown-{key}": "y" for key in PANEL_TABS}
    send(client, "/config/panel-tabs", **sent, **{f"place-{k}": str(n) for n, k in enumerate(PANEL_TABS, 1)})

    assert tabs(client, lead) == PANEL_TABS
    assert stored(Installation.panel_tabs) is None


def test_the_history_says_which_tabs_there_were_and_are_by_name(client):
    change(client, "/config/global-tabs", "shown-web")
    change(client, "/config/global-tabs")

    what, was, became = history(soup(client.get("/config")))[0]
    assert what == "global-tabs"
    assert was.split(", ")[0] == "Chat"
    assert [name for name in was.split(", ") if name != "Web Activity"] == became.split(", ")
    assert was != became
    assert history(soup(client.get("/config")))[1][0] != "global-tabs"


# Families


def test_each_family_beside_chat_is_on_at_first_and_kept_for_ever(client):
    section = one(soup(client.get("/config")), "[data-section=families]")

    assert [row["data-family"] for row in section.select("[data-family]")] == PANEL_TABS[1:]
    assert [box["name"] for box in section.select("input[type=checkbox][checked]")] == [
        f"on-{key}" for key in PANEL_TABS[1:-1]
    ]
    assert {field["value"] for field in section.select("input[name^=kept-]")} == {""}
    assert one(section, "input[name=hidden_days]")["value"] == "7"
    assert "its own switch" in squeezed(one(section, "[data-family=chat]"))


def test_what_is_said_of_families_is_kept_and_noted_in_words(client):
    change(client, "/config/families", "on-score", kept_web="90", kept_chat="760", hidden_days="14")

    assert stored(Installation.families_off) == "score"
    assert stored(Installation.kept_days) == {"web": 90, "chat": 760}
    page = soup(client.get("/config"))
    assert history(page)[:3] == [
        ["hidden-days", "7 days", "14 days"],
        ["kept-days", "all of them for ever", "Web Activity: 90 days, Chat: 760 days"],
        [
            "families",
            "Interesting Moments, Web Activity, Email, Score",
            "Interesting Moments, Web Activity, Email",
        ],
    ]
    assert "Activities that are taken in" in texts(one(page, "[data-section=history]"), "td")
    assert filled_in(client, "/config/families")["kept-web"] == "90"


def test_what_is_saved_as_it_was_is_no_line_of_the_history(client):
    change(client, "/config/families", "on-score", kept_web="90")
    before = history(soup(client.get("/config")))
    change(client, "/config/families")

    assert history(soup(client.get("/config"))) == before


def test_days_that_are_emptied_are_for_ever_again(client):
    change(client, "/config/families", kept_web="90")
    change(client, "/config/families", kept_web="")

    assert stored(Installation.kept_days) is None


@pytest.mark.parametrize("days", ["30", "0", "-5", "soon", "31.5", "36501", "999999999"])
def test_a_family_is_kept_for_a_month_at_least_and_nothing_is_changed_otherwise(client, days):
    answer = change(client, "/config/families", "on-score", kept_email=days, kept_web="90", hidden_days="9")

    assert "from 31 to 36,500" in refused(answer, "kept_days_email")
    page = soup(answer, 422)
    assert one(page, "input[name=kept-email]")["value"] == days
    assert one(page, "input[name=kept-web]")["value"] == "90"
    assert not one(page, "input[name=on-score]").has_attr("checked")
    assert (stored(Installation.families_off), stored(Installation.kept_days)) == (None, None)
    assert stored(Installation.hidden_days) == 7


@pytest.mark.parametrize("days", ["", "0", "366", "a week"])
def test_a_person_is_hidden_for_a_day_to_a_year(client, days):
    answer = change(client, "/config/families", kept_web="90", hidden_days=days)

    assert "from 1 to 365" in refused(answer, "hidden_days")
    assert (stored(Installation.hidden_days), stored(Installation.kept_days)) == (7, None)


def test_families_that_are_no_more_than_the_last_tab_cannot_be_turned_off(client, lead):
    change(
        client, "/config/panel-tabs", *[f"shown-{key}" for key in PANEL_TABS if key not in ("chat", "web")]
    )

    page = soup(change(client, "/config/families", "on-web"), 422)

    assert "no tab left" in squeezed(one(page, "[data-error]"))
    assert tabs(client, lead) == ["web", "chat"]


def test_a_refused_form_of_another_section_leaves_the_boxes_as_they_are(client):
    page = soup(send(client, "/config/package-version", package_version="two"), 422)

    assert len(page.select("[data-section=families] input[checked]")) == 4
    assert one(page, "input[name=hidden_days]")["value"] == "7"


def test_reset_puts_tabs_and_families_back_to_what_they_were_at_first(client, lead):
    change(client, "/config/panel-tabs", "shown-web", place_chat="1")
    change(client, "/config/global-tabs", "shown-web")
    change(client, "/config/families", "on-score", kept_web="90", hidden_days="30")

    send(client, "/config/reset", sure="y")

    assert tabs(client, lead) == PANEL_TABS[:-1]
    assert "web" in tabs(client, "/global")
    sent = filled_in(client, "/config/families")
    assert (sent["on-score"], sent["kept-web"], sent["hidden_days"]) == ("y", "", "7")


def test_the_section_is_in_japanese_too(client):
    page = soup(client.get("/config?lang=ja"))

    assert "興味深い瞬間" in texts(one(page, "[data-section=tabs]"), "label")
    assert "スコア" in texts(one(page, "[data-section=families]"), "label")


# What is off


OFF = ("moments", "web", "email", "score")


@pytest.fixture
def activities(lead, make_activities):
    """An activity of each family beside chat, of the lead; ids by family."""
    keys = {"moments": "web-moment", "web": "visited-page", "email": "opened-email", "score": "changed-score"}
    return dict(zip(keys, make_activities([{"type_key": key} for key in keys.values()]), strict=True))


@pytest.fixture
def off(client, activities):
    """Turn a family off."""

    def turn(family):
        assert change(client, "/config/families", f"on-{family}").status_code == 303
        client.get("/config")  # the notice of it is shown once, there

    return turn


@pytest.mark.parametrize("family", OFF)
def test_a_family_that_is_off_has_no_tab_and_no_row(client, lead, off, family):
    assert soup(client.get(lead)).select(f"tr[data-row={family}]")

    off(family)

    page = soup(client.get(lead))
    assert family not in tabs(client, lead)
    assert not page.select(f"[data-row={family}], [data-summary={family}]")
    assert page.select("tr[data-row]")


@pytest.mark.parametrize("family", OFF)
def test_no_address_of_a_family_that_is_off_answers_with_content(client, lead, activities, off, family):
    off(family)

    for path in (f"{lead}/{family}", f"{lead}/{family}.csv", f"/activities/{activities[family]}"):
        page = soup(client.get(path), 404)
        assert one(page, "[data-notice=off]").get_text(strip=True)
        assert not page.select("table, [data-activity], [data-activity-detail], [role=tab]")
        assert one(page, "main a")["href"] == lead


@pytest.mark.parametrize("family", OFF)
def test_a_page_that_is_still_open_loses_the_tab_of_a_family_that_is_off(
    client, lead, activities, off, family
):
    off(family)

    for path in (f"{lead}/{family}?sort=date", f"/activities/{activities[family]}"):
        answer = client.get(path, headers=HTMX)
        part = soup(answer, 404)
        gone = {node["id"] for node in part.select("[hx-swap-oob=delete]")}
        assert gone == {f"tab-{family}", f"tabpanel-{family}"}
        assert one(part, "[data-notice=off]").get_text(strip=True)
        assert answer.headers["HX-Retarget"] == "#notices"
        assert answer.headers["HX-Trigger"] == "chatpane:tab-off"
        assert answer.headers["Cache-Control"] == "no-store"
        assert not part.select("html, table, #as-of")


def test_the_global_tab_loses_the_tab_of_a_family_that_is_off(client, off):
    off("web")

    assert "web" not in tabs(client, "/global")
    for path in ("/global/web", "/global/web.csv"):
        assert one(soup(client.get(path), 404), "[data-notice=off]")


def test_the_other_families_stay_as_they_are(client, lead, activities, off):
    off("web")

    for family in ("moments", "email", "score"):
        assert soup(client.get(f"{lead}/{family}")).select(f"[data-activity='{activities[family]}']")
    assert client.get(f"{lead}/chat").status_code == 200


def test_what_was_stored_comes_back_when_a_family_is_turned_on_again(client, lead, activities, off):
    off("web")
    change(client, "/config/families", on_web="y")

    assert soup(client.get(f"{lead}/web")).select(f"[data-activity='{activities['web']}']")


def test_what_comes_of_a_family_that_is_off_is_ignored_and_counted(client, lead, off, make_activities, save):
    off("web")

    with pytest.raises(KeyError):  # it is not there to be found
        make_activities([{"type_key": "visited-page", "guid": "late"}])

    files = one(soup(client.get("/config")), "[data-source=files]")
    assert one(files, "[data-count=ignored]").get_text() == "1"


def test_an_open_tab_that_was_left_out_goes_too_though_its_details_can_be_read(client, lead, activities):
    change(client, "/config/panel-tabs", "shown-web", "shown-dashboard")

    for key in ("web", "dashboard"):
        part = soup(client.get(f"{lead}/{key}", headers=HTMX), 404)
        gone = {node["id"] for node in part.select("[hx-swap-oob=delete]")}
        assert gone == {f"tab-{key}", f"tabpanel-{key}"}
    assert client.get(f"/activities/{activities['web']}").status_code == 200


def test_only_admins_say_what_is_shown(closed_app, app):
    stranger = browser(closed_app)

    for action in (*SECTIONS.values(), "/config/families"):
        assert stranger.post(action).status_code in (400, 401)
    assert stored(Installation.families_off) is None
