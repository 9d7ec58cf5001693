"""The real server, ``chatpane serve`` with one worker on a free port, for as long as it is needed."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.bench.command import CHATPANE, CHECKOUT, Failed, environment
from tests.bench.databases import Database

HOST = "127.0.0.1"
STARTS_WITHIN = 60.0
STOPS_WITHIN = 20.0
LOOK_EVERY = 0.01


@dataclass(frozen=True)
class Server:
    """A running server: its port, the process whose children are its workers, and when that was started.

    ``begun`` is of ``time.perf_counter``.
    """

    port: int
    pid: int
    begun: float

    def workers(self) -> list[str]:
        """Return the ids of the workers' processes; raises OSError where the system does not tell."""
        return Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()

    def cpu_seconds(self) -> float:
        """Return the CPU time that it has used, with its workers'; 0 where the system does not tell."""
        try:
            ticks = sum(_ticks(pid) for pid in [str(self.pid), *self.workers()])
        except OSError:
            return 0.0
        return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: str) -> int:
    """Return a process's ticks in user and system mode: fields 14 and 15, behind the name in brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def serving(database: Database, *, program: Sequence[str] = (CHATPANE,), **settings: str) -> Iterator[Server]:
    """Serve a database, as a demo unless ``settings`` say otherwise, by another ``program`` than the command.

    Raises Failed if the server does not get ready.
    """
    port = free_port()
    with TemporaryFile("w+") as log:
        begun = time.perf_counter()
        server = subprocess.Popen(
            [*program, "serve", "--port", str(port)],
            env={**environment(database.url), **settings},
            cwd=CHECKOUT,
            stdout=log,
            stderr=log,
        )
        try:
            if not gets_ready(server, port):
                log.seek(0)
                raise Failed(f"the server of {database.url} is not ready:\n{log.read()[-2000:]}")
            yield Server(port, server.pid, begun)
        finally:
            _stop(server)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def gets_ready(server: "subprocess.Popen[Any]", port: int) -> bool:
    """Wait until a server answers at a port; return whether it did, in time."""
    until = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < until:
        try:
            connection = HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return True
        except (OSError, HTTPException):
            time.sleep(LOOK_EVERY)
    return False


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
