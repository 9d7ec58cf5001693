"""The way to the hosts, as a load balancer goes it: by turns, and to the next where a connection breaks."""

import time
from collections.abc import Callable, Mapping, Sequence
from threading import Event

import httpx

from tests.bench.server import HOST
from tests.soak.tally import Tally

PATIENCE = 30.0  # seconds for an answer
TURNS = 40  # connections that may be refused one after another: some seconds
PAUSE = 0.25
BUSY_TURNS = 12  # 503 that may come one after another: a minute, at 5 seconds each


class GivenUp(Exception):
    """No host answered; it is counted as an error already."""


class Balancer:
    """One asker's connections to all hosts; each thread has its own. ``who`` names it in the tally."""

    def __init__(self, ports: Sequence[int], who: str, tally: Tally, stop: Event) -> None:
        self._hosts = [
            httpx.Client(base_url=f"http://{HOST}:{port}", timeout=PATIENCE, trust_env=False)
            for port in ports
        ]
        self._turn = 0
        self._who, self._tally, self._stop = who, tally, stop

    def ask(
        self,
        what: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Callable[[], bytes] = bytes,
        expected: tuple[int, ...] = (200,),
        first: int | None = None,
    ) -> httpx.Response:
        """Return the first answer that is no "not now"; ``body`` is made anew for each attempt.

        ``first`` is the place of the host that is asked first. Counts an answer of another status than
        ``expected`` as an error, and raises GivenUp.
        """
        busy = refused = 0
        if first is not None:
            self._turn = first
        while True:
            began = time.monotonic()
            try:
                answer = self._next_host().request(method, path, headers=dict(headers or {}), content=body())
            except httpx.TimeoutException as late:
                self._fail(f"{what} {path}: {type(late).__name__} after {PATIENCE:.0f} s")
            except httpx.TransportError as lost:
                refused += 1
                self._tally.again(self._who)
                if refused > TURNS:
                    self._fail(f"{what} {path}: no host answers: {lost!r}")
                if refused > len(self._hosts):
                    time.sleep(PAUSE)
                continue
            if answer.status_code == 503 and "Retry-After" in answer.headers:
                busy += 1
                self._tally.busy(self._who)
                if busy > BUSY_TURNS:
                    self._fail(f"{what} {path}: 503, again and again")
                self._stop.wait(float(answer.headers["Retry-After"]))
                continue
            if answer.status_code not in expected:
                self._fail(f"{what} {path}: {answer.status_code} {answer.text[-300:]!r}")
            self._tally.fine(self._who, what, time.monotonic() - began)
            return answer

    def broken(self, what: str, path: str, why: str) -> None:
        """Count an answer that holds not what it should."""
        self._tally.error(self._who, f"{what} {path}: {why}")

    def close(self) -> None:
        """Close the connections."""
        for one in self._hosts:
            one.close()

    def _next_host(self) -> httpx.Client:
        host = self._hosts[self._turn % len(self._hosts)]
        self._turn += 1
        return host

    def _fail(self, said: str) -> None:
        self._tally.error(self._who, said)
        raise GivenUp(said)
