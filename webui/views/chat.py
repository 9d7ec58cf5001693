"""The chat tab of each panel and of the global tab, and the detail of a chat activity.

Everything here answers only while the switch is on: a hook before each request of the blueprint sees
to it, so that a route added later is guarded too.
"""

from flask import Blueprint, Response, g

from webui.database import LARGEST_ID
from webui.views import detail_page, export, lists, news, switched_off
from webui.views.kept import kept
from webui.views.paths import PANEL
from webui.vocabulary import CHAT

bp = Blueprint("chat", __name__)
bp.register_blueprint(news.bp)


@bp.before_request
def only_while_on() -> Response | None:
    """Answer nothing while the switch is off, but for the notice that says so."""
    return None if g.facts.chat_enabled else switched_off.notice(CHAT.key)


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
