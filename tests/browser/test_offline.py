"""A panel without a connection, on paper, and what a browser that is too old is told."""

import pytest
from playwright.sync_api import expect

from tests.browser.showcase import FIRST

pytestmark = pytest.mark.browser


def test_it_says_that_there_is_no_connection_and_goes_on_by_itself(visit, console):
    page = visit(FIRST["leads"] + "?tab=chat")
    expect(page.locator("tr[data-activity]").first).to_be_visible()

    page.context.set_offline(True)
    expect(page.locator("#notices [data-offline]")).to_be_visible()
    page.locator("a[data-detail]").first.click()
    expect(page.locator("[data-failure]")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("[data-offline], [data-failure]")).to_have_count(0)
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    console.clear()  # the browser itself notes the failed request


def test_on_paper_there_are_rows_and_the_detail_and_nothing_to_press(visit):
    page = visit(FIRST["leads"] + "?tab=chat", color_scheme="dark")
    page.locator("a[data-detail]").first.click()
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    for gone in ("[role=tablist]", "[data-download]", "[data-close]"):
        expect(page.locator(gone)).to_be_hidden()
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_a_browser_of_today_is_not_told_that_it_is_old(visit):
    expect(visit(FIRST["leads"]).locator(".too-old")).to_be_hidden()
