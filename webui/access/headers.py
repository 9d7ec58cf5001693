"""Every security header, in one place.

The Content-Security-Policy starts from nothing. What a page needs comes from its own origin: its
script and style files, the icon, and the fragments that htmx fetches.
"""

from flask import Flask, Response, request

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


def init_app(app: Flask) -> None:
    """Put the headers on every answer of the app."""

    @app.after_request
    def secure(response: Response) -> Response:
        policy = dict(CONTENT_SECURITY_POLICY)
        policy["frame-ancestors"] = "'none'" if request.blueprint == "config_tab" else "'self'"
        response.headers["Content-Security-Policy"] = "; ".join(
            f"{name} {value}" for name, value in policy.items()
        )
        response.headers.update(FIXED)
        return response
