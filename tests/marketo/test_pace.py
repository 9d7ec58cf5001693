"""Marketo's limits belong to all integrations: Chatpane takes less than half, and gives way."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from webui.marketo.failures import Again
from webui.marketo.pace import A_CHECK, Limiter, Pace

TYPES = "/rest/v1/stats/usage.json"


def ask(connection, times, threads=8):
    with ThreadPoolExecutor(threads) as many:
        list(many.map(connection.get, [TYPES] * times))


def test_the_usual_pace_leaves_room_for_others():
    pace = Pace()
    assert (pace.calls, pace.seconds, pace.at_once) == (22, 20.0, 5)
    assert 2 * pace.calls + A_CHECK.calls < 50
    assert pace.wait_after_606 >= 20
    assert pace.bulk_poll >= 60


def test_no_more_than_45_calls_go_out_in_any_window(marketo, connect):
    connection = connect(seconds=0.5)

    ask(connection, 100)

    assert len(marketo.asked) == 100
    assert marketo.most_in(0.5) <= 45


def test_no_more_than_five_calls_go_out_at_once(marketo, connection):
    marketo.fail_next("usage", slow=0.01, times=None)

    ask(connection, 30, threads=12)

    assert marketo.door.most_at_once == 5


def test_a_limit_that_others_have_used_up_is_waited_for(marketo, connect):
    connection = connect(seconds=0.4, wait_after_606=0.4)
    marketo.door.calls_per_window, marketo.door.window = 10, 0.4

    ask(connection, 12, threads=1)

    codes = [one.code for one in marketo.asked]
    assert codes.count("") == 12
    assert codes.count("606") >= 1


def test_after_606_nothing_goes_out_for_the_whole_wait(marketo, connect):
    connection = connect(wait_after_606=0.2)
    marketo.fail_next("usage", code="606")

    ask(connection, 12, threads=3)

    refused = next(one for one in marketo.asked if one.code == "606")
    after = sorted(one.at for one in marketo.asked if one.at > refused.until)
    waits = [later - earlier for earlier, later in pairwise([refused.until, *after])]
    assert max(waits) >= 0.19
    assert waits.index(max(waits)) <= len(after) // 2  # before it, what was on its way


def let_out(limiter, now):
    """Return how many calls a limiter lets out at one time."""
    count = 0
    while limiter._take() == 0:
        count += 1
    limiter._running = 0
    limiter._ended.extend([now[0]] * count)
    return count


@pytest.fixture
def now():
    return [1_000.0]


def test_after_606_half_as_many_calls_go_out_until_all_is_well_for_a_while(now):
    limiter = Limiter(Pace(at_once=100), clock=lambda: now[0])
    assert let_out(limiter, now) == 22

    limiter.slow_down(Again.SLOWER)
    limiter.slow_down(Again.SLOWER)  # another thread's answer to the same
    now[0] += 20
    assert let_out(limiter, now) == 11

    now[0] += 600
    assert let_out(limiter, now) == 22


def test_after_615_half_as_many_calls_go_out_at_once(now):
    limiter = Limiter(Pace(), clock=lambda: now[0])
    limiter.slow_down(Again.SHORTLY)

    assert let_out(limiter, now) == 2


def test_a_call_keeps_its_place_until_the_window_after_its_answer_is_over(now):
    limiter = Limiter(Pace(calls=1, seconds=20.0), clock=lambda: now[0])
    with limiter.place():
        now[0] += 30  # a slow answer
    assert limiter._take() == 20.0


@pytest.mark.parametrize("attempt", [1, 2, 5, 50])
def test_waits_double_up_to_the_longest_and_are_never_the_same(attempt):
    waits = {Pace().wait(Again.BACKED_OFF, attempt) for _ in range(5)}
    least = min(2 ** (attempt - 1), 300)
    assert all(least <= wait <= least * 1.25 for wait in waits)
    assert len(waits) > 1


def test_what_takes_marketo_minutes_is_given_minutes():
    assert Pace().wait(Again.IN_MINUTES, 1) >= 60
    assert Pace().wait(Again.SLOWER, 1) >= 20
    assert Pace().wait(Again.SHORTLY, 5) <= 2
