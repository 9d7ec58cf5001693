"""Macros of what a page has many of, rendered once for each shape of a thing, then filled in.

A table has 50 rows and a choice up to 200 options; rendering each was a third of what a fragment costs. The
macro stays the one place that says how such a thing looks; every value is escaped here.
"""

import html
import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, get_template_attribute
from markupsafe import Markup

_HOLE = re.compile("\0(\\d+)\0")


class _Escaped(dict[Hashable, str]):
    """Values as HTML. Many things have names, types and days in common: each is escaped once.

    Values that are equal must look alike: there is no ``True`` beside a ``1``.
    """

    def __missing__(self, value: Hashable) -> str:
        self[value] = text = html.escape(str(value))
        return text


def filled(template: str, macro: str, things: Iterable[NamedTuple], *more: Hashable) -> Markup:
    """Return the macro of a template for each thing, called as ``macro(thing, *more)``.

    What the macro shows may depend on whether a field of a thing is None, but neither on what else it is nor
    on who asks. ``more`` is one of few.
    """
    return filled_each(template, macro, (things,), *more)[0]


def filled_each(
    template: str, macro: str, groups: Iterable[Iterable[NamedTuple]], *more: Hashable
) -> list[Markup]:
    """Return what ``filled`` returns for each group; values that groups have in common are escaped once."""
    escaped = _Escaped()
    return [_filled(template, macro, things, more, escaped) for things in groups]


def _filled(
    template: str, macro: str, things: Iterable[NamedTuple], more: tuple[Hashable, ...], escaped: _Escaped
) -> Markup:
    as_html = escaped.__getitem__
    parts = []
    known: dict[tuple[bool, ...], tuple[str, tuple[int, ...]]] = {}  # things of a group are of one kind
    for thing in things:
        shape = tuple([value is not None for value in thing])
        if shape not in known:
            known[shape] = _pattern(template, macro, type(thing), shape, more)
        pattern, places = known[shape]
        parts.append(pattern % tuple([as_html(thing[place]) for place in places]))
    return Markup("".join(parts))  # noqa: S704  made of the template's own markup and of escaped values


@lru_cache(maxsize=1_000)
def _pattern(
    template: str, macro: str, kind: Any, shape: tuple[bool, ...], more: tuple[Hashable, ...]
) -> tuple[str, tuple[int, ...]]:
    """Return the macro's markup for a thing of a shape, and which field's place each ``%s`` of it is."""
    thing = kind(*(f"\0{place}\0" if is_there else None for place, is_there in enumerate(shape)))
    markup = str(get_template_attribute(template, macro)(thing, *more))
    return _HOLE.sub("%s", markup.replace("%", "%%")), tuple(map(int, _HOLE.findall(markup)))


def init_app(app: Flask) -> None:
    """Give the templates ``filled`` and ``filled_each``."""
    app.add_template_global(filled)
    app.add_template_global(filled_each)
