"""Who is asking, in which language and time zone.

The language is ``?lang=``, else the one of the page that asks (it sends its own along with every
fragment, so that page and fragment agree), else what the viewer's session says, else their last choice
(a cookie), else what the browser accepts. The time zone likewise, by ``?tz=``; at last the installation's.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, Request, Response, g, request

from webui import wording
from webui.access.grants import Look
from webui.access.visitors import HEADER, Visitor, session_in_page
from webui.config import Settings
from webui.vocabulary import LANGUAGES

LANGUAGE_HEADER = "X-Pane-Language"
ZONE_HEADER = "X-Pane-Zone"
LANGUAGE_COOKIE = "lang"
ZONE_COOKIE = "tz"
A_YEAR = 365 * 24 * 3600

VARIES_BY = (HEADER, LANGUAGE_HEADER, ZONE_HEADER, "Cookie", "Accept-Language")


def init_app(app: Flask, settings: Settings) -> None:
    """Settle each request's language and zone before it is answered, and remember a choice."""

    @app.before_request
    def settle_now() -> None:
        settle(settings, g.visitors[0].look if g.visitors else Look())

    app.add_template_global(session_in_page, "page_session")

    @app.template_global()
    def page_headers() -> dict[str, str]:
        session = session_in_page()
        own = {HEADER: session} if session else {}
        return {**own, LANGUAGE_HEADER: wording.words().language, ZONE_HEADER: wording.words().zone.key}

    @app.after_request
    def remember(response: Response) -> Response:
        chosen = request.args
        if "lang" in chosen and chosen["lang"] in LANGUAGES:
            _remember(response, LANGUAGE_COOKIE, chosen["lang"])
        if "tz" in chosen and zone_named(chosen["tz"]) is not None:
            _remember(response, ZONE_COOKIE, chosen["tz"])
        return response


def settle(settings: Settings, look: Look) -> None:
    """Settle language and zone of the answer for a viewer of this look."""
    zone = _asked_zone(request, look)
    g.zone_is_known = zone is not None
    wording.use(language_of(request, look), zone or settings.timezone)


def language_of(asked: Request, look: Look) -> str:
    """Return the language, of ``LANGUAGES``, in which a request is answered."""
    own = _language_named(look.language)
    for chosen in _chosen(asked, "lang", LANGUAGE_HEADER, own, LANGUAGE_COOKIE):
        if chosen in LANGUAGES:
            return chosen
    return asked.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _chosen(asked: Request, name: str, header: str, own: str | None, cookie: str) -> Iterator[str | None]:
    """Give what was chosen in each way, what counts most first; nothing is read that is not asked for."""
    if name in asked.args:
        yield asked.args[name]
    yield asked.headers.get(header)
    yield own
    yield asked.cookies.get(cookie)


def _language_named(tag: str | None) -> str:
    """Return the language of a tag or locale: ``ja`` for ``ja-JP`` and ``ja_JP``."""
    return (tag or "").replace("_", "-").partition("-")[0].lower()


def _asked_zone(asked: Request, look: Look) -> ZoneInfo | None:
    chosen = _chosen(asked, "tz", ZONE_HEADER, look.zone, ZONE_COOKIE)
    return next((zone for zone in map(zone_named, chosen) if zone is not None), None)


def zone_named(name: str | None) -> ZoneInfo | None:
    """Return the time zone of that name, None if there is none."""
    try:
        return ZoneInfo(name) if name and len(name) <= 64 else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _remember(response: Response, name: str, value: str) -> None:
    is_for_scripts = name == ZONE_COOKIE  # frame.js asks whether the browser's zone was told
    response.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure, httponly=not is_for_scripts
    )


def name() -> str:
    """Return who is asking, for histories."""
    visitor: Visitor = g.visitor
    return visitor.viewer
