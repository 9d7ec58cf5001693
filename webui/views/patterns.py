"""Macros of what a page has many of, rendered once for each shape of a thing, then filled in.

A table has 50 rows and a choice up to 200 options; rendering each was a third of what a fragment costs. The
macro stays the one place that says how such a thing looks; every value is escaped here. What was filled in
before is remembered.
"""

import html
import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, get_template_attribute
from markupsafe import Markup

from webui.views.parts import remembering

_HOLE = re.compile("\0(\\d+)\0")


def filled(template: str, macro: str, things: Iterable[NamedTuple], *more: Hashable) -> Markup:
    """Return the macro of a template for each thing, called as ``macro(thing, *more)``.

    What the macro shows may depend on whether a field of a thing is None, but neither on what else it is nor
    on who asks. ``more`` is one of few.
    """
    text = remembering(_text)
    parts = [text(template, macro, thing, more) for thing in things]
    return Markup("".join(parts))  # noqa: S704  made of the template's own markup and of escaped values


def _text(template: str, macro: str, thing: NamedTuple, more: tuple[Hashable, ...]) -> str:
    kind: Any = type(thing)
    pattern, places = _pattern(template, macro, kind, tuple([value is not None for value in thing]), more)
    values = [str(thing[place]) for place in places]
    escaped = html.escape("\0".join(values)).split("\0")  # a call for each of them takes far longer
    if len(escaped) != len(values):
        escaped = [html.escape(value) for value in values]
    return pattern % tuple(escaped)


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
