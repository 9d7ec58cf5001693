"""Signing in with an OpenID Connect provider: the way there, the way back, and who is an admin.

Authlib speaks the protocol: state, nonce, PKCE (S256), the id token's signature and times. Pinned here
are what a provider could be talked out of: its issuer, which its discovery and each id token must name
as the settings do; this installation as the audience; and algorithms by which the provider alone can sign.

The provider is asked nothing before somebody signs in. What discovery said is kept for some minutes, its
keys are read for each sign-in.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from webui.config import Settings

NAME = "provider"
TIMEOUT = 5  # seconds for a connection, and for each wait
KEPT = 600
CLOCK_SKEW = 60

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST_SUBJECT = 255
LONGEST_EMAIL = 254

Claims = Mapping[str, Any]


class Unusable(Exception):
    """The provider does not answer, or not as a provider does; the message is for the trail."""


class NotSignedIn(Exception):
    """The provider signed nobody in, or what came back does not prove it; the message is for the trail."""


class AnotherSignIn(NotSignedIn):
    """What came back belongs to no sign-in that this browser began."""


class NoAdmin(Exception):
    """Somebody signed in who is no admin; ``viewer`` says who."""

    def __init__(self, viewer: str) -> None:
        super().__init__(viewer)
        self.viewer = viewer


def init_app(app: Flask, settings: Settings) -> None:
    """Make the provider known to the app; it is asked nothing yet."""
    app.extensions["chatpane_oidc"] = Provider(settings)


def provider() -> "Provider":
    """Return the app's provider, set up or not."""
    found: Provider = current_app.extensions["chatpane_oidc"]
    return found


def is_set_up(settings: Settings) -> bool:
    """Whether admins can sign in with a provider."""
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def is_admin(claims: Claims, settings: Settings) -> bool:
    """Whether somebody of these claims is an admin: by subject, verified e-mail address or group."""
    email, groups = verified_email(claims), claims.get(settings.oidc_groups_claim)
    emails = map(_folded, settings.oidc_emails)
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return (
        claims.get("sub") in settings.oidc_subjects
        or (email is not None and _folded(email) in emails)
        or any(group in settings.oidc_groups for group in listed)
    )


def verified_email(claims: Claims) -> str | None:
    """Return the e-mail address that the provider vouches for."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not _is_name(email, LONGEST_EMAIL):
        return None
    return str(email)


def _folded(email: str) -> str:
    """Return an address without its case; of other letters than ASCII's, case is not safe to ignore."""
    return email.lower() if email.isascii() else email


def _is_name(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()


class Provider:
    """The provider of these settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: tuple[float, dict[str, Any]] | None = None

    def start(self, redirect_uri: str) -> Response:
        """Return the redirect to the provider, which sends the browser back to ``redirect_uri``.

        Raises Unusable. A browser signs in once at a time: a sign-in that it began before is forgotten.
        """
        client = self._client()
        for key in [key for key in session if key.startswith(f"_state_{NAME}_")]:
            del session[key]  # a cookie has no room for many
        answer: Response = client.authorize_redirect(redirect_uri)
        return answer

    def finish(self) -> str:
        """Return the viewer's name of the admin with whom the provider sent the browser back.

        Raises Unusable, NotSignedIn or NoAdmin.
        """
        issuer = self._settings.oidc_issuer
        if request.args.get("iss", issuer) != issuer:  # RFC 9207
            raise NotSignedIn("another issuer answers")
        client = self._client()
        try:
            return self._viewer(client, self._token(client))
        except MismatchingStateError:
            raise AnotherSignIn("the answer belongs to no sign-in of this browser") from None
        except OAuthError as error:
            raise NotSignedIn(f"the provider says {_code(error.error)}") from None
        except JoseError as error:
            raise NotSignedIn(f"the id token is not good: {error.error}") from None
        except requests.RequestException as error:
            raise Unusable(type(error).__name__) from error
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise Unusable("its answer cannot be read") from error

    def _token(self, client: Any) -> dict[str, Any]:
        """Return what the provider gives for the code; ``userinfo`` holds the id token's proven claims."""
        token: dict[str, Any] = client.authorize_access_token(
            claims_options={
                "iss": {"essential": True, "values": [self._settings.oidc_issuer]},
                "aud": {"essential": True, "values": [self._settings.oidc_client_id]},
            },
            leeway=CLOCK_SKEW,
        )
        return token

    def _viewer(self, client: Any, token: dict[str, Any]) -> str:
        claims: Claims = token["userinfo"]
        subject = claims["sub"]
        if not _is_name(subject, LONGEST_SUBJECT):
            raise NotSignedIn("the id token's subject is no name")
        said = [claims]  # each read for itself: one's address must not be vouched for by the other
        if not is_admin(claims, self._settings) and client.server_metadata["userinfo_endpoint"]:
            said.append(client.userinfo(token=token))  # some keep e-mail and groups for that
            if said[-1].get("sub") != subject:
                raise NotSignedIn("the provider's userinfo is somebody else's")
        email = next(filter(None, map(verified_email, said)), None)
        viewer = f"oidc:{email or subject}"
        if not any(is_admin(one, self._settings) for one in said):
            raise NoAdmin(viewer)
        return viewer

    def _client(self) -> Any:
        """Return Authlib's client, with nothing kept of an earlier sign-in; raise Unusable."""
        said, settings = self._discovered(), self._settings
        return OAuth(current_app).register(
            NAME,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret or None,
            authorize_url=said["authorization_endpoint"],
            access_token_url=said["token_endpoint"],
            client_kwargs={
                "scope": said["scope"],
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": said["auth_method"] if settings.oidc_client_secret else "none",
                "default_timeout": TIMEOUT,
            },
            issuer=settings.oidc_issuer,
            jwks_uri=said["jwks_uri"],
            userinfo_endpoint=said["userinfo_endpoint"],
            id_token_signing_alg_values_supported=said["algorithms"],
        )

    def _discovered(self) -> dict[str, Any]:
        known = self._known
        if known is None or time.monotonic() - known[0] > KEPT:
            known = self._known = (time.monotonic(), self._discover())
        return known[1]

    def _discover(self) -> dict[str, Any]:
        """Return what we need of the provider's discovery document; raise Unusable."""
        issuer = self._settings.oidc_issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
            said = answer.json() if answer.status_code == 200 else None
        except requests.RequestException as error:
            raise Unusable(type(error).__name__) from error
        if not isinstance(said, dict):
            raise Unusable(f"its discovery answers {answer.status_code}, or no document")
        if said.get("issuer") != issuer:
            raise Unusable("its discovery names another issuer")
        for name in ENDPOINTS:
            if not self._is_safe(said.get(name)):
                raise Unusable(f"its discovery has no {name} by https")
        offered = _texts(said, "id_token_signing_alg_values_supported") or ["RS256"]
        algorithms = [one for one in offered if one in ALGORITHMS]
        if not algorithms:
            raise Unusable("it signs id tokens by no algorithm that is safe")
        asks_groups = self._settings.oidc_groups and "groups" in _texts(said, "scopes_supported")
        methods = _texts(said, "token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        more = said.get("userinfo_endpoint")
        return {
            **{name: said[name] for name in ENDPOINTS},
            "userinfo_endpoint": more if self._is_safe(more) else None,
            "algorithms": algorithms,
            "scope": "openid email groups" if asks_groups else "openid email",
            "auth_method": next(
                (one for one in ("client_secret_basic", "client_secret_post") if one in methods),
                "client_secret_basic",
            ),
        }

    def _is_safe(self, url: object) -> bool:
        """Whether a URL is by https; by http only where the issuer, on this machine, is too."""
        if not isinstance(url, str):
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return bool(parts.netloc) and parts.scheme in ("https", urlsplit(self._settings.oidc_issuer).scheme)


def _texts(said: Claims, name: str) -> list[str]:
    found = said.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _code(error: object) -> str:
    """Return an OAuth error code, which comes from an address that anyone can write."""
    known = isinstance(error, str) and len(error) <= 64 and error.isascii() and error.isprintable()
    return str(error) if known else "something else"
