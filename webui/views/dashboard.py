"""The Insights Dashboard of a record."""

from typing import Any

from flask import Blueprint, Response, g, request

from webui.views import dashboard_content, switched_off, tabs
from webui.views.foot import foot
from webui.views.fragments import answer, wants_fragment
from webui.views.kept import kept
from webui.views.panels import panel_context
from webui.views.paths import PANEL
from webui.views.visible import may_show_account, visible_record
from webui.vocabulary.tabs import DASHBOARD

bp = Blueprint("dashboard", __name__)


@bp.get(f"{PANEL}/dashboard")
@kept
def of_record(panel: str, crm_id: str) -> Response:
    """Return a record's dashboard: ``?week=`` chooses, ``&family=`` filters, ``&show-account=1`` widens."""
    known = g.facts
    if DASHBOARD not in {tab.key for tab in tabs.of_panels(known)}:
        return switched_off.notice(DASHBOARD)
    record = visible_record(panel, crm_id)
    content = dashboard_content.of(record, known, request.args, may_show_account(record))
    context: dict[str, Any] = {"selected": "dashboard", "dashboard": content}
    if not wants_fragment():
        context |= panel_context(record, known)
    fragment = "dashboard/_fragment.html"
    is_later = content.page.after and wants_fragment()
    said = None if is_later else foot(record)
    response = answer("panels/panel.html", fragment, facts=known, foot=said, **context)
    if not known.chat_enabled and wants_fragment():
        response.headers["HX-Trigger"] = "chatpane:off"
    if is_later:
        response.headers["HX-Reselect"] = "ol[data-weekly-list] > li"
    return response
