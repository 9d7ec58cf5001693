"""Pages of lists that are sorted by another column than the date: small lists alone, sorted whole.

Databases disagree on how words are sorted, so that is done here: by the folded word, and equal ones newest
first in either direction.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from unicodedata import normalize

from sqlalchemy import ColumnElement, Select, case, func, select

from webui.database import db
from webui.feeds.pages import PAGE_ROWS, BadCursor, Cursor, Filter, Page
from webui.feeds.rows import Row, rows_of, told
from webui.feeds.scopes import Scope, within
from webui.models import Account, Activity, Dialogue, Person
from webui.vocabulary import FAMILIES

SORTED_TO = 1_000
COMPARED = 100  # characters of the words: as many as a cursor carries

_WORDS: dict[str, ColumnElement[Any]] = {
    "activity-type": Activity.type_key.expression,
    **dict.fromkeys((one.about for one in FAMILIES), Dialogue.name.expression),
    "name": case((Person.is_nameless.is_(False), Person.name)),
    "person": case((Person.is_nameless.is_(False), Person.name)),
    "account": func.coalesce(Account.name, Account.crm_id),  # what its link says
}


def sortable(columns: Sequence[str]) -> tuple[str, ...]:
    """Return those of a list's columns that it can be sorted by."""
    return tuple(key for key in columns if key in _WORDS or key == "date")


class WordCursor(NamedTuple):
    """The place after which a page begins: the folded words ("" for none) and place of the row before it."""

    words: str
    place: Cursor

    def __str__(self) -> str:
        return f"{self.place}.{self.words}"

    @staticmethod
    def is_one(text: str) -> bool:
        """Whether a text may be what ``str`` wrote, rather than what a ``Cursor`` did."""
        return text.count(".") > 1

    @classmethod
    def parse(cls, text: str) -> "WordCursor":
        """Read what ``str`` wrote; raise BadCursor for anything else."""
        parts = text.split(".", 2)
        if len(parts) != 3 or len(parts[2]) > COMPARED:
            raise BadCursor(text)
        return cls(parts[2], Cursor.parse(f"{parts[0]}.{parts[1]}"))


class _Place(NamedTuple):
    words: str
    at: datetime
    id: int


def page_by(
    column: str,
    scope: Scope,
    wanted: Filter,
    *,
    descending: bool,
    after: WordCursor | None,
    word: Callable[[str], str],
) -> Page:
    """Return a page of a list sorted by a column other than the date; rows without a word come last.

    The list holds ``SORTED_TO`` rows at most, which the caller has counted. ``word`` turns the column's
    value into what the viewer reads. Cost: two statements, of e-mails three. A cursor leads on though its
    row is gone.
    """
    narrow: Select[*tuple[Any, ...]] = select(Activity.id, Activity.at, _WORDS[column])
    narrow = narrow.outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
    narrow = narrow.outerjoin(Person, Person.id == Activity.person_id)
    narrow = narrow.outerjoin(Account, Account.id == Activity.account_id)
    newest_first = narrow.where(*within(scope), *wanted.conditions()).order_by(
        Activity.at.desc(), Activity.id.desc()
    )
    found = db.session.execute(newest_first.limit(SORTED_TO)).all()
    places = [_Place(_fold(word(str(row[2]))) if row[2] else "", row.at, row.id) for row in found]
    places.sort(key=lambda place: place.words, reverse=descending)
    places.sort(key=lambda place: not place.words)
    if after is not None:
        places = [place for place in places if _is_after(place, after, descending)]
    shown = places[:PAGE_ROWS]
    by_id = {row.id: row for row in _rows_with(scope, [place.id for place in shown])}
    rows = tuple(by_id[place.id] for place in shown if place.id in by_id)
    more = None
    if len(places) > PAGE_ROWS:
        more = WordCursor(shown[-1].words, Cursor(shown[-1].at, shown[-1].id))
    return Page(rows, more, after.place if after else None)


def _fold(words: str) -> str:
    return normalize("NFKC", words).casefold()[:COMPARED]


def _is_after(place: _Place, after: WordCursor, descending: bool) -> bool:
    if place.words == after.words:
        return (place.at, place.id) < after.place
    if not place.words or not after.words:
        return not place.words
    return (place.words < after.words) if descending else (place.words > after.words)


def _rows_with(scope: Scope, ids: list[int]) -> list[Row]:
    return told(scope, db.session.execute(rows_of(scope).where(Activity.id.in_(ids))))
