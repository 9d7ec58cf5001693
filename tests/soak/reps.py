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
ALL = "all"
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


class Visit:
    """A page that was opened by a signed link; ``chat_url`` is its Chat tab.

    That may be another record's than the link named: of a lead that was converted since.
    """

    def __init__(self, opens: str, key: str, balancer: Balancer) -> None:
        self._balancer = balancer

        def form() -> bytes:  # a link works once: where a host was lost amid it, the CRM makes a new one
            return urlencode({"token": links.sign(opens, "soak", key.encode())}).encode()

        page = balancer.ask("panel", "POST", "/embed", headers=FORM, body=form).text
        session, chat = SESSION.search(page), CHAT.search(page)
        if session is None or chat is None or "</html>" not in page:
            balancer.broken("panel", opens, "is no whole panel")
            raise GivenUp(opens)
        self._headers = HEADERS | json.loads(unescape(session[1]))
        self.chat_url = unescape(chat[1])

    def get(self, what: str, path: str, mark: str | re.Pattern[str], first: int | None = None) -> str:
        """Ask for a fragment, which has to hold a mark and no row twice; ``first`` is the host's place."""
        said = self._balancer.ask(what, "GET", path, headers=self._headers, first=first).text
        ids = ROW.findall(said)
        if not re.search(mark, said) or "data-error" in said:
            self._balancer.broken(what, path, f"{mark} is not on it")
        elif what != "dashboard" and len(ids) != len(set(ids)):
            self._balancer.broken(what, path, "has a row twice")
        return said

    def news(self, path: str) -> str:
        """Ask for news as an open page does; return where to ask the next time."""
        answer = self._balancer.ask("news", "GET", path, headers=self._headers, expected=(200, 204))
        next_path: str = answer.headers.get("X-News", path)
        return next_path


class Rep(Thread):
    """A rep, until told to stop. ``records`` are what the CRM has, as ``panel/crm_id``."""

    def __init__(
        self, number: int, records: Sequence[str], key: str, balancer: Balancer, stop: Event
    ) -> None:
        super().__init__(daemon=True, name=f"rep {number}")
        self._records, self._key, self._balancer, self._over = records, key, balancer, stop
        self._chance = random.Random(number)

    def run(self) -> None:
        while not self._over.is_set():
            is_global = self._chance.random() < EVERYTHING
            try:
                self.look(ALL if is_global else self._chance.choice(self._records))
            except GivenUp:
                self._think()
        self._balancer.close()

    def look(self, opens: str) -> None:
        """Open a record, or the global tab by ``ALL``, and look around. Raises GivenUp."""
        visit = Visit(opens, self._key, self._balancer)
        self._think()
        url = visit.chat_url
        if opens != ALL:
            self._get(visit, "dashboard", f"{url.removesuffix('chat')}dashboard", "data-grid")
        chat = self._get(visit, "chat", url, TABLE)
        ids = ROW.findall(chat)
        for id_ in self._chance.sample(ids, min(DETAILS, len(ids))):
            self._get(visit, "detail", f"/chat/activities/{id_}", f'data-activity-detail="{id_}"')
        self._get(visit, "search", f"{url}?{urlencode({'q': self._chance.choice(WORDS)})}", TABLE)
        if more := MORE.search(chat):
            self._get(visit, "next page", unescape(more[1]), "data-activity")
        self._poll(visit, chat)

    def _get(self, visit: Visit, what: str, path: str, mark: str | re.Pattern[str]) -> str:
        said = visit.get(what, path, mark)
        self._think()
        return said

    def _poll(self, visit: Visit, chat: str) -> None:
        found = NEWS.search(chat)
        if found is None:
            self._balancer.broken("news", visit.chat_url, "says nowhere to ask for news")
            return
        path = unescape(found[1])
        for _ in range(POLLS):
            path = visit.news(path)
            self._think()

    def _think(self) -> None:
        self._over.wait(self._chance.uniform(*THINKS))
