"""How many requests a second each page's fragment answers, side by side.

The sides (databases, each behind a server of its own) take turns on every page in every round, so that
whatever else the machine does meets them all. What is compared is the ratio within a round: of requests
per second, and of the server's CPU time per request, which other programs disturb less.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import ceil
from statistics import median

from tests.bench import load
from tests.bench.command import Failed
from tests.bench.load import Load
from tests.bench.server import Server

ROW = b'data-activity="'
WARM_UP = 10
LONGEST = 30  # seconds of a visit


@dataclass(frozen=True)
class Side:
    """A server that takes part, and what goes on while it is asked."""

    name: str
    server: Server
    meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext


@dataclass(frozen=True)
class Compared:
    """A page: what it is called, its path on each side, and the further headers that each may need."""

    title: str
    paths: tuple[str, ...]
    headers: tuple[Mapping[str, str], ...] = ()

    def asked(self) -> list[tuple[str, Mapping[str, str]]]:
        """Return (path, headers) for each side."""
        return list(zip(self.paths, self.headers or ({},) * len(self.paths), strict=True))


@dataclass(frozen=True)
class Visit:
    """One round of one page on one side; ``cpu`` is milliseconds a request, ``size`` bytes an answer."""

    load: Load
    cpu: float
    size: int
    rows: int


@dataclass(frozen=True)
class Measured:
    """One page on one side, a visit for each round."""

    side: str
    path: str
    visits: tuple[Visit, ...]

    def typical(self, of: Callable[[Visit], float]) -> float:
        """Return the median over the rounds of some figure."""
        return median(of(one) for one in self.visits)

    @property
    def tail(self) -> float:
        """How many times the median wait the longest of a hundred is: the median over the rounds."""
        return self.typical(lambda one: one.load.p99 / max(one.load.p50, 0.001))

    @property
    def errors(self) -> int:
        """All errors of all rounds."""
        return sum(one.load.errors for one in self.visits)


@dataclass(frozen=True)
class PageResult:
    """One page on all sides."""

    title: str
    sides: tuple[Measured, ...]

    def by_rate(self, side: int) -> float:
        """Return a side's requests per second by the first side's: the median over the rounds."""
        return median(b.load.rate / a.load.rate for a, b in self._rounds(side))

    def by_cpu(self, side: int) -> float | None:
        """Return the same by CPU time a request, the first side's by this one's; None where unknown."""
        known = [(a.cpu, b.cpu) for a, b in self._rounds(side)]
        return median(a / b for a, b in known) if all(b for _, b in known) else None

    def _rounds(self, side: int) -> Iterator[tuple[Visit, Visit]]:
        return zip(self.sides[0].visits, self.sides[side].visits, strict=True)


def measure(
    sides: Sequence[Side],
    pages: Sequence[Compared],
    *,
    rounds: int,
    seconds: int,
    clients: int,
    say: Callable[[str], None],
) -> list[PageResult]:
    """Measure every page on every side; the paths of a page are in the order of the sides."""
    visits: dict[tuple[str, str], list[Visit]] = {
        (page.title, one.name): [] for page in pages for one in sides
    }
    for page in pages:
        for side, (path, headers) in zip(sides, page.asked(), strict=True):
            for _ in range(WARM_UP):
                _answer(side, path, headers)
    for number in range(rounds):
        say(f"pages: round {number + 1} of {rounds}")
        for page in pages:
            turns = list(zip(sides, page.asked(), strict=True))
            for side, asked in turns if number % 2 == 0 else reversed(turns):
                visits[page.title, side.name].append(_visit(side, *asked, seconds, clients))
    return [
        PageResult(
            page.title,
            tuple(
                Measured(side.name, path, tuple(visits[page.title, side.name]))
                for side, path in zip(sides, page.paths, strict=True)
            ),
        )
        for page in pages
    ]


def _visit(side: Side, path: str, headers: Mapping[str, str], seconds: int, clients: int) -> Visit:
    """Ask for a page for some seconds; for longer where it is slow, so that each client gets two answers."""
    begun = time.perf_counter()
    answer = _answer(side, path, headers)
    seconds = max(seconds, min(ceil(2 * clients * (time.perf_counter() - begun)), LONGEST))
    with side.meanwhile():
        before = side.server.cpu_seconds()
        done = load.run(side.server.port, path, headers, seconds=seconds, clients=clients)
        used = side.server.cpu_seconds() - before
    if not done.requests:  # something else had the machine
        if seconds >= LONGEST:
            raise Failed(f"{side.name}: {path} answers nobody within {seconds} seconds")
        return _visit(side, path, headers, min(4 * seconds, LONGEST), clients)
    return Visit(done, 1_000 * used / done.requests, len(answer), answer.count(ROW))


def _answer(side: Side, path: str, headers: Mapping[str, str]) -> bytes:
    """Ask once; raise Failed if the answer is not the page."""
    status, answer = load.fetch(side.server.port, path, headers)
    if status not in (200, 304):
        raise Failed(f"{side.name}: {path} answers {status}")
    return answer
