"""The rows of a list as they are shown: labels, dates and links are settled here, once for the whole list.

A page of 50 rows is most of what a fragment renders. The template that arranges them asks nothing.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from flask_babel import gettext

from webui import wording
from webui.feeds.rows import Row
from webui.views.paths import account_path, details_of, person_path
from webui.vocabulary import FAMILY


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


def lines(rows: Sequence[Row]) -> list[Line]:
    """Return the rows as they are shown."""
    names: dict[tuple[object, ...], tuple[str | None, ...]] = {}
    kinds = {key: _kind(key) for key in {row.type_key for row in rows}}
    found = []
    for row, moment in zip(rows, wording.moments([row.at for row in rows]), strict=True):
        whose = row[4:9]
        if whose not in names:
            names[whose] = _names(row)
        found.append(
            Line(
                row.id,
                row.type_key,
                *kinds[row.type_key],
                row.dialogue_name or "–",
                *moment,
                *(*names[whose], *_more(row)),
            )
        )
    return found


def _kind(key: str) -> tuple[str, str, str, str, str, str]:
    """Return what lines of a type have in common: from ``icon`` to ``details``."""
    family = FAMILY[wording.family_of(key)]
    label = wording.label(family.labels)
    return wording.icon(key), wording.type_label(key), family.key, family.icon, label, details_of(key)


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
