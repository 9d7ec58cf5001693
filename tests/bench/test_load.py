"""The small client counts answers and errors as wrk does, and a page is asked for long enough."""

import gzip
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.bench import load


class Handler(BaseHTTPRequestHandler):
    """Answers ``/fine`` to htmx with a word, packed for those who take that, anything else with 404."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = self.path == "/fine" and self.headers["HX-Request"] == "true"
        is_packed = self.headers["Accept-Encoding"] == "gzip"
        said = gzip.compress(b"fine") if is_packed else b"fine"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(said)))
        if is_packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer((load.HOST, 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_small_client_counts_requests(port, monkeypatch):
    monkeypatch.setattr(load, "tool", lambda: "small client")
    found = load.run(port, "/fine", {}, seconds=1, clients=2)

    assert found.requests > 10
    assert found.errors == 0
    assert 0 < found.p50 <= found.p99


def test_the_small_client_counts_errors(port):
    found = json.loads(load.summary_of_small_client(port, "/missing", {}, 0.2, 2))

    assert found["errors"] == found["requests"] > 0


def test_a_packed_answer_is_read(port):
    assert load.fetch(port, "/fine", {"Accept-Encoding": "gzip"}) == (200, b"fine")
