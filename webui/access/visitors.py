"""Who is asking: the visitors that a request can be taken for, by its page's session or its cookies.

A page's session comes as a header (htmx sends it) or in a form's field, and counts alone. Without it,
a cookie names the browser: the pane's, for links inside a frame, or the admin's, for the first-party
pages. A visitor of the demo needs neither.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from string import printable
from urllib.parse import quote

from flask import Flask, Response, current_app, g, request
from sqlalchemy import update

from webui import audit
from webui.access import grants
from webui.access.grants import ADMIN, ALL, Grant, Look, digest
from webui.access.secret import secrets_of
from webui.access.sessions import BROWSER, PAGE, Over, Session, Sessions
from webui.config import Settings
from webui.database import db
from webui.installation import facts, writing
from webui.models import Installation

HEADER = "X-Pane"
FIELD = "pane"
PANE_COOKIE = "__Host-pane"

ORIGINS = "chatpane_origins"  # of the app, so of a process

IN_PAGE = "page"
IN_FRAME = "frame's cookie"
SIGNED_IN = "sign-in"
IN_DEMO = "demo"

HOOKS = ("hooks.challenge", "hooks.adobe_events", "hooks.marketo_activities")  # their bodies are no forms
WATCHING = ("chat.news.of_record", "chat.news.of_everyone")  # asked by a script, and so no use of a session
PAGE_FILES = ("static", "page_files.script", "page_files.stylesheet")  # there without a database, too
UNREAD = (*PAGE_FILES, "health.healthz", "health.readyz", *HOOKS)


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks, by one of their sessions, and what they may see. ``way`` is how the session came."""

    viewer: str
    grants: tuple[Grant, ...]
    way: str
    session: Session | None = None

    @property
    def look(self) -> Look:
        """How this visitor wants pages."""
        return self.session.look if self.session else Look()

    @property
    def is_framed(self) -> bool:
        """Whether this visitor came by an embed link, and so with a panel's session."""
        return self.way in (IN_PAGE, IN_FRAME)


DEMO = Visitor("demo", (Grant(ADMIN, ALL),), IN_DEMO)


def init_app(app: Flask, settings: Settings) -> None:
    """Recognise who asks before each request, and give them their renewed session with the answer."""
    app.extensions["chatpane_sessions"] = sessions = Sessions(settings, secrets_of(settings))

    @app.before_request
    def recognise() -> None:
        if not request.query_string.isascii():  # as browsers would have sent it: Werkzeug reads none else
            request.query_string = quote(request.query_string, safe=printable).encode()
        g.visitors = []
        g.session_is_over = False
        if request.endpoint in UNREAD:
            return
        g.origins = app.extensions.get(ORIGINS, ())  # those known last: what fails is said in a frame, too
        g.facts = facts()  # before what it vouches for: an ETag must not be newer than the content
        g.origins = app.extensions[ORIGINS] = g.facts.origins
        g.visitors = list(_visitors(sessions, settings))

    @app.after_request
    def renew(response: Response) -> Response:
        visitor: Visitor | None = g.get("visitor")
        if visitor and visitor.session and "session_to_keep" not in g and not is_watching():
            _renew(sessions, visitor, visitor.session, response)
        kept: tuple[str, Session] | None = g.get("session_to_keep")
        if kept:
            _keep(response, kept[0], sessions.write(BROWSER, kept[1]))
        return response


def is_watching() -> bool:
    """Whether a page that is merely open asks what came: that renews no session and is no opening."""
    return request.endpoint in WATCHING


def _visitors(sessions: Sessions, settings: Settings) -> Iterator[Visitor]:
    sent = request.headers.get(HEADER) or (request.form.get(FIELD) if request.method == "POST" else None)
    if sent:
        session = _read(sessions, PAGE, sent)
        if session and session.grant:
            yield Visitor(session.viewer, (session.grant,), IN_PAGE, _known_to_cookie(sessions, session))
        return
    for name, way in ((admin_cookie(), SIGNED_IN), (PANE_COOKIE, IN_FRAME)):
        if name in request.cookies and (way == SIGNED_IN or request.method in ("GET", "HEAD")):
            session = _read(sessions, BROWSER, request.cookies[name])
            granted = grants.kept(session.browser) if session else ()
            if session and granted:
                yield Visitor(session.viewer, granted, way, session)
            else:
                g.session_is_over = True  # whoever signed out has no grant left
    if settings.demo:
        yield DEMO


def is_over(visitor: Visitor) -> bool:
    """Whether a visitor's session has ended since the request came, or its grant was taken back."""
    session = visitor.session
    if session is None:
        return False
    if _sessions().is_over(session, facts().session_generation):
        return True
    return visitor.way != IN_PAGE and g.grant not in grants.kept(session.browser)


def _read(sessions: Sessions, kind: str, text: str) -> Session | None:
    try:
        return sessions.read(kind, text, g.facts.session_generation)
    except Over:
        g.session_is_over = True
        return None


def _known_to_cookie(sessions: Sessions, session: Session) -> Session:
    """Return a page's session, its grant added to the cookie's where another panel set that last."""
    cookie = request.cookies.get(PANE_COOKIE)
    if not cookie or not session.grant or is_watching():
        return session
    try:
        browser = sessions.read(BROWSER, cookie, g.facts.session_generation)
    except Over:
        return session
    if browser.viewer != session.viewer or digest(browser.browser) == session.browser:
        return session
    grants.add(browser.browser, session.viewer, session.grant, _until(sessions, session.started))
    db.session.commit()
    return replace(session, browser=digest(browser.browser), renewed=0)  # 0: the answer brings the new one


def _until(sessions: Sessions, started: int) -> datetime:
    return datetime.fromtimestamp(started, UTC) + timedelta(seconds=sessions.longest)


def _renew(sessions: Sessions, visitor: Visitor, session: Session, response: Response) -> None:
    renewed = sessions.renewed(session)
    if renewed is None:
        return
    if visitor.way == IN_PAGE:
        response.headers[HEADER] = sessions.write(PAGE, renewed)
        response.headers["Cache-Control"] = "no-store"  # though it was not due when the answer was made
        response.headers.pop("ETag", None)
    else:
        g.session_to_keep = (PANE_COOKIE if visitor.way == IN_FRAME else admin_cookie(), renewed)


def _keep(response: Response, name: str, value: str) -> None:
    if name == PANE_COOKIE:
        response.set_cookie(
            name, value, path="/", secure=True, httponly=True, samesite="None", partitioned=True
        )
    else:
        response.set_cookie(name, value, path="/", secure=request.is_secure, httponly=True, samesite="Lax")


def admin_cookie() -> str:
    """Return the name of the admin's cookie; browsers take the ``__Host-`` one over https alone."""
    return "__Host-admin" if request.is_secure else "admin"


def enter(viewer: str, grant: Grant, look: Look) -> None:
    """Begin a panel's session with this grant, and add it to those of the browser's cookie. Commits."""
    sessions = _sessions()
    new = sessions.begin(viewer, g.facts.session_generation, look)
    browser = _browser(sessions, new)
    grants.add(browser.browser, viewer, grant, _until(sessions, new.started))
    db.session.commit()
    page = replace(new, browser=digest(browser.browser), grant=grant)
    g.session_to_keep = (PANE_COOKIE, browser)
    g.visitor = Visitor(viewer, (grant,), IN_PAGE, page)


def _browser(sessions: Sessions, new: Session) -> Session:
    """Return the cookie's session: the viewer's own from before, which keeps its beginning, else ``new``."""
    try:
        known = sessions.read(BROWSER, request.cookies.get(PANE_COOKIE, ""), g.facts.session_generation)
    except Over:
        return new
    return replace(new, browser=known.browser, started=known.started) if known.viewer == new.viewer else new


def sign_in(viewer: str) -> None:
    """Begin an admin's session in this browser's own window, and end the one it had. Commits."""
    sessions = _sessions()
    session = sessions.begin(viewer, g.facts.session_generation, Look())
    grants.add(session.browser, viewer, Grant(ADMIN, ALL), _until(sessions, session.started))
    db.session.commit()
    for before in g.visitors:
        if before.way == SIGNED_IN and before.session:
            grants.end(before.session.browser)
    g.session_to_keep = (admin_cookie(), session)


def sign_out(visitor: Visitor, response: Response) -> None:
    """End an admin's session, whoever holds a copy of its cookie. Commits."""
    if visitor.session:
        grants.end(visitor.session.browser)
    g.session_to_keep = None
    response.delete_cookie(admin_cookie(), path="/", secure=request.is_secure, httponly=True, samesite="Lax")


def sign_out_everyone(who: str) -> None:
    """End every session: those of panels, of cookies and of admins."""
    with writing():
        generation = Installation.session_generation + 1
        db.session.execute(update(Installation).values(session_generation=generation))
        grants.end_all()
        audit.note(audit.CHANGED, "sessions", viewer=who, why="everyone is signed out")


def page_session() -> str | None:
    """Return the session that the page about to be sent carries; None for pages without one."""
    visitor: Visitor | None = g.get("visitor")
    if visitor is None or not visitor.is_framed or visitor.session is None:
        return None
    now = int(time.time())
    grant = g.get("grant") or visitor.grants[0]
    session = replace(visitor.session, renewed=now, grant=grant)
    if visitor.way == IN_FRAME:
        session = replace(session, browser=digest(session.browser))
    return _sessions().write(PAGE, session)


def session_in_page() -> str | None:
    """Return ``page_session()`` to be written into the page, and note it among the page's secrets."""
    session = page_session()
    if session:
        g.setdefault("sessions_in_page", []).append(session)
    return session


def is_renewed() -> bool:
    """Whether the answer brings the page's session anew, and so is nothing that a cache may keep."""
    visitor: Visitor | None = g.get("visitor")
    session = visitor.session if visitor and visitor.way == IN_PAGE else None
    return session is not None and _sessions().renewed(session) is not None


def _sessions() -> Sessions:
    found: Sessions = current_app.extensions["chatpane_sessions"]
    return found
