"""The Global Marketo tab."""

from flask import Blueprint, Response, g

from webui.views import tabs
from webui.views.foot import foot
from webui.views.fragments import answer
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
