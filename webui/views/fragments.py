"""Page or fragment: the only module that knows what htmx asks.

Each URL answers twice: to htmx a fragment, to anyone else the same content as a whole page. A fragment
is for ``HX-Request: true`` that is neither a history restore nor of ``HX-Request-Type: full``.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request

from webui import wording
from webui.access.viewer import VARIES_BY
from webui.access.visitors import is_renewed, page_session
from webui.installation import Facts

VARIES = ", ".join(("HX-Request", "HX-Request-Type", "HX-History-Restore-Request", *VARIES_BY))


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

    An answer is the viewer's own and is checked again before it is used again: its ETag stands for the
    content's version, the switch, the foot (a source becomes late by mere time), language, zone, day, grant
    and release. Access was settled before. A page that carries a session is kept by nobody.
    """
    part = wants_fragment()

    def rendered() -> Response:
        template = fragment if part else page
        return make_response(render_template(template, facts=facts, foot=foot, **context))

    if is_renewed() or (not part and page_session()):
        return uncached(rendered())
    tag = etag(facts, foot, page, part, context.get("glance"))
    if request.if_none_match.contains_weak(tag):
        return _private(Response(status=304), tag)
    return _private(rendered(), tag)


def etag(facts: Facts, *kinds: object) -> str:
    """Return what changes whenever the answer to this URL would."""
    asked = wording.words()
    release = current_app.extensions["chatpane_release"]
    days = (wording.today(), datetime.now(UTC).astimezone(facts.weeks_zone).date())
    viewer = (asked.language, asked.zone.key, g.get("zone_is_known"), g.get("grant"))
    shows_account = current_app.extensions["chatpane"].show_account
    seen = (facts, days, viewer, shows_account, request.full_path, release, kinds)
    return sha256(repr(seen).encode()).hexdigest()[:32]


def _private(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)  # it stands for what is said, packed or not
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = VARIES
    return response


def nothing_to_swap() -> Response:
    """Return the answer by which htmx leaves the page as it is."""
    return uncached(Response(status=204))


def uncached(response: Response) -> Response:
    """Mark an answer that nobody may keep."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = VARIES
    return response
