"""The Global Marketo tab, and those of its tabs that are the viewer's own."""

from typing import Any

from flask import Blueprint, Response, abort, g, render_template

from webui.views import tabs
from webui.views.foot import foot
from webui.views.fragments import answer, uncached, wants_fragment
from webui.views.panels import chosen, global_context

bp = Blueprint("global_tab", __name__)


@bp.get("/global")
def page() -> Response:
    """Return the global tab, whose tabs load their own content: the first, unless ``?tab=`` names another."""
    known = g.facts
    template = "global/page.html"
    around = global_context(known)
    selected = chosen(tabs.OF_GLOBAL, around["tabs"])
    return answer(template, template, facts=known, foot=foot(), selected=selected, **around)


def own_tab(key: str, template: str, /, status: int = 200, **content: Any) -> Response:
    """Return a tab that shows each viewer what is theirs, so that nobody keeps it: its part, or the page.

    One that an admin took away is not there.
    """
    around = global_context(g.facts)
    if key not in [one.key for one in around["tabs"]]:
        abort(404)
    if wants_fragment():
        return uncached(Response(render_template(template, **content), status))
    page = render_template(
        "global/page.html", facts=g.facts, foot=foot(), selected=key, inside=template, **around, **content
    )
    return uncached(Response(page, status))
