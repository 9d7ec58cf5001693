"""The tabs of the families beside chat, and the details of their activities.

The switch of the specification does not touch them; each can be turned off by itself, and its tab be left
out. A hook before each request of the blueprint sees to that.
"""

from flask import Blueprint, Response, g, request

from webui.database import LARGEST_ID
from webui.views import detail_page, export, lists, switched_off, tabs
from webui.views.kept import kept
from webui.views.paths import PANEL
from webui.vocabulary import BY_KEY, FAMILY, OTHERS

bp = Blueprint("others", __name__)

TAB = f"<any({','.join(one.key for one in OTHERS)}):family>"
GLOBAL_TAB = f"<any({','.join(one.key for one in OTHERS if one.is_global)}):family>"


@bp.before_request
def only_while_on() -> Response | None:
    """Answer nothing for a tab that an admin took away, but for the notice that says so."""
    named, known = request.view_args or {}, g.facts
    if "family" not in named:
        return None
    there = tabs.of_panels(known) if "panel" in named else tabs.of_global(known)
    is_there = named["family"] in {tab.key for tab in there}
    return None if is_there else switched_off.notice(named["family"])


@bp.get(f"{PANEL}/{TAB}")
@kept
def of_record(panel: str, crm_id: str, family: str) -> Response:
    """Return a record's tab of a family."""
    return lists.of_record(panel, crm_id, FAMILY[family])


@bp.get(f"/global/{GLOBAL_TAB}")
@kept
def of_everyone(family: str) -> Response:
    """Return the global tab's tab of a family."""
    return lists.of_everyone(FAMILY[family])


@bp.get(f"{PANEL}/{TAB}.csv")
def record_file(panel: str, crm_id: str, family: str) -> Response:
    """Return a record's tab of a family as a file."""
    return export.of_record(panel, crm_id, FAMILY[family])


@bp.get(f"/global/{GLOBAL_TAB}.csv")
def everyones_file(family: str) -> Response:
    """Return the global tab's tab of a family as a file."""
    return export.of_everyone(FAMILY[family])


@bp.get(f"/activities/<int(max={LARGEST_ID}):id_>")
@kept
def one(id_: int) -> Response:
    """Return the detail of an activity of a family beside chat."""
    one = detail_page.found(id_, OTHERS)
    family = FAMILY[BY_KEY[one.type_key].family]
    if family not in g.facts.families:
        return switched_off.notice(family.key, detail_page.back(one)[0])
    return detail_page.of(one)
