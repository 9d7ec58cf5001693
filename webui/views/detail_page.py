"""The page of one activity's detail, and where it leads back to."""

from typing import Any

from flask import Response, g
from flask_babel import gettext

from webui.access import policy
from webui.access.grants import ALL, Opens
from webui.feeds import activity as activities
from webui.feeds.activity import Whole
from webui.feeds.records import PANEL_OF
from webui.views import detail, tabs
from webui.views.errors import NoSuchActivity
from webui.views.fragments import answer
from webui.views.paths import path_of
from webui.views.tabs import Tab
from webui.vocabulary import BY_KEY, Family


def found(id_: int, families: tuple[Family, ...]) -> Whole:
    """Return an activity of one of these families; raise NoSuchActivity."""
    one = activities.find(id_)
    if one is None or BY_KEY[one.type_key].family not in (family.key for family in families):
        raise NoSuchActivity
    return one


def of(one: Whole) -> Response:
    """Return an activity's detail."""
    return answer("lists/detail_page.html", "lists/_detail.html", facts=g.facts, **detail_context(one))


def detail_context(one: Whole) -> dict[str, Any]:
    """Return what the page of a detail shows."""
    back_url, back_name = back(one)
    return {"detail": detail.describe(one), "back_url": back_url, "back_name": back_name}


def back(one: Whole) -> tuple[str, str]:
    """Return where a detail's page leads back to: whose the activity is, or what the viewer may open.

    The tab of the activity's family is opened, where that page has one.
    """
    in_panel = _tab_query(tabs.of_panels(g.facts), one)
    records = []
    if one.person_crm_id is not None:
        records.append((Opens(PANEL_OF[one.person_kind], one.person_crm_id), one.person_name))
    elif one.account_crm_id is not None:
        name = one.account_name or one.account_crm_id
        records.append((Opens("accounts", one.account_crm_id), name))
    for record, name in records:
        if policy.may_link(g.grant, record):
            return path_of(*record) + in_panel, name
    if g.grant.opens == ALL:
        return "/global" + _tab_query(tabs.of_global(g.facts), one), gettext("Global Marketo tab")
    return path_of(*g.grant.opens) + in_panel, gettext("Back to the record")


def _tab_query(there: tuple[Tab, ...], one: Whole) -> str:
    """Return what opens the tab of an activity's family on a page with these tabs; nothing if it has none."""
    family = BY_KEY[one.type_key].family
    return next((tab.query for tab in there if tab.key == family), "")
