"""What a rep does with mouse and keyboard, in a real browser on the demo company."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open as Visit
from tests.browser.showcase import FIRST, PANELS, SHOWCASE
from tests.browser.states import settle

pytestmark = pytest.mark.browser

A_PAGE = 50


@pytest.mark.parametrize("panel", PANELS)
def test_each_panel_loads_its_chat_tab_when_it_is_first_shown(visit: Visit, panel: str):
    page = visit(panel)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.wait_for_timeout(300)
    assert not any(url.endswith("/chat") for url in requests)

    page.get_by_role("tab", name="Chat").click()

    expect(page.locator("table[data-table=chat] tr[data-activity]").first).to_be_visible()
    assert sum(url.endswith("/chat") for url in requests) == 1
    expect(page).to_have_url(page.url.partition("?")[0] + "?tab=chat")


def test_the_type_opens_the_detail_in_place_and_its_heading_has_the_focus(visit: Visit):
    page = visit(FIRST["leads"] + "?tab=chat")
    link = page.locator("a[data-detail]").nth(2)
    link.click()

    detail = page.locator("[data-activity-detail]")
    expect(detail).to_be_visible()
    expect(detail.locator("h3")).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "true")


def test_a_click_before_the_script_has_begun_counts_as_soon_as_it_has(visit: Visit):
    page = visit("about:blank")
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.querySelector('[data-tab=chat]').click());"
    )
    page.goto(FIRST["leads"])

    expect(page.locator("tr[data-activity]").first).to_be_visible()
    assert page.evaluate("performance.getEntriesByType('navigation')[0].name").endswith(FIRST["leads"])


@pytest.mark.parametrize("way", ["Escape", "the cross", "the type again"])
def test_closing_the_detail_brings_the_focus_back_to_its_type(visit: Visit, way: str):
    page = visit(FIRST["leads"] + "?tab=chat")
    link = page.locator("a[data-detail]").nth(1)
    link.click()
    expect(page.locator("[data-activity-detail] h3")).to_be_focused()

    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "the cross":
        page.locator("[data-close]").click()
    else:
        link.click()

    expect(page.locator("[data-activity-detail]")).to_have_count(0)
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "false")


def test_a_detail_opened_in_the_weekly_list_closes_there_too(visit: Visit):
    page = visit(FIRST["accounts"])
    page.locator("td[data-week] a").nth(10).click()
    expect(page.locator("td[data-week] a").nth(10)).to_have_attribute("aria-current", "true")
    link = page.locator("li a[data-detail]").first
    link.click()
    expect(page.locator("li [data-activity-detail]")).to_be_visible()
    page.locator("li [data-close]").click()
    expect(link).to_be_focused()


def test_tabs_move_by_arrow_keys(visit: Visit):
    page = visit(FIRST["contacts"])
    page.get_by_role("tab", name="Insights Dashboard").focus()
    for name, key in (
        ("ArrowRight", "moments"),
        ("ArrowRight", "web"),
        ("ArrowLeft", "moments"),
        ("End", "chat"),
    ):
        page.keyboard.press(name)

        expect(page.locator(f"#tab-{key}")).to_be_focused()
        expect(page.locator("[role=tabpanel]:visible")).to_have_id(f"tabpanel-{key}")
        expect(page.locator(f"table[data-table={key}] tr[data-activity]").first).to_be_visible()


def test_choosing_a_week_shows_its_list_and_keeps_the_focus(visit: Visit):
    page = visit(FIRST["accounts"])
    cells = page.locator("tr[data-row=chat] td[data-week]")
    counts = [int(text) for text in cells.all_inner_texts()]
    count = max(count for count in counts if count <= A_PAGE)  # which week has more changes with the day
    cell = cells.nth(counts.index(count))
    cell.locator("a").focus()
    page.keyboard.press("Enter")

    expect(page.locator("[data-weekly-list]")).to_have_attribute(
        "data-week", cell.get_attribute("data-week") or ""
    )
    expect(page.locator("[data-summary=chat]")).to_have_text(str(count))
    expect(cell.locator("a")).to_be_focused()
    page.locator("#summary-chat").click()
    expect(page.locator("li[data-activity]")).to_have_count(count)
    expect(page.locator("li[data-row=chat]")).to_have_count(count)


def test_a_filter_of_the_summary_bar_is_turned_on_and_off(visit: Visit):
    page = visit(FIRST["accounts"])
    chip = page.locator("#summary-chat")
    chip.click()
    expect(chip).to_have_attribute("aria-checked", "true")
    chip.click()
    expect(chip).to_have_attribute("aria-checked", "false")


def test_show_account_lays_the_accounts_activity_over_a_contacts_own(visit: Visit):
    page = visit(FIRST["contacts"])
    before = page.locator("tr[data-row=chat] td[data-week]").all_inner_texts()
    page.locator("#show-account").click()
    expect(page.locator("#show-account")).to_have_attribute("aria-checked", "true")
    after = page.locator("tr[data-row=chat] td[data-week]").all_inner_texts()

    assert all(int(whole) >= int(own) for whole, own in zip(after, before, strict=True))
    assert after != before
    expect(page.locator("li[data-activity][data-own]").first).to_be_visible()


def test_scrolling_to_the_end_brings_every_row_once(visit: Visit):
    page = visit(FIRST["contacts"] + "?tab=chat")
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    total = int(page.locator(".count").inner_text().split()[0])
    for _ in range(20):
        if page.locator("tr[data-activity]").count() >= total:
            break
        page.mouse.wheel(0, 10_000)
        page.wait_for_timeout(150)

    ids = page.locator("tr[data-activity]").evaluate_all("rows => rows.map((row) => row.dataset.activity)")
    assert len(ids) == len(set(ids)) == total > 50
    days = page.locator("tr.day").all_inner_texts()
    assert len(days) == len(set(days))
    expect(page.locator("[data-more]")).to_have_count(0)


def test_the_list_turns_to_oldest_first(visit: Visit):
    page = visit(FIRST["leads"] + "?tab=chat")
    newest = page.locator("tr[data-activity] time").first.get_attribute("datetime") or ""
    page.locator("#sort-date").click()
    expect(page.locator("th[data-column=date]")).to_have_attribute("aria-sort", "ascending")
    oldest = page.locator("tr[data-activity] time").first.get_attribute("datetime") or ""
    assert oldest < newest


def test_times_are_shown_in_the_zone_of_the_browser(visit: Visit):
    page = visit(FIRST["leads"] + "?tab=chat", timezone_id="Asia/Tokyo", locale="ja-JP")
    first = page.locator("tr[data-activity] time").first
    expect(first).to_have_attribute("title", first.get_attribute("title") or "")
    assert "Asia/Tokyo" in (first.get_attribute("title") or "")
    assert page.locator("html").get_attribute("lang") == "ja"


def test_a_cut_connection_is_said_and_trying_again_mends_it(visit: Visit, console: list[str]):
    page = visit(FIRST["leads"])
    page.route("**/chat", lambda route: route.abort())
    page.get_by_role("tab", name="Chat").click()
    expect(page.locator("#fragment-chat [data-error]")).to_be_visible()

    page.unroute("**/chat")
    page.locator("[data-retry]").click()

    expect(page.locator("tr[data-activity]").first).to_be_visible()
    console.clear()  # the browser itself notes a request that failed


@pytest.mark.parametrize("path", ["/", *PANELS, *(f"{panel}/chat" for panel in PANELS), "/global", "/config"])
@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
def test_no_page_writes_to_the_console(visit: Visit, path: str, locale: str):
    page = visit(path, locale=locale)
    settle(page)
    assert page.locator("html").get_attribute("lang") == locale[:2]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    "entry", [one for one in SHOWCASE if one["panel"] == "leads"], ids=lambda one: one["crm_id"]
)
def test_markup_in_names_and_addresses_runs_nothing(visit: Visit, entry: dict[str, str]):
    page = visit(f"/leads/{entry['crm_id']}?tab=chat")
    expect(page.locator("#fragment-chat > :not(.skeleton)").first).to_be_attached()
    for link in page.locator("a[data-detail]").all()[:8]:
        link.click()
        expect(link).to_have_attribute("aria-expanded", "true")
    links = page.locator("a[href]").evaluate_all("links => links.map((link) => link.protocol)")
    assert set(links) <= {"http:", "https:"}


def test_everything_can_be_reached_without_javascript(visit: Visit):
    page = visit(FIRST["accounts"] + "?tab=chat", java_script_enabled=False)
    page.locator("[data-fragment=chat] a").click()
    expect(page.locator("tr[data-activity]")).to_have_count(A_PAGE)
    page.locator("a[data-more]").click()
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    page.locator("a[data-detail]").first.click()
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    page.locator(".back a").click()
    page.get_by_role("tab", name="Insights Dashboard").click()
    page.locator("td[data-week] a").nth(3).click()
    expect(page.locator("td[data-week] a").nth(3)).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("path", [*PANELS, f"{FIRST['accounts']}/chat", "/global/chat", "/config"])
def test_nothing_overflows_at_320_pixels(visit: Visit, path: str):
    page = visit(path, viewport={"width": 320, "height": 700})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
