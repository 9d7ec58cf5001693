"""The chat tab of each panel and of the global tab, and the detail of a chat activity.

Everything here answers only while the switch is on: a hook before each request of the blueprint sees
to it, so that a route added later is guarded too.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from flask import Blueprint, Response, g, make_response, render_template, request
from flask_babel import gettext

from webui.access import policy
from webui.access.grants import ALL, Opens
from webui.database import LARGEST_ID
from webui.feeds import activity as activities
from webui.feeds import pages, weeks
from webui.feeds.activity import Whole
from webui.feeds.facets import facets
from webui.feeds.pages import BadCursor, Cursor, Filter
from webui.feeds.records import PANEL_OF, Record
from webui.feeds.scopes import OfEveryone, Scope
from webui.feeds.search import narrowed
from webui.feeds.sorting import SORTED_TO, WordCursor, page_by
from webui.views import detail, export, filter_form, news
from webui.views.chat_filter import FIELDS, NEWEST_FIRST, Asked, asked
from webui.views.errors import BadParameter, NoSuchActivity
from webui.views.foot import foot
from webui.views.fragments import answer, uncached, wants_fragment
from webui.views.kept import kept
from webui.views.lines import by_day, lines
from webui.views.panels import panel_context
from webui.views.parameters import EARLIEST, LATEST
from webui.views.paths import PANEL, path_of, root_of
from webui.views.visible import visible_record
from webui.vocabulary import GLOBAL_COLUMNS, GROUP_COLUMNS, PERSON_COLUMNS
from webui.wording import local_day, type_label

bp = Blueprint("chat", __name__)
bp.register_blueprint(news.bp)
bp.register_blueprint(export.bp)

C = TypeVar("C", Cursor, WordCursor)


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
    record = visible_record(panel, crm_id)
    columns = PERSON_COLUMNS if record.is_person else GROUP_COLUMNS
    context = chat_context(record.scope, f"{root_of(record)}/chat", columns)
    around = {} if wants_fragment() else panel_context(record, g.facts)
    return answered("panels/panel.html", record, selected="chat", **around, **context)


@bp.get("/global/chat")
@kept
def of_everyone() -> Response:
    """Return the global tab's Chat tab: everyone's, of three types."""
    context = chat_context(OfEveryone(), "/global/chat", GLOBAL_COLUMNS)
    return answered("global/page.html", None, selected="chat", chat_is_on=True, **context)


def answered(template: str, record: Record | None, /, **context: Any) -> Response:
    """Answer with the table, or the page around it; rows of a later page are swapped in alone."""
    is_later = bool(request.args.get("after")) and wants_fragment()
    said = None if is_later else foot(record)
    response = answer(template, "chat/_fragment.html", facts=g.facts, foot=said, **context)
    if is_later:
        response.headers["HX-Reselect"] = "table[data-table=chat] > tbody"
    elif wants_fragment() and any(name in request.args for name in (*FIELDS, "open")):
        opened = {"open": request.args["open"]} if context["opened"] else {}
        response.headers["HX-Replace-Url"] = context["asked"].url(context["chat_url"], **opened)
    return response


def chat_context(scope: Scope, url: str, columns: tuple[str, ...]) -> dict[str, Any]:
    """Return what the table shows: a page of rows by the URL's parameters, and how many there are."""
    wanted, by_type = asked(scope, columns), weeks.by_type(scope)
    everything = sum(by_type.values())
    wanted = replace(wanted, filter=narrowed(scope, wanted.filter, everything))
    counted = _counted(scope, wanted, by_type)
    is_small = counted["total"] <= SORTED_TO and not counted["total_is_least"]
    opened = _opened(scope)
    page = _page(scope, wanted if is_small or wanted.column == "date" else replace(wanted, sort=NEWEST_FIRST))
    shown = lines(page.rows)
    return {
        "page": page,
        "days": by_day(shown) if not is_small or wanted.column == "date" else [(None, shown)],
        "shown_ids": {line.id for line in shown},
        "columns": columns,
        "chat_url": url,
        "asked": wanted,
        "filter_form": filter_form.form(wanted, facets(scope, wanted.filter, by_type), url),
        "earliest": EARLIEST,
        "latest": LATEST,
        "everything": everything,
        "sortable": columns if is_small else ("date",),
        "sorted_to": SORTED_TO,
        "sorted_by": wanted.column if is_small else "date",
        "more_url": wanted.url(url, after=str(page.next)) if page.next else None,
        "day_before": local_day(page.after.at) if page.after else None,
        "opened": opened,
        "is_gone": bool(request.args.get("open")) and opened is None,
        **counted,
    }


def _cursor(parse: Callable[[str], C]) -> C | None:
    text = request.args.get("after")
    try:
        return parse(text) if text else None
    except BadCursor:
        raise BadParameter(gettext("This link to further rows is broken.")) from None


def _page(scope: Scope, wanted: Asked) -> pages.Page:
    if wanted.column == "date":
        oldest_first = not wanted.is_descending
        return pages.page(scope, wanted.filter, after=_cursor(Cursor.parse), oldest_first=oldest_first)
    word = type_label if wanted.column == "activity-type" else str
    turned = wanted.is_descending
    after = _cursor(WordCursor.parse)
    return page_by(wanted.column, scope, wanted.filter, descending=turned, after=after, word=word)


def _counted(scope: Scope, wanted: Asked, by_type: Mapping[str, int]) -> dict[str, Any]:
    """Return how many rows there are: by the kept counts where only the type is asked for, else counted."""
    types = wanted.filter.types
    if wanted.filter == Filter(types=types):
        return {"total": sum(by_type.get(key, 0) for key in types or by_type), "total_is_least": False}
    found = pages.count(scope, wanted.filter)
    return {"total": min(found, pages.COUNTED_TO), "total_is_least": found > pages.COUNTED_TO}


def _opened(scope: Scope) -> detail.Detail | None:
    """Return the detail that ``?open=`` asks for, if it is one of this list's."""
    text = request.args.get("open", "")
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID):
        return None
    found = activities.find_within(scope, int(text))
    return detail.describe(found) if found else None


@bp.get(f"/chat/activities/<int(max={LARGEST_ID}):id_>")
@kept
def one(id_: int) -> Response:
    """Return a chat activity's detail."""
    found = activities.find(id_)
    if found is None:
        raise NoSuchActivity
    return answer("chat/detail_page.html", "chat/_detail.html", facts=g.facts, **detail_context(found))


def detail_context(found: Whole) -> dict[str, Any]:
    """Return what the page of a detail shows."""
    back_url, back_name = _back(found)
    return {"detail": detail.describe(found), "back_url": back_url, "back_name": back_name}


def _back(found: Whole) -> tuple[str, str]:
    """Return where a detail's page leads back to: whose the activity is, or what the viewer may open."""
    records = []
    if found.person_crm_id is not None:
        records.append((Opens(PANEL_OF[found.person_kind], found.person_crm_id), found.person_name))
    elif found.account_crm_id is not None:
        name = found.account_name or found.account_crm_id
        records.append((Opens("accounts", found.account_crm_id), name))
    for record, name in records:
        if policy.may_link(g.grant, record):
            return path_of(*record), name
    if g.grant.opens == ALL:
        return "/global", gettext("Global Marketo tab")
    return path_of(*g.grant.opens), gettext("Back to the record")
