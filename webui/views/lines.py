"""The rows of a list as they are shown: labels, dates and links are settled here, and remembered.

A page of 50 rows is most of what a fragment renders. The template that arranges them asks nothing.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import NamedTuple

from flask import g
from flask_babel import gettext

from webui import wording
from webui.access.grants import Grant
from webui.feeds.rows import Row
from webui.views.parts import remembering
from webui.views.paths import account_path, details_of, person_path
from webui.vocabulary import BY_KEY, FAMILY
from webui.wording import Words


class Line(NamedTuple):
    """A row. ``day`` is the viewer's, ``utc`` for machines, ``full`` and ``when`` are words for the time.

    ``family`` is the key of its type's family, ``details`` the path below which its detail is, ``dialogue``
    what it is about; ``change`` and the three after it are texts of cells, None where there is no such (of an
    e-mail that was not opened too).
    A path is None where there is no such panel, or none that the viewer may open.
    """

    id: int
    type_key: str
    icon: str
    type_label: str
    family: str
    family_icon: str
    family_label: str
    details: str
    dialogue: str
    day: date
    utc: str
    full: str
    when: str
    person: str | None
    person_path: str | None
    person_crm_id: str | None
    account: str | None
    account_path: str | None
    change: str | None = None
    new_score: str | None = None
    opened: str | None = None
    clicked: str | None = None


class Viewer(NamedTuple):
    """All that a line depends on besides its row."""

    words: Words
    today: date
    grant: Grant


def lines(rows: Sequence[Row]) -> list[Line]:
    """Return the rows as they are shown."""
    viewer, line = Viewer(wording.words(), wording.today(), g.grant), remembering(_line)
    return [line(row, viewer) for row in rows]


def _line(row: Row, viewer: Viewer) -> Line:
    return Line(
        row.id,
        row.type_key,
        *_kind(row.type_key, viewer.words.language),
        row.dialogue_name or "–",
        *wording.moment_for(row.at, viewer.words, viewer.today),
        *(*_names(row), *_more(row)),
    )


@cache
def _kind(key: str, language: str) -> tuple[str, str, str, str, str, str]:
    """Return what lines of a type have in common: from ``icon`` to ``details``."""
    kind = BY_KEY[key]
    family = FAMILY[kind.family]
    return (
        kind.icon,
        kind.labels[language],
        family.key,
        family.icon,
        family.labels[language],
        details_of(key),
    )


def _more(row: Row) -> tuple[str | None, ...]:
    """Return what the lists of scores and of e-mails say besides."""
    if row.opened is not None:
        opened = gettext("opened") if row.opened else None
        return None, None, opened, gettext("clicked") if row.clicked else None
    if row.new_score is None and row.score_change is None:
        return ()
    change = "–" if row.score_change is None else wording.change(row.score_change)
    return change, "–" if row.new_score is None else wording.number(row.new_score)


def by_day(some: Sequence[Line]) -> list[tuple[date | None, list[Line]]]:
    """Group lines, in their order, by the viewer's day."""
    return [(day, list(of_day)) for day, of_day in groupby(some, lambda line: line.day)]


def _names(row: Row) -> tuple[str | None, ...]:
    """Return the last fields of a line, from ``person`` on."""
    person: tuple[str | None, ...] = (None, None, None)
    if row.person_kind is not None:
        path = person_path(row.person_kind, row.person_crm_id)
        person = wording.person_name(row), path, row.person_crm_id
    if row.account_crm_id is None:
        return (*person, None, None)
    return (*person, row.account_name or row.account_crm_id, account_path(row.account_crm_id))
