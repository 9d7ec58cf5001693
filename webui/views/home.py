"""The demo's first page: records worth opening."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response, g

from webui import wording
from webui.access.headers import demo_crm_origin
from webui.config import shipped
from webui.feeds import records
from webui.views.fragments import answer
from webui.views.paths import path_of
from webui.vocabulary import PANELS

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class Shown:
    """A record of the list: its panel, its name, where it is and why it is worth a look."""

    panel: str
    crm_id: str
    name: str
    url: str
    why: str


@cache
def _showcase() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shipped("seeds") / "showcase.json").read_text(encoding="utf-8"))
    return found


@bp.get("/")
def page() -> Response:
    """List the records worth opening that this database holds."""
    template = "home/page.html"
    known = g.facts
    shown = worth_opening()
    groups = [(panel, some) for panel in PANELS if (some := [one for one in shown if one.panel == panel])]
    crm_url = f"{demo_crm_origin()}/demo/crm"
    return answer(
        template, template, facts=known, groups=groups, chat_is_on=known.chat_enabled, crm_url=crm_url
    )


def worth_opening() -> list[Shown]:
    """Return the records worth opening that this database holds."""
    return [one for one in (_shown(entry) for entry in _showcase()) if one]


def _shown(entry: dict[str, Any]) -> Shown | None:
    panel, crm_id = entry["panel"], entry["crm_id"]
    now = (panel, crm_id)
    record = records.find(*now)
    if record is None:
        now = records.became(*now) or now
        record = records.find(*now)
    if record is None:
        return None
    why = entry["why"][wording.words().language]
    return Shown(panel, crm_id, record.name, path_of(panel, crm_id), why)
