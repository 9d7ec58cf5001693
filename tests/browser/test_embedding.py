"""Panels in a customer's page: cross-site, with third-party cookies blocked, and allowed as the control.

The server runs as in production, the host page is served by ``customer`` on another site. Every test ends
with an empty console.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.browser.conftest import ready
from tests.browser.customer import CANVAS_SECRET, Customer, serving_customer
from tests.browser.hostile import HOSTILE, LINKS, batches
from tests.browser.serving import CHATPANE, serving
from tests.browser.showcase import FIRST
from webui import create_app
from webui.access import visitors
from webui.config import Settings
from webui.ingest import store
from webui.vocabulary import FAMILIES, keys_of

pytestmark = pytest.mark.browser

KEY = "an-api-secret-key-of-the-customer-0123456789"
CONTACT, ACCOUNT, DEAL = (FIRST[panel].lstrip("/") for panel in ("contacts", "accounts", "opportunities"))
OPENS_ALL = "all"

# Chromium's preferences: 1 blocks third-party cookies, 0 allows them; 2 of the content setting blocks all.
PREFERENCES = {
    "third-party cookies blocked": {"profile": {"cookie_controls_mode": 1}},
    "third-party cookies allowed": {"profile": {"cookie_controls_mode": 0}},
    "no cookies": {
        "profile": {"cookie_controls_mode": 1, "default_content_setting_values": {"cookies": 2}},
    },
}
BLOCKED, ALLOWED, NO_COOKIES = PREFERENCES

# Chromium ignores for half a second what is clicked in a frame of another site that has just been moved.
WITHOUT = ("MediaRouter", "DiscardInputEventsToRecentlyMovedFrames")

LISTENING = """
window.heard = [];
addEventListener("message", ({ origin, data }) => heard.push([origin, data]));
"""


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory, demo_loaded: Path) -> dict[str, str]:
    """The settings of an installation in production, on a copy of the demo's records."""
    folder = tmp_path_factory.mktemp("production") / "instance"
    shutil.copytree(demo_loaded, folder)
    return {
        "CHATPANE_INSTANCE": str(folder),
        "CHATPANE_DEMO": "0",
        "CHATPANE_SECRET_KEY": "a-secret-of-enough-bytes-0123456789",
        "CHATPANE_CANVAS_SECRET": CANVAS_SECRET,
    }


Command = Callable[..., None]


@pytest.fixture(scope="module")
def chatpane(environ: dict[str, str]) -> Command:
    """Run the command on the installation: ``chatpane("switch", "on")``."""

    def run(*arguments: str, given: str | None = None) -> None:
        subprocess.run(
            [CHATPANE, *arguments], env={**os.environ, **environ}, check=True, input=given, text=True
        )

    return run


@contextmanager
def inside(environ: dict[str, str]) -> Iterator[None]:
    """Work on the installation's database."""
    with create_app(Settings.from_environment(environ)).app_context():
        yield


@pytest.fixture(scope="module")
def customer_server(environ: dict[str, str], chatpane: Command) -> Iterator[Customer]:
    """The customer's CRM, whose origin is the one that may frame panels."""
    chatpane("config", "set", "api-secret-key", given=f"{KEY}\n")
    with (
        serving(Path(environ["CHATPANE_INSTANCE"]), **environ) as base,
        serving_customer(base.replace("127.0.0.1", "pane.localhost"), KEY) as customer,
    ):
        chatpane("config", "set", "allowed-origins", customer.at())
        yield customer


@pytest.fixture
def customer(customer_server: Customer) -> Customer:
    """The customer's CRM, as if nobody had asked it for anything."""
    customer_server.claims = {}
    customer_server.asked = []
    customer_server.replays = None
    customer_server.is_out = False
    return customer_server


@pytest.fixture(scope="module")
def windows(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, BrowserContext]]:
    """A whole Chromium, which alone heeds PREFERENCES, for each of them; started when it is first used."""

    class Opened(dict[str, BrowserContext]):
        def __missing__(self, mode: str) -> BrowserContext:
            profile = tmp_path_factory.mktemp("profile")
            (profile / "Default").mkdir()
            (profile / "Default" / "Preferences").write_text(json.dumps(PREFERENCES[mode]))
            self[mode] = browser.browser_type.launch_persistent_context(
                profile,
                executable_path=shutil.which("chromium"),
                args=[f"--disable-features={','.join(WITHOUT)}"],
                locale="en-GB",
                timezone_id="UTC",
            )
            self[mode].set_default_timeout(10_000)
            self[mode].add_init_script(LISTENING)
            return self[mode]

    opened = Opened()
    yield opened
    for context in opened.values():
        context.close()


Embed = Callable[..., Page]


@pytest.fixture
def embed(windows, customer: Customer, console: list[str]) -> Iterator[Embed]:
    """Open the customer's page with panels: ``embed("accounts/001A", …, mode=BLOCKED)``."""
    pages: list[Page] = []

    def to(*opens: str, mode: str = BLOCKED, url: str | None = None, context=None) -> Page:
        page = (context or windows[mode]).new_page()
        pages.append(page)
        page.clock.install()
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(str(error)))
        page.on("dialog", lambda dialog: console.append(f"dialog: {dialog.message}"))
        page.goto(url or customer.page(*opens))
        return page

    yield to
    for page in pages:
        page.close()
    assert console == []


def panel(page: Page, opens: str | None = None) -> Frame:
    """Return the frame of a panel once it shows something, the first unless ``opens`` says whose."""
    frame = page.locator(f'iframe[title="{opens}"]' if opens else "iframe").first
    expect(frame.content_frame.locator("main")).to_be_visible()
    handle = frame.element_handle()
    found = handle.content_frame() if handle else None
    assert found is not None
    ready(found)
    return found


def heights(page: Page) -> list[int]:
    """Return the heights that panels have told their host."""
    return [data["height"] for _origin, data in heard(page) if data["type"] == "chatpane:height"]


def heard(page: Page) -> list[tuple[str, dict]]:
    """Return the messages that panels have sent to their host, each with its origin."""
    return page.evaluate("heard")


def shows(frame: Frame, css: str):
    """Wait for an element of a frame; return it."""
    found = frame.locator(css).first
    expect(found).to_be_visible()
    return found


def settled(frame: Frame) -> Frame:
    """Wait until the host gave a frame its height, for a page that moves takes no click; return the frame."""
    for _ in range(100):  # the page's own policy lets Playwright wait for no function in it
        if frame.evaluate("Math.abs(innerHeight - document.body.getBoundingClientRect().height) < 8"):
            return frame
        frame.wait_for_timeout(50)
    raise AssertionError(f"{frame.url} has not the height of what it shows")


def is_at(frame: Frame, path: str) -> bool:
    """Wait until a frame's own page sees itself at an address that begins so; return whether it came to it.

    The script sets the address, and may come after the first rows.
    """
    for _ in range(100):
        if frame.evaluate("location.pathname + location.search").startswith(path):
            return True
        frame.wait_for_timeout(50)
    return False


def sign_out_everyone(environ: dict[str, str]) -> None:
    """End every session, as the command does."""
    with inside(environ):
        visitors.sign_out_everyone("test")


def test_the_browser_really_blocks_cookies_of_third_parties(embed: Embed, customer: Customer):
    sent = {}
    for mode in PREFERENCES:
        page = embed(mode=mode, url=f"{customer.at()}/framing-cookies")
        page.reload()  # the first answer set them
        sent[mode] = set(re.findall(r"(\w+)=1", page.frames[1].locator("p").inner_text()))

    assert sent == {BLOCKED: {"parted"}, ALLOWED: {"plain", "parted"}, NO_COOKIES: set()}


@pytest.mark.parametrize("mode", PREFERENCES)
def test_a_rep_clicks_through_a_panel_and_never_leaves_it(embed: Embed, customer: Customer, mode: str):
    page = embed(ACCOUNT, mode=mode)
    asked: list[str] = []
    page.on(
        "request", lambda one: asked.append(f"{one.method} {one.url} {one.headers.get('x-pane', 'none')}")
    )
    frame = panel(page)
    entries = page.evaluate("history.length")
    shows(frame, "table[data-grid]")
    assert is_at(frame, f"/{ACCOUNT}")

    shows(frame, "td[data-week] a >> nth=5").click()
    expect(frame.locator("td[data-week] a >> nth=5")).to_have_attribute("aria-current", "true")
    shows(frame, "#summary-chat").click()
    expect(frame.locator("#summary-chat")).to_have_attribute("aria-checked", "true")

    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "tr[data-activity]")
    frame.locator("a[data-detail]:visible").first.click()
    shows(frame, "[data-activity-detail]")
    frame.locator("#sort-date").press("Enter")
    expect(frame.locator("th[data-column=date]")).to_have_attribute("aria-sort", "ascending")
    before = frame.locator("tr[data-activity]").count()
    frame.locator("[data-more]").last.scroll_into_view_if_needed()
    expect(frame.locator("tr[data-activity]").nth(before)).to_be_attached()

    name = frame.locator("td[data-column=name] a").first.inner_text()
    frame.locator("td[data-column=name] a").first.click()
    expect(frame.locator("h1")).to_have_text(name)
    expect(frame.locator("h1")).to_be_focused()
    assert is_at(frame, "/contacts/")
    shows(frame, "table[data-grid]")
    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "tr[data-activity]")
    frame.locator("[data-home]").click()
    shows(frame, "table[data-grid]")
    assert is_at(frame, f"/{ACCOUNT}")
    expect(frame.locator("[data-home]")).to_have_count(0)

    parts = [one for one in asked if not re.search("/static/|/pane/|/embed ", one)]
    assert parts
    assert [one for one in parts if one.endswith(" none")] == []
    assert [one for one in asked if customer.last in one.partition(" none")[0]] == []
    assert customer.asked == [ACCOUNT]
    assert page.evaluate("history.length") == entries


@pytest.mark.parametrize("mode", [BLOCKED, ALLOWED])
def test_two_panels_in_one_window_do_not_overwrite_each_other(embed: Embed, mode: str):
    page = embed(CONTACT, ACCOUNT, DEAL, mode=mode)
    frames = [panel(page, opens) for opens in (CONTACT, ACCOUNT, DEAL)]

    for frame in (*frames, *reversed(frames)):
        # By the keyboard: frames above still grow, and a click may land beside what has moved.
        settled(frame).get_by_role("tab", name="Chat").press("Enter")
        shows(frame, "tr[data-activity]")
        settled(frame).get_by_role("tab", name="Insights Dashboard").press("Enter")
        shows(frame, "table[data-grid]")
        settled(frame).locator("td[data-week] a").nth(7).press("Enter")
        expect(frame.locator("td[data-week] a").nth(7)).to_have_attribute("aria-current", "true")

    for frame, opens in zip(frames, (CONTACT, ACCOUNT, DEAL), strict=True):
        assert is_at(frame, f"/{opens}")
    assert page.locator("[data-error]").count() == 0


def test_a_contacts_panel_shows_its_account_where_the_link_allows_it(embed: Embed):
    frame = panel(embed(CONTACT))
    frame.locator("#show-account").click()
    expect(frame.locator("#show-account")).to_have_attribute("aria-checked", "true")
    shows(frame, "li[data-activity][data-own]")


def test_a_person_of_a_deal_leads_back_to_the_deal(embed: Embed):
    frame = panel(embed(f"{DEAL}"))
    name = frame.locator("h1").inner_text()
    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "td[data-column=name] a").click()
    expect(frame.locator("[data-home]")).to_have_text(f"← {name}")
    frame.locator("[data-home]").click()
    expect(frame.locator("h1")).to_have_text(name)


def test_a_link_to_everything_opens_the_global_tab(embed: Embed):
    frame = panel(embed(OPENS_ALL))
    shows(frame, "tr[data-activity]")
    assert is_at(frame, "/global")
    frame.locator("td[data-column=account] a").first.click()
    shows(frame, "table[data-grid]")
    frame.locator("[data-home]").click()
    shows(frame, "td[data-column=person]")


def test_the_frame_has_the_height_of_what_it_shows(embed: Embed, customer: Customer):
    page = embed(ACCOUNT, CONTACT)
    for opens in (ACCOUNT, CONTACT):
        frame = panel(page, opens)
        for tab, css in (("Chat", "tr[data-activity]"), ("Insights Dashboard", "table[data-grid]")):
            frame.get_by_role("tab", name=tab).click()
            shows(frame, css)
            page.wait_for_timeout(100)
            room, needed = frame.evaluate("[innerHeight, document.documentElement.scrollHeight]")
            body = frame.evaluate("document.body.getBoundingClientRect().height")
            assert room == needed
            assert 0 <= room - body < 6

    assert {origin for origin, _data in heard(page)} == {customer.pane}
    assert len(set(heights(page))) > 3


def test_the_switch_turned_off_midway_takes_the_tab_out_of_the_frame(
    embed: Embed, chatpane: Command, console
):
    frame = panel(embed(ACCOUNT))
    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "tr[data-activity]")
    chatpane("switch", "off")
    try:
        frame.locator("a[data-detail]:visible").first.click()
        shows(frame, "[data-notice=off]")
        shows(frame, "table[data-grid]")
        expect(frame.locator("[data-tab=chat], tr[data-activity], tr[data-row=chat]")).to_have_count(0)
    finally:
        chatpane("switch", "on")
    console.clear()  # the browser itself notes the 404


@pytest.mark.parametrize(("mode", "links"), [(ALLOWED, 1), (BLOCKED, 1), (NO_COOKIES, 2)])
def test_a_reloaded_frame_goes_on_by_its_cookie_or_by_a_new_link(
    embed: Embed, customer: Customer, console: list[str], mode: str, links: int
):
    page = embed(CONTACT, mode=mode)
    frame = panel(page)
    shows(frame, "table[data-grid]")
    frame.evaluate("location.reload()")
    if links == 2:
        shows(frame, "[data-needs-link]")
        page.clock.fast_forward(5_000)
        expect(page.locator("iframe").content_frame.locator("table[data-grid]")).to_be_visible()
        console.clear()  # the browser itself notes the 401

    frame = panel(page)
    shows(frame, "table[data-grid]")
    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "tr[data-activity]")
    assert customer.asked == [CONTACT] * links
    assert is_at(frame, f"/{CONTACT}")


def test_a_session_that_is_over_says_so_and_the_host_opens_the_panel_anew(
    embed: Embed, customer: Customer, environ: dict[str, str], console: list[str]
):
    page = embed(CONTACT)
    entries = page.evaluate("history.length")
    frame = panel(page)
    shows(frame, "table[data-grid]")
    sign_out_everyone(environ)

    frame.get_by_role("tab", name="Chat").click()

    expect(shows(frame, "[data-needs-link]")).to_contain_text("Your session is over.")
    page.wait_for_function("heard.some(([, data]) => data.type === 'chatpane:needs-link')")
    page.clock.fast_forward(5_000)
    expect(page.locator("iframe").content_frame.locator("[data-needs-link]")).to_have_count(0)
    frame = panel(page)
    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "tr[data-activity]")
    assert customer.asked == [CONTACT, CONTACT]
    assert page.evaluate("history.length") == entries
    console.clear()


def test_a_panel_whose_session_is_over_asks_for_news_no_more(
    embed: Embed, environ: dict[str, str], console: list[str]
):
    page = embed(ACCOUNT)
    frame = panel(page)
    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "tr[data-activity]")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/chat/news" in one.url else None)
    sign_out_everyone(environ)

    for _ in range(30):
        page.clock.run_for(1_000)
        page.wait_for_timeout(30)

    assert len(asked) == 1
    expect(frame.locator("tr[data-activity]").first).to_be_visible()
    console.clear()  # the browser itself notes the refusal


@pytest.mark.parametrize("mode", [BLOCKED, NO_COOKIES])
def test_a_rep_finds_within_a_frame_as_in_a_window_of_its_own(embed: Embed, mode: str):
    page = embed(ACCOUNT, mode=mode)
    frame = panel(page)
    frame.get_by_role("tab", name="Chat").click()
    shows(frame, "tr[data-activity]")
    everything = frame.locator("p.count").inner_text()

    frame.locator("#filter-type").select_option("reached-goal")
    expect(frame.locator("[data-chip=type]")).to_be_visible()
    expect(frame.locator("tr[data-activity]:not([data-type=reached-goal])")).to_have_count(0)
    assert is_at(frame, f"/{ACCOUNT}/chat?type=reached-goal")
    frame.locator("#clear-filter").click()
    expect(frame.locator("p.count")).to_have_text(everything)

    frame.locator("#filter-q").fill("資料")
    page.clock.run_for(1_000)
    expect(frame.locator("[data-chip=q]")).to_be_visible()
    settled(frame).locator("a[data-detail]:visible").first.click()
    found = (
        shows(frame, "tr[data-activity]").inner_text() + shows(frame, "[data-activity-detail]").inner_text()
    )
    assert "資料" in found
    frame.locator("#clear-filter").click()  # it would be remembered for the next record
    expect(frame.locator("p.count")).to_have_text(everything)


def test_the_twenty_lines_of_the_docs_do_as_well(
    embed: Embed, customer: Customer, environ: dict[str, str], console: list[str]
):
    page = embed(url=f"{customer.at()}/own-script?opens={CONTACT}")
    frame = panel(page)
    shows(frame, "table[data-grid]")
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 200")
    sign_out_everyone(environ)
    page.clock.fast_forward(6_000)

    frame.get_by_role("tab", name="Chat").click()

    expect(page.locator("iframe").content_frame.locator("[data-needs-link]")).to_have_count(0)
    shows(panel(page), "table[data-grid]")
    assert customer.asked == [CONTACT, CONTACT]
    console.clear()


def test_a_spent_link_is_said_and_the_host_gives_up_after_three_more(
    embed: Embed, customer: Customer, console: list[str]
):
    page = embed(CONTACT)
    panel(page)
    customer.replays = customer.last
    page.reload()
    for _ in range(5):
        expect(shows(panel(page), "[data-needs-link]")).to_contain_text("works once")
        page.wait_for_timeout(150)
        page.clock.fast_forward(5_000)
        page.wait_for_timeout(150)
    assert customer.asked == [CONTACT] * (1 + 1 + 3)

    customer.replays = None
    page.reload()
    shows(panel(page), "table[data-grid]")
    console.clear()


def test_a_backend_that_is_out_for_a_moment_is_asked_again(
    embed: Embed, customer: Customer, console: list[str]
):
    customer.is_out = True
    page = embed(CONTACT)
    page.wait_for_timeout(300)
    customer.is_out = False
    page.clock.fast_forward(5_000)
    shows(panel(page), "table[data-grid]")
    assert any("Chatpane got no link" in line for line in console)
    console.clear()


def test_frames_that_come_later_and_links_that_change_are_opened_too(embed: Embed, customer: Customer):
    page = embed()
    page.evaluate(
        """(opens) => {
          const frame = document.createElement("iframe");
          frame.dataset.chatpaneLink = "/link?opens=" + opens;
          document.body.append(frame);
        }""",
        CONTACT,
    )
    assert is_at(panel(page), f"/{CONTACT}")

    page.locator("iframe").evaluate(
        "(frame, opens) => { frame.dataset.chatpaneLink = '/link?opens=' + opens; }", ACCOUNT
    )
    expect(page.locator("iframe").content_frame.locator(".kind")).to_have_text("Account")
    assert customer.asked == [CONTACT, ACCOUNT]


def test_a_site_that_is_not_allowed_gets_no_panel_and_no_message(
    embed: Embed, customer: Customer, console: list[str]
):
    page = embed(url=customer.page(CONTACT, name="elsewhere"))
    page.wait_for_timeout(800)
    assert customer.asked == [CONTACT]
    assert page.locator("iframe").content_frame.locator("main").count() == 0
    assert heard(page) == []
    assert any("frame-ancestors" in line for line in console)
    console.clear()


def test_a_window_that_only_says_hello_hears_nothing(embed: Embed, customer: Customer):
    """It counts who says hello: the window around the frame, from an allowed origin, in so many words."""
    page = embed(CONTACT)
    frame = panel(page)
    count = len(heard(page))
    frame.evaluate("window.postMessage({ type: 'chatpane:hello' }, '*')")
    page.evaluate("document.querySelector('iframe').contentWindow.postMessage('chatpane:hello', '*')")
    page.wait_for_timeout(200)
    assert len(heard(page)) == count


def test_the_panel_has_the_language_colour_and_size_that_the_link_says(embed: Embed, customer: Customer):
    customer.claims = {"lang": "ja", "accent": "#0a66c2", "font_size": 18, "tz": "Asia/Tokyo"}
    frame = panel(embed(CONTACT))
    expect(frame.locator("html")).to_have_attribute("lang", "ja")
    frame.locator("#tab-chat").click()
    shows(frame, "tr[data-activity]")
    look = frame.evaluate(
        """() => [getComputedStyle(document.querySelector("[data-detail]")).color,
                  getComputedStyle(document.body).fontSize]"""
    )
    assert look[0] == "rgb(10, 102, 194)"
    assert float(look[1].removesuffix("px")) == pytest.approx(18, abs=0.05)
    assert "Asia/Tokyo" in (frame.locator("tr[data-activity] time").first.get_attribute("title") or "")


def test_the_browsers_time_zone_counts_where_the_link_names_none(embed: Embed, window):
    frame = panel(embed(CONTACT, context=window(timezone_id="Asia/Tokyo")))
    expect(frame.locator("li[data-activity] time").first).to_have_attribute("title", re.compile("Asia/Tokyo"))


def test_canvas_is_told_the_height_by_salesforces_own_message(embed: Embed, customer: Customer):
    page = embed(url=f"{customer.at()}/canvas?opens={CONTACT.partition('/')[2]}")
    frame = panel(page)
    shows(frame, "table[data-grid]")
    page.wait_for_function("heard.length > 0")
    told = [json.loads(data) for _origin, data in heard(page)]

    client = {"instanceId": "pane:1", "targetOrigin": customer.at()}
    height = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    assert told[-1]["body"] == {
        "type": "resize",
        "config": {"client": client},
        "size": {"height": f"{height}px"},
    }
    assert [one["src"] for one in told] == ["client"] * len(told)
    assert [one["seq"] for one in told] == list(range(1, len(told) + 1))


@pytest.fixture
def hostile(environ: dict[str, str]) -> str:
    """Put markup into every text that the world outside can choose; return the account."""
    with inside(environ):
        for batch in batches():
            store.save(batch)
    return "001hostile"


def test_markup_from_outside_runs_nowhere_and_no_link_leads_but_to_the_web(embed: Embed, hostile: str):
    for opens in (f"accounts/{hostile}", "contacts/003hostile", "opportunities/006hostile"):
        frame = panel(embed(opens))
        assert HOSTILE in " ".join(frame.locator("h1").inner_text().split())
        _is_inert(frame)
        for family in FAMILIES:
            frame.locator(f"[data-tab={family.key}]").click()
            links = frame.locator(f"table[data-table={family.key}] tr a[data-detail]")
            details = len(keys_of(family.key)) * len(LINKS)
            expect(links).to_have_count(details)
            opened = range(0, details, 1 if opens.startswith("contacts") else 5)
            links.evaluate_all(  # not by the pointer, which waits each time until nothing moves
                "(links, step) => links.forEach((link, place) => place % step || link.click())", opened.step
            )
            expect(frame.locator("[data-activity-detail]:visible")).to_have_count(len(opened))
        frame.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        _is_inert(frame)


def _is_inert(frame: Frame) -> None:
    assert (
        frame.locator("img, body script, iframe, object, embed, svg:not(.icon, .trend, [role=img])").count()
        == 0
    )
    schemes = frame.evaluate("[...document.links].map((link) => new URL(link.href, location.href).protocol)")
    assert set(schemes) <= {"http:", "https:"}
    foreign = frame.evaluate(
        "[...document.links].filter((a) => a.origin !== location.origin && a.target !== '_blank').map(String)"
    )
    assert foreign == []
    named = frame.evaluate(
        "[...document.querySelectorAll('*')].flatMap((e) => [...e.attributes])"
        ".filter((a) => a.name.startsWith('on')).length"
    )
    assert named == 0


@pytest.mark.parametrize("width", [1200, 360])
def test_the_demos_crm_embeds_the_panels_as_a_customer_would(visit, base: str, width: int):
    crm = base.replace("127.0.0.1", "crm.localhost")
    page = visit(f"{base}/demo/crm", viewport={"width": width, "height": 900})
    assert page.url.startswith(f"{crm}/demo/crm/contacts/")
    for place in (0, 1):
        frame = page.locator("iframe").nth(place).content_frame
        frame.get_by_role("tab", name="Chat").press("Enter")  # a click waits for frames out of sight to move
        frame.locator("#fragment-chat").evaluate("(place) => place.scrollIntoView()")
        expect(frame.locator("tr[data-activity]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("navigation", name="Kinds of records").get_by_role("link", name="Opportunities").click()
    expect(page.locator("iframe").content_frame.locator("table[data-grid]")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(1)
