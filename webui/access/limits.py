"""Limits: how often an address may be refused, and how fast one session may ask.

Requests that succeed are never counted by address, for an office shares one. The demo has no limits.
"""

import logging
from collections.abc import Callable
from ipaddress import IPv4Address, ip_address, ip_network

import structlog
from flask import Flask, Request, Response, g
from flask_limiter import Limiter
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from webui.access.visitors import is_watching
from webui.config import Settings

log = structlog.get_logger()

REDIS_SECONDS = 1  # more does no request wait for Redis to connect, or to answer


def init_app(app: Flask, settings: Settings) -> None:
    """Limit each session's requests, and count refused ones for ``count_refused``."""
    bounds = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    limiter = Limiter(
        key_func=_session_key,
        application_limits=[settings.limit_session],
        application_limits_exempt_when=lambda: _session_key() == "",
        storage_options={"wrap_exceptions": True, **(bounds if settings.redis_url else {})},
        storage_uri=settings.redis_url or "memory://",
        key_prefix="chatpane",
        strategy="sliding-window-counter",
        enabled=not settings.demo,
        swallow_errors=True,
        headers_enabled=True,
    )

    @app.after_request
    def say_when(response: Response) -> Response:
        if "again_after" in g:  # of an answer that is no refusal; the limiter writes its own into each
            response.headers["Retry-After"] = str(g.again_after)
        return response

    limiter.init_app(app)
    logging.getLogger("flask-limiter").addFilter(_tell_in_a_line)
    refused, of_a_session = parse_many(settings.limit_refused), parse_many(settings.limit_session)

    def ask(has_share: Callable[..., bool], bounds: list[RateLimitItem], *whose: str) -> None:
        for limit in bounds:
            try:
                if has_share(limit, *whose):
                    continue
            except StorageError as error:
                log.warning("the limits' storage does not answer", error=str(error.storage_error))
                continue
            raise TooManyRequests(retry_after=limit.get_expiry())

    def count(address: str) -> None:
        ask(limiter.limiter.hit, refused, "refused", address)

    def check(address: str) -> None:
        ask(limiter.limiter.test, refused, "refused", address)

    def count_reading(digest: str) -> None:
        ask(limiter.limiter.hit, of_a_session, "feed", digest)

    app.extensions["chatpane_refused"] = _unlimited if settings.demo else count
    app.extensions["chatpane_feeds"] = _unlimited if settings.demo else count_reading
    app.extensions["chatpane_refused_before"] = _unlimited if settings.demo else check


def _tell_in_a_line(record: logging.LogRecord) -> bool:
    """Say that the storage does not answer; the limiter would log a traceback for each request."""
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, StorageError):
        return True
    log.warning("the limits' storage does not answer", error=str(error.storage_error))
    return False


def _unlimited(_whose: str) -> None:
    """Count nothing."""


def _session_key() -> str:
    visitors = g.get("visitors") or []
    sessions = [one.session.key for one in visitors if one.session]
    if not sessions:
        return ""
    # What an open page asks by itself has a share of its own, lest it take from the viewer's clicks.
    return f"{sessions[0]} watching" if is_watching() else sessions[0]


def count_refused(app: Flask, asked: Request) -> None:
    """Count a refused request of its address; raise TooManyRequests when it has had its share."""
    app.extensions["chatpane_refused"](_network(asked.remote_addr or ""))


def check_refused(app: Flask, asked: Request) -> None:
    """Raise TooManyRequests if this address was refused as often as it may be; count nothing."""
    app.extensions["chatpane_refused_before"](_network(asked.remote_addr or ""))


def count_feed(app: Flask, digest: str) -> None:
    """Count that a feed was read by its address; raise TooManyRequests if that is too often for a session."""
    app.extensions["chatpane_feeds"](digest)


def _network(address: str) -> str:
    """Return who counts as one address: of IPv6, the /64 that one subscriber has."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv4Address):
        return address
    return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
