"""The rows of a list as HTML: their template is rendered once for each shape of a row, then filled in.

A page has 50 rows, and rendering each was half of what a fragment costs. The template stays the one place
that says how a row looks; every value is escaped here as Jinja would.
"""

import re
from collections.abc import Hashable, Sequence
from functools import cache
from typing import Any

from flask import Flask, get_template_attribute
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from webui.views.detail import Detail
from webui.views.lines import Line

_HOLE = re.compile("\0([a-z_]+)\0")


class _Escaped(dict[Hashable, str]):
    """Values as HTML. The rows of a list repeat names, types and days: each is escaped once."""

    def __missing__(self, value: Hashable) -> str:
        self[value] = text = str(escape(value))
        return text


def activity_rows(lines: Sequence[Line], columns: tuple[str, ...], opened: Detail | None) -> Markup:
    """Return each line as a table row of these columns, and the row that its detail opens in.

    ``opened`` is the detail to show at once.
    """
    opened_id = opened.whole.id if opened else None
    as_html = _Escaped().__getitem__
    parts = []
    for line in lines:
        if line.id == opened_id:
            parts.append(str(_template()(line, columns, opened)))
        else:
            shape = tuple([value is not None for value in line])
            parts.append(_pattern(shape, columns) % dict(zip(Line._fields, map(as_html, line), strict=True)))
    return Markup("".join(parts))  # noqa: S704  made of the template's own markup and of escaped values


@cache
def _pattern(shape: tuple[bool, ...], columns: tuple[str, ...]) -> str:
    """Return the row of a line that has the fields of a shape, with a ``%(name)s`` for each."""
    fields = zip(Line._fields, shape, strict=True)
    holes: tuple[Any, ...] = tuple(f"\0{name}\0" if is_there else None for name, is_there in fields)
    row = str(_template()(Line(*holes), columns, None))
    return _HOLE.sub(r"%(\1)s", row.replace("%", "%%"))


def _template() -> Macro:
    macro: Macro = get_template_attribute("macros/chat.html", "activity_row")
    return macro


def init_app(app: Flask) -> None:
    """Give the templates ``activity_rows``."""
    app.add_template_global(activity_rows)
