"""Limits: how often an address may be refused, and how fast one session may ask.

Requests that succeed are never counted by address, for an office shares one. The demo has no limits.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, ip_address, ip_network

import structlog
from flask import Flask, Request, g
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from webui.access.visitors import is_watching
from webui.config import Settings

log = structlog.get_logger()

REDIS_SECONDS = 1  # more does no request wait for Redis to connect, or to answer


def init_app(app: Flask, settings: Settings) -> None:
    """Limit each session's requests, and count refused ones for ``count_refused``."""
    if settings.demo:
        for name in ("refused", "feeds", "refused_before"):
            app.extensions[f"chatpane_{name}"] = _unlimited
        return
    bounds = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    storage = storage_from_string(
        settings.redis_url or "memory://", wrap_exceptions=True, **(bounds if settings.redis_url else {})
    )
    counter = SlidingWindowCounterRateLimiter(storage)
    refused, of_a_session = parse_many(settings.limit_refused), parse_many(settings.limit_session)

    def ask(has_share: Callable[..., bool], bounds: list[RateLimitItem], *whose: str) -> None:
        for limit in bounds:
            try:
                if has_share(limit, "chatpane", *whose):
                    continue
            except StorageError as error:
                log.warning("the limits' storage does not answer", error=str(error.storage_error))
                continue
            raise TooManyRequests(retry_after=limit.get_expiry())

    @app.before_request
    def limit_session() -> None:
        if key := _session_key():
            ask(counter.hit, of_a_session, "session", key)

    def count(address: str) -> None:
        ask(counter.hit, refused, "refused", address)

    def check(address: str) -> None:
        ask(counter.test, refused, "refused", address)

    def count_reading(digest: str) -> None:
        ask(counter.hit, of_a_session, "feed", digest)

    app.extensions["chatpane_refused"] = count
    app.extensions["chatpane_feeds"] = count_reading
    app.extensions["chatpane_refused_before"] = check


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
