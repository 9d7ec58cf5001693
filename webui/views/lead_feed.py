"""The Lead Feed's private address: who makes one, and what it answers.

The address is the only URL of Chatpane that holds a secret for long. It reads this one feed, without a
session; kept of it is a digest, and it is written once, in the answer that makes it. Nothing logs it.
"""

import secrets

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request
from flask_babel import gettext

from webui import attention, wording
from webui.access import limits
from webui.access.grants import digest
from webui.access.viewer import name as viewer_name
from webui.access.viewer import zone_named
from webui.config import in_force
from webui.feeds import lead_feed
from webui.views import atom
from webui.views.fragments import uncached, wants_fragment
from webui.vocabulary import MOMENTS

bp = Blueprint("lead_feed", __name__)

SECRET_BYTES = 32
LONGEST = 100  # characters of a secret: whatever is longer is none of ours


@bp.before_request
def only_while_shown() -> Response | None:
    """Answer nothing while moments are not shown."""
    if MOMENTS in g.facts.families:
        return None
    return _nothing() if request.endpoint == "lead_feed.atom" else abort(404)


@bp.after_request
def tell_no_address(response: Response) -> Response:
    """Keep the address from whatever is opened next."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/global/moments/address")
def address() -> Response:
    """Say whether the viewer has a private address, and let them make or revoke one."""
    return _said()


@bp.post("/global/moments/address")
def make() -> Response:
    """Make the viewer a private address, in place of the one that they have.

    It is shown in this answer alone.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    words = wording.words()
    attention.make_address(
        viewer_name(),
        digest(secret),
        generation=g.facts.session_generation,
        language=words.language,
        zone=words.zone.key,
    )
    g.setdefault("sessions_in_page", []).append(secret)  # and so compressed with nothing that is beside it
    return _said(url=f"{_base()}/feeds/moments/{secret}.atom")


@bp.post("/global/moments/address/revoke")
def revoke() -> Response:
    """Take the viewer's private address away."""
    attention.revoke_address(viewer_name())
    return _said(done=gettext("The private address is revoked."))


@bp.get("/feeds/moments/<secret>.atom", endpoint="atom")
def answer(secret: str) -> Response:
    """Return the newest 50 interesting moments of everyone as Atom, to whoever has the address."""
    if len(secret) > LONGEST or not (found := lead_feed.find(digest(secret), g.facts.session_generation)):
        limits.count_refused(current_app, request)
        return _nothing()
    limits.count_feed(current_app, digest(secret))
    wording.use(found.language, zone_named(found.timezone) or in_force().timezone)
    rows = lead_feed.newest()
    response = Response(
        atom.feed(rows, _base(), found.made_at), content_type=f"{atom.MIMETYPE}; charset=utf-8"
    )
    response.last_modified = atom.last_change(rows, found.made_at)
    response.add_etag()
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response


def _nothing() -> Response:
    return uncached(Response("There is no such feed.\n", 404, mimetype="text/plain"))


def _base() -> str:
    return in_force().public_url or request.url_root.rstrip("/")


def _said(url: str | None = None, done: str | None = None) -> Response:
    g.address = "/global/moments/address"
    known = lead_feed.address_of(viewer_name(), g.facts.session_generation)
    template = "lead_feed/_address.html" if wants_fragment() else "lead_feed/page.html"
    return uncached(make_response(render_template(template, known=known, url=url, done=done)))
