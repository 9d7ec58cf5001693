"""The Global Marketo tab."""

from flask import Blueprint, Response, g

from webui.feeds.scopes import OfEveryone
from webui.views.foot import foot
from webui.views.fragments import answer
from webui.views.panels import expected_rows

bp = Blueprint("global_tab", __name__)


@bp.get("/global")
def page() -> Response:
    """Return the global tab, whose Chat tab loads its own content."""
    known = g.facts
    template = "global/page.html"
    return answer(
        template,
        template,
        facts=known,
        foot=foot(),
        selected="chat",
        chat_is_on=known.chat_enabled,
        expected_rows=expected_rows(OfEveryone()) if known.chat_enabled else 0,
    )
