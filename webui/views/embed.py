"""The ways in for an iframe: a signed link, and Salesforce's Canvas request.

Both answer with the page that the link opens, at once: a redirect would lose the session where the
browser takes no cookie.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request
from werkzeug.exceptions import MethodNotAllowed

from webui.access import canvas, links, named, spent, trail, viewer, visitors
from webui.access.canvas import CanvasEntry
from webui.access.grants import ADMIN, ALL, REP, Grant, Look, Opens
from webui.access.links import BadLink
from webui.access.secret import secrets_of
from webui.config import Settings
from webui.database import db
from webui.operational_settings import api_keys, see_package_version
from webui.views import global_tab, panels
from webui.views.fragments import uncached
from webui.views.paths import path_of
from webui.views.refused_links import (
    MAY_NOT_ADMINISTER,
    MAY_NOT_OPEN_ALL,
    NoRecordOfLink,
    refused_canvas,
    refused_link,
)

bp = Blueprint("embed", __name__, url_prefix="/embed")

CANVAS_REPEATS_FOR = timedelta(minutes=15)
CANVAS_REMEMBERED = timedelta(days=400)


@bp.before_request
def spend_nothing_on_a_look() -> None:
    """Refuse HEAD: whoever only looks whether a link is there must not use it up."""
    if request.method == "HEAD":
        raise MethodNotAllowed(["GET", "POST"])


@bp.after_request
def tell_no_address(response: Response) -> Response:
    """Keep the address, which may hold a token, from whatever the page loads."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.route("", methods=["GET", "POST"])
def by_link() -> Response:
    """Let a signed link in: ``token``, in a form's field or in the address."""
    settings = _settings()
    g.address = "/embed"
    keys = links.Keys(tuple(api_keys(secrets_of(settings))), settings.embed_public_key)
    try:
        entry = links.read(request.form.get("token") or request.args.get("token", ""), keys)
    except BadLink as bad:
        trail.refused(None, str(bad))
        raise refused_link(bad.reason, bad.claim) from None
    viewer.settle(settings, entry.look)
    if entry.grant.role == ADMIN and not settings.embed_admin:
        trail.refused(entry.viewer, MAY_NOT_ADMINISTER)
        raise refused_link(MAY_NOT_ADMINISTER)
    grant = entry.grant._replace(opens=_record(entry.viewer, entry.grant.opens))
    if not spent.spend(entry.mark, datetime.fromtimestamp(entry.stale, UTC)):
        db.session.rollback()
        trail.refused(entry.viewer, links.SPENT)
        raise refused_link(links.SPENT)
    if entry.package_version:
        see_package_version(entry.package_version)
    trail.entered(entry.viewer, str(grant.opens), _by("link", entry.name))
    return _opened(entry.viewer, grant, entry.look)


@bp.route("/canvas", methods=["GET", "POST"])
def by_canvas() -> Response:
    """Let Salesforce's signed request in; a GET comes when the user must authorise the app first."""
    settings = _settings()
    g.address = "/embed/canvas"
    if request.method == "GET":
        return uncached(Response(render_template("embed/authorise.html")))
    try:
        entry = canvas.read(
            request.form.get("signed_request", ""), settings.canvas_secret, settings.canvas_orgs
        )
    except canvas.BadSignedRequest as bad:
        trail.refused(None, bad.reason)
        raise refused_canvas(bad.reason) from None
    viewer.settle(settings, entry.look)
    if entry.opens == ALL and not settings.canvas_all:
        trail.refused(entry.viewer, MAY_NOT_OPEN_ALL)
        raise refused_canvas(MAY_NOT_OPEN_ALL)
    grant = Grant(REP, _record(entry.viewer, entry.opens))
    repeated = _is_repeated(entry)
    trail.entered(
        entry.viewer,
        str(grant.opens),
        _by("canvas, a repeated request" if repeated else "canvas", entry.name),
    )
    g.canvas_frame = entry.frame
    return _opened(entry.viewer, grant, entry.look)


def _is_repeated(entry: CanvasEntry) -> bool:
    """Spend a signed request; return whether it came before, which one without a date may for a while."""
    now = datetime.now(UTC)
    first = spent.spent_at(entry.mark)
    if spent.spend(entry.mark, now + CANVAS_REMEMBERED):
        return False
    if entry.is_dated or first is None or now - first > CANVAS_REPEATS_FOR:
        db.session.rollback()
        trail.refused(entry.viewer, links.SPENT)
        raise refused_link(links.SPENT)
    return True


def _record(viewer_name: str, opens: Opens) -> Opens:
    """Return the record that a link means, as it is stored and is now; raise NoRecordOfLink."""
    if opens == ALL:
        return opens
    found = named.find(opens)
    if found is None:
        trail.refused(viewer_name, f"there is no {opens}")
        raise NoRecordOfLink
    return found.now


def _opened(viewer_name: str, grant: Grant, look: Look) -> Response:
    """Begin the session and answer with the page that is opened."""
    visitors.enter(viewer_name, grant, look)
    g.grant = grant
    if grant.opens == ALL:
        g.address = "/global"
        response = global_tab.page()
    else:
        g.address = path_of(*grant.opens)
        response = panels.panel(*grant.opens)
    return uncached(response)


def _by(way: str, name: str | None) -> str:
    return f"{way}, {name}" if name else way


def _settings() -> Settings:
    found: Any = current_app.extensions["chatpane"]
    return found
