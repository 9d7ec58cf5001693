"""How fast pages answer while events are being stored, beside the quiet server.

Two deliveries of 500 events a second come to the one process that answers the pages as well. The events are
fresh and of people who chat already, so that they appear in the lists that are asked for. The quiet turns and
the others go to the same server, in turns; once as it is served, and once without what it keeps in memory.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

from sqlalchemy import create_engine, text

from tests.bench import databases, deliveries, pages
from tests.bench.databases import Database
from tests.bench.deliveries import EVENTS
from tests.bench.figures import Figure
from tests.bench.pages import Compared, PageResult, Side
from tests.bench.server import Server, serving
from tests.servers.adobe import Adobe

A_SECOND = 2
FRESH = timedelta(minutes=1)
LEADS = "SELECT marketo_id FROM activity WHERE person_id IS NOT NULL ORDER BY id DESC LIMIT 20000"
AS_SERVED: dict[str, dict[str, str]] = {"as served": {}}
BOTH = {**AS_SERVED, "rendered anew": {"CHATPANE_KEPT_MIB": "0"}}


class Sender:
    """Deliveries to one server: how long each took, and for how long they were sent, in seconds."""

    def __init__(self, server: Server, adobe: Adobe, leads: Sequence[int]) -> None:
        self._server, self._adobe, self._leads = server, adobe, leads
        self.took: list[float] = []
        self.seconds = 0.0

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Deliver meanwhile; raise what the deliveries raised."""
        done, begun = Event(), time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            delivering = pool.submit(self._until, done)
            try:
                yield
            finally:
                done.set()
                self.seconds += time.monotonic() - begun
            delivering.result()

    def figures(self, how: str) -> list[Figure]:
        """Return what became of them."""
        rate = EVENTS * len(self.took) / self.seconds
        return [
            Figure(f"{how}: events stored", rate, "a second", f"{EVENTS * A_SECOND:,}"),
            Figure(f"{how}: slowest delivery", 1_000 * max(self.took), "ms", "< 10,000"),
        ]

    def _until(self, done: Event) -> None:
        due = time.monotonic() + 0.5 / A_SECOND  # so that whole seconds have whole deliveries
        while not done.wait(max(due - time.monotonic(), 0.0)):
            events = deliveries.events(self._leads, FRESH)
            self.took.append(deliveries.deliver(self._server, self._adobe, events))
            due += 1 / A_SECOND


def measure(
    database: Database, chosen: Sequence[Compared], kept: Mapping[str, Mapping[str, str]], **often: Any
) -> tuple[dict[str, list[PageResult]], list[Figure]]:
    """Measure pages of a generated database, on a copy that the events go to; return pages and deliveries.

    ``kept`` names ways to serve it, each with its settings; ``often`` goes to ``pages.measure``.
    """
    copy = databases.named(database.backend, f"{database.name}_storing")
    copy.copy_from(database)
    pages_, figures = {}, []
    try:
        leads = _leads(copy)
        with deliveries.adobe_answering() as adobe:
            for how, settings in kept.items():
                with serving(copy, **settings, **deliveries.settings(adobe)) as server:
                    sender = Sender(server, adobe, leads)
                    sides = (Side("quiet", server), Side("storing", server, sender.sending))
                    pages_[how] = pages.measure(sides, [_twice(one) for one in chosen], **often)
                    figures += sender.figures(how)
    finally:
        copy.drop()
    return pages_, figures


def _twice(page: Compared) -> Compared:
    return replace(page, paths=page.paths * 2)


def _leads(database: Database) -> list[int]:
    engine = create_engine(databases.url_of(database))
    with engine.connect() as connection:
        leads = list(connection.execute(text(LEADS)).scalars())
    engine.dispose()
    return leads
