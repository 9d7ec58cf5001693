"""Make the pictures in docs/pictures: each page, in both languages.

    python -m tests.browser.screenshots

Loads the demo company into a temporary place, serves it, and photographs it with Chromium.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import load_demo, serving
from tests.browser.test_clicking_through import FIRST

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
LANGUAGES = {"en": ("en-GB", "UTC"), "ja": ("ja-JP", "Asia/Tokyo")}


def _nothing(_page: Page) -> None:
    pass


def _open_detail(page: Page) -> None:
    page.locator("tr[data-type=engaged-dialogue] a[data-detail]").nth(0).click()
    page.locator("[data-section=conversation] summary").click()


def _open_appointment(page: Page) -> None:
    page.locator("tr[data-type=scheduled-appointment] a[data-detail]").first.click()
    page.locator("[data-activity-detail]").wait_for()


def _open_switch(page: Page) -> None:
    page.locator("[data-section=visualforce-panel] summary").click()


def _busiest_week(page: Page) -> None:
    page.locator("td[data-week] a").nth(11).click()
    page.locator("td[data-week] a[aria-current]").nth(0).wait_for()


@dataclass(frozen=True)
class Picture:
    """A page to photograph: its path, the window's size, and what to do before."""

    name: str
    path: str
    width: int = 1000
    height: int = 720
    scheme: Literal["light", "dark"] = "light"
    before: Callable[[Page], None] = _nothing


PAGES = (
    Picture("home", "/"),
    Picture("crm", "/demo/crm", width=1200, height=860),
    Picture("lead-detail", f"{FIRST['leads']}?tab=chat", before=_open_detail),
    Picture("contact-dashboard", FIRST["contacts"], before=_busiest_week),
    Picture("contact-show-account", f"{FIRST['contacts']}/dashboard?show-account=1", scheme="dark"),
    Picture("account-chat", f"{FIRST['accounts']}?tab=chat"),
    Picture("opportunity-appointment", f"{FIRST['opportunities']}?tab=chat", before=_open_appointment),
    Picture("global", "/global", width=1200),
    Picture("configuration", "/config", height=1120, before=_open_switch),
    Picture("narrow-chat", f"{FIRST['accounts']}?tab=chat", width=340, height=720),
    Picture("narrow-dashboard", FIRST["contacts"], 340, 720, "dark", _busiest_week),
)


def photograph(browser: Browser, base: str, picture: Picture, language: str) -> Path:
    """Photograph a page in a language; return the file."""
    locale, zone = LANGUAGES[language]
    context = browser.new_context(
        base_url=base,
        locale=locale,
        timezone_id=zone,
        color_scheme=picture.scheme,
        viewport={"width": picture.width, "height": picture.height},
    )
    page = context.new_page()
    page.goto(picture.path)
    page.wait_for_load_state("networkidle")
    picture.before(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    path = PICTURES / f"{picture.name}-{language}.png"
    page.screenshot(path=path)
    context.close()
    return path


def main() -> int:
    """Make all pictures; return 0."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        load_demo(Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        with serving(Path(folder)) as base:
            for picture in PAGES:
                for language in LANGUAGES:
                    sys.stdout.write(f"{photograph(browser, base, picture, language).name}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
