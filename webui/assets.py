"""Addresses of static files that change with their content, so that browsers may keep them for a year.

Without its mark a file is kept for an hour: other sites include host.js by its plain address.
"""

from functools import cache
from hashlib import sha256

from flask import Flask, Response, request

from webui.config import shipped

A_YEAR = 365 * 24 * 3600
AN_HOUR = 3600


@cache
def asset(name: str) -> str:
    """Return the URL of a static file, with a mark of its content."""
    mark = sha256((shipped("static") / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={mark}"


def release(version: str) -> str:
    """Return what changes with the code and with each template: the mark of a release."""
    templates = sorted(shipped("templates").rglob("*.html"))
    read = b"".join(path.read_bytes() for path in templates)
    return f"{version}-{sha256(read).hexdigest()[:12]}"


def init_app(app: Flask) -> None:
    """Give the templates ``asset``."""
    app.add_template_global(asset)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR

    @app.after_request
    def keep_for_an_hour(response: Response) -> Response:
        if request.endpoint == "static" and "v" not in request.args and response.status_code < 400:
            response.cache_control.max_age = AN_HOUR
        return response
