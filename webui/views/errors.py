"""What went wrong, in a sentence with a next step, as a page or a fragment."""

import structlog
from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from webui.access import oidc, viewer
from webui.access.gate import Forbidden, NoSession
from webui.access.grants import Look
from webui.access.policy import OneActivity, OneRecord
from webui.database import trouble_in
from webui.views.fragments import uncached, wants_fragment
from webui.vocabulary import FAMILY

log = structlog.get_logger()

AGAIN_AFTER = 5  # seconds
# Ends of addresses that lead somewhere without their parameters, too.
LISTS = ("/dashboard", *(f"/{key}" for key in FAMILY))


class Refusal(Exception):
    """What a page answers instead of its content: a status, a sentence and a next step.

    Where it ``needs_link``, the page asks the site that frames it for a new link.
    """

    status = 404
    needs_link = False
    sentence = lazy_gettext("There is no such page.")
    next_step = lazy_gettext("Check the link, or start from the record in your CRM.")


class NoSuchRecord(Refusal):
    """The record is not there, or not for this viewer: the answer is the same."""

    sentence = lazy_gettext("There is no such record here.")
    next_step = lazy_gettext("It may not have been imported yet, or the link is mistyped.")


class DeletedRecord(Refusal):
    """The record was here, for this viewer too, and was deleted."""

    sentence = lazy_gettext("This record was deleted.")
    next_step = lazy_gettext(
        "Marketo no longer has this person; their chats are gone, or kept without a name."
    )


class NoSuchActivity(Refusal):
    """The activity is not there, or not for this viewer."""

    sentence = lazy_gettext("There is no such activity here.")
    next_step = lazy_gettext("Go back to the record and reload it.")


class BadParameter(Refusal):
    """A parameter of the URL cannot be used; the sentence says which and what it may be."""

    status = 400
    next_step = lazy_gettext("Go back, or open the record anew.")

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SessionOver(Refusal):
    """Nobody asks, as far as we know, or somebody whose session is over."""

    status = 401
    needs_link = True
    next_step = lazy_gettext("Reload the record in your CRM.")

    def __init__(self, *, was_one: bool) -> None:
        super().__init__()
        over, never = gettext("Your session is over."), gettext("This page opens from a record in your CRM.")
        self.sentence = over if was_one else never


class NotForYou(Refusal):
    """The page is there, and not for this viewer."""

    status = 403
    sentence = lazy_gettext("This page is not for you to open.")
    next_step = lazy_gettext("Open it from the record in your CRM, or ask whoever runs Chatpane.")


class Moved(Exception):
    """The record is another one now; its panel and CRM id are the arguments."""

    def __init__(self, panel: str, crm_id: str) -> None:
        super().__init__(panel, crm_id)
        self.panel = panel
        self.crm_id = crm_id


def init_app(app: Flask) -> None:
    """Answer every failure of the app."""

    @app.errorhandler(Moved)
    def moved(now: Moved) -> AnyResponse:
        asked = request.query_string.decode("latin-1")
        path = url_for(request.endpoint or "", panel=now.panel, crm_id=now.crm_id)
        return redirect(f"{path}?{asked}" if asked else path)

    @app.errorhandler(Refusal)
    def refused(why: Refusal) -> Response:
        is_of_list = isinstance(why, BadParameter) and request.path.endswith(LISTS)
        sentence, next_step = str(why.sentence), str(why.next_step)
        return failure(
            why.status,
            sentence,
            next_step,
            needs_link=why.needs_link,
            anew_url=request.path if is_of_list else None,
        )

    @app.errorhandler(NoSession)
    def no_session(_why: NoSession) -> Response:
        if request.blueprint in ("config_tab", "sign_in"):
            return uncached(make_response(sign_in_page(), 401))
        return refused(SessionOver(was_one=g.session_is_over))

    @app.errorhandler(Forbidden)
    def forbidden(why: Forbidden) -> Response:
        if isinstance(why.asked, OneRecord):
            return refused(NoSuchRecord())
        return refused(NoSuchActivity() if isinstance(why.asked, OneActivity) else NotForYou())

    @app.errorhandler(CSRFError)
    def form_too_old(_error: CSRFError) -> Response:
        return failure(
            400, gettext("This form is too old to be sent."), gettext("Reload the page and send it again.")
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = error.code or 500
        is_stranger = isinstance(error, TooManyRequests) and not g.get("visitors")
        response = failure(code, *_sentences(code), needs_link=is_stranger)
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(allowed)
        if isinstance(error, TooManyRequests) and error.retry_after:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        trouble = trouble_in(error)
        if trouble is not None:
            log.error("the database or the disk cannot be used now", endpoint=request.endpoint, error=trouble)
            return bad_luck()
        log.error("request failed", path=_path_to_log(), endpoint=request.endpoint, exc_info=error)
        return failure(500, *_sentences(500))


def _path_to_log() -> str:
    """Return the path that was asked for; of one that holds a secret, its rule."""
    holds_secret = "secret" in (request.view_args or {})
    return request.url_rule.rule if holds_secret and request.url_rule else request.path


def bad_luck() -> Response:
    """Return the answer while the database cannot be used, which is asked for again by itself.

    ``pane.js`` asks for a part again, the browser for a page. A way in is no address to ask again: the
    site that frames the page brings a new link.
    """
    is_way_in = request.blueprint == "embed"
    response = failure(503, *_sentences(503), needs_link=is_way_in)
    response.headers["Retry-After"] = str(AGAIN_AFTER)
    is_once = is_way_in or request.blueprint == "sign_in"
    if request.method == "GET" and not (is_once or wants_fragment()):
        response.headers["Refresh"] = str(AGAIN_AFTER)
    return response


def failure(
    code: int, sentence: str, next_step: str, *, needs_link: bool = False, anew_url: str | None = None
) -> Response:
    """Return the answer that says what went wrong and what to do, never kept by anyone.

    ``anew_url`` leads to the same without what could not be used.
    """
    template = "errors/_error.html" if wants_fragment() else "errors/page.html"
    said = {"code": code, "sentence": sentence, "next_step": next_step, "needs_link": needs_link}
    said["anew_url"] = anew_url
    return uncached(make_response(render_template(template, **said), code))


def sign_in_page() -> str:
    """Return the page that tells an admin how to sign in."""
    by_provider = oidc.is_set_up(current_app.extensions["chatpane"])
    return render_template("sign_in/page.html", by_provider=by_provider)


_START_AGAIN = lazy_gettext("Check the link, or start from the record in your CRM.")
_SENTENCES = {
    403: (NotForYou.sentence, NotForYou.next_step),
    404: (lazy_gettext("There is no such page."), _START_AGAIN),
    405: (
        lazy_gettext("This address does not take that."),
        lazy_gettext("Go back and use the page's own buttons."),
    ),
    413: (lazy_gettext("That is too large to be sent."), lazy_gettext("Send less.")),
    429: (lazy_gettext("That was too much at once."), lazy_gettext("Wait a minute, then try again.")),
    503: (
        lazy_gettext("The data cannot be reached right now."),
        lazy_gettext("That is most often over within a minute. Try again in a moment."),
    ),
}
_OUR_FAULT = lazy_gettext("Something went wrong on our side."), lazy_gettext("Try again in a moment.")
_THEIR_FAULT = lazy_gettext("The request could not be understood."), lazy_gettext("Go back and try again.")


def _sentences(code: int) -> tuple[str, str]:
    if "words" not in g:  # it failed before it was settled who asks
        viewer.settle(current_app.extensions["chatpane"], Look())
    sentence, next_step = _SENTENCES.get(code, _OUR_FAULT if code >= 500 else _THEIR_FAULT)
    return str(sentence), str(next_step)
