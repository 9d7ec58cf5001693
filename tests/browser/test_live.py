"""A panel is open while another process stores what visitors do."""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.serving import CHATPANE, serving
from tests.browser.showcase import FIRST

pytestmark = pytest.mark.browser

WITHIN = 5_000  # milliseconds
PEOPLE = Path(__file__).parents[2] / "seeds" / "people.csv"
NUMBERS = count(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_loaded: Path) -> Path:
    """A demo installation of its own: activities are added to it."""
    return Path(shutil.copytree(demo_loaded, tmp_path_factory.mktemp("live") / "instance"))


@pytest.fixture(scope="module")
def base(folder: Path, browser: Browser) -> Iterator[str]:
    """Its server."""
    with serving(folder) as url:
        yield url


@pytest.fixture
def chat(folder: Path, tmp_path: Path) -> Callable[[], None]:
    """Let the first lead engage with a dialogue, stored by the command in a process of its own."""
    crm_id = FIRST["leads"].rpartition("/")[2]
    lead = next(
        line.split(",")[2] for line in PEOPLE.read_text("utf-8").splitlines() if f",{crm_id}," in line
    )

    def store() -> None:
        extract = tmp_path / "now.csv"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        extract.write_text(
            "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes\n"
            f"live-{next(NUMBERS)},{lead},{now},1001,null,112,Just now,{{}}\n",
            encoding="utf-8",
        )
        run = subprocess.run(
            [CHATPANE, "import", str(extract)],
            env={"CHATPANE_INSTANCE": str(folder), "CHATPANE_DEMO": "1", "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
            text=True,
        )
        assert "1 added" in run.stdout, run.stdout

    return store


Watch = Callable[[str], Page]


@pytest.fixture
def watch(visit) -> Watch:
    """Open a page whose time can be let pass."""

    def to(path: str) -> Page:
        page = visit("about:blank")
        page.clock.install()
        page.goto(path)
        return page

    return to


def rows(page: Page) -> Locator:
    """Return the rows of the Chat table."""
    return page.locator("table[data-table=chat] tr[data-activity]")


def test_what_is_stored_appears_by_itself_marked_and_in_the_title(watch, chat):
    page = watch(FIRST["leads"] + "?tab=chat")
    expect(rows(page).first).to_be_visible()
    before, counted = rows(page).count(), page.locator("p.count").inner_text()
    title = page.title()

    chat()
    page.clock.run_for(WITHIN)

    expect(page.locator("tr[data-activity] [data-new]")).to_have_count(1)
    expect(rows(page)).to_have_count(before + 1)
    expect(rows(page).first).to_contain_text("Just now")
    expect(rows(page).first.locator("[data-new]")).to_have_text("new")
    expect(page).to_have_title(f"(1) {title}")
    expect(page.locator("#said")).to_have_text("1 new activity")
    assert page.locator("p.count").inner_text() != counted
    page.clock.run_for(WITHIN)
    expect(page).to_have_title(title)  # once it was seen
    page.keyboard.press("Tab")
    rows(page).first.locator("a[data-detail]").click()
    expect(page.locator("[data-activity-detail]")).to_be_visible()


def test_nothing_moves_while_a_detail_is_read_and_a_link_shows_it_later(watch, chat):
    page = watch(FIRST["leads"] + "?tab=chat")
    page.locator("a[data-detail]").nth(1).click()
    detail = page.locator("[data-activity-detail]")
    expect(detail).to_be_visible()
    before, place = rows(page).count(), detail.bounding_box()

    chat()
    page.clock.run_for(WITHIN)

    link = page.locator("#fragment-chat [data-news] a")
    expect(link).to_have_text("1 new activity")
    assert detail.bounding_box() == place
    assert rows(page).count() == before
    expect(page).to_have_title(re.compile(r"^\(1\) "))

    link.click()

    expect(link).to_have_count(0)
    expect(rows(page).first).to_contain_text("Just now")


def test_the_dashboards_reader_sees_it_counted_and_listed_and_a_number_on_the_tab(watch, chat):
    page = watch(FIRST["leads"])
    expect(page.locator("table[data-grid]")).to_be_visible()
    before = int(page.locator("[data-summary=chat]").inner_text())

    chat()
    page.clock.run_for(WITHIN)

    expect(page.locator("[data-summary=chat]")).to_have_text(str(before + 1))
    expect(page.locator("[data-weekly-list] li").first).to_contain_text("Just now")
    expect(page.locator("#tab-chat .tab-badge")).to_have_text("1")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    page.get_by_role("tab", name="Chat").click()
    expect(rows(page).first).to_contain_text("Just now")
    page.clock.run_for(WITHIN)
    expect(page.locator(".tab-badge")).to_have_count(0)


def test_a_dashboard_in_which_a_detail_is_read_stays_as_it_is(watch, chat):
    page = watch(FIRST["leads"])
    page.locator("[data-weekly-list] a[data-detail]").first.click()
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    before = page.locator("[data-summary=chat]").inner_text()

    chat()
    page.clock.run_for(WITHIN)

    expect(page.locator("#tab-chat .tab-badge")).to_have_text("1")
    expect(page.locator("[data-activity-detail]")).to_be_visible()
    expect(page.locator("[data-summary=chat]")).to_have_text(before)


def test_a_list_that_is_filtered_only_says_so(watch, chat):
    page = watch(FIRST["leads"] + "/chat?type=engaged-dialogue")
    before = rows(page).count()

    chat()
    page.clock.run_for(WITHIN)

    expect(page.locator("#fragment-chat [data-news] a")).to_have_text("1 new activity")
    assert rows(page).count() == before


def asked_within(page: Page, seconds: int, asked: list[float]) -> int:
    """Let time pass in the page; return how often it asked meanwhile."""
    before = len(asked)
    for _ in range(seconds):
        page.clock.run_for(1_000)
        page.wait_for_timeout(10)  # what was asked is answered in the time of the server
    return len(asked) - before


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_has_too_much_to_do_is_asked_less_and_less_and_then_as_before(watch, console, status):
    page = watch(FIRST["leads"] + "?tab=chat")
    expect(rows(page).first).to_be_visible()
    asked: list[float] = []
    page.on("request", lambda one: asked.append(1) if "/chat/news" in one.url else None)
    page.route("**/chat/news*", lambda route: route.fulfill(status=status))

    assert asked_within(page, 70, asked) <= 5
    page.unroute_all()
    asked_within(page, 61, asked)
    assert asked_within(page, 20, asked) >= 4
    console.clear()  # the browser itself notes each failed request


def test_a_panel_that_nobody_sees_asks_nothing_and_at_once_when_it_is_seen_again(watch):
    page = watch(FIRST["leads"] + "?tab=chat")
    expect(rows(page).first).to_be_visible()
    asked: list[float] = []
    page.on("request", lambda one: asked.append(1) if "/chat/news" in one.url else None)
    hide = """is => {
        Object.defineProperty(document, "hidden", { value: is, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""

    page.evaluate(hide, True)
    assert asked_within(page, 20, asked) == 0
    page.evaluate(hide, False)
    assert asked_within(page, 1, asked) == 1


def test_glance_and_foot_are_told_anew_with_what_is_stored(watch, chat, folder):
    with closing(sqlite3.connect(folder / "chatpane.sqlite")) as stored, stored:
        stored.execute("UPDATE source_state SET succeeded_at = succeeded_at - 3600000000")  # an hour before
        stored.execute("UPDATE installation SET content_version = content_version + 1")
    page = watch(FIRST["leads"] + "?tab=chat")
    expect(rows(page).first).to_be_visible()
    glance = page.locator("#glance [data-glance-item=engagement]")
    foot = page.locator("footer#as-of [data-as-of] time")
    before = [one.get_attribute("datetime") or "" for one in (glance.locator("time"), foot)]
    chat()
    page.clock.run_for(WITHIN)

    expect(glance.locator("time")).not_to_have_attribute("datetime", before[0])
    expect(glance).to_contain_text("Just now")
    expect(foot).not_to_have_attribute("datetime", before[1])
