"""What went wrong, in a sentence with a next step, as a page or a fragment."""

import structlog
from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from webui.views.fragments import uncached, wants_fragment

log = structlog.get_logger()


class Refusal(Exception):
    """What a page answers instead of its content: a status, a sentence and a next step."""

    status = 404
    sentence = lazy_gettext("There is no such page.")
    next_step = lazy_gettext("Check the link, or start from the record in your CRM.")


class NoSuchRecord(Refusal):
    """The record is not there, or not for this viewer: the answer is the same."""

    sentence = lazy_gettext("There is no such record here.")
    next_step = lazy_gettext("It may not have been imported yet, or the link is mistyped.")


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
        return failure(why.status, str(why.sentence), str(why.next_step))

    @app.errorhandler(CSRFError)
    def form_too_old(_error: CSRFError) -> Response:
        return failure(
            400, gettext("This form is too old to be sent."), gettext("Reload the page and send it again.")
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = error.code or 500
        response = failure(code, *_sentences(code))
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(allowed)
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.error("request failed", path=request.path, endpoint=request.endpoint, exc_info=error)
        return failure(500, *_sentences(500))


def failure(code: int, sentence: str, next_step: str) -> Response:
    """Return the answer that says what went wrong and what to do, never kept by anyone."""
    template = "errors/_error.html" if wants_fragment() else "errors/page.html"
    return uncached(
        make_response(render_template(template, code=code, sentence=sentence, next_step=next_step), code)
    )


def _sentences(code: int) -> tuple[str, str]:
    match code:
        case 403:
            return (
                gettext("This page is not for you to open."),
                gettext("Open it from the record in your CRM, or ask whoever runs Chatpane."),
            )
        case 404:
            return gettext("There is no such page."), gettext(
                "Check the link, or start from the record in your CRM."
            )
        case 405:
            return gettext("This address does not take that."), gettext(
                "Go back and use the page's own buttons."
            )
        case 413:
            return gettext("That is too large to be sent."), gettext("Send less.")
        case _ if code >= 500:
            return gettext("Something went wrong on our side."), gettext("Try again in a moment.")
    return gettext("The request could not be understood."), gettext("Go back and try again.")
