"""Which tabs a page has, in which order: what an admin chose, and what is switched on."""

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext

from webui import wording
from webui.installation import Facts
from webui.vocabulary import FAMILIES, MOMENTS
from webui.vocabulary.tabs import BEST_BETS, DASHBOARD, OF_GLOBAL, OF_PANELS, WATCH_LIST, in_order


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
    return _shown(map(_panel_tab, in_order(known.panel_tabs, OF_PANELS)), known)


def of_global(known: Facts) -> tuple[Tab, ...]:
    """Return the tabs of the global tab."""
    return _shown(map(_global_tab, in_order(known.global_tabs, OF_GLOBAL)), known)


def panel_label(key: str) -> str:
    """Return what a tab of the four panels is called."""
    return gettext("Insights Dashboard") if key == DASHBOARD else wording.family_label(key)


def global_label(key: str) -> str:
    """Return what a tab of the global tab is called; the moments of everyone are the Lead Feed there."""
    names = {
        BEST_BETS: gettext("Best Bets"),
        WATCH_LIST: gettext("My Watch List"),
        MOMENTS.key: gettext("Lead Feed"),
    }
    return names[key] if key in names else wording.family_label(key)


def _shown(there: Iterable[Tab], known: Facts) -> tuple[Tab, ...]:
    """Leave out the tabs of what is switched off; the addresses of the others stay as they were."""
    off = {one.key for one in FAMILIES} - {one.key for one in known.families}
    asked = (tab._replace(query=f"?tab={tab.key}") if place else tab for place, tab in enumerate(there))
    return tuple(tab for tab in asked if tab.key not in off)


def _panel_tab(key: str) -> Tab:
    if key == DASHBOARD:
        return Tab(key, panel_label(key), gettext("Show the dashboard"))
    return _linked(key, panel_label(key))


def _global_tab(key: str) -> Tab:
    return _linked(key, global_label(key))


def _linked(key: str, label: str) -> Tab:
    return Tab(key, label, gettext("Show: %(tab)s", tab=label))
