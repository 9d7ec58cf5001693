"""Scores in words: a person's history as a line, who of many has the most, stars and flames.

The line and the table of its points say the same. A score stays as it is until it changes, so the line has
steps; it begins with what the score was at its start, and goes on to the end of the viewer's day, so that it
stands still within the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext

from webui import wording
from webui.feeds import scores
from webui.feeds.scopes import OfPerson, Scope
from webui.feeds.scores import LATELY, LEADERS_LATELY, LOOKED_AT, MOST, Change, Standing
from webui.views.paths import person_path

SHOWN = timedelta(weeks=13)
WIDTH, HEIGHT, EDGE = 600, 100, 4


class Point(NamedTuple):
    """A change in words: when it was, by how much, and what the score became."""

    at: datetime
    change: str
    score: str


@dataclass(frozen=True)
class History:
    """A score's history: the line as an SVG path in a box of ``WIDTH`` and ``HEIGHT``, and what it says.

    ``box`` is the latter as an SVG's view box, ``points`` are newest first, ``words`` a sentence.
    """

    name: str
    path: str
    box: str
    first: str
    last: str
    highest: str
    lowest: str
    words: str
    points: tuple[Point, ...]


class LeaderLine(NamedTuple):
    """One of the people with the highest scores; ``path`` is None where the viewer may not open it."""

    crm_id: str
    name: str
    path: str | None
    score: str
    change: str


class Leaders(NamedTuple):
    """The people with the highest scores, whose they are looked for in words, and what their changes are."""

    lines: tuple[LeaderLine, ...]
    caption: str
    change_label: str


class Marks(NamedTuple):
    """Where a person stands: so many stars and flames, as icons of the sprite and in words."""

    stars: int
    flames: int
    star_icons: tuple[str, ...]
    flame_icons: tuple[str, ...]
    words: str


def above(scope: Scope, name: str | None) -> dict[str, Any]:
    """Return what stands above the list of a scope's scores; ``name`` is the score that it is filtered by."""
    if isinstance(scope, OfPerson):
        return {"history": told(scores.history(scope.person_id), name, wording.today())}
    return {"leaders": _leaders(scores.leaders(scope, datetime.now(UTC), name))}


def marks(standing: Standing | None) -> Marks | None:
    """Return where a person stands in stars and flames, None of one who has no score."""
    if standing is None:
        return None
    stars = gettext(
        "%(stars)s of %(most)s stars: score %(score)s, highest %(highest)s",
        stars=standing.stars,
        most=MOST,
        score=wording.number(standing.score),
        highest=wording.number(standing.highest),
    )
    flames = gettext(
        "%(flames)s of %(most)s flames: %(gained)s in %(days)s days",
        flames=standing.flames,
        most=MOST,
        gained=wording.change(standing.gained),
        days=LATELY.days,
    )
    return Marks(
        standing.stars,
        standing.flames,
        tuple("star" if place < standing.stars else "no-star" for place in range(MOST)),
        tuple("flame" if place < standing.flames else "no-flame" for place in range(MOST)),
        f"{stars} · {flames}",
    )


def told(changes: Sequence[Change], name: str | None, today: date) -> History | None:
    """Return the history of one score, of the changes newest first: the one named, else the main one.

    It goes back ``SHOWN``, and further where nothing changed since. None where that score never changed.
    """
    which = name or scores.main_score(one.name for one in changes)
    own = scores.of_score(which, changes)
    if not which or not own:
        return None
    end = wording.day_start(today + timedelta(days=1))
    of_late = [one for one in own if one.at >= end - SHOWN] or own
    start, was = _start(own, of_late, end)
    values = [was, *(one.score for one in of_late)]
    return History(
        name=which,
        path=_path(of_late, start, was, end),
        box=f"0 0 {WIDTH} {HEIGHT}",
        first=wording.short_day(wording.local_day(start)),
        last=wording.short_day(today),
        highest=wording.number(max(values)),
        lowest=wording.number(min(values)),
        words=gettext(
            "%(score)s from %(first)s on %(start)s to %(last)s on %(end)s, at most %(highest)s",
            score=which,
            first=wording.number(was),
            start=wording.short_day(wording.local_day(start)),
            last=wording.number(own[0].score),
            end=wording.short_day(today),
            highest=wording.number(max(values)),
        ),
        points=tuple(_point(one) for one in of_late),
    )


def _start(own: Sequence[Change], of_late: Sequence[Change], end: datetime) -> tuple[datetime, int]:
    """Return when the line begins, and what the score was then."""
    if len(of_late) < len(own):
        return end - SHOWN, own[len(of_late)].score
    oldest = of_late[-1]
    return oldest.at, oldest.score - (oldest.change or 0)


def _path(of_late: Sequence[Change], start: datetime, was: int, end: datetime) -> str:
    values = [was, *(one.score for one in of_late)]
    lowest, span = min(values), max(values) - min(values)
    length = max((end - start).total_seconds(), 1)

    def across(at: datetime) -> str:
        return f"{min(max((at - start).total_seconds() / length, 0), 1) * WIDTH:.1f}".removesuffix(".0")

    def up(score: int) -> str:
        share = (score - lowest) / span if span else 0.5
        return f"{HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE):.1f}".removesuffix(".0")

    steps = [f"H{across(one.at)}V{up(one.score)}" for one in reversed(of_late)]
    return "".join((f"M0 {up(was)}", *steps, f"H{WIDTH}"))


def _point(one: Change) -> Point:
    change = "–" if one.change is None else wording.change(one.change)
    return Point(one.at, change, wording.number(one.score))


def _leaders(found: Sequence[scores.Leader]) -> Leaders | None:
    """Return who has the highest scores, None where nobody has any."""
    if not found:
        return None
    caption = gettext(
        "The highest scores of the people in the newest %(count)s changes", count=wording.number(LOOKED_AT)
    )
    return Leaders(_lines(found), caption, gettext("In %(days)s days", days=LEADERS_LATELY.days))


def _lines(found: Sequence[scores.Leader]) -> tuple[LeaderLine, ...]:
    return tuple(
        LeaderLine(
            one.person_crm_id,
            one.person_name,
            person_path(one.person_kind, one.person_crm_id),
            wording.number(one.score),
            wording.change(one.gained),
        )
        for one in found
    )
