"""A panel whose answers fail for a while, as the database's restart lets them, goes on by itself."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open as Visit
from tests.browser.conftest import ready
from tests.browser.showcase import FIRST

pytestmark = pytest.mark.browser

SENTENCE = "The data cannot be reached right now."
SAID = {
    "status": 503,
    "headers": {"Retry-After": "1", "Content-Type": "text/html; charset=utf-8"},
    "body": f"<p data-error role=alert><strong>{SENTENCE}</strong> Try again in a moment.</p>",
}


def failing(page: Page, address: str, times: int) -> list[str]:
    """Let the next requests of an address fail, so often; return a list that each request adds to."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        if len(asked) <= times:
            route.fulfill(**SAID)
        else:
            route.fallback()

    page.route(address, answer)
    return asked


def test_a_tab_that_failed_twice_says_so_and_loads_by_itself(visit: Visit, console: list[str]):
    page = visit(FIRST["leads"])
    asked = failing(page, "**/chat", times=2)
    page.get_by_role("tab", name="Chat").click()

    expect(page.locator("#fragment-chat [data-error]")).to_contain_text(SENTENCE)
    expect(page.locator("#fragment-chat [data-retry]")).to_be_visible()
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    expect(page.locator("[data-failure]")).to_have_count(0)
    expect(page.get_by_role("tab", name="Chat")).to_be_focused()
    assert len(asked) == 3
    console.clear()  # the browser itself notes each failed request


def test_a_detail_that_failed_twice_says_so_and_opens_by_itself(visit: Visit, console: list[str]):
    page = visit(FIRST["leads"] + "?tab=chat")
    failing(page, "**/chat/activities/*", times=2)
    page.locator("a[data-detail]").last.click()

    expect(page.locator(".slot [data-error]")).to_contain_text(SENTENCE)
    expect(page.locator(".slot [data-error]")).to_be_in_viewport()
    expect(page.locator("[data-activity-detail] h3")).to_be_focused()
    expect(page.locator("[data-failure]")).to_have_count(0)
    console.clear()


def test_it_is_tried_a_few_times_and_then_waits_for_the_button(visit: Visit, console: list[str]):
    page = visit("about:blank")
    page.clock.install()
    page.goto(FIRST["leads"])
    page.clock.run_for(1_000)
    ready(page)
    asked = failing(page, "**/chat", times=6)
    page.get_by_role("tab", name="Chat").click()

    for _ in range(60):
        page.clock.run_for(1_000)
        page.wait_for_timeout(20)  # what was asked is answered in the time of the server
    assert len(asked) == 6
    page.locator("#fragment-chat [data-retry]").click()
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    console.clear()


def test_a_tab_whose_worker_was_killed_loads_by_itself(visit: Visit, console: list[str]):
    page = visit(FIRST["leads"])
    page.route("**/chat", lambda route: route.abort(), times=1)
    page.get_by_role("tab", name="Chat").click()

    expect(page.locator("#fragment-chat [data-retry]")).to_be_visible()
    expect(page.locator("tr[data-activity]").first).to_be_visible(timeout=8_000)
    console.clear()


def test_a_fault_is_not_tried_again_by_itself(visit: Visit, console: list[str]):
    page = visit(FIRST["leads"])
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/chat") else None)
    page.route("**/chat", lambda route: route.fulfill(**{**SAID, "status": 500}))
    page.get_by_role("tab", name="Chat").click()

    expect(page.locator("#fragment-chat [data-retry]")).to_be_visible()
    page.wait_for_timeout(1_500)
    assert len(asked) == 1
    console.clear()
