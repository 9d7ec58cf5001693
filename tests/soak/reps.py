"""Reps: each opens one record after another by a signed link, looks around, and goes on to the next.

What they look at is what a panel asks for, with the page's own session. Each answer is held to what has to be
on it.
"""

import json
import random
import re
from collections.abc import Sequence
from html import unescape
from threading import Event, Thread
from urllib.parse import urlencode

from tests.bench.access import SESSION
from tests.bench.load import HEADERS
from tests.soak.balancer import Balancer, GivenUp
from webui.access import links

WHO = "reps"
THINKS = (0.05, 0.35)  # seconds between two clicks
DETAILS = 2
POLLS = 2
WORDS = ("data", "demo", "価格", "資料", "zq")
EVERYTHING = 0.15  # of the visits are to the global tab
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

ROW = re.compile(r'data-activity="(\d+)"')
NEWS = re.compile(r'data-news="([^"]+)"')
MORE = re.compile(r'data-more[^>]*?hx-get="([^"]+)"')
CHAT = re.compile(r'data-fragment="chat"[^>]*? hx-get="([^"]+)"')
TABLE = re.compile('data-table="chat"|data-empty')


class Rep(Thread):
    """A rep, until told to stop. ``records`` are what the CRM has, as ``panel/crm_id``."""

    def __init__(
        self, number: int, records: Sequence[str], key: str, balancer: Balancer, stop: Event
    ) -> None:
        super().__init__(daemon=True, name=f"rep {number}")
        self._records, self._key, self._balancer, self._over = records, key.encode(), balancer, stop
        self._chance = random.Random(number)
        self._session: dict[str, str] = {}

    def run(self) -> None:
        while not self._over.is_set():
            is_global = self._chance.random() < EVERYTHING
            try:
                self.visit("all" if is_global else self._chance.choice(self._records))
            except GivenUp:
                self._think()
        self._balancer.close()

    def visit(self, opens: str) -> None:
        """Open a record, or the global tab by "all", and look around. Raises GivenUp."""
        chat_url = self._enter(opens)
        if opens != "all":
            self._get("dashboard", chat_url.removesuffix("chat") + "dashboard", "data-grid")
        chat = self._get("chat", chat_url, TABLE)
        ids = ROW.findall(chat)
        for id_ in self._chance.sample(ids, min(DETAILS, len(ids))):
            path = f"/chat/activities/{id_}"
            self._get("detail", path, f'data-activity-detail="{id_}"')
        word = urlencode({"q": self._chance.choice(WORDS)})
        self._get("search", f"{chat_url}?{word}", TABLE)
        if more := MORE.search(chat):
            self._get("next page", unescape(more[1]), "data-activity")
        self._poll(chat)

    def _enter(self, opens: str) -> str:
        """Open a link; return where the page's Chat tab is, which is another record's after a conversion."""

        def form() -> bytes:  # a link works once: where a host was lost amid it, the CRM makes a new one
            return urlencode({"token": links.sign(opens, "soak", self._key)}).encode()

        page = self._balancer.ask("panel", "POST", "/embed", headers=FORM, body=form).text
        session, chat = SESSION.search(page), CHAT.search(page)
        if session is None or chat is None or "</html>" not in page:
            self._balancer.broken("panel", opens, "is no whole panel")
            raise GivenUp(opens)
        self._session = HEADERS | json.loads(unescape(session[1]))
        self._think()
        return unescape(chat[1])

    def _get(self, what: str, path: str, mark: str | re.Pattern[str]) -> str:
        """Ask for a fragment, which has to hold a mark and no row twice."""
        said = self._balancer.ask(what, "GET", path, headers=self._session).text
        ids = ROW.findall(said)
        if not re.search(mark, said) or "data-error" in said:
            self._balancer.broken(what, path, f"{mark} is not on it")
        elif what != "dashboard" and len(ids) != len(set(ids)):
            self._balancer.broken(what, path, "has a row twice")
        self._think()
        return said

    def _poll(self, chat: str) -> None:
        """Ask for news as an open page does."""
        found = NEWS.search(chat)
        path = unescape(found[1]) if found else None
        for _ in range(POLLS):
            if path is None:
                self._balancer.broken("news", "chat", "says nowhere to ask for news")
                return
            answer = self._balancer.ask("news", "GET", path, headers=self._session, expected=(200, 204))
            path = answer.headers.get("X-News", path)
            self._think()

    def _think(self) -> None:
        self._over.wait(self._chance.uniform(*THINKS))
