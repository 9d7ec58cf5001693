"""What is made of the rounds: ratios within a round, and the median over the rounds."""

import pytest

from tests.bench.load import Load
from tests.bench.pages import Measured, PageResult, Visit
from tests.bench.run import MEASURES, Run


def measured(side: str, *rounds: tuple[int, float, float]) -> Measured:
    """Return rounds of a second, of so many requests and waits (p50, p99)."""
    visits = [
        Visit(Load(requests, 1.0, p50, p99, 0), cpu=1_000 / requests, size=9, rows=0)
        for requests, p50, p99 in rounds
    ]
    return Measured(side, "/", tuple(visits))


def test_sides_are_compared_within_a_round():
    quiet = measured("quiet", (100, 1, 2), (200, 1, 4), (400, 1, 3))
    other = measured("storing", (90, 1, 2), (150, 1, 2), (100, 1, 2))
    found = PageResult("a page", (quiet, other))

    assert found.by_rate(1) == pytest.approx(0.75)
    assert found.by_cpu(1) == pytest.approx(0.75)


def test_the_tail_is_the_longest_wait_by_the_median_one():
    assert measured("quiet", (100, 10, 20), (100, 10, 40), (100, 10, 30)).tail == pytest.approx(3)


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_says_what_it_is(name):
    assert getattr(Run, name).__doc__
