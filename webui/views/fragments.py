"""Page or fragment: the only module that knows what htmx asks.

Each URL answers twice: to htmx a fragment, to anyone else the same content as a whole page. A fragment
is for ``HX-Request: true`` that is neither a history restore nor of ``HX-Request-Type: full``.
"""

from typing import Any

from flask import Flask, Response, make_response, render_template, request

from webui.access.viewer import VARIES_BY
from webui.access.visitors import is_renewed, page_session
from webui.installation import Facts

VARIES = ", ".join(
    ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request", *VARIES_BY, "Accept-Encoding")
)


def wants_fragment() -> bool:
    """Whether the request is htmx's, for a part of a page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Request-Type") != "full"
    )


def answer(page: str, fragment: str, /, *, facts: Facts, foot: object = None, **context: Any) -> Response:
    """Render the fragment for htmx, else the page, which includes it; both read the same context.

    An answer is the viewer's own and is checked again before it is used again: its ETag is the digest of
    what it says. A page that carries a session, and what renews one, is kept by nobody.
    """
    part = wants_fragment()
    response = make_response(render_template(fragment if part else page, facts=facts, foot=foot, **context))
    if is_renewed() or (not part and page_session()):
        return uncached(response)
    response.add_etag(weak=True)  # it stands for what is said, packed or not
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = VARIES
    return response


def init_app(app: Flask) -> None:
    """Answer 304 where the browser has what would be sent."""

    @app.after_request
    def unchanged(response: Response) -> Response:
        if "HTTP_IF_NONE_MATCH" not in request.environ or response.is_streamed:
            return response
        if response.status_code == 200 and "ETag" in response.headers:
            response.make_conditional(request)
        return response


def nothing_to_swap() -> Response:
    """Return the answer by which htmx leaves the page as it is."""
    return uncached(Response(status=204))


def uncached(response: Response) -> Response:
    """Mark an answer that nobody may keep."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = VARIES
    return response
