"""The Insights Dashboard of a record."""

from typing import Any

from flask import Blueprint, Response, g, request

from webui.views import dashboard_content
from webui.views.fragments import answer, wants_fragment
from webui.views.freshness import freshness
from webui.views.panels import expected_rows, may_show_account, panel_context, visible_record
from webui.views.paths import PANEL

bp = Blueprint("dashboard", __name__)


@bp.get(f"{PANEL}/dashboard")
def of_record(panel: str, crm_id: str) -> Response:
    """Return a record's dashboard: ``?week=`` chooses, ``&family=`` filters, ``&show-account=1`` widens."""
    known = g.facts
    record = visible_record(panel, crm_id)
    content = dashboard_content.of(record, known, request.args, may_show_account(record))
    context: dict[str, Any] = {"selected": "dashboard", "dashboard": content, **panel_context(record, known)}
    if known.chat_enabled and not wants_fragment():
        context["expected_rows"] = expected_rows(record.scope)
    fragment = "dashboard/_fragment.html"
    response = answer("panels/panel.html", fragment, facts=known, freshness=freshness(), **context)
    if not known.chat_enabled and wants_fragment():
        response.headers["HX-Trigger"] = "chatpane:off"
    if content.page.after and wants_fragment():
        response.headers["HX-Reselect"] = "ol[data-weekly-list] > li"
    return response
