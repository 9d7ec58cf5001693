"""Who is asking, in which language and time zone.

The language is ``?lang=``, else the one of the page that asks (it sends its own along with every
fragment, so that page and fragment agree), else the viewer's last choice (a cookie), else what the
browser accepts. The time zone likewise, by ``?tz=``; at last the installation's.
"""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, Request, Response, g, request

from webui import wording
from webui.config import Settings
from webui.vocabulary import LANGUAGES

LANGUAGE_HEADER = "X-Pane-Language"
ZONE_HEADER = "X-Pane-Zone"
LANGUAGE_COOKIE = "lang"
ZONE_COOKIE = "tz"
A_YEAR = 365 * 24 * 3600

VARIES_BY = (LANGUAGE_HEADER, ZONE_HEADER, "Cookie", "Accept-Language")


def init_app(app: Flask, settings: Settings) -> None:
    """Settle each request's language and zone before it is answered, and remember a choice."""

    @app.before_request
    def settle() -> None:
        g.zone_is_known = _asked_zone(request) is not None
        wording.use(language_of(request), _asked_zone(request) or settings.timezone)

    @app.template_global()
    def page_headers() -> dict[str, str]:
        return {LANGUAGE_HEADER: wording.words().language, ZONE_HEADER: wording.words().zone.key}

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LANGUAGES:
            _remember(response, LANGUAGE_COOKIE, request.args["lang"])
        if zone_named(request.args.get("tz")) is not None:
            _remember(response, ZONE_COOKIE, request.args["tz"])
        return response


def language_of(asked: Request) -> str:
    """Return the language, of ``LANGUAGES``, in which a request is answered."""
    for chosen in (
        asked.args.get("lang"),
        asked.headers.get(LANGUAGE_HEADER),
        asked.cookies.get(LANGUAGE_COOKIE),
    ):
        if chosen in LANGUAGES:
            return chosen
    return asked.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _asked_zone(asked: Request) -> ZoneInfo | None:
    for chosen in (asked.args.get("tz"), asked.headers.get(ZONE_HEADER), asked.cookies.get(ZONE_COOKIE)):
        zone = zone_named(chosen)
        if zone is not None:
            return zone
    return None


def zone_named(name: str | None) -> ZoneInfo | None:
    """Return the time zone of that name, None if there is none."""
    try:
        return ZoneInfo(name) if name and len(name) <= 64 else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure)


def name() -> str:
    """Return who is asking, for histories."""
    return "demo"
