"""The tabs of the families beside chat, and the details of their activities.

The switch of the specification does not touch them; each can be turned off by itself.
"""

from flask import Blueprint, Response, abort, g

from webui.database import LARGEST_ID
from webui.views import detail_page, export, lists
from webui.views.kept import kept
from webui.views.paths import PANEL
from webui.vocabulary import FAMILY, OTHERS, Family

bp = Blueprint("others", __name__)

TAB = f"<any({','.join(one.key for one in OTHERS)}):family>"
GLOBAL_TAB = f"<any({','.join(one.key for one in OTHERS if one.is_global)}):family>"


@bp.get(f"{PANEL}/{TAB}")
@kept
def of_record(panel: str, crm_id: str, family: str) -> Response:
    """Return a record's tab of a family."""
    return lists.of_record(panel, crm_id, _shown(family))


@bp.get(f"/global/{GLOBAL_TAB}")
@kept
def of_everyone(family: str) -> Response:
    """Return the global tab's tab of a family."""
    return lists.of_everyone(_shown(family))


@bp.get(f"{PANEL}/{TAB}.csv")
def record_file(panel: str, crm_id: str, family: str) -> Response:
    """Return a record's tab of a family as a file."""
    return export.of_record(panel, crm_id, _shown(family))


@bp.get(f"/global/{GLOBAL_TAB}.csv")
def everyones_file(family: str) -> Response:
    """Return the global tab's tab of a family as a file."""
    return export.of_everyone(_shown(family))


@bp.get(f"/activities/<int(max={LARGEST_ID}):id_>")
@kept
def one(id_: int) -> Response:
    """Return the detail of an activity of a family beside chat."""
    return detail_page.of(detail_page.found(id_, tuple(one for one in g.facts.families if one in OTHERS)))


def _shown(key: str) -> Family:
    """Return a family that is on; one that is off is not there."""
    family = FAMILY[key]
    if family not in g.facts.families:
        abort(404)
    return family
