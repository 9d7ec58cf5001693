"""A witness: what was acknowledged is on the page at once, at both hosts, though both had the page before.

It opens a contact's account, looks at both their Chat tabs at both hosts, delivers an activity to one of
these, and looks again.
"""

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from threading import Event, Thread

from tests.servers.adobe import Adobe
from tests.soak.balancer import Balancer, GivenUp
from tests.soak.books import Books
from tests.soak.reps import Visit
from tests.soak.sources import ENGAGED, deliver, pushed

HOSTS = (0, 1)
EVERY = 1.5  # seconds


class Witness(Thread):
    """A witness, until told to stop. ``people`` are rows of ``people.csv``."""

    def __init__(
        self,
        people: Sequence[dict[str, str]],
        key: str,
        adobe: Adobe,
        books: Books,
        ways: tuple[Balancer, Balancer],
        stop: Event,
    ) -> None:
        super().__init__(daemon=True, name="witness")
        self._people = [row for row in people if row["kind"] == "contact" and row["account_crm_id"]]
        self._key, self._adobe, self._books = key, adobe, books
        (self._looks, self._sends), self._over = ways, stop
        self._chance = random.Random(3_000)
        self._number = 0

    def run(self) -> None:
        while not self._over.wait(EVERY):
            try:
                self.see(self._chance.choice(self._people))
            except GivenUp:
                continue
        self._looks.close()
        self._sends.close()

    def see(self, person: dict[str, str]) -> None:
        """Deliver an activity of a person, and look for it. Raises GivenUp."""
        visit = Visit(f"accounts/{person['account_crm_id']}", self._key, self._looks)
        pages = (visit.chat_url, f"/contacts/{person['crm_id']}/chat")
        for path, host in product(pages, HOSTS):
            visit.get("chat", path, "", first=host)
        self._number += 1
        dialogue, mark = f"Seen at once {self._number}", self._books.new_mark()
        event = pushed(ENGAGED, person["marketo_id"], dialogue, mark, datetime.now(UTC))
        self._books.send(event["id"], mark)
        body, ids = json.dumps([event]).encode(), [event["id"]]
        deliver(self._adobe, body, ids, self._sends, self._chance.choice(HOSTS))
        self._books.acknowledge("deliveries", ids)
        for path, host in product(pages, HOSTS):
            visit.get("seen at once", path, f">{dialogue}<", first=host)
