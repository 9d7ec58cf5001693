"""``python -m tests.bench.floor_page serve --port N``: the bare floor of a page.

For each path it runs the one query that such a page cannot do without, by ``sqlite3``, and answers with bytes
that were rendered before, behind the product's own server. It knows no framework, access, language or switch.
``CHATPANE_BENCH_FLOOR`` names a file of the paths: query, values and answer of each, as JSON.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import local
from typing import Any

from gunicorn.app.base import BaseApplication

from webui.cli.worker import BufferingWorker

Start = Callable[[str, list[tuple[str, str]]], object]


class Floor:
    """The WSGI app."""

    def __init__(self, database: str, asked: Path) -> None:
        told = json.loads(asked.read_text())
        self._pages = {path: (sql, values, answer.encode()) for path, (sql, values, answer) in told.items()}
        self._database = database
        self._thread = local()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"] == "/readyz":
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"ready\n"]
        query = environ["QUERY_STRING"]
        sql, values, answer = self._pages[environ["PATH_INFO"] + (f"?{query}" if query else "")]
        self._connection().execute(sql, values).fetchall()
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(answer)))])
        return [answer]

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._thread, "connection"):
            self._thread.connection = sqlite3.connect(self._database, cached_statements=16)
        connection: sqlite3.Connection = self._thread.connection
        return connection


class _Server(BaseApplication):
    def __init__(self, port: str) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        options = {"bind": f"127.0.0.1:{self._port}", "worker_class": BufferingWorker, "threads": 4}
        for name, value in {**options, "keepalive": 15, "control_socket_disable": True}.items():
            self.cfg.set(name, value)

    def load(self) -> Floor:
        database = os.environ["CHATPANE_DATABASE_URL"].removeprefix("sqlite:///")
        return Floor(database, Path(os.environ["CHATPANE_BENCH_FLOOR"]))


if __name__ == "__main__":
    _Server(sys.argv[3]).run()
