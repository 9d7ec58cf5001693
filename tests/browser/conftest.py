"""A real server on the demo company, and a real browser.

The server is ``chatpane serve`` in a process of its own; the demo is loaded once, by the command. Each
test has a browser context of its own and fails on any message in the console.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, sync_playwright

from tests.browser import world as worlds
from tests.browser.serving import HEADLESS, serving
from tests.databases import skip
from tests.loaded import load_demo, loaded_once


@pytest.fixture(scope="session")
def demo_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo installation that nobody serves: make a copy."""
    return loaded_once(tmp_path_factory, "demo-loaded", load_demo)


@pytest.fixture(scope="session")
def demo_instance(demo_loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo installation."""
    return Path(shutil.copytree(demo_loaded, tmp_path_factory.mktemp("demo") / "instance"))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[worlds.World]:
    """The installations of ``tests.browser.world``, at their fixed moment."""
    with worlds.opened(loaded_once(tmp_path_factory, "world", worlds.load)) as running:
        yield running


@pytest.fixture(scope="session")
def base(demo_instance: Path) -> Iterator[str]:
    """The URL of the demo's server."""
    with serving(demo_instance) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, as Debian packages it."""
    executable = shutil.which(HEADLESS)
    if executable is None:
        skip(f"no Chromium: apt-get install {HEADLESS}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable)
        yield chromium
        chromium.close()


Open = Callable[..., Page]


@pytest.fixture
def window(browser: Browser, base: str) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser window: ``window(locale="ja-JP", …)``."""
    opened: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=base, **{"timezone_id": "UTC", "locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


HAS_BEGUN = """!document.querySelector("script[src^='/pane/']") || "htmx" in window"""


def ready(page: Page | Frame) -> None:
    """Wait until the script of a page of ours has begun: it lets the page be painted first."""
    for _ in range(100):  # the page's own policy lets Playwright wait for no function in it
        with suppress(Error):  # while the page gives way to another
            if page.evaluate(HAS_BEGUN):
                return
        page.wait_for_timeout(20)
    raise AssertionError(f"the script of {page.url} does not begin")


@pytest.fixture
def console() -> list[str]:
    """What pages wrote to the console; a test that expects something clears it."""
    return []


@pytest.fixture
def visit(window: Callable[..., BrowserContext], console: list[str]) -> Iterator[Open]:
    """Open a page in a window of its own: ``visit("/leads/…")``; its console must stay empty."""

    def to(path: str, **options: Any) -> Page:
        page = window(**options).new_page()
        page.on("console", lambda message: console.append(message.text))
        page.on("pageerror", lambda error: console.append(str(error)))
        page.on("dialog", lambda dialog: console.append(f"dialog: {dialog.message}"))
        page.goto(path)
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    yield to
    assert console == []
