"""The chat tab of each panel and of the global tab, and the detail of a chat activity.

Everything here answers only while the switch is on: a hook before each request of the blueprint sees
to it, so that a route added later is guarded too.
"""

from flask import Blueprint, Response, g, make_response, render_template, request

from webui.database import LARGEST_ID
from webui.views import detail_page, export, lists, news
from webui.views.fragments import uncached, wants_fragment
from webui.views.kept import kept
from webui.views.paths import PANEL, path_of
from webui.vocabulary import CHAT

bp = Blueprint("chat", __name__)
bp.register_blueprint(news.bp)


@bp.before_request
def only_while_on() -> Response | None:
    """Answer nothing while the switch is off, but for the notice that says so."""
    return None if g.facts.chat_enabled else switched_off()


def switched_off() -> Response:
    """Return the notice that chat is off: a fragment takes the tab and all of its content away."""
    if not wants_fragment():
        named = request.view_args or {}
        back_url = path_of(named["panel"], named["crm_id"]) if "panel" in named else None
        return uncached(make_response(render_template("notices/off_page.html", back_url=back_url), 404))
    response = uncached(make_response(render_template("notices/_off.html"), 404))
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["HX-Trigger"] = "chatpane:off"
    return response


@bp.get(f"{PANEL}/chat")
@kept
def of_record(panel: str, crm_id: str) -> Response:
    """Return a record's Chat tab."""
    return lists.of_record(panel, crm_id, CHAT)


@bp.get("/global/chat")
@kept
def of_everyone() -> Response:
    """Return the global tab's Chat tab: everyone's, of three types."""
    return lists.of_everyone(CHAT)


@bp.get(f"{PANEL}/chat.csv")
def record_file(panel: str, crm_id: str) -> Response:
    """Return a record's Chat tab as a file."""
    return export.of_record(panel, crm_id, CHAT)


@bp.get("/global/chat.csv")
def everyones_file() -> Response:
    """Return the global tab's Chat tab as a file."""
    return export.of_everyone(CHAT)


@bp.get(f"/chat/activities/<int(max={LARGEST_ID}):id_>")
@kept
def one(id_: int) -> Response:
    """Return a chat activity's detail."""
    return detail_page.of(detail_page.found(id_, (CHAT,)))
