"""The ways in for an admin: a provider, or a link that works once; and the way out.

All of them in a window of their own. The demo needs none: its visitor is an admin.
"""

from typing import Any

import structlog
from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from werkzeug.wrappers import Response as AnyResponse

from webui.access import admin_links, oidc, spent, trail, visitors
from webui.access.admin_links import AdminLink, BadAdminLink
from webui.access.gate import csrf
from webui.access.visitors import SIGNED_IN
from webui.config import Settings
from webui.database import db
from webui.views.fragments import uncached
from webui.views.refused_sign_ins import (
    OF_ADMIN_LINKS,
    NoProvider,
    NotAnAdmin,
    OnlyInItsOwnWindow,
    ProviderUnusable,
    SignInFailed,
    SignInOfAnother,
)

bp = Blueprint("sign_in", __name__, url_prefix="/config")
log = structlog.get_logger()

OWN_WINDOW = "document"


@bp.before_request
def not_here() -> AnyResponse | None:
    """Refuse inside a frame, and send the demo's visitor on."""
    if _settings().demo:
        return redirect("/config", 303)
    if request.headers.get("Sec-Fetch-Dest", OWN_WINDOW) != OWN_WINDOW:
        raise OnlyInItsOwnWindow
    return None


@bp.after_request
def keep_secret(response: Response) -> Response:
    """Keep codes and tokens of the address to ourselves.

    The origin is told, for it is by that that a form sent over https is known to be our own.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return uncached(response)


@bp.get("/sign-in")
def start() -> AnyResponse:
    """Send the browser to the provider."""
    _need_provider()
    try:
        return oidc.provider().start(f"{_root()}/config/signed-in")
    except oidc.Unusable as why:
        raise _unusable(why) from why


@bp.get("/signed-in")
def finish() -> AnyResponse:
    """Let the admin in with whom the provider sent the browser back."""
    _need_provider()
    try:
        viewer = oidc.provider().finish()
    except oidc.Unusable as why:
        raise _unusable(why) from why
    except oidc.NoAdmin as who:
        trail.refused(who.viewer, "signed in, and no admin")
        raise NotAnAdmin from None
    except oidc.NotSignedIn as why:
        log.warning("a sign-in failed", why=str(why))
        trail.refused(None, str(why))
        raise (SignInOfAnother if isinstance(why, oidc.AnotherSignIn) else SignInFailed) from None
    return _let_in(viewer, "sign-in")


@bp.get("/enter")
def ask() -> str:
    """Return the page whose button sends the token: whatever else follows a link does not spend it."""
    token = request.args.get("token", "")
    _read(token)
    return render_template("sign_in/enter.html", token=token)


@bp.post("/enter")
def enter() -> AnyResponse:
    """Let in who has a link, once."""
    csrf.protect()
    link = _read(request.form.get("token", ""))
    if not spent.spend(link.mark, link.stale):
        db.session.rollback()
        raise _refused(admin_links.SPENT, link.viewer)
    return _let_in(link.viewer, "admin-link")


@bp.post("/sign-out")
def leave() -> AnyResponse:
    """Sign out; the configuration tab then says how to sign in."""
    response = make_response(redirect("/config", 303))
    if g.visitor.way == SIGNED_IN:
        visitors.sign_out(g.visitor, response)
        session.clear()
    return response


def _let_in(viewer: str, by: str) -> AnyResponse:
    """Begin the admin's session; nothing that the browser had before goes into it."""
    trail.entered(viewer, "config", by)
    visitors.sign_in(viewer)
    session.clear()
    return redirect("/config", 303)


def _read(token: str) -> AdminLink:
    """Return a good link that nobody used."""
    try:
        link = admin_links.read(token, _settings(), g.facts.session_generation)
    except BadAdminLink as bad:
        raise _refused(bad.reason, None) from None
    if spent.spent_at(link.mark):
        raise _refused(admin_links.SPENT, link.viewer)
    return link


def _refused(reason: str, viewer: str | None) -> Exception:
    trail.refused(viewer, f"admin-link: {reason}")
    return OF_ADMIN_LINKS[reason]()


def _unusable(why: oidc.Unusable) -> ProviderUnusable:
    log.warning("the sign-in provider cannot be used", why=str(why), cause=repr(why.__cause__))
    trail.refused(None, f"the provider cannot be used: {why}")
    return ProviderUnusable()


def _need_provider() -> None:
    if not oidc.is_set_up(_settings()):
        raise NoProvider


def _root() -> str:
    """Return the address under which browsers reach Chatpane."""
    return _settings().public_url or request.url_root.rstrip("/")


def _settings() -> Settings:
    found: Any = current_app.extensions["chatpane"]
    return found
