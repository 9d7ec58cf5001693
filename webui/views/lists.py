"""A tab of a family, in a panel or the global tab: its table, filtered, sorted and paged as the URL asks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from flask import Response, g, request
from flask_babel import gettext

from webui import wording
from webui.database import LARGEST_ID
from webui.feeds import activity as activities
from webui.feeds import pages, weeks
from webui.feeds.facets import facets
from webui.feeds.pages import BadCursor, Cursor, Filter
from webui.feeds.records import Record
from webui.feeds.scopes import OfEveryone, Scope
from webui.feeds.search import narrowed
from webui.feeds.sorting import SORTED_TO, WordCursor, page_by, sortable
from webui.views import detail, filter_form, score_history, tabs
from webui.views.errors import BadParameter
from webui.views.foot import foot
from webui.views.fragments import answer, wants_fragment
from webui.views.lines import by_day, lines
from webui.views.list_filter import NEWEST_FIRST, Asked, asked, parameters_of
from webui.views.panels import global_context, panel_context
from webui.views.parameters import EARLIEST, LATEST
from webui.views.paths import root_of
from webui.views.visible import visible_record
from webui.vocabulary import CHAT, EMAIL, FAMILY, MOMENTS, SCORE, WEB, Family
from webui.wording import local_day, type_label

C = TypeVar("C", Cursor, WordCursor)


def of_record(panel: str, crm_id: str, family: Family) -> Response:
    """Return a record's tab of a family."""
    record = visible_record(panel, crm_id)
    columns = family.person_columns if record.is_person else family.group_columns
    content = context(record.scope._replace(family=family.key), f"{root_of(record)}/{family.key}", columns)
    content |= {"heading": wording.label(family.labels), "has_feed": False}
    around = {} if wants_fragment() else panel_context(record, g.facts)
    return _answered("panels/panel.html", record, family, **around, **content)


def of_everyone(family: Family) -> Response:
    """Return the global tab's tab of a family: everyone's, of the types that it lists."""
    content = context(OfEveryone(family.key), f"/global/{family.key}", family.global_columns)
    content |= {"heading": tabs.global_label(family.key), "has_feed": family is MOMENTS}
    around = {} if wants_fragment() else global_context(g.facts)
    return _answered("global/page.html", None, family, **around, **content)


def _answered(template: str, record: Record | None, family: Family, /, **content: Any) -> Response:
    """Answer with the table, or the page around it; rows of a later page are swapped in alone."""
    is_later = _is_later()
    said = None if is_later else foot(record)
    fragment = "lists/_fragment.html"
    response = answer(template, fragment, facts=g.facts, foot=said, selected=family.key, **content)
    if is_later:
        response.headers["HX-Reselect"] = f"table[data-table={family.key}] > tbody"
    elif wants_fragment() and any(name in request.args for name in (*parameters_of(family), "sort", "open")):
        opened = {"open": request.args["open"]} if content["opened"] else {}
        response.headers["HX-Replace-Url"] = content["asked"].url(content["list_url"], **opened)
    return response


def _is_later() -> bool:
    """Whether only the rows of a later page are asked for, to be added to those that are there."""
    return bool(request.args.get("after")) and wants_fragment()


def context(scope: Scope, url: str, columns: tuple[str, ...]) -> dict[str, Any]:
    """Return what the table shows: a page of rows by the URL's parameters, and how many there are."""
    wanted, by_type = asked(scope, columns), weeks.by_type(scope)
    everything = sum(by_type.values())
    wanted = replace(wanted, filter=narrowed(scope, wanted.filter, everything))
    counted = _counted(scope, wanted, by_type)
    is_small = counted["total"] <= SORTED_TO and not counted["total_is_least"]
    sorted_by = wanted.column if _is_sorted(is_small) else "date"
    opened = _opened(scope)
    page = _page(scope, wanted if wanted.column == sorted_by else replace(wanted, sort=NEWEST_FIRST))
    shown = lines(page.rows)
    return {
        "family": FAMILY[scope.family],
        "own": "" if scope.family == CHAT.key else f"{scope.family}-",
        "has_news": scope.family == CHAT.key,
        "nothing_yet": _nothing_yet(scope.family),
        "page": page,
        "days": by_day(shown) if sorted_by == "date" else [(None, shown)],
        "shown_ids": {line.id for line in shown},
        "columns": columns,
        "list_url": url,
        "asked": wanted,
        "filter_form": filter_form.form(
            wanted, facets(scope, wanted.filter, by_type), url, FAMILY[scope.family]
        ),
        "earliest": EARLIEST,
        "latest": LATEST,
        "everything": everything,
        "is_small": is_small,
        "sortable": sortable(columns) if is_small else ("date",),
        "sorted_to": SORTED_TO,
        "sorted_by": sorted_by,
        "more_url": wanted.url(url, after=str(page.next)) if page.next else None,
        "day_before": local_day(page.after.at) if page.after else None,
        "opened": opened,
        "is_gone": bool(request.args.get("open")) and opened is None,
        **counted,
        **_above(scope, wanted),
    }


def _above(scope: Scope, wanted: Asked) -> dict[str, Any]:
    """Return what stands above the list, of scores alone: a person's history, or who of many has the most."""
    nothing = {"history": None, "leaders": None}
    if scope.family != SCORE.key or _is_later():
        return nothing
    return nothing | score_history.above(scope, dict(wanted.parameters).get("score"))


def _is_sorted(is_small: bool) -> bool:
    """Whether the rows are by the column that is asked for. A later page goes on as the first was.

    The list may have become long or short meanwhile: which of the two the first page was, its cursor says.
    """
    after = request.args.get("after")
    return WordCursor.is_one(after) if after else is_small


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


def _nothing_yet(family: str) -> tuple[str, str]:
    """Return what a list of a family without any rows says: that nothing is there, and what would be."""
    said = {
        CHAT.key: (
            gettext("No chats yet."),
            gettext(
                "What visitors do in the website's chat appears here once Marketo knows them by their "
                "e-mail address."
            ),
        ),
        MOMENTS.key: (
            gettext("No interesting moments yet."),
            gettext("What marketing marks as interesting in a campaign's flow appears here."),
        ),
        WEB.key: (
            gettext("No visits yet."),
            gettext("Pages, forms and links of the website appear here once Marketo knows the visitor."),
        ),
        EMAIL.key: (
            gettext("No e-mails yet."),
            gettext("What was sent from Marketo and Sales Insight appears here, and whether it was opened."),
        ),
        SCORE.key: (
            gettext("No changes of a score yet."),
            gettext("Each change that a campaign makes to a score appears here."),
        ),
    }
    return said[family]
