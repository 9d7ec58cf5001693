"""Files to take along, in a real browser."""

from playwright.sync_api import expect

from tests.browser.conftest import Open as Visit
from tests.browser.showcase import FIRST


def test_a_transcript_and_a_list_are_saved_as_files(visit: Visit):
    page = visit(FIRST["leads"] + "/chat?type=engaged-dialogue&status=completed")
    page.locator("a[data-detail]").first.click()
    expect(page.locator("[data-transcript]")).to_be_visible()

    for part, ending in (("[data-activity-detail]", ".txt"), ("#fragment-chat", ".csv")):
        with page.expect_download() as saved:
            page.locator(f"{part} a[data-download]").first.click()
        assert saved.value.suggested_filename.endswith(ending)
