"""What the parameters of a list's URL ask for."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext

from webui import grams, wording
from webui.database import storable
from webui.feeds.pages import Filter
from webui.feeds.scopes import Scope, types_of
from webui.feeds.sorting import sortable
from webui.views.errors import BadParameter
from webui.views.parameters import day, monday
from webui.vocabulary import BY_KEY, FAMILY, Family

NEWEST_FIRST = "-date"
LONGEST_SEARCH = 200  # characters
MOST_WORDS = 8


@dataclass(frozen=True)
class Asked:
    """A filter with the parameters it came from, so that links can carry it on.

    ``sort`` is a column, after ``-`` for descending.
    """

    filter: Filter
    parameters: tuple[tuple[str, str], ...]
    sort: str = NEWEST_FIRST

    @property
    def column(self) -> str:
        """The column that the rows are sorted by."""
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the rows are sorted from the last word, or the newest, on."""
        return self.sort.startswith("-")

    @property
    def is_filtered(self) -> bool:
        """Whether some rows are left out."""
        return any(name != "sort" for name, _ in self.parameters)

    def url(self, root: str, **more: str) -> str:
        """Return ``root`` with these parameters and ``more``."""
        pairs = (*self.parameters, *more.items())
        return f"{root}?{urlencode(pairs)}" if pairs else root

    def sorted_url(self, root: str, column: str) -> str:
        """Return the URL of the same rows by a column; by the one that they are sorted by, the other way."""
        pairs = [pair for pair in self.parameters if pair[0] != "sort"]
        turned = column if self.is_descending else f"-{column}"
        first = NEWEST_FIRST if column == "date" else column
        sort = turned if column == self.column else first
        if sort != NEWEST_FIRST:
            pairs.append(("sort", sort))
        return f"{root}?{urlencode(pairs)}" if pairs else root


def parameters_of(family: Family) -> tuple[str, ...]:
    """Return the names of the parameters that filter a family's lists."""
    choice = (family.choice,) if family.choice else ()
    return ("q", "type", *choice, "status", "from", "to", "week")


def asked(scope: Scope, columns: tuple[str, ...]) -> Asked:
    """Read the parameters of a list with these columns.

    Raises BadParameter for a value that none of the list's rows could have.
    """
    family = FAMILY[scope.family]
    kept = tuple(
        (name, request.args[name])
        for name in (*parameters_of(family), "sort")
        if request.args.get(name, "").strip()
    )
    given = dict(kept)
    if "type" in given and given["type"] not in types_of(scope):
        raise BadParameter(gettext("There is no such activity type in this list."))
    if given.get("status", "") not in {
        "",
        *(one.key for key in types_of(scope) for one in BY_KEY[key].statuses),
    }:
        raise BadParameter(gettext("There is no such status."))
    sort = given.get("sort", NEWEST_FIRST)
    if sort.removeprefix("-") not in sortable(columns):
        raise BadParameter(gettext("This list has no such column to sort by."))
    since, last = _day(given.get("from")), _day(given.get("to"))
    wanted = Filter(
        types=(given["type"],) if "type" in given else (),
        statuses=(given["status"],) if "status" in given else (),
        dialogue=storable(given[family.choice]) if family.choice in given else None,
        since=wording.day_start(since) if since else None,
        before=wording.day_start(last + timedelta(days=1)) if last else None,
        week=monday(given["week"]) if "week" in given else None,
        words=_words(given.get("q", "")),
    )
    return Asked(wanted, kept, sort)


def _words(text: str) -> tuple[str, ...]:
    if len(text) > LONGEST_SEARCH:
        raise BadParameter(
            gettext("Search for fewer words: %(count)s characters at most.", count=LONGEST_SEARCH)
        )
    words = tuple(dict.fromkeys(grams.folded(storable(text)).split()))
    told_apart = tuple(one for one in words if not any(one in other for other in words if other != one))
    if len(told_apart) > MOST_WORDS:
        raise BadParameter(gettext("Search for fewer words: %(count)s at most.", count=MOST_WORDS))
    return told_apart


def _day(text: str | None) -> date | None:
    if not text:
        return None
    found = day(text)
    if found is None:
        raise BadParameter(gettext("A date is written such as 2026-11-23."))
    return found
