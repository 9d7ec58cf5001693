"""Flask's own session, of the first-party pages: messages and the proof that a form was sent from them."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class FirstPartySessions(SecureCookieSessionInterface):
    """A signed cookie that is only sent over TLS where it was set over TLS."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the interface's
        """Whether the cookie is for TLS alone."""
        return request.is_secure
