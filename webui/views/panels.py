"""The panel pages: who this is, a tab bar, and the content of the tab that is open."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from flask_babel import gettext

from webui.access import policy
from webui.access.grants import Opens
from webui.database import storable
from webui.feeds import records, weeks
from webui.feeds.glance import glance
from webui.feeds.records import Record
from webui.feeds.scopes import Scope
from webui.installation import Facts
from webui.views import dashboard_content
from webui.views.errors import BadParameter, DeletedRecord, Moved, NoSuchRecord
from webui.views.fragments import answer
from webui.views.freshness import freshness
from webui.views.paths import PANEL, root_of

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
    return answer(page, page, facts=known, freshness=freshness(), selected=selected, **around, **context)


def expected_rows(scope: Scope) -> int:
    """Return how many rows to keep room for while a Chat tab is on its way, so that nothing moves later."""
    return min(weeks.total(scope), MOST_EXPECTED)


def panel_context(record: Record, known: Facts) -> dict[str, Any]:
    """Return what the panel's page shows around its tabs."""
    context: dict[str, Any] = {"record": record, "root": root_of(record), "chat_is_on": known.chat_enabled}
    if known.chat_enabled:
        context["week"] = weeks.grid_weeks(known.weeks_zone)[-1]
        context["glance"] = glance(record.scope, context["week"], datetime.now(UTC))
    return context


def may_show_account(record: Record) -> bool:
    """Whether the viewer may see the activities of a contact's whole account."""
    settings = current_app.extensions["chatpane"]
    return policy.may_show_account(g.grant, Opens(record.panel, record.crm_id), settings)


def visible_record(panel: str, crm_id: str) -> Record:
    """Return the record of a panel's URL if it is there for the viewer; raise a Refusal otherwise.

    The URL of a converted or merged record leads to what it is now, whatever part was asked for.
    """
    crm_id = storable(crm_id)
    record = records.find(panel, crm_id)
    if record is not None:
        return record
    now = records.became(panel, crm_id)
    if now:
        raise Moved(*now)
    raise DeletedRecord if records.was_deleted(panel, crm_id) else NoSuchRecord
