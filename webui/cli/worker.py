"""The worker process of ``chatpane serve``: gunicorn keeps it, Waitress answers in it.

Gunicorn starts, watches and restarts the processes; the threads of its own workers read from the network,
so that a few slow clients hold them all. Waitress reads whole requests and sends answers in one loop, and
threads only run the app: a slow client costs a socket and a buffer. Waitress bounds sizes and idleness;
what is added here bounds the time of a whole request and a whole answer, however it trickles.
"""

import gc
import logging
import os
import socket
import time
from copy import copy
from functools import cache
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error

LARGEST_HEAD = 32_768
A_READ = 131_072  # a delivery of events comes in a few reads, not in a hundred
LARGEST_BODY = 1_048_576  # the app answers in a sentence from less on; this is what is buffered at most
LARGEST_BODIES = {  # of paths that more is delivered to
    "/hooks/adobe-io": 4_259_840,  # 4 MiB and a little, from which on the app says no
    "/hooks/marketo-activities": 16_777_216,
}
CONNECTIONS = 1_000
REQUEST_WITHIN = 10.0
ANSWER_WITHIN = 60.0  # from the first byte of the request to the last of the answer
PARTING = 2.0


class _TooSlow(Error):  # type: ignore[misc]
    code = 408
    reason = "Request Timeout"


@cache
def _with_bodies_of(adjustments: Any, largest: int) -> Any:
    """Return Waitress's settings with another bound of a body; there are as many as there are bounds."""
    own = copy(adjustments)
    own.max_request_body_size = largest
    return own


class _Request(HTTPRequestParser):  # type: ignore[misc]
    """A request whose length is said in one way, and whose path bounds it.

    Two ways are how requests are smuggled past a proxy. One bound for all paths would let anybody fill
    the memory with what only a delivery may be.
    """

    adj: Any  # Waitress's

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head; raise ParsingError for what Waitress would let pass (RFC 9112, section 6.1)."""
        super().parse_header(header_plus)
        self.adj = _with_bodies_of(self.adj, LARGEST_BODIES.get(self.path, LARGEST_BODY))
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding contradict each other")


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that knows since when it is at its request."""

    parser_class = _Request
    request: Any  # Waitress's, as is the next one
    will_close: bool
    began = 0.0
    parting = False

    def received(self, data: bytes) -> bool:
        """Take in what the client sent; nothing any more after the last answer."""
        if self.parting:
            return False
        if self.request is None:
            self.began = time.monotonic()
        return bool(super().received(data))

    def handle_close(self) -> None:
        """Close; where all was said, only once the client had a moment to read it.

        A socket closed on unread bytes is reset, and the answer is lost to a client that is still sending.
        """
        if self.will_close and not self.parting and not self.total_outbufs_len:
            self.parting, self.will_close, self.began = True, False, time.monotonic()
            try:
                self.socket.shutdown(socket.SHUT_WR)
                return
            except OSError:  # the client has gone
                pass
        super().handle_close()

    def hurry(self) -> None:
        """Close if the client has had its time; say 408 if its request is not here yet."""
        age = time.monotonic() - self.began
        if self.parting or self.total_outbufs_len:
            if age > (PARTING if self.parting else ANSWER_WITHIN):
                self.handle_close()
        elif self.request is not None and not self.requests and age > REQUEST_WITHIN:
            with self.requests_lock:
                self.request.error = _TooSlow(f"It did not arrive within {REQUEST_WITHIN:.0f} seconds.")
                self.requests.append(self.request)
                self.request = None
            self.server.add_task(self)


class BufferingWorker(Worker):  # type: ignore[misc]
    """Serve the app until gunicorn says stop; then finish what has begun."""

    server: Any = None

    def run(self) -> None:
        """Serve in this process."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of every request that waits
        self.open: dict[int, Any] = {}
        self.server = create_server(
            self.wsgi,
            map=self.open,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            channel_timeout=self.cfg.keepalive,
            cleanup_interval=1,
            connection_limit=CONNECTIONS,
            max_request_header_size=LARGEST_HEAD,
            max_request_body_size=LARGEST_BODY,
            recv_bytes=A_READ,
            clear_untrusted_proxy_headers=False,  # the app decides whom it believes
            log_socket_errors=False,
            asyncore_use_poll=True,
            ident=None,
        )
        self.server.channel_class = _Channel
        gc.freeze()  # the app stays: the collector need not look through it during requests
        while self.alive and self.ppid == os.getppid():
            self._turn()
        self.server.accepting = False
        until = time.monotonic() + self.cfg.graceful_timeout
        while self._is_at_work() and time.monotonic() < until:
            self._turn()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop gracefully."""
        super().handle_exit(sig, frame)
        if self.server is not None:
            self.server.pull_trigger()

    def _turn(self) -> None:
        self.notify()
        wasyncore.loop(timeout=1.0, use_poll=True, map=self.open, count=1)
        for channel in list(self.server.active_channels.values()):
            channel.hurry()

    def _is_at_work(self) -> bool:
        return any(
            channel.request or channel.requests or channel.total_outbufs_len
            for channel in self.server.active_channels.values()
        )
