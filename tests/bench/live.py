"""What panels cost that are open and see nothing new: each asks every few seconds."""

import re
from collections.abc import Callable
from http.client import HTTPConnection

from tests.bench.command import Failed
from tests.bench.databases import Database
from tests.bench.figures import Figure
from tests.bench.server import HOST, Server, serving
from tests.browser.showcase import FIRST

PANELS = 100
EVERY = 4.25  # seconds: static/live.js asks every 4, and up to half a second later
ASKED = 2_000
NEWS = re.compile(r'data-news="([^"]+)"')


def measure(database: Database, *, say: Callable[[str], None]) -> list[Figure]:
    """Measure the CPU time of polls that bring nothing, on the loaded demo company."""
    say("polls of open panels")
    with serving(database) as server:
        milliseconds = _cost(server)
    share = milliseconds / 1_000 * PANELS / EVERY * 100
    return [
        Figure("a poll that brings nothing: CPU time", milliseconds, "ms", "–"),
        Figure(f"{PANELS} open panels: share of a worker", share, "%", "< 10 %"),
    ]


def _cost(server: Server) -> float:
    """Return the server's CPU time for a poll, in ms."""
    connection = HTTPConnection(HOST, server.port, timeout=30)
    headers = {"HX-Request": "true", "Host": f"{HOST}:{server.port}"}
    connection.request("GET", f"{FIRST['accounts']}/chat", headers=headers)
    found = NEWS.search(connection.getresponse().read().decode())
    if found is None:
        raise Failed("the Chat tab says nowhere to ask for news")
    url = found[1].replace("&amp;", "&")
    for _ in range(50):
        _ask(connection, url, headers)
    before = server.cpu_seconds()
    for _ in range(ASKED):
        _ask(connection, url, headers)
    return (server.cpu_seconds() - before) / ASKED * 1_000


def _ask(connection: HTTPConnection, url: str, headers: dict[str, str]) -> None:
    connection.request("GET", url, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 204:
        raise Failed(f"{url} answered {answer.status}")
