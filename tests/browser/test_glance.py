"""What a part of the line above the tabs leads to, whatever was loaded before."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open as Visit
from tests.browser.showcase import FIRST


@pytest.mark.parametrize("tab", ["", "?tab=chat"])
def test_the_last_engagement_opens_in_the_chat_tab(visit: Visit, tab: str):
    page = visit(FIRST["accounts"] + tab)
    if tab:
        expect(page.locator("tr[data-activity]").first).to_be_visible()
    link = page.locator("a[data-glance-item=engagement]")
    opens = (link.get_attribute("href") or "").partition("open=")[2]

    link.click()

    expect(page.locator(f"[data-activity-detail='{opens}']")).to_be_visible()
    expect(page.get_by_role("tab", name="Chat")).to_have_attribute("aria-selected", "true")
    assert page.url.endswith(f"/chat?open={opens}")
