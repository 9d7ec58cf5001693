"""The gate before every page: who gets an answer at all.

Only the demo serves pages: to this machine, under a local name, never through a proxy. Any other
start answers 403 everywhere but for the health check.
"""

import re

from flask import Flask, Request, abort, request

from webui.config import Settings

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
OPEN_TO_ALL = ("health.healthz",)

_LOCAL_NAME = re.compile(r"(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_FORWARDED = re.compile(r"forwarded|via|x-real-ip|x-forwarded-.*", re.IGNORECASE)


def init_app(app: Flask, settings: Settings) -> None:
    """Put the gate before every request of the app."""

    @app.before_request
    def gate() -> None:
        if request.endpoint not in OPEN_TO_ALL and not (settings.demo and is_local(request)):
            abort(403)


def is_local(asked: Request) -> bool:
    """Whether a request was made on this machine, to one of its local names, and not forwarded."""
    if asked.remote_addr not in LOOPBACK:
        return False
    return bool(_LOCAL_NAME.fullmatch(asked.headers.get("Host", ""))) and not any(
        _FORWARDED.fullmatch(name) for name, _ in asked.headers
    )
