"""What came since a Chat tab was loaded: asked every few seconds by each panel that is open.

While nothing was written at all, the answer costs the look at the installation's facts and nothing
else. Asking is no use of a session: see ``visitors.WATCHING``.
"""

from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, g, make_response, render_template, request
from flask_babel import gettext

from webui.database import LARGEST_ID
from webui.feeds import pages, weeks
from webui.feeds.records import Record
from webui.feeds.scopes import OfEveryone, Scope
from webui.views.chat_filter import Asked, asked
from webui.views.errors import BadParameter
from webui.views.foot import foot
from webui.views.fragments import uncached
from webui.views.panels import panel_context
from webui.views.paths import PANEL, root_of
from webui.views.visible import visible_record
from webui.vocabulary import GLOBAL_COLUMNS, GROUP_COLUMNS, PERSON_COLUMNS

NEXT = "X-News"

bp = Blueprint("news", __name__)


def news_url(chat_url: str, wanted: Asked | None = None) -> str:
    """Return where to ask for what is stored from now on: fits the Chat tab at ``chat_url``, as asked for.

    Must be made of facts that were read before the rows: what is stored meanwhile is then told, though
    it may be shown already.
    """
    parameters = dict(wanted.parameters if wanted else ())
    place = {"since": str(g.facts.next_activity_id - 1), "version": str(g.facts.content_version)}
    return f"{chat_url}/news?{urlencode({**parameters, **place})}"


def init_app(app: Flask) -> None:
    """Give the templates ``news_url``."""
    app.add_template_global(news_url)


@bp.get(f"{PANEL}/chat/news")
def of_record(panel: str, crm_id: str) -> Response:
    """Return what came of a record's activities."""
    if _is_unchanged():
        return _nothing()
    record = visible_record(panel, crm_id)
    columns = PERSON_COLUMNS if record.is_person else GROUP_COLUMNS
    return _told(record.scope, f"{root_of(record)}/chat", columns, record)


@bp.get("/global/chat/news")
def of_everyone() -> Response:
    """Return what came of everyone's activities, of the global tab's types."""
    return _nothing() if _is_unchanged() else _told(OfEveryone(), "/global/chat", GLOBAL_COLUMNS)


def _is_unchanged() -> bool:
    return request.args.get("version") == str(g.facts.content_version)


def _nothing() -> Response:
    return uncached(Response(status=204))


def _told(scope: Scope, chat_url: str, columns: tuple[str, ...], record: Record | None = None) -> Response:
    """Return the rows stored since, with what the page says around them, or nothing.

    Where to ask the next time is a header of either.
    """
    wanted = asked(scope, columns)
    rows = pages.stored_after(scope, _since(), wanted.filter)
    if rows:
        total = None if wanted.is_filtered else weeks.total(scope)
        said = {"rows": rows, "columns": columns, "total": total, "shown_url": wanted.url(chat_url)}
        around = panel_context(record, g.facts) if record else {}
        response = uncached(
            make_response(render_template("chat/_news.html", foot=foot(record), **said, **around))
        )
    else:
        response = _nothing()
    response.headers[NEXT] = news_url(chat_url, wanted)
    return response


def _since() -> int:
    text = request.args.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID):
        raise BadParameter(gettext("This link to further rows is broken."))
    return int(text)
