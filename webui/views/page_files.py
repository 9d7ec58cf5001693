"""The script and the stylesheet of every page, each as one file.

Their addresses change with their content, so that browsers keep them for a year. An address of another
release, asked for by a page that is still open, gets what there is now and keeps it for no time.
"""

import gzip
from functools import lru_cache

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from webui import assets
from webui.access.links import ACCENT
from webui.assets import A_YEAR, STYLES
from webui.views.theme import accent_css

bp = Blueprint("page_files", __name__, url_prefix="/pane")


@bp.get("/<mark>.js")
def script(mark: str) -> Response:  # noqa: ARG001  (the URL has it for browsers' caches alone)
    """Return the script of every page."""
    return _kept(assets.script(), "text/javascript", is_current=assets.script_url())


@bp.get("/<mark>.css")
def stylesheet(mark: str) -> Response:
    """Return the stylesheet of every page; ``mark`` may end in the host's colour, as ``-0a66c2``."""
    _, dash, digits = mark.partition("-")
    accent = f"#{digits}" if dash else None
    if accent and not ACCENT.fullmatch(accent):
        raise NotFound
    rule = accent_css(accent).encode() if accent else b""
    return _kept(assets.joined(STYLES) + rule, "text/css", is_current=assets.stylesheet_url(accent))


def _kept(content: bytes, mimetype: str, *, is_current: str) -> Response:
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = Response(_compressed(content) if takes_gzip else content, mimetype=mimetype)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    lasting = f"public, max-age={A_YEAR}, immutable"
    response.headers["Cache-Control"] = lasting if request.path == is_current else "no-cache"
    return response


@lru_cache(maxsize=64)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
