"""The Global Marketo tab, and those of its tabs that are the viewer's own."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from webui.access.visitors import IN_PAGE
from webui.views.foot import foot
from webui.views.fragments import answer, uncached, wants_fragment
from webui.views.panels import chosen, global_context
from webui.vocabulary.tabs import OF_GLOBAL

bp = Blueprint("global_tab", __name__)


@bp.get("/global")
def page() -> Response:
    """Return the global tab, whose tabs load their own content: the first, unless ``?tab=`` names another."""
    known = g.facts
    template = "global/page.html"
    around = global_context(known)
    selected = chosen(OF_GLOBAL, around["tabs"])
    return answer(template, template, facts=known, foot=foot(), selected=selected, **around)


def own_tab(key: str, template: str, /, **content: Any) -> Response:
    """Return a tab that shows each viewer what is theirs, so that nobody keeps it: its part, or the page.

    One that an admin took away is not there.
    """
    around = global_context(g.facts)
    if key not in [one.key for one in around["tabs"]]:
        abort(404)
    if wants_fragment():
        return uncached(Response(render_template(template, **content)))
    page = render_template(
        "global/page.html", facts=g.facts, foot=foot(), selected=key, inside=template, **around, **content
    )
    return uncached(Response(page))


def after_form(url: str, show: Callable[[], Response]) -> AnyResponse:
    """Answer a form with what its page shows now; a browser that keeps cookies is sent to that page.

    A redirect would lose a session that is in the page alone.
    """
    if not wants_fragment() and g.visitor.way != IN_PAGE:
        return redirect(url, 303)
    g.address = url
    return show()
