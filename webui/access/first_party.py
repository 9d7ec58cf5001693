"""Flask's own session, of the first-party pages: messages and the proof that a form was sent from them."""

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class FirstPartySessions(SecureCookieSessionInterface):
    """A signed cookie that is only sent over TLS where it was set over TLS."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds; nothing is made ready to read one that was not sent."""
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - the interface's
        """Whether the cookie is for TLS alone."""
        return request.is_secure
