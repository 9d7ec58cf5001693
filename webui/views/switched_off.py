"""What answers for a tab that an admin took away: a notice, which takes it off a page that is still open.

A fragment goes where notices go, takes the tab and all that it shows away out-of-band, and sends an event by
which the page goes on with the tabs that are left. As a page the notice leads back to the record.
"""

from flask import Response, make_response, render_template, request

from webui.views.fragments import uncached, wants_fragment
from webui.views.paths import path_of
from webui.views.tabs import global_label, panel_label
from webui.vocabulary import CHAT

CHAT_OFF, TAB_OFF = "chatpane:off", "chatpane:tab-off"


def notice(key: str, back_url: str | None = None) -> Response:
    """Return the notice that a tab, by its key, is off."""
    named = request.view_args or {}
    if back_url is None and "panel" in named:
        back_url = path_of(named["panel"], named["crm_id"])
    is_global = request.path.startswith("/global/")
    label = panel_label if "panel" in named else global_label
    off = {"key": key, "label": label(key), "is_chat": key == CHAT.key, "has_dashboard": not is_global}
    if not wants_fragment():
        return uncached(
            make_response(render_template("notices/off_page.html", off=off, back_url=back_url), 404)
        )
    response = uncached(make_response(render_template("notices/_off.html", off=off), 404))
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["HX-Trigger"] = CHAT_OFF if key == CHAT.key else TAB_OFF
    return response
