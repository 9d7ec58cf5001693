"""Paths of panels, written once."""

from urllib.parse import quote

from flask import Flask

from webui.feeds.records import PANEL_OF, Record
from webui.vocabulary import PANELS

PANEL = f"/<any({','.join(PANELS)}):panel>/<crm_id>"


def path_of(panel: str, crm_id: str) -> str:
    """Return the path of a panel."""
    return f"/{panel}/{quote(crm_id, safe='')}"


def root_of(record: Record) -> str:
    """Return the path of a record's panel."""
    return path_of(record.panel, record.crm_id)


def person_path(kind: str, crm_id: str) -> str:
    """Return the path of the panel of a lead or contact."""
    return path_of(PANEL_OF[kind], crm_id)


def account_path(crm_id: str) -> str:
    """Return the path of an account's panel."""
    return path_of("accounts", crm_id)


def init_app(app: Flask) -> None:
    """Give the templates the paths."""
    app.add_template_global(person_path)
    app.add_template_global(account_path)
