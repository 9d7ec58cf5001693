"""Embed links: a signed token (JWT, RFC 7519) that a CRM's backend makes for one viewer and one record.

HS256 by the API Secret Key, or RS256 or EdDSA by a configured public key. The algorithm belongs to the
key: a token is tried with the keys of its own algorithm and no other.
"""

import re
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from secrets import token_urlsafe
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import Key, OctKey, OKPKey, RSAKey

from webui.access.grants import REP, ROLES, Grant, Look, digest, parse_opens
from webui.database import storable

AUDIENCE = "chatpane"
LONGEST_TOKEN = 6_000
LONGEST_LIFE = 300
LONGEST_SUBJECT = 300
SKEW = 60
REQUIRED = ("sub", "role", "opens", "iat", "exp", "jti")
FONT_SIZES = range(12, 21)

ACCENT = re.compile(r"#[0-9a-fA-F]{6}")

# RFC 9864 renamed the algorithm; backends go on writing the name that JWT libraries know.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)


class BadLink(Exception):
    """A link opens nothing; ``reason`` is one of the keys below, ``claim`` the claim it is about."""

    def __init__(self, reason: str, claim: str = "") -> None:
        super().__init__(f"{reason} {claim}".strip())
        self.reason = reason
        self.claim = claim


NO_TOKEN = "no-token"  # noqa: S105
TOO_LONG = "too-long"
NOT_A_TOKEN = "not-a-token"  # noqa: S105
NO_KEY = "no-key"
BAD_SIGNATURE = "bad-signature"
MISSING_CLAIM = "missing-claim"
BAD_CLAIM = "bad-claim"
TOO_LONG_LIVED = "too-long-lived"
EXPIRED = "expired"
NOT_YET = "not-yet"
SPENT = "spent"


@dataclass(frozen=True)
class Entry:
    """What an accepted way in says: who, what it opens, how pages should look, and what makes it unique.

    ``mark`` is the digest that is spent, until ``stale`` (seconds since 1970).
    """

    viewer: str
    grant: Grant
    look: Look
    mark: str
    stale: int
    package_version: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Keys:
    """The keys that sign embed links, by the algorithms that each may be used with."""

    secret: tuple[bytes, ...]
    public: tuple[str, ...]

    def of(self, algorithm: str) -> list[Key]:
        """Return the keys of an algorithm."""
        if algorithm == "HS256":
            return [OctKey.import_key(key) for key in self.secret]
        kind = {"RS256": RSAKey, "EdDSA": OKPKey, "Ed25519": OKPKey}.get(algorithm)
        return [key for key in map(_public_key, self.public) if kind and isinstance(key, kind)]


@cache
def _public_key(pem: str) -> Key:
    is_rsa = isinstance(load_pem_public_key(pem.encode()), RSAPublicKey)
    return (RSAKey if is_rsa else OKPKey).import_key(pem)


def read(token: str, keys: Keys) -> Entry:
    """Return what a token says, if it is signed, fresh and complete; raise BadLink. It is not spent here."""
    if not token:
        raise BadLink(NO_TOKEN)
    if len(token) > LONGEST_TOKEN:
        raise BadLink(TOO_LONG)
    algorithm, claims = _verified(token, keys)
    for name in REQUIRED:
        if claims.get(name) in (None, ""):
            raise BadLink(MISSING_CLAIM, name)
    if algorithm != "HS256" and AUDIENCE not in _audiences(claims):
        raise BadLink(BAD_CLAIM, "aud")
    _check_times(claims)
    return _entry(claims)


def _verified(token: str, keys: Keys) -> tuple[str, dict[str, Any]]:
    try:
        algorithm = str(jws.extract_compact(token.encode()).headers().get("alg"))
    except (JoseError, ValueError, RecursionError):
        raise BadLink(NOT_A_TOKEN) from None
    if not keys.secret and not keys.public:
        raise BadLink(NO_KEY)
    for key in keys.of(algorithm):
        try:
            return algorithm, dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
        except (JoseError, ValueError, RecursionError):
            continue
    raise BadLink(BAD_SIGNATURE)


def _audiences(claims: dict[str, Any]) -> Sequence[str]:
    named = claims.get("aud")
    return named if isinstance(named, list) else [named] if isinstance(named, str) else []


def _check_times(claims: dict[str, Any]) -> None:
    for name in ("iat", "exp", "nbf"):
        at = claims.get(name)
        if name in claims and (isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at < 2**40):
            raise BadLink(BAD_CLAIM, name)
    now = time.time()
    if not 0 < claims["exp"] - claims["iat"] <= LONGEST_LIFE:
        raise BadLink(TOO_LONG_LIVED)
    if claims["exp"] < now - SKEW:
        raise BadLink(EXPIRED)
    if max(claims["iat"], claims.get("nbf", 0)) > now + SKEW:
        raise BadLink(NOT_YET)


def _entry(claims: dict[str, Any]) -> Entry:
    for name in ("sub", "role", "opens", "jti"):
        if (
            not isinstance(claims[name], str)
            or len(claims[name]) > LONGEST_SUBJECT
            or claims[name] != storable(claims[name])
        ):
            raise BadLink(BAD_CLAIM, name)
    opens = parse_opens(claims["opens"])
    if opens is None:
        raise BadLink(BAD_CLAIM, "opens")
    if claims["role"] not in ROLES:
        raise BadLink(BAD_CLAIM, "role")
    return Entry(
        viewer=f"link:{claims['sub']}",
        grant=Grant(claims["role"], opens),
        look=_look(claims),
        mark=digest(f"link {claims['jti']}"),
        stale=ceil(claims["exp"]) + 2 * SKEW,
        package_version=_text(claims.get("pkg")),
        name=_text(claims.get("name")),
    )


def _look(claims: dict[str, Any]) -> Look:
    accent, size = claims.get("accent"), claims.get("font_size")
    if accent is not None and not (isinstance(accent, str) and ACCENT.fullmatch(accent)):
        raise BadLink(BAD_CLAIM, "accent")
    if size is not None and (isinstance(size, bool) or size not in FONT_SIZES):
        raise BadLink(BAD_CLAIM, "font_size")
    zone = _text(claims.get("tz"))
    return Look(
        _text(claims.get("lang")), zone, accent.lower() if accent else None, int(size) if size else None
    )


def _text(value: object) -> str | None:
    return storable(value)[:64] if isinstance(value, str) and value else None


def sign(opens: str, viewer: str, key: bytes, *, role: str = REP, **more: Any) -> str:
    """Return a token that opens ``opens`` once, within five minutes; ``more`` are further claims."""
    now = int(time.time())
    claims = {
        "sub": viewer,
        "role": role,
        "opens": opens,
        "iat": now,
        "exp": now + LONGEST_LIFE,
        "jti": token_urlsafe(18),
        **more,
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key), algorithms=["HS256"])
