"""Macros of what a page has many of, rendered once for each shape of a thing, then filled in.

A table has 50 rows and a choice up to 200 options; rendering each was a third of what a fragment costs. The
macro stays the one place that says how such a thing looks; every value is escaped here.
"""

import html
import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from itertools import groupby, repeat
from operator import is_not
from typing import Any, NamedTuple

from flask import Flask, get_template_attribute
from markupsafe import Markup

_HOLE = re.compile("\0(\\d+)\0")
_BETWEEN = "\0"  # no database holds one in a text


def filled(template: str, macro: str, things: Iterable[NamedTuple], *more: Hashable) -> Markup:
    """Return the macro of a template for each thing, called as ``macro(thing, *more)``.

    What the macro shows may depend on whether a field of a thing is None, but neither on what else it is nor
    on who asks. ``more`` is one of few.
    """
    markup: list[str] = []
    values: list[object] = []
    for shape, alike in groupby(things, _shape):  # most are
        some = list(alike)
        pattern, places = _pattern(template, macro, type(some[0]), shape, more)
        markup.append(pattern * len(some))
        for thing in some:
            values += map(thing.__getitem__, places)
    return Markup("".join(markup) % _escaped(values))  # noqa: S704  the template's own, and escaped values


def _shape(thing: NamedTuple) -> tuple[bool, ...]:
    return tuple(map(is_not, thing, repeat(None)))


def _escaped(values: list[object]) -> tuple[str, ...]:
    """Return values as HTML, for the price of few: all of them are escaped as one text."""
    found = html.escape(_BETWEEN.join(map(str, values))).split(_BETWEEN)
    if len(found) != len(values):
        return tuple(html.escape(str(value)) for value in values)
    return tuple(found)


@lru_cache(maxsize=1_000)
def _pattern(
    template: str, macro: str, kind: Any, shape: tuple[bool, ...], more: tuple[Hashable, ...]
) -> tuple[str, tuple[int, ...]]:
    """Return the macro's markup for a thing of a shape, and which field's place each ``%s`` of it is."""
    thing = kind(*(f"\0{place}\0" if is_there else None for place, is_there in enumerate(shape)))
    markup = str(get_template_attribute(template, macro)(thing, *more))
    return _HOLE.sub("%s", markup.replace("%", "%%")), tuple(map(int, _HOLE.findall(markup)))


def init_app(app: Flask) -> None:
    """Give the templates ``filled``."""
    app.add_template_global(filled)
