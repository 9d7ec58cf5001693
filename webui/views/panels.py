"""The panel pages: who this is, a tab bar, and the content of the tab that is open."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, g, request
from flask_babel import gettext

from webui.feeds import weeks
from webui.feeds.glance import glance
from webui.feeds.records import Record, people
from webui.feeds.scopes import Scope
from webui.installation import Facts
from webui.views import dashboard_content
from webui.views.errors import BadParameter
from webui.views.foot import foot
from webui.views.fragments import answer
from webui.views.paths import PANEL, root_of
from webui.views.visible import may_show_account, visible_record

bp = Blueprint("panels", __name__)

MOST_EXPECTED = 15  # no window of a panel shows more at once


@bp.get(PANEL)
def panel(panel: str, crm_id: str) -> Response:
    """Return a record's panel: the dashboard, unless ``?tab=`` names another tab."""
    known = g.facts
    record = visible_record(panel, crm_id)
    tab = request.args.get("tab") or "dashboard"
    if tab not in ("dashboard", "chat"):
        raise BadParameter(gettext("There is no tab called %(tab)s.", tab=tab[:40]))
    selected = tab if known.chat_enabled else "dashboard"
    context: dict[str, Any] = {}
    if selected == "dashboard":
        context["dashboard"] = dashboard_content.of(record, known, request.args, may_show_account(record))
    page = "panels/panel.html"
    if known.chat_enabled:
        context["expected_rows"] = expected_rows(record.scope)
    around = panel_context(record, known)
    return answer(page, page, facts=known, foot=foot(record), selected=selected, **around, **context)


def expected_rows(scope: Scope) -> int:
    """Return how many rows to keep room for while a Chat tab is on its way, so that nothing moves later."""
    return min(weeks.total(scope), MOST_EXPECTED)


def panel_context(record: Record, known: Facts) -> dict[str, Any]:
    """Return what the panel's page shows around its tabs."""
    return {**glance_context(record, known), "people": people(record.scope)}


def glance_context(record: Record, known: Facts) -> dict[str, Any]:
    """Return what stands above the tabs of a record, while the switch is on."""
    context: dict[str, Any] = {"record": record, "root": root_of(record), "chat_is_on": known.chat_enabled}
    if known.chat_enabled:
        context["week"] = weeks.grid_weeks(known.weeks_zone)[-1]
        context["glance"] = glance(record.scope, context["week"], datetime.now(UTC))
    return context
