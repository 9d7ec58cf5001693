"""HTTP of the local Marketo: requests in, replies out, whole or cut."""

import gzip
import socket
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.servers.marketo.answers import Asked, Reply
from tests.servers.marketo.bulk import read_body

LONGEST_ADDRESS = 8 * 1024
LONGEST_BODY = 1024 * 1024

Answering = Callable[[Asked], Reply]


class Wire(ThreadingHTTPServer):
    """The socket, on 127.0.0.1 and a free port."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, answer: Answering, now: Callable[[], datetime]) -> None:
        super().__init__(("127.0.0.1", 0), _handler_of(answer, now))

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away."""


def _handler_of(answer: Answering, now: Callable[[], datetime]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def _answer(self, body: bytes) -> None:
            if len(self.path) > LONGEST_ADDRESS:
                return self._send(_page(b"414 Request-URI Too Large", 414))
            if len(body) > LONGEST_BODY:
                return self._send(_page(b"413 Request Entity Too Large", 413))
            url = urlsplit(self.path)
            params = dict(parse_qsl(url.query))
            is_form = self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
            if is_form:
                params |= dict(parse_qsl(body.decode()))
            method = params.pop("_method", self.command)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(0.0, method, url.path, params, headers, None if is_form else read_body(body))
            return self._send(answer(asked))

        def _send(self, reply: Reply) -> None:
            body, headers = reply.body, dict(reply.headers)
            takes_gzip = "gzip" in self.headers.get("Accept-Encoding", "")
            if len(body) > 1024 and takes_gzip and "json" in headers.get("Content-Type", ""):
                body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
            self.send_response(reply.status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            end = len(body) // 2 if reply.cut is True else reply.cut
            self.wfile.write(body[:end] if end else body)
            if end:
                self._cut()

        def _cut(self) -> None:
            """Break the line, as a crashed proxy does."""
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_WR)

        def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
            return format_datetime(now(), usegmt=True)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Handler


def _page(text: bytes, status: int) -> Reply:
    return Reply(text, status, {"Content-Type": "text/html"})
