"""What became of each request, by the minute; counted by many threads at once."""

import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

SHOWN = 20
FINE, BUSY, AGAIN, WRONG = "fine", "busy", "tried again", "errors"


@dataclass(frozen=True)
class Answer:
    """An answer: when it came (seconds since the begin), who asked for what, and how many ms it took."""

    at: float
    who: str
    what: str
    took: float


@dataclass(frozen=True)
class Row:
    """A minute of some askers: how many answers, and their times in ms."""

    minute: int
    requests: int
    p50: float
    p99: float
    slowest: float
    busy: int
    again: int
    errors: int


@dataclass
class Tally:
    """Answers that were fine, and how many were not: 503 for now, lost connections, errors."""

    began: float = field(default_factory=time.monotonic)
    answers: list[Answer] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _counts: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def now(self) -> float:
        """Return the seconds since the begin."""
        return time.monotonic() - self.began

    def fine(self, who: str, what: str, took: float) -> None:
        """Count a right answer that took so many seconds."""
        with self._lock:
            self.answers.append(Answer(self.now(), who, what, took * 1_000))

    def busy(self, who: str) -> None:
        """Count a 503 that says when to come again."""
        self._count(who, BUSY)

    def again(self, who: str) -> None:
        """Count a connection that was refused or broke, after which the other host was asked."""
        self._count(who, AGAIN)

    def error(self, who: str, said: str) -> None:
        """Count an answer that nobody should get; the first are kept in words."""
        self._count(who, WRONG)
        with self._lock:
            if len(self.wrong) < SHOWN:
                self.wrong.append(f"{self.now():.1f} s, {who}: {said}")

    def total(self, what: str, who: str | None = None) -> int:
        """Return how many there were of ``BUSY``, ``AGAIN`` or ``WRONG``, of one asker or of all."""
        with self._lock:
            counts = self._counts.items()
            return sum(some for (one, _, kind), some in counts if kind == what and who in (None, one))

    def minutes(self, who: str) -> list[Row]:
        """Return a row for each minute in which somebody asked."""
        with self._lock:
            answers = [one for one in self.answers if one.who == who]
            counts = self._counts.copy()
        last = max((int(one.at // 60) for one in answers), default=-1)
        return [
            _row(
                minute,
                sorted(one.took for one in answers if one.at // 60 == minute),
                *(counts[who, minute, kind] for kind in (BUSY, AGAIN, WRONG)),
            )
            for minute in range(last + 1)
        ]

    def _count(self, who: str, kind: str) -> None:
        with self._lock:
            self._counts[who, int(self.now() // 60), kind] += 1


def _row(minute: int, took: list[float], busy: int, again: int, errors: int) -> Row:
    times = took or [0.0]
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    return Row(minute + 1, len(took), p50, p99, times[-1], busy, again, errors)
