"""When things happen: 26 ISO weeks that end on a fixed Sunday, busier on workdays and towards the end.

Nothing reads the wall clock. The demo moves all dates by whole days when it loads them.
"""

import math
import random
from datetime import UTC, date, datetime, time, timedelta

FIRST_DAY = date(2025, 12, 29)
LAST_DAY = date(2026, 6, 28)
NEWEST = datetime(2026, 6, 28, 1, 31, 9, tzinfo=UTC)
"""The newest activity, early in the day so that the demo, moved by whole days, nearly always has a today.

Nothing is later, only appointments are.
"""
OLDEST = datetime(2025, 12, 29, tzinfo=UTC)

DAYS = tuple(FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1))
CAMPAIGN_WEEKS = {8: 1.5, 17: 1.6, 22: 1.4}
WEEKDAYS = (1.0, 1.15, 1.1, 1.05, 0.85, 0.1, 0.07)
HOURS = {
    7: 1,
    8: 4,
    9: 9,
    10: 12,
    11: 11,
    12: 6,
    13: 8,
    14: 11,
    15: 10,
    16: 9,
    17: 6,
    18: 3,
    19: 2,
    20: 2,
    21: 2,
    22: 1,
}
SLOTS = (time(9, 30), time(10), time(11), time(13, 30), time(14), time(15, 30), time(16))


def _weight(day: date) -> float:
    """Return how likely a chat is on ``day``."""
    week = (day - FIRST_DAY).days // 7
    growth = 0.55 + 0.9 * math.pow(week / 25, 1.4)
    return growth * CAMPAIGN_WEEKS.get(week, 1.0) * WEEKDAYS[day.weekday()]


WEIGHTS = tuple(_weight(day) for day in DAYS)


def visit_times(rng: random.Random, offset: int, count: int) -> list[datetime]:
    """Return up to ``count`` times in UTC, in order, within the local office hours of ``offset``."""
    days = rng.choices(DAYS, WEIGHTS, k=count)
    moments = (local(day, office_time(rng), offset) for day in days)
    return sorted(moment for moment in moments if OLDEST <= moment < NEWEST - timedelta(minutes=30))


def office_time(rng: random.Random) -> time:
    """Return a time of day, mostly between nine and five."""
    hour = rng.choices(list(HOURS), list(HOURS.values()))[0]
    return time(hour, rng.randrange(60), rng.randrange(60))


def local(day: date, at: time, offset: int) -> datetime:
    """Return the UTC moment of a local time, ``offset`` hours ahead of UTC."""
    return datetime.combine(day, at, UTC) - timedelta(hours=offset)


def appointment(rng: random.Random, after: datetime, offset: int) -> datetime:
    """Return a free slot on a workday, 2 to 9 days after ``after``."""
    day = after.date() + timedelta(days=rng.randint(2, 9))
    if day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    return local(day, rng.choice(SLOTS), offset)
