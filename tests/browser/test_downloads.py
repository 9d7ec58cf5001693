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


def test_a_file_that_was_cut_off_is_said_and_tried_again_and_never_a_part_of_the_page(
    visit: Visit, console: list[str]
):
    page = visit(FIRST["leads"] + "/chat")
    asked = []
    page.route(
        "**/chat.csv*",
        lambda route: (asked.append(1), route.abort() if len(asked) == 1 else route.continue_()),
    )

    page.locator("#fragment-chat a[data-download]").first.click()

    expect(page.locator("#notices [data-failure] [data-error]")).to_be_visible()
    assert len(asked) == 1
    with page.expect_download() as saved:
        page.locator("#notices [data-retry]").click()
    assert saved.value.suggested_filename.endswith(".csv")
    assert "dialogue" not in page.locator("#notices").inner_text().lower()
    console.clear()  # the browser itself notes the failed request
