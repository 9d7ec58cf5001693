"""The pictures: ``python -m tests.browser.screenshots [--accept]``.

Every state, in both languages and themes and at three widths, goes into ``build/screenshots/``; the best of
them, framed as BEST says, into ``docs/pictures``. With ``--accept`` only those of ``tests.browser.looks`` are
taken, to compare with from now on. Each language has a process and a browser of its own. The demo company
stands at a fixed moment, so pictures of the documents change only where the product did.
"""

import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from playwright.sync_api import Browser, sync_playwright

from tests.browser import looks, world
from tests.browser.serving import HEADLESS
from tests.browser.states import BY_NAME, LANGUAGES, SCHEMES, STATES, State, shown
from tests.browser.world import World

ROOT = Path(__file__).parents[2]
EVERYTHING = ROOT / "build" / "screenshots"
PICTURES = ROOT / "docs" / "pictures"
WIDTHS = (1200, 768, 320)


@dataclass(frozen=True)
class Picture:
    """A picture of the documents: a state in a window of a size."""

    name: str
    state: str
    width: int = 1000
    height: int = 720
    scheme: str = "light"


BEST = (
    Picture("home", "home"),
    Picture("crm", "crm", 1200, 860),
    Picture("lead-detail", "detail-conversation"),
    Picture("contact-dashboard", "dashboard-week"),
    Picture("contact-show-account", "dashboard-account", scheme="dark"),
    Picture("account-chat", "chat-account"),
    Picture("lead-score", "score"),
    Picture("opportunity-appointment", "detail-appointment"),
    Picture("global", "global", 1200),
    Picture("best-bets", "best-bets", 1200),
    Picture("configuration", "configuration", height=1120),
    Picture("narrow-chat", "chat-account", 340),
    Picture("narrow-dashboard", "dashboard-week", 340, scheme="dark"),
)


def of_state(browser: Browser, world_: World, state: State, language: str) -> int:
    """Photograph a state at each width in each theme; return how many pictures that made."""
    with shown(browser, world_, state, language) as page:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                path = EVERYTHING / f"{state.name}-{language}-{scheme}-{width}.png"
                path.write_bytes(looks.picture(page))
    return len(WIDTHS) * len(SCHEMES)


def of_best(browser: Browser, world_: World, picture: Picture, language: str) -> int:
    """Photograph what the documents show; return 1."""
    state = BY_NAME[picture.state]
    with shown(browser, world_, state, language, picture.width, color_scheme=picture.scheme) as page:
        page.set_viewport_size({"width": picture.width, "height": picture.height})
        page.wait_for_timeout(300)  # frames take the height of what they show
        page.screenshot(path=PICTURES / f"{picture.name}-{language}.png", animations="disabled")
    return 1


def photograph(language: str, folder: Path, accept: bool) -> int:
    """Make the pictures of a language from the instance in ``folder``; return how many."""
    made = 0
    with sync_playwright() as playwright, world.opened(folder) as world_:
        browser = playwright.chromium.launch(executable_path=shutil.which(HEADLESS))
        if accept:
            wanted = [look for look in looks.LOOKS if look.language == language]
            for look in wanted:
                looks.accept(look, looks.take(browser, world_, look))
            made = len(wanted)
        else:
            made += sum(of_state(browser, world_, state, language) for state in STATES)
            made += sum(of_best(browser, world_, picture, language) for picture in BEST)
        browser.close()
    return made


@click.command()
@click.option("--accept", is_flag=True, help="Take the pictures that tests compare with.")
def main(**options: Any) -> None:
    """Make the pictures."""
    for folder in (EVERYTHING, PICTURES):
        folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary, ProcessPoolExecutor(2, get_context("spawn")) as processes:
        folder = Path(temporary) / "instance"
        folder.mkdir()
        world.load(folder)
        made = sum(processes.map(partial(photograph, folder=folder, **options), LANGUAGES))
    click.echo(f"{made} pictures")


if __name__ == "__main__":
    sys.exit(main())
