"""Which tabs a page has, in which order: what an admin chose, and what is switched on."""

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext

from webui import wording
from webui.installation import Facts
from webui.vocabulary import CHAT, FAMILIES, MOMENTS, OTHERS

DASHBOARD = "dashboard"
BEST_BETS = "best-bets"
WATCH_LIST = "watch-list"
OF_PANELS = (DASHBOARD, *(one.key for one in FAMILIES))
OF_GLOBAL = (
    CHAT.key,
    BEST_BETS,
    WATCH_LIST,
    *(one.key for one in reversed(OTHERS) if one.is_global),  # web, then moments
)


class Tab(NamedTuple):
    """A tab of a page, and the sentence of the link that loads it where scripts do not run.

    ``query`` is added to the page's address to open it; the first tab needs none.
    """

    key: str
    label: str
    link: str
    query: str = ""


def of_panels(known: Facts) -> tuple[Tab, ...]:
    """Return the tabs of the four panels."""
    return _shown(map(_tab, in_order(known.panel_tabs, OF_PANELS)), known)


def of_global(known: Facts) -> tuple[Tab, ...]:
    """Return the tabs of the global tab."""
    return _shown(map(_global_tab, in_order(known.global_tabs, OF_GLOBAL)), known)


def in_order(chosen: str | None, there: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that an admin chose, in that order, always with Chat: its switch alone hides it."""
    keys = tuple(key for key in chosen.split() if key in there) if chosen is not None else there
    return keys if CHAT.key in keys else (*keys, CHAT.key)


def global_label(key: str) -> str:
    """Return what a tab of the global tab is called; the moments of everyone are the Lead Feed there."""
    names = {
        BEST_BETS: gettext("Best Bets"),
        WATCH_LIST: gettext("My Watch List"),
        MOMENTS.key: gettext("Lead Feed"),
    }
    return names[key] if key in names else wording.family_label(key)


def _shown(in_order: Iterable[Tab], known: Facts) -> tuple[Tab, ...]:
    """Leave out the tabs of what is switched off; the addresses of the others stay as they were."""
    off = {one.key for one in FAMILIES} - {one.key for one in known.families}
    asked = (tab._replace(query=f"?tab={tab.key}") if place else tab for place, tab in enumerate(in_order))
    return tuple(tab for tab in asked if tab.key not in off)


def _tab(key: str) -> Tab:
    if key == DASHBOARD:
        return Tab(key, gettext("Insights Dashboard"), gettext("Show the dashboard"))
    return _linked(key, wording.family_label(key))


def _global_tab(key: str) -> Tab:
    return _linked(key, global_label(key))


def _linked(key: str, label: str) -> Tab:
    return Tab(key, label, gettext("Show: %(tab)s", tab=label))
