"""Which tabs a page has, in which order: what an admin chose, and what is switched on."""

from typing import NamedTuple

from flask_babel import gettext

from webui import wording
from webui.installation import Facts
from webui.vocabulary import CHAT, FAMILIES, OTHERS

DASHBOARD = "dashboard"
OF_PANELS = (DASHBOARD, *(one.key for one in FAMILIES))
OF_GLOBAL = (CHAT.key, *(one.key for one in OTHERS if one.is_global))


class Tab(NamedTuple):
    """A tab of a page, and the sentence of the link that loads it where scripts do not run."""

    key: str
    label: str
    link: str


def of_panels(known: Facts) -> tuple[Tab, ...]:
    """Return the tabs of the four panels."""
    return _tabs(known.panel_tabs, OF_PANELS, known)


def of_global(known: Facts) -> tuple[Tab, ...]:
    """Return the tabs of the global tab."""
    return _tabs(known.global_tabs, OF_GLOBAL, known)


def in_order(chosen: str | None, there: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that an admin chose, in that order, always with Chat: its switch alone hides it."""
    keys = tuple(key for key in chosen.split() if key in there) if chosen is not None else there
    return keys if CHAT.key in keys else (*keys, CHAT.key)


def _tabs(chosen: str | None, there: tuple[str, ...], known: Facts) -> tuple[Tab, ...]:
    off = {one.key for one in FAMILIES} - {one.key for one in known.families}
    return tuple(_tab(key) for key in in_order(chosen, there) if key not in off)


def _tab(key: str) -> Tab:
    if key == DASHBOARD:
        return Tab(key, gettext("Insights Dashboard"), gettext("Show the dashboard"))
    label = wording.family_label(key)
    return Tab(key, label, gettext("Show: %(tab)s", tab=label))
