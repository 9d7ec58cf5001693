"""The rows of a list as HTML."""

from collections.abc import Sequence
from itertools import groupby

from flask import Flask, get_template_attribute
from markupsafe import Markup

from webui.views.detail import Detail
from webui.views.lines import Line
from webui.views.patterns import filled

ROW = ("macros/activities.html", "activity_row")
ITEM = ("macros/activities.html", "weekly_item")


def activity_rows(lines: Sequence[Line], columns: tuple[str, ...], opened: Detail | None) -> Markup:
    """Return each line as a table row of these columns, and the row that its detail opens in.

    ``opened`` is the detail to show at once.
    """
    if opened is None:
        return filled(*ROW, lines, columns)
    row, empty = get_template_attribute(*ROW), Markup()
    runs = groupby(lines, lambda line: line.id == opened.whole.id)
    return empty.join(
        empty.join(row(line, columns, opened) for line in some) if is_opened else filled(*ROW, some, columns)
        for is_opened, some in runs
    )


def weekly_items(lines: Sequence[Line], own_crm_id: str | None, names_people: bool) -> Markup:
    """Return each line as an item of the weekly list.

    ``own_crm_id`` is the contact's whose own activities stand out among the account's, None elsewhere.
    """

    def is_own(line: Line) -> bool:
        return own_crm_id is not None and line.person_crm_id == own_crm_id

    return Markup().join(filled(*ITEM, some, own, names_people) for own, some in groupby(lines, is_own))


def init_app(app: Flask) -> None:
    """Give the templates ``activity_rows`` and ``weekly_items``."""
    app.add_template_global(activity_rows)
    app.add_template_global(weekly_items)
