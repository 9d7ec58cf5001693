"""What the parameters of a Chat tab's URL ask for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext

from webui import wording
from webui.database import storable
from webui.feeds.pages import Filter
from webui.feeds.scopes import Scope, types_of
from webui.views.errors import BadParameter
from webui.views.parameters import day
from webui.vocabulary import BY_KEY

SORTS = ("-date", "date")


@dataclass(frozen=True)
class Asked:
    """A filter with the parameters it came from, so that links can carry it on."""

    filter: Filter
    parameters: tuple[tuple[str, str], ...]
    oldest_first: bool

    @property
    def is_filtered(self) -> bool:
        """Whether some rows are left out."""
        return any(name != "sort" for name, _ in self.parameters)

    def url(self, root: str, **more: str) -> str:
        """Return ``root`` with these parameters and ``more``."""
        pairs = (*self.parameters, *more.items())
        return f"{root}?{urlencode(pairs)}" if pairs else root

    def sorted_url(self, root: str) -> str:
        """Return the URL of the same rows in the other order."""
        pairs = [pair for pair in self.parameters if pair[0] != "sort"]
        if not self.oldest_first:
            pairs.append(("sort", "date"))
        return f"{root}?{urlencode(pairs)}" if pairs else root


def asked(scope: Scope) -> Asked:
    """Read the parameters; raise BadParameter for a value that none of the list's rows could have."""
    kept = tuple(
        (name, request.args[name])
        for name in ("type", "dialogue", "status", "from", "to", "sort")
        if request.args.get(name)
    )
    given = dict(kept)
    if "type" in given and given["type"] not in types_of(scope):
        raise BadParameter(gettext("There is no such activity type in this list."))
    if given.get("status", "") not in {
        "",
        *(one.key for key in types_of(scope) for one in BY_KEY[key].statuses),
    }:
        raise BadParameter(gettext("There is no such status."))
    if given.get("sort", "-date") not in SORTS:
        raise BadParameter(gettext("This list is sorted by date alone."))
    if request.args.get("q"):
        raise BadParameter(gettext("This list cannot be searched by text yet."))
    since, last = _day(given.get("from")), _day(given.get("to"))
    wanted = Filter(
        types=(given["type"],) if "type" in given else (),
        statuses=(given["status"],) if "status" in given else (),
        dialogue=storable(given["dialogue"]) if "dialogue" in given else None,
        since=_start(since) if since else None,
        before=_start(last + timedelta(days=1)) if last else None,
    )
    return Asked(wanted, kept, given.get("sort") == "date")


def _day(text: str | None) -> date | None:
    if not text:
        return None
    found = day(text)
    if found is None:
        raise BadParameter(gettext("A date is written such as 2026-11-23."))
    return found


def _start(first: date) -> datetime:
    """Return when a day begins in the viewer's zone."""
    return datetime.combine(first, time(), wording.words().zone).astimezone(UTC)
