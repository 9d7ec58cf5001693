"""Paths of panels, written once."""

from functools import lru_cache
from urllib.parse import quote

from flask import Flask, g

from webui.access.grants import Opens
from webui.access.policy import may_link
from webui.feeds.records import PANEL_OF, Record
from webui.vocabulary import BY_KEY, CHAT, PANELS

PANEL = f"/<any({','.join(PANELS)}):panel>/<crm_id>"


@lru_cache(maxsize=4_000)
def path_of(panel: str, crm_id: str) -> str:
    """Return the path of a panel."""
    return f"/{panel}/{quote(crm_id, safe='')}"


def root_of(record: Record) -> str:
    """Return the path of a record's panel."""
    return path_of(record.panel, record.crm_id)


def detail_path(type_key: str, id_: int) -> str:
    """Return the path of an activity's detail."""
    return f"{details_of(type_key)}/{id_}"


def details_of(type_key: str) -> str:
    """Return the path below which the details of a type are; those of chat answer while it is on."""
    return "/chat/activities" if BY_KEY[type_key].family == CHAT.key else "/activities"


def person_path(kind: str, crm_id: str | None) -> str | None:
    """Return the path of the panel of a lead or contact, None if there is none that the viewer may open."""
    return None if crm_id is None else _linked(PANEL_OF[kind], crm_id)


def account_path(crm_id: str) -> str | None:
    """Return the path of an account's panel, None if the viewer may not open it."""
    return _linked("accounts", crm_id)


def _linked(panel: str, crm_id: str) -> str | None:
    return path_of(panel, crm_id) if may_link(g.grant, Opens(panel, crm_id)) else None


def init_app(app: Flask) -> None:
    """Give the templates the paths."""
    app.add_template_global(person_path)
    app.add_template_global(account_path)
