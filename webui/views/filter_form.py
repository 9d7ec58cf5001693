"""The filter of a list as a form: its choices, what is chosen, and how each is taken away again."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from flask_babel import gettext

from webui import wording
from webui.feeds.facets import Counts, Facets
from webui.views.list_filter import Asked
from webui.views.parts import remembering
from webui.vocabulary import BY_KEY, Family

CHOICES_A_MIB = 4  # remembered, of up to 200 options each


class Option(NamedTuple):
    """A choice of a field; ``number`` says how many rows it gives, None where that was not counted.

    ``chosen`` is True of the one in force, ``empty`` of one that would leave no row; None else.
    """

    value: str
    label: str
    number: str | None
    chosen: Literal[True] | None
    empty: Literal[True] | None


@dataclass(frozen=True)
class Choice:
    """A field with choices."""

    name: str
    label: str
    every: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chip:
    """A part of the filter that is in force; ``url`` is the list's without it."""

    name: str
    label: str
    url: str


@dataclass(frozen=True)
class FilterForm:
    """What the form shows: ``given`` are the parameters in force, by name, ``period`` their days in words."""

    choices: tuple[Choice, ...]
    chips: tuple[Chip, ...]
    given: dict[str, str]
    period: str | None


def form(asked: Asked, found: Facets, url: str, family: Family) -> FilterForm:
    """Return the form of a family's list at ``url``; a field with nothing to choose from is left out."""
    given, language = dict(asked.parameters), wording.words().language
    statuses = {one.key: one.labels[language] for of in BY_KEY.values() for one in of.statuses}
    types = {key: wording.type_label(key) for key in found.types}
    column, of_type = wording.column_label, gettext("All types")
    choices = []
    if len(found.types) > 1:  # the one type of a family leaves no row out
        choices.append(_choice("type", column("activity-type"), of_type, found.types, given, types))
    if family.choice:
        choices.append(
            _choice(family.choice, column(family.about), _every(family), found.dialogues, given, {})
        )
    choices.append(
        _choice(
            "status", wording.field_label("status"), gettext("Any status"), found.statuses, given, statuses
        )
    )
    return FilterForm(
        choices=tuple(one for one in choices if one.options),
        chips=_chips(given, url, types | statuses, family),
        given=given,
        period=_period(given),
    )


def _every(family: Family) -> str:
    """Say that a list is not filtered by what its activities are about."""
    words = {
        "dialogue": gettext("All dialogues"),
        "page": gettext("All pages"),
        "subject": gettext("All subjects"),
        "score": gettext("All scores"),
    }
    return words[family.choice or ""]


def _choice(
    name: str, label: str, every: str, counts: Counts, given: dict[str, str], labels: dict[str, str]
) -> Choice:
    chosen = given.get(name)
    known = counts if chosen is None or chosen in counts else {**counts, chosen: 0}
    labelled = tuple([(key, labels.get(key, key), count) for key, count in known.items()])
    return Choice(
        name, label, every, remembering(_options, CHOICES_A_MIB)(labelled, chosen, wording.words().language)
    )


def _options(
    labelled: tuple[tuple[str, str, int | None], ...], chosen: str | None, _language: str
) -> tuple[Option, ...]:
    """Return the choices; ``labelled`` are their values, labels and numbers."""
    return tuple([_option(key, label, count, key == chosen) for key, label, count in labelled])


def _option(value: str, label: str, count: int | None, is_chosen: bool) -> Option:
    counted = None if count is None else wording.number(count)
    return Option(value, label, counted, is_chosen or None, (count == 0 and not is_chosen) or None)


def _period(given: dict[str, str]) -> str | None:
    since, last = (wording.short_day(date.fromisoformat(day)) if day else "" for day in _days(given))
    return f"{since} – {last}" if since or last else None


def _days(given: dict[str, str]) -> tuple[str | None, str | None]:
    return given.get("from"), given.get("to")


def _chips(given: dict[str, str], url: str, labels: dict[str, str], family: Family) -> tuple[Chip, ...]:
    if not given:
        return ()
    since, last = (wording.short_day(date.fromisoformat(day)) if day else "" for day in _days(given))
    said = {
        "q": gettext("“%(words)s”", words=given.get("q")),
        "type": labels.get(given.get("type", "")),
        family.choice or "": given.get(family.choice or ""),
        "status": labels.get(given.get("status", "")),
        "from": gettext("from %(day)s", day=since),
        "to": gettext("until %(day)s", day=last),
        "week": gettext("week of %(day)s", day=wording.short_day(date.fromisoformat(given["week"])))
        if "week" in given
        else None,
    }
    return tuple(
        Chip(name, text or "", _without(name, given, url)) for name, text in said.items() if name in given
    )


def _without(name: str, given: dict[str, str], url: str) -> str:
    rest = urlencode([pair for pair in given.items() if pair[0] != name])
    return f"{url}?{rest}" if rest else url
