"""A local OpenID Connect provider: real HTTP, one user who is always signed in, and lies on demand.

It checks what a provider checks: the client and its secret, the redirect address, that a code is used
once, and PKCE. What it tells is in plain attributes, for a test to change.
"""

import hashlib
import hmac
import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID = "chatpane"
CLIENT_SECRET = "secret-of-the-client"
SUBJECT = "248289761001"
EMAIL = "ann@example.com"

Answer = tuple[int, dict[str, str], bytes]

# Made once, for RSA keys are slow to make.
_KEYS: dict[str, Key] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "first"}),
    "PS256": RSAKey.generate_key(2048, {"kid": "other rsa"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "okp"}),
}

PUBLIC_PEM = _KEYS["RS256"].as_pem(private=False)


class Provider:
    """The provider; ``issuer`` is its address.

    ``user`` is what the id token says of the user, ``userinfo`` what that endpoint says. The lies:
    ``discovery`` and ``claims`` go over what is true, ``algorithm`` signs, ``statuses`` and ``delays``
    are by path. ``asked`` has the path of each request that came.
    """

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self.be_honest()
        self._thread.start()

    def be_honest(self) -> None:
        """Forget every lie and every request."""
        self.user: dict[str, Any] = {"email": EMAIL, "email_verified": True}
        self.userinfo: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.key, self.known = _KEYS["RS256"], b""
        self.published = list(_KEYS.values())
        self.statuses: dict[str, int] = {}
        self.delays: dict[str, float] = {}
        self.redirect_uris: set[str] | None = None
        self.authentication = "client_secret_basic"
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._access: set[str] = set()

    def sign_with(self, algorithm: str, known: bytes = b"") -> None:
        """Sign by another algorithm: with its published key, or with ``known``."""
        self.algorithm, self.known = algorithm, known
        if algorithm in _KEYS:
            self.key = _KEYS[algorithm]

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish that alone."""
        self.algorithm = "ES256"
        self.key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(4)})
        self.published = [self.key]

    def stop(self) -> None:
        """Answer nothing any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def document(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "email", "groups"],
            "id_token_signing_alg_values_supported": ["HS256", "none", *_KEYS],
            "token_endpoint_auth_methods_supported": [self.authentication],
            "code_challenge_methods_supported": ["S256"],
            **self.discovery,
        }

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], given: str) -> Answer:
        """Answer a request; ``given`` is its Authorization."""
        self.asked.append(path)
        time.sleep(self.delays.get(path, 0))
        answers = {
            "/.well-known/openid-configuration": lambda: _json(self.document()),
            "/jwks": lambda: _json({"keys": [one.as_dict(private=False) for one in self.published]}),
            "/authorize": lambda: self._authorize(query),
            "/token": lambda: self._token(form, given),
            "/userinfo": lambda: self._userinfo(given),
        }
        if path in self.statuses:
            return self.statuses[path], {}, b"an error page"
        return answers[path]()

    def _authorize(self, query: dict[str, str]) -> Answer:
        is_known = self.redirect_uris is None or query["redirect_uri"] in self.redirect_uris
        if query["client_id"] != CLIENT_ID or not is_known:
            return 400, {}, b"unknown client or redirect address"
        asked = (query["response_type"], query.get("code_challenge_method"), "openid" in query["scope"])
        if asked != ("code", "S256", True):
            said = {"error": "invalid_request", "state": query["state"]}
        else:
            code = secrets.token_urlsafe(8)
            self._codes[code] = query
            said = {"code": code, "state": query["state"], "iss": self.issuer}
        return 302, {"Location": f"{query['redirect_uri']}?{urlencode(said)}"}, b""

    def _token(self, form: dict[str, str], given: str) -> Answer:
        if not self._knows_client(form, given):
            return _json({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        if urlsafe_b64encode(proof).rstrip(b"=").decode() != asked["code_challenge"]:
            return _json({"error": "invalid_grant", "error_description": "PKCE"}, 400)
        access = secrets.token_urlsafe(16)
        self._access.add(access)
        token = {"access_token": access, "token_type": "Bearer", "expires_in": 3600}
        return _json({**token, "id_token": self._id_token(asked["nonce"])})

    def _userinfo(self, given: str) -> Answer:
        if given.removeprefix("Bearer ") not in self._access:
            return 401, {"WWW-Authenticate": "Bearer"}, b""
        return _json({"sub": SUBJECT, **self.userinfo})

    def _knows_client(self, form: dict[str, str], given: str) -> bool:
        if self.authentication == "client_secret_post":
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        return b64decode(given.removeprefix("Basic ")).decode() == f"{CLIENT_ID}:{CLIENT_SECRET}"

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        true = {"iss": self.issuer, "aud": CLIENT_ID, "sub": SUBJECT, "iat": now, "exp": now + 300}
        said = {**true, "nonce": nonce, **self.user, **self.claims}
        claims = {name: value for name, value in said.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm in ("none", "HS256"):  # by hand, for no library does that
            signed = ".".join(_part(json.dumps(part).encode()) for part in (header, claims))
            by = hmac.digest(self.known, signed.encode(), "sha256") if self.algorithm == "HS256" else b""
            return f"{signed}.{_part(by)}"
        return jwt.encode(header, claims, self.key, registry=JWSRegistry(algorithms=[self.algorithm]))


def _part(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def _json(said: dict[str, Any], status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


def _handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(dict(parse_qsl(body)))

        def _answer(self, form: dict[str, str]) -> None:
            url = urlsplit(self.path)
            given = self.headers.get("Authorization", "")
            status, headers, body = provider.answer(url.path, dict(parse_qsl(url.query)), form, given)
            try:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                pass  # who asked has stopped waiting

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Handler
