"""A real server on the demo company, and a real browser.

The server is ``chatpane serve`` in a process of its own; the demo is loaded once, by the command. Each
test has a browser context of its own and fails on any message in the console.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.databases import skip

CHATPANE = str(Path(sys.executable).with_name("chatpane"))
STARTS_WITHIN = 20


@contextmanager
def serving(instance: Path, **settings: str) -> Iterator[str]:
    """Serve the database of ``instance`` as a demo; give the base URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "CHATPANE_INSTANCE": str(instance), "CHATPANE_DEMO": "1", **settings}
    with subprocess.Popen([CHATPANE, "serve", "--port", str(port)], env=environ) as process:
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{base}/healthz")
            yield base
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def load_demo(instance: Path) -> None:
    """Load the demo company into the instance's database."""
    command = [CHATPANE, "demo", "--load-only"]
    subprocess.run(
        command, env={**os.environ, "CHATPANE_INSTANCE": str(instance)}, check=True, capture_output=True
    )


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo installation."""
    folder = tmp_path_factory.mktemp("demo")
    load_demo(folder)
    return folder


@pytest.fixture(scope="session")
def base(demo_instance: Path) -> Iterator[str]:
    """The URL of the demo's server."""
    with serving(demo_instance) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian packages it."""
    executable = shutil.which("chromium")
    if executable is None:
        skip("no Chromium: apt-get install chromium")
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
        return page

    yield to
    assert console == []
