"""Reading details: on to the next by button and key, talks before and after, the address to pass on."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open as Visit
from tests.browser.showcase import FIRST
from tests.browser.states import ACCOUNT, CONTACT, DEAL

pytestmark = pytest.mark.browser


def types(page: Page):
    """Return the links that open the details of a list."""
    return page.locator("tr[data-activity] a[data-detail]")


def opened(page: Page) -> str:
    """Return which activity's detail is open: the only one."""
    detail = page.locator("[data-activity-detail]")
    expect(detail).to_have_count(1)
    return detail.get_attribute("data-activity-detail") or ""


def listed(page: Page) -> list[str]:
    """Return the activities of the list, in their order."""
    expect(types(page).first).to_be_visible()
    return [row.get_attribute("data-activity") or "" for row in page.locator("tr[data-activity]").all()]


def read(page: Page, activity: str) -> None:
    """Wait until an activity's detail is the one that is open, with the focus on its heading."""
    expect(page.locator(f"[data-activity-detail='{activity}'] [data-heading]")).to_be_focused()
    assert opened(page) == activity


def test_the_next_and_the_previous_open_by_their_keys(visit: Visit):
    page = visit(f"{ACCOUNT}?tab=chat")
    first, second, third = listed(page)[:3]
    types(page).first.focus()

    for key, activity in (("j", first), ("j", second), ("j", third), ("k", second)):
        page.keyboard.press(key)
        read(page, activity)


def test_the_next_and_the_previous_open_by_their_buttons(visit: Visit):
    page = visit(f"{ACCOUNT}?tab=chat")
    first, second = listed(page)[:2]
    types(page).first.click()
    read(page, first)

    page.locator("[data-activity-detail] [data-next]").click()
    read(page, second)
    page.locator("[data-activity-detail] [data-previous]").click()
    read(page, first)


def test_keys_that_are_typed_into_the_search_open_nothing(visit: Visit):
    page = visit(f"{ACCOUNT}?tab=chat")
    listed(page)
    page.locator("#filter-q").press_sequentially("jk")

    expect(page.locator("#filter-q")).to_have_value("jk")
    expect(page.locator("[data-activity-detail]")).to_have_count(0)


def open_a_talk(page: Page, beyond: str) -> Locator:
    """Open details one after the other up to one that has a talk beyond it; return the link to that."""
    listed(page)
    types(page).first.focus()
    link = page.locator(f"a[data-talk={beyond}]")
    for activity in listed(page):
        page.keyboard.press("j")
        read(page, activity)
        if link.count():
            return link
    raise AssertionError("no talk")


@pytest.mark.parametrize("beyond", ["earlier", "later"])
def test_talks_before_and_after_come_in_one_thread_and_take_the_focus(visit: Visit, beyond: str):
    page = visit(f"{FIRST['leads']}?tab=chat")
    link = open_a_talk(page, beyond)
    link.focus()
    page.keyboard.press("Enter")

    talk = page.locator("[data-talk-of]")
    expect(talk.locator(":scope > [tabindex]")).to_be_focused()
    talks = page.locator("[data-activity-detail] [data-transcript]")
    assert talks.count() == 2
    assert talk.locator("[data-transcript]").evaluate_all(
        "([came], first) => came === document.querySelectorAll('[data-transcript]')[first ? 0 : 1]",
        beyond == "earlier",
    )


def test_the_address_of_a_detail_is_copied_and_opens_it(visit: Visit, window):
    page = visit(f"{FIRST['leads']}?tab=chat", permissions=["clipboard-read", "clipboard-write"])
    activity = listed(page)[0]
    types(page).first.click()
    read(page, activity)

    page.locator("[data-activity-detail] button[data-copy]").click()
    expect(page.locator("#said")).to_have_text("Copied")
    address = page.evaluate("navigator.clipboard.readText()")
    page.goto(address)
    assert opened(page) == activity


def test_where_the_clipboard_is_not_allowed_the_address_stands_chosen_in_a_field(visit: Visit):
    page = visit(f"{DEAL}?tab=chat")
    activity = listed(page)[0]
    types(page).first.click()
    read(page, activity)
    page.evaluate("() => { Object.defineProperty(navigator, 'clipboard', { value: undefined }); }")

    page.locator("[data-activity-detail] button[data-copy]").click()
    field = page.locator("[data-activity-detail] input[readonly]")
    assert activity in field.input_value()
    assert page.evaluate("String(getSelection())") == field.input_value()


TIP = """cell => {
    const tip = getComputedStyle(cell, "::after");
    if (tip.content === "none" || tip.display === "none") return null;
    const box = cell.getBoundingClientRect();
    if (tip.boxSizing !== "border-box") throw new Error("its width is not that of its box");
    const size = name => parseFloat(tip[name]) || 0;
    const width = size("width");
    const shift = tip.translate === "none" ? 0 : -width / 2;
    const [left, top] = [box.left + size("left") + shift, box.top + size("top")];
    return { left, top, width, height: size("height"), cell: box.toJSON() };
}"""


@pytest.mark.parametrize("width", [1000, 320])
def test_the_pointer_can_go_from_each_week_to_its_types(visit: Visit, width: int):
    page = visit(CONTACT, viewport={"width": width, "height": 700})
    expect(page.locator("td[data-types]").first).to_be_visible()
    for cell in page.locator("td[data-types]").all():
        cell.hover()
        tip = cell.evaluate(TIP)
        assert 0 <= tip["top"] < tip["cell"]["top"] <= tip["top"] + tip["height"]
        assert tip["left"] <= tip["cell"]["right"]
        assert tip["left"] + tip["width"] >= tip["cell"]["left"]
        assert tip["left"] >= 0
        assert tip["left"] + tip["width"] <= width
        page.mouse.move(tip["left"] + tip["width"] / 2, tip["top"] + 12)
        assert cell.evaluate(TIP), "the pointer on the tip keeps it"
