"""What a first view of a panel asks for, counted in a real browser: few requests and bytes, once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.showcase import PANELS

MOST_REQUESTS = 5
MOST_BYTES = 52_000  # five families' weeks and tabs among them


@pytest.fixture
def loaded(window: Callable[..., BrowserContext]) -> Callable[[str], dict[str, int]]:
    """Open a page and wait for its rows; returns how many bytes came over the wire, by path."""
    page: Page = window().new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    paths: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def asked(event: dict) -> None:
        paths[event["requestId"]] = event["request"]["url"].split("/", 3)[-1]

    def arrived(event: dict) -> None:
        if event["encodedDataLength"]:
            sizes[paths[event["requestId"]]] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", arrived)

    def load(path: str) -> dict[str, int]:
        sizes.clear()
        page.goto(path)
        expect(page.locator("[data-activity]:visible").first).to_be_visible()
        page.wait_for_timeout(300)
        return {path: size for path, size in sizes.items() if "icon.svg" not in path}  # no frame asks for it

    return load


@pytest.mark.parametrize("tab", ["", "?tab=chat"])
@pytest.mark.parametrize("panel", PANELS)
def test_a_first_view_takes_few_requests_and_few_bytes(loaded, panel: str, tab: str):
    sizes = loaded(panel + tab)

    assert len(sizes) <= MOST_REQUESTS, sizes
    assert 5_000 < sum(sizes.values()) <= MOST_BYTES, sizes


def test_a_second_record_loads_its_own_content_alone(loaded):
    loaded(PANELS[0] + "?tab=chat")

    sizes = loaded(PANELS[1] + "?tab=chat")

    assert {path.partition("?")[0] for path in sizes} == {PANELS[1][1:], f"{PANELS[1][1:]}/chat"}
