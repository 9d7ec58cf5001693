"""Addresses of static files that change with their content, so that browsers may keep them for a year.

What every page needs is served as one script and one stylesheet: each is the files below, in their order,
joined when the first asks for it. Without its mark a file is kept for an hour: other sites include host.js
by its plain address.
"""

from functools import cache
from hashlib import sha256

from flask import Flask, Response, request

from webui.config import shipped

A_YEAR = 365 * 24 * 3600
AN_HOUR = 3600

AT_ONCE = ("page.js", "frame.js")
AFTER_PAINT = (
    "vendor/htmx-4.0.1.min.js",
    "pane.js",
    "finding.js",
    "live.js",
    "downloads.js",
    "reading.js",
    "offline.js",
    "dashboard.js",
)
STYLES = (
    "pane.css",
    "glance.css",
    "finding.css",
    "families.css",
    "live.css",
    "reading.css",
    "print.css",
    "dashboard.css",
    "attention.css",
    "config.css",
)


@cache
def asset(name: str) -> str:
    """Return the URL of a static file, with a mark of its content."""
    return f"/static/{name}?v={_mark((shipped('static') / name).read_bytes())}"


@cache
def joined(names: tuple[str, ...]) -> bytes:
    """Return these static files as one, UTF-8, in their order."""
    return b"\n".join((shipped("static") / name).read_bytes() for name in names)


@cache
def script() -> bytes:
    """Return the script of every page: what runs at once, and what lets the page be painted first."""
    later = b"chatpane.afterPaint(() => {\n%s\nwindow.htmx = htmx;\n});\n" % joined(AFTER_PAINT)
    return joined(AT_ONCE) + b"\n" + later


@cache
def script_url() -> str:
    """Return the URL of the script of every page, with a mark of its content."""
    return f"/pane/{_mark(script())}.js"


@cache
def stylesheet_url(accent: str | None = None) -> str:
    """Return the URL of the stylesheet of every page, with a mark of its content.

    ``accent`` is a host's colour, ``#`` and six hexadecimal digits.
    """
    mark = _mark(joined(STYLES))
    return f"/pane/{mark}-{accent[1:]}.css" if accent else f"/pane/{mark}.css"


def _mark(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]


def release(version: str) -> str:
    """Return what changes with the code and with each template: the mark of a release."""
    templates = sorted(shipped("templates").rglob("*.html"))
    read = b"".join(path.read_bytes() for path in templates)
    return f"{version}-{sha256(read).hexdigest()[:12]}"


def init_app(app: Flask) -> None:
    """Give the templates ``asset``, ``script_url`` and ``stylesheet_url``."""
    for one in (asset, script_url, stylesheet_url):
        app.add_template_global(one)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = A_YEAR

    @app.after_request
    def keep_for_an_hour(response: Response) -> Response:
        if request.endpoint == "static" and "v" not in request.args and response.status_code < 400:
            response.cache_control.max_age = AN_HOUR
        return response
