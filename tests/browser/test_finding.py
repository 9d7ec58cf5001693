"""Filter and opened row in a real browser: in the address, kept over a reload, remembered."""

from playwright.sync_api import expect

from tests.browser.conftest import Open as Visit
from tests.browser.showcase import FIRST


def test_a_filter_and_an_opened_row_are_in_the_address_and_come_back_by_a_reload(visit: Visit):
    page = visit(FIRST["accounts"] + "?tab=chat")
    page.select_option("#filter-type", "reached-goal")
    expect(page.locator("[data-said]:visible")).to_contain_text(" of ")
    page.locator("a[data-detail]").first.click()
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    opened = page.locator("[data-activity-detail]").get_attribute("data-activity-detail")
    assert page.url.endswith(f"/chat?type=reached-goal&open={opened}")

    page.reload()

    expect(page.locator("[data-activity-detail]")).to_be_visible()
    expect(page.locator("#filter-type")).to_have_value("reached-goal")
    page.locator("[data-close]").click()
    assert page.url.endswith("/chat?type=reached-goal")


def test_the_last_filter_is_remembered_for_the_next_record_and_cleared_by_one_click(visit: Visit):
    page = visit(FIRST["accounts"] + "?tab=chat")
    page.select_option("#filter-type", "reached-goal")
    expect(page.locator("#clear-filter")).to_be_visible()

    page.goto(page.url.split("/chat")[0])
    page.get_by_role("tab", name="Chat").click()
    expect(page.locator("a[data-chip=type]")).to_be_visible()
    page.locator("#clear-filter").click()
    expect(page.locator("a[data-chip]")).to_have_count(0)

    page.goto(page.url.split("/chat")[0])
    page.get_by_role("tab", name="Chat").click()
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    expect(page.locator("a[data-chip]")).to_have_count(0)


def test_both_days_can_be_chosen_one_after_the_other(visit: Visit):
    page = visit(FIRST["accounts"] + "?tab=chat")
    page.locator("#filter summary").click()
    page.locator("#filter-from").fill("2026-01-01")
    expect(page.locator("a[data-chip=from]")).to_be_visible()
    expect(page.locator("#filter-to")).to_be_visible()
    page.locator("#filter-to").fill("2026-01-02")

    expect(page.locator("a[data-chip=to]")).to_be_visible()
    expect(page.locator("#filter-from")).to_have_value("2026-01-01")


def test_the_text_being_typed_is_sent_when_it_rests_and_keeps_focus_and_caret(visit: Visit):
    page = visit(FIRST["accounts"] + "/chat")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "q=" in request.url else None)
    field = page.locator("#filter-q")

    field.press_sequentially("pri", delay=60)
    page.wait_for_timeout(900)
    expect(field).to_be_focused()
    field.press_sequentially("cing", delay=450)
    page.wait_for_timeout(900)

    expect(field).to_be_focused()
    expect(field).to_have_value("pricing")
    assert field.evaluate("field => field.selectionStart") == 7
    assert sent[0].endswith("/chat?q=pri")
    assert sent[-1].endswith("/chat?q=pricing")


def test_nothing_is_sent_while_japanese_is_being_composed(visit: Visit):
    page = visit(FIRST["accounts"] + "/chat")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "q=" in request.url else None)
    page.route("**/chat?*q=*", lambda route: route.abort())
    page.locator("#filter-q").focus()
    session = page.context.new_cdp_session(page)

    session.send("Input.imeSetComposition", {"text": "よてい", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(700)

    assert sent == []
    expect(page.locator("#filter-q")).to_have_value("よてい")


def test_a_remembered_filter_that_is_of_no_use_any_more_is_forgotten(visit: Visit, console: list[str]):
    page = visit(FIRST["accounts"])
    page.evaluate("localStorage.setItem('chatpane.filter.accounts', 'type=no-such-type')")
    page.goto(FIRST["accounts"] + "?tab=chat")

    expect(page.locator("tr[data-activity]").first).to_be_visible()
    assert page.evaluate("localStorage.getItem('chatpane.filter.accounts')") is None
    console.clear()  # the browser itself notes the refusal


def test_the_detail_that_was_opened_last_is_in_the_address(visit: Visit):
    page = visit(FIRST["accounts"] + "/chat")
    page.locator("a[data-detail]").nth(0).click()
    expect(page.locator("[data-activity-detail]")).to_have_count(1)
    page.locator("a[data-detail]").nth(1).click()
    expect(page.locator("[data-activity-detail]")).to_have_count(2)
    second = page.locator("tr[data-activity]").nth(1).get_attribute("data-activity")
    assert page.url.endswith(f"/chat?open={second}")


def test_taking_a_part_of_the_filter_away_leaves_the_focus_with_the_count(visit: Visit):
    page = visit(FIRST["accounts"] + "/chat?type=reached-goal&from=2020-01-01")
    page.locator("a[data-chip=from]").press("Enter")
    expect(page.locator("a[data-chip=from]")).to_have_count(0)
    expect(page.locator("[data-said]").first).to_be_focused()


def test_without_room_the_filter_and_the_headings_stay_within_the_panel(visit: Visit):
    for width in (320, 1200):
        for path in (FIRST["accounts"] + "/chat", "/global/chat", FIRST["leads"] + "/chat?type=reached-goal"):
            page = visit(path, viewport={"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (path, width, wide)
            expect(page.locator("#sort-date")).to_be_in_viewport()


def test_taking_the_last_filter_back_in_its_own_field_clears_it_for_good(visit: Visit):
    page = visit(FIRST["accounts"] + "?tab=chat")
    page.select_option("#filter-type", "reached-goal")
    expect(page.locator("a[data-chip=type]")).to_be_visible()

    page.select_option("#filter-type", "")

    expect(page.locator("a[data-chip]")).to_have_count(0)
    assert page.url.endswith("/chat")
    page.goto(page.url.removesuffix("/chat"))
    page.get_by_role("tab", name="Chat").click()
    expect(page.locator("tr[data-activity]").first).to_be_visible()
    expect(page.locator("a[data-chip]")).to_have_count(0)


def test_a_day_is_typed_to_its_end_and_keeps_the_focus(visit: Visit):
    page = visit(FIRST["accounts"] + "?tab=chat", locale="en-US")
    page.locator("#filter summary").click()
    page.locator("#filter-from").focus()

    page.keyboard.type("01012026", delay=60)

    expect(page.locator("a[data-chip=from]")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "filter-from"
    expect(page.locator("#filter details")).to_have_attribute("open", "")


def test_further_rows_asked_for_by_the_keyboard_take_the_focus(visit: Visit):
    page = visit(FIRST["accounts"] + "?tab=chat")
    expect(page.locator("[data-more]")).to_be_attached()
    rows = page.locator("tr[data-activity]")
    before = rows.count()
    page.evaluate("document.querySelector('[data-more]').focus({ preventScroll: true })")
    page.keyboard.press("Enter")

    expect(rows.nth(before)).to_be_attached()
    focused = page.evaluate("document.activeElement.closest('[data-activity]')?.dataset.activity")
    assert focused == rows.nth(before).get_attribute("data-activity")


def test_a_note_of_the_foot_leads_to_its_rows_from_the_dashboard(visit: Visit):
    page = visit(FIRST["contacts"])
    page.locator("[data-note=open] a").click()

    expect(page.locator("#tab-chat")).to_have_attribute("aria-selected", "true")
    expect(page.locator("a[data-chip=status]")).to_be_visible()
    assert page.evaluate("document.activeElement.hasAttribute('data-said')")
