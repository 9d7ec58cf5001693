"""Every security header, in one place.

The Content-Security-Policy starts from nothing. What a page needs comes from its own origin: its
script and style files, the icon, and the fragments that htmx fetches. Who may frame a page is said by
``frame-ancestors`` alone: X-Frame-Options knows no list of sites.

Cross-Origin-Opener-Policy counts for pages in a window of their own and Cross-Origin-Resource-Policy for
what other sites load as a part of theirs; neither hinders a frame.
"""

from functools import lru_cache

from flask import Flask, Response, g, request

from webui.access.visitors import Visitor
from webui.config import Settings

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",  # htmx fetches the fragments
    "form-action": "'self'",
    "base-uri": "'none'",
}

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


FOR_OTHER_SITES = {"filename": "host.js"}  # the one file that pages of other sites include

HSTS = "max-age=31536000"

FIRST_PARTY = (
    "config_tab",
    "sign_in",
    "home",
    "demo_crm",
)  # never framed, but for an admin who came by a link


def init_app(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer of the app."""

    @app.after_request
    def secure(response: Response) -> Response:
        own = {name.lower() for name, _value in response.headers}
        policy = content_security_policy(framing_sites(settings))
        said = (("Content-Security-Policy", policy), *FIXED.items())
        response.headers.extend([one for one in said if one[0].lower() not in own])
        if request.endpoint == "static" and request.view_args == FOR_OTHER_SITES:
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response


@lru_cache(maxsize=100)
def content_security_policy(framing: tuple[str, ...]) -> str:
    """Return the policy of a page that these sites may frame."""
    policy = {**CONTENT_SECURITY_POLICY, "frame-ancestors": " ".join(framing) or "'none'"}
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def framing_sites(settings: Settings) -> tuple[str, ...]:
    """Return the origins of the sites that may frame the page being sent; the demo's own CRM among them."""
    visitor: Visitor | None = g.get("visitor")
    if request.blueprint in FIRST_PARTY and not (visitor and visitor.is_framed):
        return ()
    allowed: tuple[str, ...] = g.get("origins", ())
    return (*allowed, demo_crm_origin()) if settings.demo else allowed


def demo_crm_origin() -> str:
    """Return the origin of the demo's CRM: another site, on this server's port."""
    return _demo_origin("crm")


def demo_pane_origin() -> str:
    """Return the origin of the panels in the demo's CRM."""
    return _demo_origin("pane")


def _demo_origin(name: str) -> str:
    _host, colon, port = request.host.rpartition(":")
    return f"http://{name}.localhost:{port}" if colon and port.isdigit() else f"http://{name}.localhost"
