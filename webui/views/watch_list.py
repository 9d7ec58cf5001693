"""My Watch List: the button in the header of each panel, and the global tab's tab of what is watched."""

from typing import NamedTuple

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from webui import attention, wording
from webui.access import policy
from webui.access.grants import Opens
from webui.access.policy import OneRecord, may_link
from webui.access.viewer import name as viewer_name
from webui.access.visitors import IN_PAGE
from webui.database import storable
from webui.feeds.latest import Latest
from webui.feeds.records import Record
from webui.feeds.watch_list import Seen, watched
from webui.models import CRM_ID_LENGTH
from webui.views import panels
from webui.views.errors import BadParameter, Moved, NoSuchRecord
from webui.views.fragments import uncached, wants_fragment
from webui.views.global_tab import after_form, own_tab
from webui.views.paths import PANEL, account_path, detail_path, path_of, root_of
from webui.views.visible import visible_record
from webui.vocabulary import PANELS
from webui.vocabulary.tabs import WATCH_LIST
from webui.wording import Moment

bp = Blueprint("watch_list", __name__)


class Line(NamedTuple):
    """A watched record as it is shown; ``moment`` is the time of its last activity in words."""

    panel: str
    crm_id: str
    name: str | None
    path: str
    account: str | None
    account_path: str | None
    last: Latest | None
    last_path: str | None
    moment: Moment | None

    @property
    def is_gone(self) -> bool:
        """Whether there is no such record any more."""
        return self.name is None


@bp.post(f"{PANEL}/watch")
def turn(panel: str, crm_id: str) -> AnyResponse:
    """Put a record on the viewer's watch list (``watched=y``), or take it off (``n``).

    htmx gets the button alone.
    """
    record = _as_it_is_now(panel, crm_id)
    is_wanted = request.form.get("watched") != "n"
    try:
        (attention.watch if is_wanted else attention.unwatch)(viewer_name(), record.panel, record.crm_id)
    except attention.ListIsFull:
        return _full(record)
    if wants_fragment():
        button = render_template("watch_list/_button.html", root=root_of(record), is_watched=is_wanted)
        return uncached(make_response(button))
    return _back_to(record)


@bp.get("/global/watch-list")
def page() -> Response:
    """Return the viewer's watch list, those with the newest activities first."""
    return _listed()


@bp.post("/global/watch-list/remove")
def remove() -> AnyResponse:
    """Take a record off the viewer's watch list, though it may be gone: ``panel`` and ``crm_id``."""
    panel, crm_id = request.form.get("panel", ""), storable(request.form.get("crm_id", ""))
    if panel not in PANELS or not crm_id or len(crm_id) > CRM_ID_LENGTH:
        raise BadParameter(gettext("There is no such record here."))
    attention.unwatch(viewer_name(), panel, crm_id)
    return after_form("/global/watch-list", lambda: _listed(gettext("It is off your watch list.")))


def _as_it_is_now(panel: str, crm_id: str) -> Record:
    """Return the record that a panel's button means, though it became another while the panel was open."""
    try:
        return visible_record(panel, crm_id)
    except Moved as now:
        asked = OneRecord(Opens(now.panel, now.crm_id))
        if not policy.allows(g.grant, asked, current_app.extensions["chatpane"]):
            raise NoSuchRecord from None
        return visible_record(now.panel, now.crm_id)


def _back_to(record: Record) -> AnyResponse:
    """Return to the panel; at once where a session in the page would get lost by a redirect."""
    if g.visitor.way != IN_PAGE:
        return redirect(root_of(record), 303)
    g.address = root_of(record)
    return uncached(panels.panel(record.panel, record.crm_id))


def _full(record: Record) -> Response:
    said = {"most": attention.MOST_WATCHED}
    if wants_fragment():
        return uncached(make_response(render_template("watch_list/_full.html", **said), 422))
    page = render_template(
        "watch_list/full_page.html", back_url=root_of(record), back_name=record.name, **said
    )
    return uncached(make_response(page, 422))


def _listed(said: str | None = None) -> Response:
    seen = watched(viewer_name(), [family.key for family in g.facts.families])
    lines = [_line(one) for one in seen if may_link(g.grant, Opens(one.panel, one.crm_id))]
    return own_tab(WATCH_LIST, "watch_list/_list.html", lines=lines, said=said)


def _line(one: Seen) -> Line:
    last = one.last
    return Line(
        one.panel,
        one.crm_id,
        one.name,
        path_of(one.panel, one.crm_id),
        one.account_name or one.account_crm_id,
        account_path(one.account_crm_id) if one.account_crm_id else None,
        last,
        detail_path(last.type_key, last.id) if last else None,
        wording.moment(last.at) if last else None,
    )
