"""Where activities are pushed to: Adobe I/O Events, and Marketo's legacy activity push.

Senders try again after 429 and 5xx alone. So whatever is genuine is answered 200 once it is stored, in
full or as rejected; what is our own trouble is 503; 4xx is for what nobody can prove to be genuine. The
body is read once, as it came: nothing is parsed before it is proven whose it is.
"""

import hmac
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests

from webui.access import adobe_signature, limits, trail
from webui.access.adobe_keys import KeyUnavailable, adobe_keys
from webui.config import in_force
from webui.database import db, trouble_in
from webui.ingest import activity_types, adobe_io, deliveries, marketo_push
from webui.ingest.activity_types import TypeMap
from webui.ingest.records import Batch

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
log = structlog.get_logger()

LONGEST_CHALLENGE = 1_000
LARGEST_OF_ADOBE = 4_194_304
LARGEST_OF_MARKETO = 16_000_000
WITHIN = 8.0  # seconds; Adobe waits for 10, connection set-up included
AGAIN_AFTER = 60
VALIDATES = "csm.adobe.io"
LARGEST_VALIDATION = 4_096
TOLD_AT = "chatpane_validation_told_at"  # of the app, so of a process
TOLD_AGAIN_AFTER = 60.0


class _Refused(Exception):
    """A request is answered with a status and a sentence; ``why`` is for the trail, if it is a stranger's."""

    def __init__(self, status: int, sentence: str, *, why: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.why = why


@bp.before_request
def begin() -> None:
    """Note when the request began: the answer must be in time."""
    g.hook_began = time.monotonic()


@bp.errorhandler(_Refused)
def refused(answer: _Refused) -> Response:
    """Answer who is refused; a stranger who is refused too often has to wait."""
    if answer.why:
        try:
            trail.refused(None, answer.why)
        except TooManyRequests as too_many:
            return failed(too_many)
    return _said(answer.status, answer.sentence)


@bp.errorhandler(HTTPException)
def failed(error: HTTPException) -> Response:
    """Answer in plain text, as machines and their logs like it."""
    response = _said(error.code or 500, error.description or error.name)
    if isinstance(error, TooManyRequests) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@bp.get("/adobe-io")
def challenge() -> Response:
    """Say back what Adobe asks with when the webhook is registered; as a plain text it is no page."""
    asked = request.args.get("challenge", "")
    if not 0 < len(asked) <= LONGEST_CHALLENGE:
        raise _Refused(400, f"Ask with ?challenge=, of 1 to {LONGEST_CHALLENGE:,} characters.")
    return _said(200, asked)


@bp.post("/adobe-io")
def adobe_events() -> Response:
    """Take a delivery of Adobe I/O Events."""
    settings = in_force()
    body = _body(LARGEST_OF_ADOBE)
    if not settings.adobe_client_id:
        raise _Refused(503, "This webhook is not set up: CHATPANE_ADOBE_CLIENT_ID is missing.")
    if url := _to_validate(body):
        return _told_to_validate(url)
    try:
        adobe_signature.check(request.headers, body, _key)
    except adobe_signature.NotGenuine as wrong:
        raise _Refused(401, f"This is not from Adobe: {wrong}.", why=f"not from Adobe: {wrong}") from None
    except KeyUnavailable as error:
        log.warning("a key of Adobe's cannot be fetched", error=str(error))
        why = f"a key of Adobe's cannot be fetched: {error}"  # who invents names of keys gets here, too
        raise _Refused(503, "The signature cannot be checked now.", why=why) from None
    us = adobe_io.Us(settings.adobe_client_id, settings.marketo_munchkin_id)
    try:
        return _stored(lambda types: adobe_io.parse(body, types, us))
    except adobe_io.NoneOurs:
        log.warning("a delivery of Adobe's holds nothing for our client")  # rightly signed: never limited
        raise _Refused(403, "No event is for this client.") from None


@bp.post("/marketo-activities")
def marketo_activities() -> Response:
    """Take a delivery of Marketo's activity push."""
    settings = in_force()
    if not settings.marketo_push_token:
        raise _Refused(503, "This webhook is not set up: CHATPANE_MARKETO_PUSH_TOKEN is missing.")
    if not _has_token(settings.marketo_push_token):
        raise _Refused(401, "The token is missing or wrong.", why="the push token is missing or wrong")
    body = _body(LARGEST_OF_MARKETO)
    return _stored(lambda types: marketo_push.parse(body, types, settings.marketo_munchkin_id))


def _body(largest: int) -> bytes:
    """Return the body as it came; raise _Refused if it is too large."""
    request.max_content_length = largest
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        sentence = f"A delivery has {largest:,} bytes at most."
        raise _Refused(413, sentence, why="a delivery is too large") from None


def _key(path: str) -> RSAPublicKey:
    """Return a key of Adobe's; raise TooManyRequests where a stranger would use up the turns of new ones."""
    return adobe_keys().key(path, lambda: limits.check_refused(current_app, request))


def _has_token(wanted: str) -> bool:
    given = request.headers.get("Authorization", "").strip()
    scheme, _, credentials = given.partition(" ")
    token = credentials.strip() if scheme.lower() == "bearer" else given
    return hmac.compare_digest(token.encode("utf-8", "surrogateescape"), wanted.encode())


def _to_validate(body: bytes) -> str | None:
    """Return the address of its own that Adobe asks somebody to open; None for any other body.

    The request is not signed, and what it names could be anything: only an admin may follow it.
    """
    url = adobe_io.validation_url(body) if len(body) <= LARGEST_VALIDATION else None
    if url is None or not url.isascii() or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if (parts.scheme, parts.netloc) == ("https", VALIDATES) else None


def _told_to_validate(url: str) -> Response:
    """Log an address to open, which is never opened from here; raise TooManyRequests.

    Anybody can ask so: it counts like a refusal, and the log takes a line a minute.
    """
    trail.refused(None, "asks that an address be opened; nothing proves that it is Adobe")
    now, last = time.monotonic(), current_app.extensions.get(TOLD_AT, -TOLD_AGAIN_AFTER)
    if now - last < TOLD_AGAIN_AFTER:
        return _said(200, "The log has such an address already: ask again in a minute.")
    current_app.extensions[TOLD_AT] = now
    log.warning("Adobe asks that somebody open this address to prove the webhook", url=url)
    return _said(200, "The address is in the log: open it within 5 minutes.")


def _stored(parse: Callable[[TypeMap], Batch]) -> Response:
    """Store a delivery and answer with the counts; raise NoneOurs, or _Refused with 503 on any trouble."""
    try:
        types = activity_types.load(in_force().activity_types)
        counts = deliveries.save(parse(types), _time_left)
    except adobe_io.NoneOurs:
        raise
    except Exception as error:  # whatever it is, the sender has the delivery and will bring it again
        db.session.rollback()
        trouble = trouble_in(error)
        why = {"exc_info": error} if trouble is None else {"error": trouble}
        log.error("a delivery was not stored", endpoint=request.endpoint, **why)
        raise _Refused(503, "The delivery could not be stored now.") from None
    return _uncached(jsonify(_told(counts)))


def _told(counts: Counter[str]) -> dict[str, Any]:
    return {name: counts[name] for name in ("read", "added", "updated", "unchanged", "ignored", "rejected")}


def _time_left() -> float:
    return float(WITHIN - (time.monotonic() - g.hook_began))


def _said(status: int, sentence: str) -> Response:
    response = Response(sentence, status, mimetype="text/plain")
    if status == 401 and request.endpoint == "hooks.marketo_activities":
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response.headers["Retry-After"] = str(AGAIN_AFTER)
    return _uncached(response)


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
