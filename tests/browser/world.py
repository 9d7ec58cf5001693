"""Three installations of the demo company at one fixed moment, for states and pictures.

``demo`` is open to all with the switch on, ``off`` the same with the switch off, ``closed`` runs as in
production: it wants a link or a sign-in. Each is started when it is first asked for.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import time_machine
from playwright.sync_api import Browser, BrowserContext

from tests.browser.frozen import MOMENT
from tests.browser.serving import serving
from webui.access import links

FROZEN = (sys.executable, "-m", "tests.browser.frozen")
KEY = "an-api-secret-key-of-the-pictures-0123456789"
CLOSED = {"CHATPANE_DEMO": "0", "CHATPANE_SECRET_KEY": "a-secret-of-enough-bytes-0123456789"}
DEMO = {"CHATPANE_DEMO": "1"}
FORGOTTEN = "leads/00Q5g00000ozL3xEAE"


class World:
    """The installations, on copies of one loaded instance. Use ``opened``."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self._folder = folder
        self._running = running
        self._bases: dict[str, str] = {}
        self._windows: dict[tuple[str, ...], BrowserContext] = {}

    def base(self, which: str) -> str:
        """Return the URL of ``demo``, ``off`` or ``closed``."""
        if which not in self._bases:
            self._bases[which] = self._start(which)
        return self._bases[which]

    def window(self, browser: Browser, which: str, locale: str, zone: str) -> BrowserContext:
        """Return a browser window on an installation: the same each time, with no cookie but the zone's.

        Its policy for scripts and styles is lifted, for what is looked at may be prepared.
        """
        base = self.base(which)
        kept = which, locale, zone
        if kept not in self._windows:
            self._windows[kept] = browser.new_context(
                base_url=base, locale=locale, timezone_id=zone, bypass_csp=True
            )
            self._windows[kept].set_default_timeout(10_000)
        self._windows[kept].clear_cookies()
        self._windows[kept].add_cookies([{"name": "tz", "value": zone, "url": base}])
        return self._windows[kept]

    def embed_path(self, opens: str, **claims: object) -> str:
        """Return the path of a link that opens a panel of the closed installation, once."""
        with time_machine.travel(MOMENT):
            token = links.sign(opens, "rep-7", KEY.encode(), **claims)
        return f"/embed?{urlencode({'token': token})}"

    def _start(self, which: str) -> str:
        instance = self._folder.with_name(f"{self._folder.name}-{which}-{os.getpid()}")
        shutil.copytree(self._folder, instance)
        settings = CLOSED if which == "closed" else DEMO
        if which == "off":
            chatpane(instance, "switch", "off")
        if which == "closed":
            chatpane(instance, "config", "set", "api-secret-key", given=f"{KEY}\n", **settings)
        return self._running.enter_context(serving(instance, FROZEN, **settings))


@contextmanager
def opened(folder: Path) -> Iterator[World]:
    """Give a world on copies of the instance in ``folder``, which ``load`` made."""
    with ExitStack() as running:
        yield World(folder, running)


def load(instance: Path) -> None:
    """Load the demo company at the fixed moment, and forget somebody of it."""
    chatpane(instance, "demo", "--load-only", **DEMO)
    chatpane(instance, "forget", FORGOTTEN, "--yes")


def chatpane(instance: Path, *arguments: str, given: str | None = None, **settings: str) -> None:
    """Run the command at the fixed moment on an instance."""
    environ = {**os.environ, "CHATPANE_INSTANCE": str(instance), **settings}
    subprocess.run(
        [*FROZEN, *arguments], env=environ, check=True, capture_output=True, input=given, text=True
    )
