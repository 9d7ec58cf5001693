"""What came since a Chat tab was loaded: asked every few seconds by each panel that is open.

While nothing was written at all, the answer costs the look at the installation's facts and nothing
else; while others' activities are written, two look-ups more. Asking is no use of a session: see
``visitors.WATCHING``.
"""

from hashlib import sha256
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, g, make_response, render_template, request
from flask_babel import gettext

from webui.database import LARGEST_ID, storable
from webui.feeds import pages, versions, weeks
from webui.feeds.glance import Glance
from webui.feeds.records import Record
from webui.feeds.scopes import OfEveryone, Scope
from webui.installation import Facts
from webui.views.errors import BadParameter
from webui.views.foot import Foot, foot, freshness
from webui.views.fragments import nothing_to_swap, uncached
from webui.views.lines import by_day, lines
from webui.views.list_filter import Asked, asked
from webui.views.panels import glance_context
from webui.views.paths import PANEL, path_of, root_of
from webui.views.visible import visible_record
from webui.vocabulary import CHAT

NEXT = "X-News"

bp = Blueprint("news", __name__)


def news_url(chat_url: str, wanted: Asked | None = None, total: int | None = None, mark: str = "") -> str:
    """Return where to ask for what is stored from now on: fits the Chat tab at ``chat_url``, as asked for.

    ``total`` is how many its unfiltered list holds, ``mark`` what stands around it: what differs is told.
    Must be made of facts that were read before the rows: what is stored meanwhile is then told, though
    it may be shown already.
    """
    parameters = dict(wanted.parameters if wanted else ())
    known = g.facts
    place = {"since": str(known.next_activity_id - 1), **_version(known)}
    if total is not None:
        place["total"] = str(total)
    if mark:
        place["mark"] = mark
    return f"{chat_url}/news?{urlencode({**parameters, **place})}"


def mark_of(foot: Foot, glance: Glance | None = None) -> str:
    """Return what changes with that which stands around a Chat tab, its freshness first."""
    return _digest(foot.freshness) + _digest((foot.notes, foot.months, glance))


def _digest(said: object) -> str:
    return sha256(repr(said).encode()).hexdigest()[:12]


def _version(known: Facts) -> dict[str, str]:
    return {"version": str(known.content_version), "wide": str(known.wide_writes)}


def init_app(app: Flask) -> None:
    """Give the templates ``news_url`` and ``news_mark``."""
    app.add_template_global(news_url)
    app.add_template_global(mark_of, "news_mark")


@bp.get(f"{PANEL}/chat/news")
def of_record(panel: str, crm_id: str) -> Response:
    """Return what came of a record's activities."""
    if _is_unchanged():
        return nothing_to_swap()
    if _is_of_others(panel, crm_id):
        response = nothing_to_swap()
        parameters = urlencode({**request.args, **_version(g.facts)})
        response.headers[NEXT] = f"{path_of(panel, crm_id)}/chat/news?{parameters}"
        return response
    record = visible_record(panel, crm_id)
    columns = CHAT.person_columns if record.is_person else CHAT.group_columns
    return _told(record.scope, f"{root_of(record)}/chat", columns, record)


@bp.get("/global/chat/news")
def of_everyone() -> Response:
    """Return what came of everyone's activities, of the global tab's types."""
    return nothing_to_swap() if _is_unchanged() else _told(OfEveryone(), "/global/chat", CHAT.global_columns)


def _is_unchanged() -> bool:
    return request.args.get("version") == str(g.facts.content_version)


def _is_of_others(panel: str, crm_id: str) -> bool:
    """Whether all that was written since is of others' activities, and the foot says the same."""
    stood, mark = request.args.get("version", type=int), request.args.get("mark", "")
    if stood is None or request.args.get("wide") != str(g.facts.wide_writes):
        return False
    changed = versions.of_record(panel, storable(crm_id))
    if changed is None or not changed <= stood <= g.facts.content_version:
        return False  # a version that is yet to come is one of before a standby took over
    return mark.startswith(_digest(freshness()))


def _told(scope: Scope, chat_url: str, columns: tuple[str, ...], record: Record | None = None) -> Response:
    """Return the rows stored since, with what the page says around them, or nothing.

    Of more than a page of rows only that there are so many. A list that got longer or shorter by other
    ways (a person arrived, moved or was deleted) is told as changed. Where to ask the next time is a header.
    """
    wanted = asked(scope, columns)
    rows = pages.stored_after(scope, _since(), wanted.filter)
    total = None if wanted.is_filtered else weeks.total(scope)
    around, said = glance_context(record, g.facts) if record else {}, foot(record)
    mark = mark_of(said, around.get("glance"))
    has_changed = not rows and total is not None and request.args.get("total", str(total)) != str(total)
    if rows or has_changed or request.args.get("mark", mark) != mark:
        response = uncached(
            make_response(
                render_template(
                    "chat/_news.html",
                    days=by_day(lines(rows)) if len(rows) <= pages.PAGE_ROWS else (),
                    arrived=len(rows),
                    most=pages.PAGE_ROWS,
                    has_changed=has_changed,
                    columns=columns,
                    total=total,
                    shown_url=wanted.url(chat_url),
                    foot=said,
                    **around,
                )
            )
        )
    else:
        response = nothing_to_swap()
    response.headers[NEXT] = news_url(chat_url, wanted, total, mark)
    return response


def _since() -> int:
    text = request.args.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID):
        raise BadParameter(gettext("This link to further rows is broken."))
    return int(text)
