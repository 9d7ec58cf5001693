"""The gate before every page: who gets an answer at all.

Each request is taken for the first of its visitors whom a rule of ``policy`` allows what the URL asks.
The demo answers this machine alone, under a local name, never through a proxy.
"""

import re

from flask import Flask, Request, abort, g, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf, validate_csrf
from wtforms import ValidationError

from webui.access import policy, trail
from webui.access.grants import ALL
from webui.access.policy import Anyone, DemoOnly, Everyone, OneRecord, Wanted
from webui.access.visitors import DEMO, IN_PAGE, Visitor, is_over, is_watching
from webui.config import Settings, in_force
from webui.database import db
from webui.installation import facts
from webui.vocabulary import Family

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
FORMS = "form_token"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

_LOCAL_NAME = re.compile(r"(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_FORWARDED = re.compile(r"^HTTP_(FORWARDED|VIA|X_REAL_IP|X_FORWARDED_.*)$", re.MULTILINE)  # names of WSGI

csrf = CSRFProtect()


class NoSession(Exception):
    """Nobody asks, or somebody whose session is over."""


class Forbidden(Exception):
    """Somebody asks for what is not theirs; ``asked`` says what."""

    def __init__(self, asked: Wanted | None) -> None:
        super().__init__(str(asked))
        self.asked = asked


def init_app(app: Flask, settings: Settings) -> None:
    """Put the gate before every request of the app."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the gate knows which requests need it
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a token is good for as long as its session
    csrf.init_app(app)
    app.add_template_global(form_token, "csrf_token")

    @app.before_request
    def gate() -> None:
        if request.endpoint == "health.healthz":
            return
        if settings.demo and not is_local(request):
            abort(403)
        if request.endpoint is None:
            return  # there is no such address: nothing is read
        asked = policy.wanted(request.endpoint, request.view_args or {})
        if isinstance(asked, Anyone):
            return
        if isinstance(asked, DemoOnly) and not settings.demo:
            abort(404)
        _admit(asked, settings)
        _protect(g.visitor)
        _note_opened(g.visitor, asked)


def form_token() -> str:
    """Return the token of a browser's forms, one for its session: pages with forms have an ETag."""
    token: str | None = session.get(FORMS)
    try:
        validate_csrf(token)
    except ValidationError:  # there is none yet, or it was signed by a key of before
        token = session[FORMS] = generate_csrf()
    g.csrf_token = token
    return str(token)


def no_longer_allowed(family: Family) -> str | None:
    """Return why a request of a family, that was admitted, would be refused by now; None if it would not."""
    db.session.rollback()
    if family not in facts().families:
        return f"{family.key} was switched off"
    if is_over(g.visitor):
        return "the session is over"
    asked = policy.wanted(request.endpoint or "", request.view_args or {})
    if asked is None or policy.allows(g.grant, asked, in_force()) is None:
        return f"no rule allows {asked}"
    return None


def is_local(asked: Request) -> bool:
    """Whether a request was made on this machine, to one of its local names, and not forwarded."""
    if asked.remote_addr not in LOOPBACK:
        return False
    is_forwarded = _FORWARDED.search("\n".join(asked.environ))
    return bool(_LOCAL_NAME.fullmatch(asked.headers.get("Host", ""))) and not is_forwarded


def _admit(asked: Wanted | None, settings: Settings) -> None:
    """Settle who the visitor is; raise NoSession or Forbidden."""
    if isinstance(asked, DemoOnly) and settings.demo:
        g.visitor = DEMO
        return
    if asked is not None:
        # A page has one grant, and so one look-up at most. Of a cookie's, those that need none come first.
        plain = (ALL, asked.opens) if isinstance(asked, OneRecord) else (ALL,)
        for visitor in g.visitors:
            for grant in sorted(visitor.grants, key=lambda one: one.opens not in plain):
                if policy.allows(grant, asked, settings):
                    g.visitor, g.grant = visitor, grant
                    return
    if not g.visitors:
        trail.refused(None, "the session is over" if g.session_is_over else "no session")
        raise NoSession
    trail.refused(g.visitors[0].viewer, f"no rule allows {asked}")
    raise Forbidden(asked)


def _protect(visitor: Visitor) -> None:
    """Refuse a forged form. A panel's session comes in a header or field that no other site can know."""
    if request.method not in SAFE_METHODS and visitor.way != IN_PAGE:
        csrf.protect()


def _note_opened(visitor: Visitor, asked: Wanted | None) -> None:
    """Note which record was opened; a panel's own was noted when its link was accepted."""
    if visitor.session is None or is_watching() or not isinstance(asked, OneRecord | Everyone):
        return
    is_own = isinstance(asked, OneRecord) and asked.opens == g.grant.opens
    if not (is_own and visitor.way == IN_PAGE):
        trail.opened(visitor.session.key, visitor.viewer, str(asked))
