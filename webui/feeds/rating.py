"""Best Bets' formula: the points of what somebody did lately. ``docs/best-bets.md`` says it in words.

Plain functions of numbers, so that each point can be explained. Points are whole numbers.
"""

from collections.abc import Mapping
from typing import NamedTuple

from webui.vocabulary import CHAT, EMAIL, MOMENTS, WEB

DAYS = 28
MOST_RECENCY = 40
MOST_FREQUENCY = 30
MOST_SCORE = 30

# What an activity of a family counts; of e-mails only what the person did with them.
WEIGHTS: Mapping[str, int] = {WEB.key: 1, CHAT.key: 3, MOMENTS.key: 3, EMAIL.key: 1}


class Points(NamedTuple):
    """What somebody's points are made of."""

    recency: int
    frequency: int
    score: int

    @property
    def total(self) -> int:
        """All of them: 0 to 100."""
        return sum(self)


def of_recency(days: int) -> int:
    """Return the points of one whose newest activity was so many days ago: 40 today, 0 after 28 days."""
    return _share(DAYS - days, DAYS, MOST_RECENCY)


def of_frequency(counts: Mapping[str, int]) -> int:
    """Return the points of so many activities of each family within 28 days: 30 at most."""
    return min(sum(WEIGHTS.get(family, 0) * count for family, count in counts.items()), MOST_FREQUENCY)


def of_score(score: int | None, highest: int) -> int:
    """Return the points of a score beside the highest of all: 30 for that one, none for one below zero."""
    return 0 if score is None else _share(score, highest, MOST_SCORE)


def enough(family: str) -> int:
    """Return how many activities of a family give all the points that there are: more need not be counted."""
    return -(-MOST_FREQUENCY // WEIGHTS[family])


def _share(part: int, whole: int, most: int) -> int:
    """Return a part of a whole as that part of the most, rounded, within 0 and the most."""
    if whole <= 0:
        return 0
    return (2 * most * min(max(part, 0), whole) + whole) // (2 * whole)
