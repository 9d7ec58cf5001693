"""The panel pages: who this is, a tab bar, and the content of the tab that is open."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext

from webui.access.viewer import name as viewer_name
from webui.feeds import watch_list, weeks
from webui.feeds.glance import glance
from webui.feeds.records import Record, people
from webui.feeds.scopes import OfEveryone, OfPerson, Scope
from webui.feeds.scores import standing
from webui.installation import Facts
from webui.views import dashboard_content, score_history, tabs
from webui.views.errors import BadParameter
from webui.views.foot import foot
from webui.views.fragments import answer
from webui.views.paths import PANEL, root_of
from webui.views.tabs import Tab
from webui.views.visible import may_show_account, visible_record
from webui.vocabulary import FAMILY, SCORE
from webui.vocabulary.tabs import DASHBOARD, OF_PANELS

bp = Blueprint("panels", __name__)

MOST_EXPECTED = 15  # no window of a panel shows more at once
OF_A_DASHBOARD = 6


@bp.get(PANEL)
def panel(panel: str, crm_id: str) -> Response:
    """Return a record's panel: its first tab, unless ``?tab=`` names another."""
    known = g.facts
    record = visible_record(panel, crm_id)
    there = tabs.of_panels(known)
    selected = chosen(OF_PANELS, there)
    context: dict[str, Any] = {}
    if selected == DASHBOARD:
        context["dashboard"] = dashboard_content.of(record, known, request.args, may_show_account(record))
    page = "panels/panel.html"
    around = panel_context(record, known)
    return answer(page, page, facts=known, foot=foot(record), selected=selected, **around, **context)


def chosen(all_tabs: tuple[str, ...], there: tuple[Tab, ...]) -> str | None:
    """Return the key of the tab that ``?tab=`` names, of one that is not there the first; None of none.

    Raises BadParameter for a tab that there never is.
    """
    asked = request.args.get("tab")
    if asked and asked not in all_tabs:
        raise BadParameter(gettext("There is no tab called %(tab)s.", tab=asked[:40]))
    keys = [tab.key for tab in there]
    return asked if asked in keys else next(iter(keys), None)


def expected_rows(scope: Scope, there: tuple[Tab, ...]) -> dict[str, int]:
    """Return how many rows to keep room for while a tab is on its way, so that nothing moves later."""
    found = weeks.by_family(scope)
    return {
        tab.key: min(found.get(tab.key, 0), MOST_EXPECTED) if tab.key in FAMILY else OF_A_DASHBOARD
        for tab in there
    }


def panel_context(record: Record, known: Facts) -> dict[str, Any]:
    """Return what the panel's page shows around its tabs."""
    there = tabs.of_panels(known)
    return {
        **glance_context(record, known),
        **standing_context(record, known),
        "people": people(record.scope),
        "is_watched": watch_list.is_watched(viewer_name(), record.panel, record.crm_id),
        "tabs": there,
        "expected_rows": expected_rows(record.scope, there),
    }


def global_context(known: Facts) -> dict[str, Any]:
    """Return what the global tab's page shows around its tabs."""
    there = tabs.of_global(known)
    return {"tabs": there, "expected_rows": expected_rows(OfEveryone(), there)}


def standing_context(record: Record, known: Facts) -> dict[str, Any]:
    """Return where a person stands by score, while that family is on."""
    if not isinstance(record.scope, OfPerson) or SCORE not in known.families:
        return {"standing": None}
    return {"standing": score_history.marks(standing(record.scope.person_id, datetime.now(UTC)))}


def glance_context(record: Record, known: Facts) -> dict[str, Any]:
    """Return what stands above the tabs of a record, while the switch is on."""
    context: dict[str, Any] = {"record": record, "root": root_of(record), "chat_is_on": known.chat_enabled}
    if known.chat_enabled:
        context["week"] = weeks.grid_weeks(known.weeks_zone)[-1]
        context["glance"] = glance(record.scope, context["week"], datetime.now(UTC))
    return context
