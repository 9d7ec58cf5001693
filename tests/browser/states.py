"""Every state that a page can be in: what it is called, where it is, and what leads there.

One table for the tests of accessibility, the pictures and their comparison. A new state is a new row: a
name, a path of one of the installations of ``tests.browser.world``, and steps where a click leads there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.showcase import FIRST, SHOWCASE
from tests.browser.world import FORGOTTEN, World

LANGUAGES = {"en": ("en-GB", "UTC"), "ja": ("ja-JP", "Asia/Tokyo")}
SCHEMES = ("light", "dark")

LEAD, CONTACT, ACCOUNT, DEAL = (FIRST[panel] for panel in ("leads", "contacts", "accounts", "opportunities"))
RECORDS = {f"{one['panel']}: {one['why']['en']}": f"/{one['panel']}/{one['crm_id']}" for one in SHOWCASE}
EMPTY_ACCOUNT = RECORDS["accounts: No activity at all"]
EMPTY_DEAL = RECORDS["opportunities: Nobody has a role yet"]
HOSTILE = RECORDS["leads: Names, pages and transcripts full of markup: all of it must show as text"]

Steps = Callable[[Page, World], None]


def _nothing(_page: Page, _world: World) -> None:
    pass


@dataclass(frozen=True)
class State:
    """A state: its path in an installation, and the steps from there.

    ``settles`` is false where something stays on its way.
    """

    name: str
    path: str
    steps: Steps = _nothing
    installation: str = "demo"
    settles: bool = True


def _open(kind: str, *sections: str) -> Steps:
    """Return the steps that open the first detail of a type, and sections in it."""

    def steps(page: Page, _world: World) -> None:
        page.locator(f"tr[data-type={kind}] a[data-detail]").first.click()
        page.locator("[data-activity-detail]").wait_for()
        for section in sections:
            page.locator(f"[data-activity-detail] details[data-section={section}] summary").click()

    return steps


def _unfold(page: Page, _world: World) -> None:
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()


def _unfold_history(page: Page, _world: World) -> None:
    page.locator("[data-score-history] summary").click()


def _choose_week(page: Page, _world: World) -> None:
    week = page.locator("td[data-week] a").nth(10)
    week.click()
    week.and_(page.locator("[aria-current]")).wait_for()
    settle(page)


def _open_in_week(page: Page, world: World) -> None:
    _choose_week(page, world)
    page.locator("li a[data-detail]").first.click()
    page.locator("[data-activity-detail]").wait_for()


def _open_chat_tab(page: Page) -> None:
    page.locator("[data-tab=chat]").click()


def _choose_days(page: Page, _world: World) -> None:
    page.locator("#filter summary").click()
    page.locator("#filter-from").wait_for()


def _open_talks(page: Page, _world: World) -> None:
    """Open the first detail with a talk before it, and that talk."""
    earlier = page.locator("a[data-talk=earlier]")
    for link in page.locator("tr[data-type=engaged-dialogue] a[data-detail]").all():
        link.click()
        settle(page)
        if earlier.count():
            break
        link.click()
    earlier.first.click()
    page.locator("[data-talk-of]").wait_for()


def _news(page: Page, _world: World) -> None:
    """Take rows away and ask as if they had come since."""
    page.evaluate(
        """() => {
            for (const row of [...document.querySelectorAll("tr[data-activity]")].slice(0, 2)) {
                row.nextElementSibling.remove();
                row.remove();
            }
            const left = [...document.querySelectorAll("tr[data-activity]")];
            const since = Math.min(...left.map((row) => row.dataset.activity));
            const place = document.querySelector("#fragment-chat [data-news]");
            const asked = place.dataset.news.replace(/since=\\d+/, `since=${since}`);
            place.dataset.news = asked.replace(/version=\\d+/, "version=0");
        }"""
    )
    page.evaluate("() => { dispatchEvent(new Event('online')); }")  # it asks at once
    page.locator("[data-new]").first.wait_for()


def _go_offline(page: Page, _world: World) -> None:
    page.evaluate("() => { dispatchEvent(new Event('offline')); }")
    page.locator("#notices [data-offline]").wait_for()


def _watch(page: Page, _world: World) -> None:
    """Watch the record, unless it is watched already, and open the list."""
    button = page.locator("[data-watch]")
    if button.get_attribute("aria-pressed") == "false":
        button.click()
        page.locator("[data-watch][aria-pressed=true]").wait_for()
    page.goto("/global/watch-list")
    page.locator("[data-watched]").first.wait_for()


def _hide(page: Page, _world: World) -> None:
    """Read how the points are given, and hide the best."""
    page.locator("[data-hide]").first.click()
    page.locator("[data-done]").wait_for()
    page.locator(".formula summary").click()


def _show_hidden(page: Page, world: World) -> None:
    _hide(page, world)
    page.locator("[data-show-hidden]").click()
    page.locator("[data-show-again]").first.click()
    page.locator("[data-done]").wait_for()


def _make_address(page: Page, _world: World) -> None:
    page.locator("[data-make-address]").click()
    page.locator("[data-feed-url]").wait_for()


def _hold_requests(page: Page, _world: World) -> None:
    """Let what is on its way stay on its way."""
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    _open_chat_tab(page)
    page.locator("#fragment-chat .skeleton").wait_for()


def _cut_connection(page: Page, _world: World) -> None:
    page.route("**/chat*", lambda route: route.abort("internetdisconnected"))
    _open_chat_tab(page)
    page.locator("#fragment-chat [data-error]").wait_for()


def _switch_off_midway(page: Page, world: World) -> None:
    """Send what is asked from now on to the installation whose switch is off."""
    here, there = world.base("demo"), world.base("off")
    page.route("**/chat*", lambda route: route.continue_(url=route.request.url.replace(here, there)))
    _open_chat_tab(page)
    page.locator("[data-notice=off]").wait_for()


def _enter(page: Page, world: World, **claims: Any) -> None:
    claims.setdefault("lang", page.evaluate("navigator.language.slice(0, 2)"))
    page.goto(world.base("closed") + world.embed_path(CONTACT.strip("/"), **claims))
    settle(page)


def _end_session(page: Page, world: World) -> None:
    _enter(page, world)
    page.route("**/chat*", lambda route: route.continue_(headers={**route.request.headers, "x-pane": "over"}))
    page.context.clear_cookies()
    _open_chat_tab(page)
    page.locator("[data-needs-link]").wait_for()


STATES = (
    State("home", "/"),
    State("crm", "/demo/crm"),
    State("dashboard", CONTACT),
    State("dashboard-week", CONTACT, _choose_week),
    State("dashboard-detail", ACCOUNT, _open_in_week),
    State("dashboard-account", f"{CONTACT}/dashboard?show-account=1"),
    State("dashboard-empty", EMPTY_ACCOUNT),
    State("chat-account", f"{ACCOUNT}?tab=chat"),
    State("chat-lead", f"{LEAD}?tab=chat"),
    State("chat-hostile", f"{HOSTILE}?tab=chat"),
    State("chat-empty", f"{EMPTY_ACCOUNT}?tab=chat"),
    State("chat-nobody", f"{EMPTY_DEAL}?tab=chat"),
    State("chat-filtered", f"{ACCOUNT}/chat?type=reached-goal"),
    State("chat-filtered-to-nothing", f"{ACCOUNT}/chat?dialogue=Nothing+of+that+name"),
    State("chat-days", f"{ACCOUNT}?tab=chat", _choose_days),
    State("chat-searched", f"{ACCOUNT}/chat?q=資料"),
    State("chat-news", f"{LEAD}?tab=chat", _news),
    State("offline", f"{LEAD}?tab=chat", _go_offline),
    State("detail-talks", f"{LEAD}?tab=chat", _open_talks),
    State("detail-conversation", f"{LEAD}?tab=chat", _open("engaged-dialogue", "conversation", "more")),
    State("detail-appointment", f"{DEAL}?tab=chat", _open("scheduled-appointment")),
    State("detail-document", f"{LEAD}?tab=chat", _open("interacted-with-document")),
    State("detail-goal", f"{LEAD}?tab=chat", _open("reached-goal")),
    State("moments", f"{LEAD}/moments"),
    State("web-hostile", f"{HOSTILE}/web"),
    State("web-detail", f"{LEAD}/web", _open("visited-page", "more")),
    State("email-account", f"{ACCOUNT}/email"),
    State("email-empty", f"{EMPTY_ACCOUNT}/email"),
    State("score", f"{LEAD}/score", _unfold_history),
    State("score-account", f"{ACCOUNT}/score"),
    State("loading", LEAD, _hold_requests, settles=False),
    State("connection-cut", LEAD, _cut_connection),
    State("off-midway", LEAD, _switch_off_midway),
    State("off-panel", LEAD, installation="off"),
    State("off-page", f"{LEAD}/chat", installation="off"),
    State("off-global", "/global", installation="off"),
    State("off-home", "/", installation="off"),
    State("off-configuration", "/config", _unfold, installation="off"),
    State("global", "/global"),
    State("best-bets", "/global?tab=best-bets", _hide),
    State("best-bets-hidden", "/global?tab=best-bets", _show_hidden),
    State("watch-list", HOSTILE, _watch),  # no picture that is compared shows its panel
    State("lead-feed", "/global?tab=moments", _make_address),
    State("configuration", "/config", _unfold),
    State("reset", "/config/reset"),
    State("no-such-page", "/nowhere"),
    State("no-such-record", "/leads/nobody"),
    State("deleted-record", f"/{FORGOTTEN}"),
    State("no-such-filter", f"{LEAD}/chat?type=none"),
    State("sign-in", "/config", installation="closed"),
    State("link-needed", LEAD, installation="closed"),
    State("embedded", "/static/icon.svg", _enter, installation="closed"),
    State("embedded-accent", "/static/icon.svg", partial(_enter, accent="#8a1c5b", font_size=16), "closed"),
    State("session-over", "/static/icon.svg", _end_session, installation="closed"),
)
BY_NAME = {state.name: state for state in STATES}

_BUSY = """() => document.readyState !== "complete" || document.querySelector(".htmx-request") !== null
  || (document.querySelector("script[src^='/pane/']") && !window.htmx)
  || [...document.querySelectorAll(".skeleton")].some((one) => one.checkVisibility())"""


def settle(page: Page) -> None:
    """Wait until nothing is on its way; fail after ten seconds."""
    calm = 0
    for _ in range(500):  # the page's own policy lets Playwright wait for no function in it
        calm = 0 if page.evaluate(_BUSY) else calm + 1
        if calm == 3:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{page.url} does not come to rest")


@contextmanager
def shown(
    browser: Browser, world: World, state: State, language: str, width: int = 1200, **media: Any
) -> Iterator[Page]:
    """Give a page in a state, in a light theme unless ``media`` (of ``emulate_media``) says otherwise."""
    locale, zone = LANGUAGES[language]
    context = world.window(browser, state.installation, locale, zone)
    page = context.new_page()
    try:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(**{"color_scheme": "light", "reduced_motion": "reduce", **media})
        page.goto(state.path)
        if not state.path.startswith("/static/"):
            settle(page)
        state.steps(page, world)
        if state.settles:
            settle(page)
        yield page
    finally:
        page.unroute_all(behavior="ignoreErrors")
        page.close()
