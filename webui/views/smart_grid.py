"""The smart grid: a row of weeks for each family, and what the summary bar says of the chosen week.

A grid has 65 cells and more. What many of them have in common (a week's words and address, a type's label)
is settled once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from flask_babel import gettext, ngettext

from webui import wording
from webui.feeds.weeks import Counts
from webui.vocabulary import Family, keys_of

SHADES = 4
TREND = (120, 20)


class Week(NamedTuple):
    """A week of the grid: its Monday, its days in words, its address; ``is_chosen`` is None of others."""

    monday: date
    first: str
    last: str
    url: str
    is_chosen: str | None


class Cell(NamedTuple):
    """A week of a family: the number of activities, its shade, and all that in words.

    ``types`` are the week's days and its counts by type, a line each. ``own`` says that some are the
    contact's own, ``is_chosen`` that the week is the chosen one; both are None elsewhere.
    """

    family: str
    week: date
    url: str
    number: int
    shade: str
    types: str
    words: str
    own: str | None
    is_chosen: str | None


@dataclass(frozen=True)
class GridRow:
    """A row of the grid; ``count`` is the chosen week's, for the summary bar; ``url`` filters by family.

    ``trend`` are the points of a line through the weeks, in a box of ``TREND`` width and height.
    """

    family: str
    cells: tuple[Cell, ...]
    count: int
    url: str
    is_filter: bool
    trend: str
    trend_words: str


def week_of(monday: date, url: str, is_chosen: bool) -> Week:
    """Return a week as the cells of all families need it."""
    last = monday + timedelta(days=6)
    return Week(
        monday, wording.short_day(monday), wording.short_day(last), url, "true" if is_chosen else None
    )


def grid_row(
    family: Family,
    weeks: Sequence[Week],
    found: Counts,
    own: Counts | None,
    *,
    count: int,
    url: str,
    is_filter: bool,
) -> GridRow:
    """Return a family's row. ``own`` are the contact's own counts among the account's, None elsewhere."""
    name, keys, language = wording.label(family.labels), keys_of(family.key), wording.words().language
    labels = {key: wording.type_label(key) for key in keys}
    counted = [[(key, number) for key in keys if (number := found.get((week.monday, key)))] for week in weeks]
    counts = [sum(number for _, number in of_week) for of_week in counted]
    most = max(counts)
    cells = []
    for week, of_week, number in zip(weeks, counted, counts, strict=True):
        types = [f"{labels[key]} {wording.number(some)}" for key, some in of_week]
        theirs = None if own is None else sum(own.get((week.monday, key), 0) for key in keys)
        cells.append(
            Cell(
                family=family.key,
                week=week.monday,
                url=week.url,
                number=number,
                shade=str(-(-SHADES * number // most) if most else 0),
                types="\n".join((f"{week.first} – {week.last}", *types)),
                words=_aloud(name, week, number, types, theirs, language),
                own="true" if theirs else None,
                is_chosen=week.is_chosen,
            )
        )
    trend_words = gettext(
        "Trend of %(family)s: from %(first)s a week to %(last)s, at most %(most)s",
        family=name,
        first=wording.number(counts[0]),
        last=wording.number(counts[-1]),
        most=wording.number(most),
    )
    return GridRow(family.key, tuple(cells), count, url, is_filter, _trend(counts, most), trend_words)


def of_family(family: Family, week: date, found: Counts) -> int:
    """Return how many activities of a family a week has."""
    return sum(found.get((week, key), 0) for key in keys_of(family.key))


def _aloud(name: str, week: Week, count: int, types: list[str], own: int | None, language: str) -> str:
    """Say a cell aloud."""
    named = {"family": name, "first": week.first, "last": week.last}
    said = _sentence(count, language) % named
    if types:
        said = f"{said} · {', '.join(types)}"
    return said if own is None else f"{said} ({gettext('%(own)s their own', own=own)})"


@lru_cache(maxsize=4_000)
def _sentence(count: int, _language: str) -> str:
    """Return the sentence of a count in the viewer's language, with room for the family and the days."""
    return ngettext(
        "%(family)s, %(first)s to %(last)s: %(num)d activity",
        "%(family)s, %(first)s to %(last)s: %(num)d activities",
        count,
        family="%(family)s",
        first="%(first)s",
        last="%(last)s",
    )


def _trend(counts: list[int], most: int) -> str:
    """Return the points of an SVG line through the counts: oldest at the left, the most at the top."""
    width, height = TREND
    step = width / (len(counts) - 1)
    return " ".join(
        f"{place * step:.1f},{height - 1 - (height - 2) * count / (most or 1):.1f}"
        for place, count in enumerate(counts)
    )
