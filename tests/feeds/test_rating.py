"""The formula of the Best Bets, as docs/best-bets.md says it."""

from hypothesis import given
from hypothesis import strategies as some

from webui.feeds import rating
from webui.feeds.rating import DAYS, Points

days = some.integers(0, 10_000)
scores = some.integers(-(2**40), 2**40)
counts = some.dictionaries(
    some.sampled_from(["web", "chat", "moments", "email", "score", "other"]), some.integers(0, 10_000)
)


def test_today_gives_40_points_half_the_time_20_and_28_days_none():
    assert [rating.of_recency(one) for one in (0, 1, 14, 27, 28, 29)] == [40, 39, 20, 1, 0, 0]


def test_a_visit_gives_one_point_a_chat_or_a_moment_three_an_email_one_a_changed_score_none():
    given_each = {family: rating.of_frequency({family: 1}) for family in ("web", "chat", "moments", "email")}
    assert given_each == {"web": 1, "chat": 3, "moments": 3, "email": 1}
    assert rating.of_frequency({"score": 9}) == 0
    assert rating.of_frequency({"web": 2, "chat": 4, "email": 5}) == 19


def test_the_highest_score_gives_30_points_half_of_it_15():
    assert [rating.of_score(one, 500) for one in (500, 250, 1, 0, -5, None)] == [30, 15, 0, 0, 0, 0]


@given(days, counts, scores, scores)
def test_points_are_whole_and_between_0_and_100(ago, done, score, other):
    points = Points(
        rating.of_recency(ago), rating.of_frequency(done), rating.of_score(score, max(score, other))
    )
    assert 0 <= points.recency <= 40
    assert 0 <= points.frequency <= 30
    assert 0 <= points.score <= 30
    assert points.total == points.recency + points.frequency + points.score <= 100


@given(days, days)
def test_later_never_gives_fewer_points(one, other):
    assert rating.of_recency(min(one, other)) >= rating.of_recency(max(one, other))


@given(some.integers(0, DAYS))
def test_recency_falls_evenly(ago):
    assert abs(rating.of_recency(ago) - 40 * (DAYS - ago) / DAYS) <= 0.5


@given(counts, counts)
def test_doing_more_never_gives_fewer_points(done, more):
    both = {family: done.get(family, 0) + more.get(family, 0) for family in {*done, *more}}
    assert rating.of_frequency(both) >= rating.of_frequency(done)


@given(scores, scores)
def test_a_higher_score_never_gives_fewer_points(one, other):
    highest = max(one, other)
    assert rating.of_score(highest, highest) >= rating.of_score(min(one, other), highest)
    assert rating.of_score(highest, highest) == (30 if highest > 0 else 0)


@given(counts)
def test_what_is_counted_at_most_gives_the_same_points_as_all(done):
    enough = {
        family: min(count, rating.enough(family) + 1) if family in rating.WEIGHTS else count
        for family, count in done.items()
    }
    assert rating.of_frequency(enough) == rating.of_frequency(done)
