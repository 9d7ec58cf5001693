"""Asking one address as often as it answers: with wrk where that is installed, else with a small client.

Both keep their connections alive and send what htmx sends, so that the server answers with the fragment.
"""

import gzip
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread

from tests.bench.server import HOST

HEADERS = {
    "HX-Request": "true",
    "Accept-Language": "en",
    "X-Pane-Language": "en",
    "X-Pane-Zone": "Asia/Tokyo",  # another one than the weeks', as most viewers have
}
PATIENCE = 60  # seconds
SUMMARY = Path(__file__).parent / "wrk_summary.lua"


@dataclass(frozen=True)
class Load:
    """What became of a run: errors are answers above 399 and broken connections; times are milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def tool() -> str:
    """Say which client is used."""
    return "wrk" if shutil.which("wrk") else "small client"


def fetch(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Ask once, with further headers; return the status and the answer."""
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    connection.request("GET", path, headers={**HEADERS, **headers})
    response = connection.getresponse()
    answer = response.read()
    if response.headers["Content-Encoding"] == "gzip":
        answer = gzip.decompress(answer)
    return response.status, answer


def etag(port: int, path: str) -> str:
    """Ask once; return the answer's ETag."""
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    connection.request("GET", path, headers=HEADERS)
    response = connection.getresponse()
    response.read()
    return response.headers["ETag"] or ""


def run(port: int, path: str, headers: Mapping[str, str], *, seconds: int, clients: int) -> Load:
    """Ask by so many clients at once for so long, with further headers, in a process of its own."""
    url = f"http://{HOST}:{port}{path}"
    headers = {**HEADERS, **headers}
    if tool() == "wrk":
        arguments = ["wrk", f"-c{clients}", "-t1", f"-d{seconds}s", "--latency"]
        arguments += ["--timeout", f"{PATIENCE}s", "-s", str(SUMMARY)]
        arguments += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        arguments.append(url)
    else:
        numbers = (str(seconds), str(clients))
        arguments = [sys.executable, "-m", "tests.bench.load", str(port), path, json.dumps(headers), *numbers]
    told = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    return Load(**json.loads(told.splitlines()[-1]))


class _Client(Thread):
    """One client: asks, reads the whole answer, asks again."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str], until: float) -> None:
        super().__init__()
        self._port, self._path, self._headers, self._until = port, path, headers, until
        self.took: list[float] = []
        self.errors = 0

    def run(self) -> None:
        connection = HTTPConnection(HOST, self._port, timeout=PATIENCE)
        while (begun := time.perf_counter()) < self._until:
            try:
                connection.request("GET", self._path, headers=self._headers)
                response = connection.getresponse()
                response.read()
                self.errors += response.status >= 400
            except (OSError, HTTPException):
                connection.close()
                self.errors += 1
            self.took.append((time.perf_counter() - begun) * 1_000)


def summary_of_small_client(
    port: int, path: str, headers: Mapping[str, str], seconds: float, clients: int
) -> str:
    """Be the small client; return its summary as wrk's script writes it."""
    begun = time.perf_counter()
    threads = [_Client(port, path, headers, begun + seconds) for _ in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    took = sorted(took for one in threads for took in one.took) or [0.0]
    summary = {
        "requests": len(took),
        "seconds": time.perf_counter() - begun,
        "p50": took[len(took) // 2],
        "p99": took[len(took) * 99 // 100],
        "errors": sum(one.errors for one in threads),
    }
    return json.dumps(summary) + "\n"


if __name__ == "__main__":
    sys.stdout.write(
        summary_of_small_client(
            int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
        )
    )
