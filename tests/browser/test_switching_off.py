"""An admin turns the switch off in one window while reps have panels open in others."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import serving
from tests.browser.showcase import FIRST

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, browser: Browser, demo_loaded: Path) -> Iterator[str]:
    """A demo server of its own: its switch is turned off and on."""
    folder = Path(shutil.copytree(demo_loaded, tmp_path_factory.mktemp("switched") / "instance"))
    with serving(folder) as url:
        yield url


@pytest.fixture
def turn(window: Callable[..., BrowserContext], base: str) -> Iterator[Callable[[bool], None]]:
    """Turn the switch in another window, on the configuration tab; it is on again afterwards."""
    admin = window().new_page()

    def set_to(on: bool) -> None:
        admin.goto("/config")
        section = admin.locator("details[data-section=visualforce-panel]")
        section.locator("summary").click()
        admin.locator("input[name=enable_dynamic_chat]").set_checked(on)
        section.get_by_role("button").click()
        expect(admin.locator("[data-notice]")).to_be_visible()

    yield set_to
    set_to(True)


def _gone(page: Page) -> None:
    expect(page.locator("[data-notice=off]")).to_be_visible()
    expect(
        page.locator("[data-tab=chat], #tabpanel-chat, table[data-table=chat], [data-activity-detail]")
    ).to_have_count(0)


def _shows_the_dashboard(page: Page) -> None:
    expect(page.get_by_role("tab", name="Insights Dashboard")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#tabpanel-dashboard")).to_be_visible()
    expect(page.locator("table[data-grid]")).to_be_visible()
    expect(page.locator("[data-row=chat], [data-summary=chat]")).to_have_count(0)
    expect(page.locator("tr[data-row]")).to_have_count(4)


def test_a_rep_who_opens_a_detail_loses_the_tab_and_sees_the_dashboard(visit, turn, console):
    page = visit(FIRST["accounts"] + "?tab=chat")
    page.locator("a[data-detail]").first.click()
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    turn(False)

    page.locator("a[data-detail]").nth(3).click()

    _gone(page)
    _shows_the_dashboard(page)
    console.clear()  # the browser itself notes the 404


def test_a_rep_who_opens_the_tab_for_the_first_time_loses_it(visit, turn, console):
    page = visit(FIRST["leads"])
    turn(False)

    page.get_by_role("tab", name="Chat").click()

    _gone(page)
    _shows_the_dashboard(page)
    console.clear()


def test_a_rep_on_the_dashboard_loses_row_and_tab_at_the_next_click(visit, turn, console):
    page = visit(FIRST["contacts"])
    turn(False)

    page.locator("td[data-week] a").nth(5).click()

    _gone(page)
    _shows_the_dashboard(page)
    console.clear()


def test_a_rep_on_the_global_tab_loses_it_at_the_next_click(visit, turn, console):
    page = visit("/global")
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    turn(False)

    page.locator("#sort-date").click()

    _gone(page)
    console.clear()


def test_turning_it_on_again_brings_everything_back(visit, turn):
    turn(False)
    turn(True)
    page = visit(FIRST["opportunities"] + "?tab=chat")
    expect(page.locator("tr[data-activity]").first).to_be_visible()


def test_a_rep_who_comes_back_to_a_tab_that_was_loaded_loses_it_too(visit, turn, console):
    page = visit(FIRST["leads"] + "?tab=chat")
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    page.get_by_role("tab", name="Insights Dashboard").click()
    expect(page.locator("table[data-grid]")).to_be_visible()
    turn(False)

    page.get_by_role("tab", name="Chat").click()

    _gone(page)
    _shows_the_dashboard(page)
    console.clear()


def test_a_panel_that_nobody_touches_loses_the_tab_too(visit, turn, console):
    page = visit(FIRST["leads"] + "?tab=chat")
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    page.clock.install()
    page.reload()
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    turn(False)

    page.clock.run_for(5_000)

    _gone(page)
    _shows_the_dashboard(page)
    console.clear()


def test_a_dashboard_that_was_read_anew_is_left_in_peace(visit, turn, console):
    page = visit(FIRST["contacts"])
    turn(False)
    with page.expect_response("**/dashboard"):
        page.locator("td[data-week] a").nth(5).click()
    _shows_the_dashboard(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.locator("td[data-week] a").nth(6).click()
    page.wait_for_timeout(500)

    assert len([url for url in asked if "/dashboard" in url]) == 1
    console.clear()


def test_rows_that_came_while_it_was_on_again_go_with_it(visit, turn, console):
    turn(False)
    page = visit(FIRST["contacts"])
    turn(True)
    page.locator("#show-account").click()
    expect(page.locator("tr[data-row=chat]")).to_be_visible()
    turn(False)

    page.locator("li[data-row=chat] a[data-detail]").first.click()

    _gone(page)
    _shows_the_dashboard(page)
    console.clear()


def test_turning_a_tab_over_and_back_keeps_what_was_opened(visit, turn):
    page = visit(FIRST["accounts"] + "?tab=chat")
    page.locator("a[data-detail]").first.click()
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    page.get_by_role("tab", name="Insights Dashboard").click()
    page.get_by_role("tab", name="Chat").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-activity-detail]")).to_be_visible()


@pytest.fixture
def turn_web(window: Callable[..., BrowserContext], base: str) -> Iterator[Callable[[bool], None]]:
    """Turn Web Activity off or on in another window, on the configuration tab; it is on again afterwards."""
    admin = window().new_page()

    def set_to(on: bool) -> None:
        admin.goto("/config")
        section = admin.locator("section[data-section=families]")
        section.locator("input[name=on-web]").set_checked(on)
        section.get_by_role("button").click()
        expect(admin.locator("[data-notice]")).to_be_visible()

    yield set_to
    set_to(True)


def _web_is_gone(page: Page) -> None:
    expect(page.locator("[data-notice=off]")).to_be_visible()
    expect(page.locator("[data-tab=web], #tabpanel-web, table[data-table=web]")).to_have_count(0)


def test_a_rep_whose_tab_of_a_family_is_turned_off_goes_on_with_the_first_that_is_left(
    visit, turn_web, console
):
    page = visit(FIRST["accounts"] + "?tab=web")
    expect(page.locator("table[data-table=web] tr[data-activity]").first).to_be_visible()
    turn_web(False)

    page.locator("table[data-table=web] a[data-detail]").first.click()

    _web_is_gone(page)
    first = page.get_by_role("tab").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.locator("table[data-grid] tr[data-row]").first).to_be_visible()
    expect(page.locator("[data-row=web]")).to_have_count(0)
    expect(page.get_by_role("tab", name="Chat")).to_be_visible()
    console.clear()  # the browser itself notes the 404


def test_a_rep_on_another_tab_stays_there_when_a_family_is_turned_off(visit, turn_web, console):
    page = visit(FIRST["accounts"])
    page.locator("td[data-week] a").nth(3).click()
    expect(page.locator("li[data-row=web] a[data-detail]").first).to_be_visible()
    turn_web(False)

    page.locator("li[data-row=web] a[data-detail]").first.click()

    _web_is_gone(page)
    expect(page.get_by_role("tab", name="Insights Dashboard")).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-row=web]")).to_have_count(0)
    console.clear()


def test_a_rep_on_the_global_tab_loses_the_tab_of_a_family_that_is_turned_off(visit, turn_web, console):
    page = visit("/global?tab=web")
    expect(page.locator("table[data-table=web] tr[data-activity]").first).to_be_visible()
    turn_web(False)

    page.locator("table[data-table=web] a[data-detail]").first.click()

    _web_is_gone(page)
    expect(page.get_by_role("tab").first).to_have_attribute("aria-selected", "true")
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    console.clear()
