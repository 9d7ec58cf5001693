"""What the configuration tab says of tabs and families: as they are, or as somebody has just typed them."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple

from flask_babel import gettext, ngettext

from webui import family_settings
from webui.family_settings import FAMILIES_ON, GLOBAL, HIDDEN, KEPT, LEAST_KEPT, MOST_KEPT, PANELS
from webui.switch import Change
from webui.views.tabs import global_label, panel_label
from webui.vocabulary import CHAT, FAMILIES
from webui.vocabulary.tabs import in_order
from webui.wording import family_label, number

SHOWN, PLACE = "shown-", "place-"
ON, KEEP = "on-", "kept-"
MOST_PLACES = 99


class TabRow(NamedTuple):
    """A tab: ``place`` as its field shows it; ``is_off`` says that its family is.

    That of Chat is always shown here: its own switch alone hides it.
    """

    key: str
    label: str
    is_shown: bool
    place: str
    is_chat: bool
    is_off: bool


class FamilyRow(NamedTuple):
    """A family: whether it is on (Chat always is, here), and ``kept`` as the field of its days shows it."""

    key: str
    label: str
    is_on: bool
    kept: str
    is_chat: bool


class Families(NamedTuple):
    """The section of the families. ``hidden`` is as its field shows it."""

    rows: tuple[FamilyRow, ...]
    hidden: str
    least_kept: int = LEAST_KEPT
    most_kept: int = MOST_KEPT


def tabs(of: str, typed: Mapping[str, str] | None = None) -> tuple[TabRow, ...]:
    """Return the tabs of the panels or of the global tab, those that are shown first, in their order."""
    said, there = family_settings.chosen(), family_settings.THERE[of]
    shown = in_order(said.panel_tabs if of == PANELS else said.global_tabs, there)
    keys = (*shown, *(key for key in there if key not in shown))
    return tuple(
        TabRow(
            key=key,
            label=_label(of, key),
            is_shown=key == CHAT.key or (key in shown if typed is None else SHOWN + key in typed),
            place=str(place) if typed is None else typed.get(PLACE + key, ""),
            is_chat=key == CHAT.key,
            is_off=key in said.families_off,
        )
        for place, key in enumerate(keys, 1)
    )


class NoPlace(Exception):
    """The place of a tab is no number."""


def keys_in(form: Mapping[str, str]) -> list[str]:
    """Return the keys that a form asks for, in its order; raise NoPlace.

    A tab that was moved gets the place that its field says; those that were not fill the places in between,
    in the order in which they stood.
    """
    listed = [name.removeprefix(PLACE) for name in form if name.startswith(PLACE)]
    moved: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    for stood, key in enumerate(listed, 1):
        if key == CHAT.key or SHOWN + key in form:
            place = _place(form[PLACE + key])
            (moved if place != stood else others).append((place, key))
    moved.sort(key=itemgetter(0))
    found: list[str] = []
    while moved or others:
        is_moved = bool(moved) and (not others or moved[0][0] <= len(found) + 1)
        found.append((moved if is_moved else others).pop(0)[1])
    return found


def _place(text: str) -> int:
    text = text.strip()
    if not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= MOST_PLACES:
        raise NoPlace
    return int(text)


def families(typed: Mapping[str, str] | None = None) -> Families:
    """Return what there is to say of each family."""
    said = family_settings.chosen()
    rows = tuple(
        FamilyRow(
            key=one.key,
            label=family_label(one.key),
            is_on=one.key not in said.families_off if typed is None else ON + one.key in typed,
            kept=str(said.kept_days.get(one.key, "")) if typed is None else typed.get(KEEP + one.key, ""),
            is_chat=one is CHAT,
        )
        for one in FAMILIES
    )
    return Families(rows, str(said.hidden_days) if typed is None else typed.get("hidden_days", ""))


def lines(history: Iterable[Change]) -> list[Change]:
    """Return lines of the configuration's history with what they say of tabs and families in words."""
    return [one._replace(was=_said(one.what, one.was), became=_said(one.what, one.became)) for one in history]


def _label(of: str, key: str) -> str:
    return panel_label(key) if of == PANELS else global_label(key)


def _said(what: str, value: str | None) -> str | None:
    keys = (value or "").split()
    if what in (PANELS, GLOBAL):
        return ", ".join(_label(what, key) for key in keys)
    if what == FAMILIES_ON:
        return ", ".join(family_label(key) for key in keys) or gettext("none")
    if what == KEPT:
        pairs = [key.partition("=") for key in keys]
        said = [f"{family_label(family)}: {_days(int(days))}" for family, _, days in pairs]
        return ", ".join(said) or gettext("all of them for ever")
    return _days(int(value)) if what == HIDDEN and value else value


def _days(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days, days=number(days))
