"""Several lists in one panel, in a real browser: each tab has a filter, an address and rows of its own."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open as Visit
from tests.browser.showcase import FIRST

LEAD, ACCOUNT = FIRST["leads"], FIRST["accounts"]


def choose(page: Page, key: str) -> None:
    """Choose a tab, and wait for its rows."""
    page.locator(f"#tab-{key}").click()
    expect(page.locator(f"#fragment-{key} tr[data-activity]").first).to_be_visible()


def address(page: Page) -> str:
    """Return the path and query of the page."""
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_each_tab_keeps_its_filter_and_its_address_while_another_is_used(visit: Visit):
    page = visit(ACCOUNT)
    choose(page, "email")
    page.select_option("#email-filter-type", "opened-email")
    expect(page.locator("#email-chips a[data-chip=type]")).to_be_visible()
    assert address(page) == f"{ACCOUNT}/email?type=opened-email"

    choose(page, "web")
    expect(page.locator("#fragment-web a[data-chip]")).to_have_count(0)
    page.select_option("#web-filter-type", "clicked-link")
    expect(page.locator("#web-chips a[data-chip=type]")).to_be_visible()
    assert address(page) == f"{ACCOUNT}/web?type=clicked-link"

    page.locator("#tab-email").click()
    expect(page).to_have_url(re.compile(re.escape(f"{ACCOUNT}/email?type=opened-email") + "$"))
    page.reload()
    expect(page.locator("#fragment-email tr[data-type=opened-email]").first).to_be_visible()
    expect(page.locator("#fragment-email tr[data-activity]:not([data-type=opened-email])")).to_have_count(0)


def test_a_filter_is_remembered_for_the_next_record_of_its_kind_in_its_own_tab_alone(visit: Visit):
    page = visit(ACCOUNT)
    choose(page, "email")
    page.select_option("#email-filter-type", "opened-email")
    expect(page.locator("#email-chips a[data-chip=type]")).to_be_visible()

    page.goto(ACCOUNT)
    choose(page, "email")
    expect(page.locator("#email-chips a[data-chip=type]")).to_be_visible()
    assert address(page) == f"{ACCOUNT}/email?type=opened-email"
    for key in ("web", "chat", "moments"):
        choose(page, key)
        expect(page.locator(f"#fragment-{key} a[data-chip]")).to_have_count(0)
    page.goto(LEAD)
    choose(page, "email")
    expect(page.locator("#fragment-email a[data-chip]")).to_have_count(0)


def test_a_text_is_searched_in_the_list_that_is_shown(visit: Visit):
    page = visit(ACCOUNT)
    choose(page, "moments")
    choose(page, "web")
    rows = page.locator("#fragment-moments tr[data-activity]").count()

    page.locator("#web-filter-q").press_sequentially("pricing", delay=30)

    expect(page.locator("#web-chips a[data-chip=q]")).to_be_visible()
    expect(page.locator("#web-filter-q")).to_be_focused()
    assert page.locator("#fragment-moments tr[data-activity]").count() == rows
    assert address(page) == f"{ACCOUNT}/web?q=pricing"


@pytest.mark.parametrize("key", ["moments", "web", "email", "score"])
def test_a_row_opens_in_place_leads_on_by_keys_and_closes(visit: Visit, key: str):
    page = visit(LEAD)
    choose(page, "chat")
    choose(page, key)
    fragment = page.locator(f"#fragment-{key}")
    ids = [fragment.locator("tr[data-activity]").nth(n).get_attribute("data-activity") for n in (0, 1)]
    fragment.locator("a[data-detail]").first.click()
    detail = page.locator("[data-activity-detail]")
    expect(detail).to_have_attribute("data-activity-detail", ids[0] or "")
    expect(detail.locator("[data-heading]")).to_be_focused()
    assert address(page) == f"{LEAD}/{key}?open={ids[0]}"

    page.keyboard.press("j")
    expect(detail).to_have_attribute("data-activity-detail", ids[1] or "")
    expect(detail).to_have_count(1)
    assert address(page) == f"{LEAD}/{key}?open={ids[1]}"
    page.keyboard.press("k")
    expect(detail).to_have_attribute("data-activity-detail", ids[0] or "")

    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    expect(fragment.locator("a[data-detail]").first).to_be_focused()
    assert address(page) == f"{LEAD}/{key}"


def test_the_copied_link_of_an_activity_opens_it_in_its_tab(visit: Visit):
    page = visit(LEAD)
    choose(page, "email")
    page.locator("#fragment-email a[data-detail]").first.click()
    copied = page.locator("[data-activity-detail] [data-copy]").get_attribute("data-copy") or ""
    id_ = page.locator("[data-activity-detail]").get_attribute("data-activity-detail")

    page.goto(copied)

    assert copied == f"{LEAD}/email?open={id_}"
    expect(page.locator("#tab-email")).to_have_attribute("aria-selected", "true")
    expect(page.locator(f'#fragment-email [data-activity-detail="{id_}"]')).to_be_visible()


def test_a_detail_in_a_page_of_its_own_leads_back_to_its_tab(visit: Visit):
    page = visit(LEAD)
    choose(page, "web")
    page.goto(page.locator("#fragment-web a[data-detail]").first.get_attribute("href") or "")
    page.locator(".back a").click()

    expect(page.locator("#tab-web")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#fragment-web tr[data-activity]").first).to_be_visible()


def test_a_sorted_list_is_turned_and_another_tabs_stays(visit: Visit):
    page = visit(LEAD)
    choose(page, "web")
    choose(page, "email")
    page.locator("#email-sort-subject").click()
    expect(page.locator("#fragment-email th[data-column=subject]")).to_have_attribute(
        "aria-sort", "ascending"
    )

    assert address(page) == f"{LEAD}/email?sort=subject"
    expect(page.locator("#fragment-web th[aria-sort]")).to_have_attribute("data-column", "date")
    page.locator("#tab-web").click()
    page.locator("#tab-email").click()
    expect(page).to_have_url(re.compile(re.escape(f"{LEAD}/email?sort=subject") + "$"))


def test_the_file_to_take_along_is_of_the_list_that_is_shown_as_it_is_filtered(visit: Visit):
    page = visit(LEAD)
    choose(page, "web")
    choose(page, "email")
    page.select_option("#email-filter-type", "sent-email")
    expect(page.locator("#email-chips a[data-chip=type]")).to_be_visible()

    with page.expect_download() as download:
        page.locator("#fragment-email a[data-download]").click()

    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count("\n") - 1 == int(page.locator("#fragment-email .count").inner_text().split()[0])
    assert page.locator("#fragment-web a[data-download]").get_attribute("href") == f"{LEAD}/web.csv"


def test_the_choice_of_a_score_draws_its_own_history(visit: Visit):
    page = visit(LEAD)
    choose(page, "score")
    expect(page.locator("[data-score-history]")).to_have_attribute("data-score-history", "Lead Score")
    page.select_option("#score-filter-score", "Behavior Score")

    expect(page.locator("[data-score-history]")).to_have_attribute("data-score-history", "Behavior Score")
    page.locator("[data-score-history] summary").click()
    expect(page.locator("[data-score-history] tbody tr").first).to_be_visible()


def test_further_rows_come_by_scrolling_without_a_second_history(visit: Visit):
    page = visit(LEAD)
    choose(page, "score")
    rows = page.locator("#fragment-score tr[data-activity]")
    total = int(page.locator("#fragment-score .count").inner_text().split()[0])
    assert rows.count() == 50 < total

    page.locator("#fragment-score [data-more]").scroll_into_view_if_needed()

    expect(rows).to_have_count(total)
    expect(page.locator("[data-score-history]")).to_have_count(1)


def too_wide(page: Page) -> tuple[int, list[str]]:
    """Return by how much a page is wider than its window, and the cells whose text is cut off."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll("tr[data-activity] td, table[data-table] th")]
            .filter((cell) => cell.checkVisibility() && cell.scrollWidth > cell.clientWidth + 1)
            .map((cell) => cell.dataset.column + ": " + cell.textContent.trim().slice(0, 30))"""
    )
    return wide, cut[:5]


LAST_YEARS = {"en-GB": "Dec 28, 2025, 20:08", "ja-JP": "2025年12月28日 20:08"}
WRITE_DATES = """(text) => document.querySelectorAll("tr[data-activity] td[data-column=date] time")
    .forEach((date) => { date.textContent = text; })"""


@pytest.mark.parametrize("key", ["chat", "moments", "web", "email", "score"])
@pytest.mark.parametrize("locale", LAST_YEARS)
def test_without_room_nothing_is_wider_than_the_panel(visit: Visit, key: str, locale: str):
    page = visit(LEAD, locale=locale)
    longest = (
        "/leads/00Q5g00000nIVU6EAO"  # whose pages, subjects and scores have names of up to 1,800 characters
    )
    for record in (LEAD, ACCOUNT, FIRST["opportunities"], longest):
        page.goto(f"{record}/{key}")
        for width in (1200, 900, 600, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert too_wide(page) == (0, []), (record, width)
        page.evaluate(WRITE_DATES, LAST_YEARS[locale])
        for width in (1200, 900, 600, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert too_wide(page) == (0, []), (record, width, "with the year")


NARROWEST = """() => [...document.querySelectorAll("table[data-table] th")]
    .filter((cell) => cell.checkVisibility())
    .map((cell) => [cell.getBoundingClientRect().width, cell.dataset.column])
    .sort((a, b) => a[0] - b[0])[0]"""


@pytest.mark.parametrize("locale", LAST_YEARS)
def test_beside_other_things_each_column_of_each_list_can_be_read(visit: Visit, locale: str):
    page = visit(ACCOUNT, locale=locale)
    if page.locator("[data-watch]").get_attribute("aria-pressed") == "false":
        page.locator("[data-watch]").click()
    expect(page.locator("[data-watch][aria-pressed=true]")).to_be_visible()
    of_everyone = [f"/global/{key}" for key in ("chat", "moments", "web")]
    own = [f"/global?tab={key}" for key in ("best-bets", "watch-list")]
    for path in (*of_everyone, *own, f"{ACCOUNT}/score"):
        page.goto(path)
        expect(page.locator("table[data-table] th").first).to_be_visible()
        for width in (600, 680, 768):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, (path, width)
            narrowest, column = page.evaluate(NARROWEST)
            assert narrowest >= 60, (path, width, column)


def test_a_long_page_is_cut_in_the_list_and_whole_in_the_detail(visit: Visit):
    page = visit("/leads/00Q5g00000nIVU6EAO/web?q=stop0001")
    row = page.locator("tr[data-activity]").first
    shown = row.locator(".clamp")
    assert (row.bounding_box() or {})["height"] < 120
    length = len(shown.inner_text())
    row.locator("a[data-detail]").click()

    assert length > 1_000
    expect(page.locator("[data-activity-detail] dl").first).to_contain_text(shown.inner_text()[:200])
