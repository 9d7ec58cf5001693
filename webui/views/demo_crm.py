"""The demo's CRM: a page on another site that embeds the panels as a customer's would.

It stands at ``crm.localhost``, frames ``pane.localhost``, and has a backend that signs links. The records
are the demo's; what a CRM would know beside their names is made up from their ids.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes

from flask import Blueprint, Response, current_app, jsonify, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from webui import wording
from webui.access import links
from webui.access.grants import parse_opens
from webui.access.headers import demo_crm_origin, demo_pane_origin
from webui.access.secret import secrets_of
from webui.feeds import records
from webui.feeds.records import Record, people
from webui.operational_settings import api_keys
from webui.views import home
from webui.views.errors import BadParameter, NoSuchRecord
from webui.views.fragments import uncached
from webui.views.paths import PANEL, path_of
from webui.vocabulary import PANELS

bp = Blueprint("demo_crm", __name__, url_prefix="/demo/crm")

REP = "priya.nair@kumolane.example"
ACCENT = "#0f766e"  # of demo-crm.css: the panels take it over

CITIES = ("Osaka", "Leeds", "Lyon", "Nagoya", "Porto", "Graz", "Sendai", "Ghent")
STAGES = 4


@dataclass(frozen=True)
class Field:
    """A field of the record's page; ``path`` leads to the record that it names."""

    label: str
    value: str
    path: str | None = None


@dataclass(frozen=True)
class Frame:
    """A panel in the page: what it opens and whose it is."""

    opens: str
    name: str


@bp.get("", defaults={"panel": "", "crm_id": ""})
@bp.get(PANEL)
def page(panel: str, crm_id: str) -> AnyResponse:
    """Return a record's page in the CRM, the first contact's unless another is named."""
    if request.host_url.rstrip("/") != demo_crm_origin():
        return redirect(demo_crm_origin() + request.full_path.rstrip("?"))
    listed = home.worth_opening()
    if not panel:
        first = next((one for one in listed if one.panel == "contacts"), None)
        return redirect(crm_path(first.panel, first.crm_id)) if first else _shown(None, listed)
    record = records.find(panel, crm_id)
    if record is None:
        now = records.became(panel, crm_id)
        if now is None:
            raise NoSuchRecord
        return redirect(crm_path(*now))
    return _shown(record, listed)


@bp.get("/link")
def link() -> Response:
    """Answer as a customer's backend does: with a fresh link to the record that the page asks for."""
    opens = parse_opens(request.args.get("opens", ""))
    if opens is None:
        raise BadParameter(gettext("opens names a record, such as leads/00Q1, or all."))
    keys = api_keys(secrets_of(current_app.extensions["chatpane"]))
    token = links.sign(
        str(opens),
        REP,
        keys[0] if keys else token_bytes(32),  # without one the panel says that it trusts no link
        name="Priya Nair",
        lang=wording.words().language,
        accent=ACCENT,
    )
    return uncached(jsonify(url=f"{demo_pane_origin()}/embed", token=token))


def crm_path(panel: str, crm_id: str) -> str:
    """Return the path of a record's page in the CRM."""
    return f"/demo/crm{path_of(panel, crm_id)}"


def _shown(record: Record | None, listed: list[home.Shown]) -> Response:
    wanted = request.args.get("q", "").strip()
    found = [one for one in listed if wanted.casefold() in one.name.casefold()]
    response = make_response(
        render_template(
            "demo_crm/page.html",
            record=record,
            groups=[(panel, [one for one in found if one.panel == panel]) for panel in PANELS],
            first={one.panel: crm_path(one.panel, one.crm_id) for one in reversed(listed)},
            wanted=wanted,
            highlights=_highlights(record) if record else (),
            details=_details(record) if record else (),
            stages=_stages(record) if record else (),
            frames=_frames(record) if record else (),
            crm_path=crm_path,
            pane=demo_pane_origin(),
        )
    )
    pane = demo_pane_origin()
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {pane}; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"frame-src {pane}; form-action 'self' {pane}; base-uri 'none'; frame-ancestors 'none'"
    )
    return uncached(response)


def _frames(record: Record) -> list[Frame]:
    """Return the record's panel, and on a contact its account's."""
    frames = [Frame(f"{record.panel}/{record.crm_id}", record.name)]
    if record.panel == "contacts" and record.account_crm_id:
        account = f"accounts/{record.account_crm_id}"
        frames.append(Frame(account, record.account_name or record.account_crm_id))
    return frames


def _highlights(record: Record) -> list[Field]:
    """Return the fields of the record's header."""
    number = _invented(record)
    fields = []
    if record.account_crm_id:
        path = crm_path("accounts", record.account_crm_id)
        fields.append(Field(gettext("Account"), record.account_name or record.account_crm_id, path))
    if record.panel == "opportunities":
        closes = wording.today() + timedelta(days=number % 80 + 7)
        fields.append(Field(gettext("Amount"), f"€ {wording.number(number % 900 * 100 + 4_000)}"))
        fields.append(Field(gettext("Close date"), wording.full_day(closes)))
    elif record.panel == "accounts":
        contacts = people(record.scope)
        fields.append(Field(gettext("Contacts"), wording.number(contacts)))
        fields.append(Field(gettext("Employees"), wording.number((contacts or 1) * 7 + number % 40)))
    elif record.email:
        fields.append(Field(gettext("E-mail"), record.email))
    return [*fields, Field(gettext("Owner"), _named(record.owner or REP))]


def _details(record: Record) -> list[Field]:
    """Return the fields of the column beside the panel."""
    number = _invented(record)
    known = [Field(gettext("Name"), record.name), *_highlights(record)]
    if record.panel == "opportunities":
        known.append(Field(gettext("People in roles"), wording.number(people(record.scope))))
    made_up = [
        Field(gettext("Phone"), f"+81 50 5550 {number % 10_000:04d}"),
        Field(gettext("City"), CITIES[number % len(CITIES)]),
        Field(gettext("Created"), wording.full_day(wording.today() - timedelta(days=number % 400 + 100))),
        Field(gettext("Record id"), record.crm_id),
    ]
    return known + (made_up[2:] if record.panel == "opportunities" else made_up)


def _stages(record: Record) -> list[tuple[str, str]]:
    """Return the stages of an opportunity, each with whether it is past, now or ahead."""
    if record.panel != "opportunities":
        return []
    now = _invented(record) % STAGES
    names = (gettext("Qualify"), gettext("Discover"), gettext("Propose"), gettext("Negotiate"))
    return [
        (name, "past" if place < now else "now" if place == now else "ahead")
        for place, name in enumerate(names)
    ]


def _named(address: str) -> str:
    return address.partition("@")[0].replace(".", " ").title()


def _invented(record: Record) -> int:
    return int(sha256(record.crm_id.encode()).hexdigest()[:8], 16)
