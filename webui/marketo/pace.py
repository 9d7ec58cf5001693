"""How fast Marketo is asked, and how often again.

Marketo counts the calls of all integrations together: 100 in 20 seconds, 10 at once. Chatpane takes
less than half, so that a form that somebody fills in does not fail because of a sync.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from webui.marketo.failures import Again

Clock = Callable[[], float]
Sleep = Callable[[float], object]


@dataclass(frozen=True)
class Pace:
    """Counts, and waits in seconds.

    ``calls`` in ``seconds``: two processes one after the other, each with a limiter of its own, and a
    connection test beside them stay within half of Marketo's hundred. ``attempts`` count the first. Waits
    double from ``first_wait`` to ``longest_wait``, those of ``Again.IN_MINUTES`` from ``wait_minutes``; up to
    ``jitter`` of itself is added to each.
    """

    calls: int = 22
    seconds: float = 20.0
    at_once: int = 5
    attempts: int = 6
    few_attempts: int = 3
    first_wait: float = 1.0
    longest_wait: float = 300.0
    jitter: float = 0.25
    wait_after_606: float = 20.0
    wait_after_615: float = 2.0
    wait_minutes: float = 60.0
    slow_for: float = 600.0
    bulk_poll: float = 60.0

    def attempts_for(self, again: Again) -> int:
        """Return how often a call is made that keeps failing this way."""
        if again in (Again.NEVER, Again.RENEWED):  # a renewal is no attempt of its own
            return 1
        return self.few_attempts if again is Again.FEW_TIMES else self.attempts

    def wait(self, again: Again, attempt: int) -> float:
        """Return the seconds to wait after the failure of this attempt, the first being 1."""
        if again is Again.SHORTLY:  # random, lest integrations that collided collide again
            return random.uniform(0, self.wait_after_615)  # noqa: S311 - no secret
        if again is Again.SLOWER:
            return self.wait_after_606 * (1 + random.uniform(0, self.jitter))  # noqa: S311 - no secret
        first = self.wait_minutes if again is Again.IN_MINUTES else self.first_wait
        wait = min(first * 2 ** (attempt - 1), self.longest_wait)
        return wait * (1 + random.uniform(0, self.jitter))  # noqa: S311 - no secret


# For somebody who waits for the answer, in the room that the usual pace leaves.
A_CHECK = Pace(calls=5, at_once=1, attempts=1, few_attempts=1)


class Limiter:
    """Lets calls out so that Marketo never sees more than the pace's ``calls`` in any ``seconds``.

    A call holds its place from before it is sent until ``seconds`` after it was answered: wherever between
    here and there calls are counted, there are no more. Threads may share a limiter.
    """

    glance = 0.01  # how often a thread that waits for another's call looks again

    def __init__(self, pace: Pace, sleep: Sleep = time.sleep, clock: Clock = time.monotonic) -> None:
        self._pace, self._sleep, self._clock = pace, sleep, clock
        self._lock = threading.Lock()
        self._ended: deque[float] = deque()
        self._running = 0
        self._calls, self._at_once = pace.calls, pace.at_once
        self._slow_until, self._closed_until = float("inf"), float("-inf")

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for one call, as soon as there is one; what ``sleep`` raises goes through."""
        while (wait := self._take()) > 0:
            self._sleep(wait)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                self._ended.append(self._clock())

    def slow_down(self, again: Again) -> None:
        """Halve what is let out, for the time of ``slow_for``, after Marketo said that it was too much.

        After ``Again.SLOWER`` nothing is let out for ``wait_after_606`` seconds.
        """
        with self._lock:
            now = self._clock()
            if again is Again.SHORTLY:
                self._at_once = max(1, self._at_once // 2)
            elif now >= self._closed_until:  # else another thread has heard the same
                self._calls = max(1, self._calls // 2)
                self._closed_until = now + self._pace.wait_after_606
            self._slow_until = now + self._pace.slow_for

    def _take(self) -> float:
        """Take a place and return 0, or return the seconds after which to look again."""
        with self._lock:
            now = self._clock()
            if now >= self._slow_until:
                self._calls, self._at_once = self._pace.calls, self._pace.at_once
                self._slow_until = float("inf")
            while self._ended and self._ended[0] <= now - self._pace.seconds:
                self._ended.popleft()
            if now < self._closed_until:
                return self._closed_until - now
            if self._running >= self._at_once:
                return self.glance
            if self._running + len(self._ended) >= self._calls:
                left = self._ended[0] + self._pace.seconds - now if self._ended else 0
                return max(left, self.glance)
            self._running += 1
            return 0
