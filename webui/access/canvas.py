"""Salesforce Canvas: the signed request that Salesforce posts when a Canvas app opens.

``signed_request`` is two base64 parts with a dot between: HMAC-SHA256 by the connected app's consumer
secret over the second part as it stands, and that part, JSON. Source: Salesforce, Canvas Developer
Guide, "Verifying and Decoding a Signed Request". The request holds an OAuth token, which is not read.
"""

import hmac
import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from webui.access.grants import ALL, Look, Opens, digest
from webui.access.salesforce_ids import PANEL_OF_PREFIX, long_form
from webui.database import storable

LONGEST_REQUEST = 60_000
PANELS = {"Lead": "leads", "Contact": "contacts", "Account": "accounts", "Opportunity": "opportunities"}


class BadSignedRequest(Exception):
    """A signed request opens nothing; ``reason`` is one of the keys below."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


NO_SECRET = "no-secret"  # noqa: S105
NOT_SIGNED = "not-signed"
BAD_SIGNATURE = "bad-signature"
NOT_READABLE = "not-readable"
OTHER_ORG = "other-org"
NO_RECORD = "no-record"


@dataclass(frozen=True)
class Frame:
    """What the panel needs to tell Salesforce its height: the instance and the origin to send to."""

    instance: str
    origin: str


@dataclass(frozen=True)
class CanvasEntry:
    """What a signed request says: who, which record, how they read, where the frame is.

    ``mark`` is the digest that makes the request one; ``is_dated`` whether it says when it was issued.
    """

    viewer: str
    name: str | None
    opens: Opens
    look: Look
    mark: str
    is_dated: bool
    frame: Frame | None


def read(signed_request: str, secrets: Sequence[str], orgs: Sequence[str]) -> CanvasEntry:
    """Return what a signed request says; raise BadSignedRequest. An empty ``orgs`` lets any in."""
    if not secrets:
        raise BadSignedRequest(NO_SECRET)
    signature, dot, payload = signed_request.partition(".")
    if not (signature and dot and payload) or len(signed_request) > LONGEST_REQUEST:
        raise BadSignedRequest(NOT_SIGNED)
    given = _decoded(signature, NOT_SIGNED)
    if not any(_is_signed(given, payload, secret) for secret in secrets):
        raise BadSignedRequest(BAD_SIGNATURE)
    try:
        said = json.loads(_decoded(payload, NOT_READABLE))
    except (ValueError, RecursionError):
        raise BadSignedRequest(NOT_READABLE) from None
    if not isinstance(said, dict) or said.get("algorithm", "HMACSHA256") != "HMACSHA256":
        raise BadSignedRequest(NOT_READABLE)
    return _entry(said, digest(f"canvas {given.hex()}"), orgs)


def _decoded(text: str, reason: str) -> bytes:
    """Decode base64, standard or URL-safe, padded or not."""
    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (NotBase64, ValueError):
        raise BadSignedRequest(reason) from None


def _is_signed(given: bytes, payload: str, secret: str) -> bool:
    return hmac.compare_digest(hmac.digest(secret.encode(), payload.encode(), sha256), given)


def _entry(said: dict[str, Any], mark: str, orgs: Sequence[str]) -> CanvasEntry:
    context = _part(said, "context")
    user, org = (
        _part(context, "user"),
        long_form(_text(_part(context, "organization"), "organizationId") or ""),
    )
    user_id = long_form(_text(user, "userId") or _text(said, "userId") or "")
    if not user_id or not org:
        raise BadSignedRequest(NOT_READABLE)
    if orgs and org not in map(long_form, orgs):
        raise BadSignedRequest(OTHER_ORG)
    client = _part(said, "client")
    instance, origin = _text(client, "instanceId"), _text(client, "targetOrigin")
    return CanvasEntry(
        viewer=f"canvas:{org}:{user_id}",
        name=_text(user, "fullName"),
        opens=_opens(_part(context, "environment")),
        look=Look(_text(user, "language") or _text(user, "locale"), _text(user, "timeZone")),
        mark=mark,
        is_dated=said.get("issuedAt") is not None,
        frame=Frame(instance, origin) if instance and origin else None,
    )


def _opens(environment: dict[str, Any]) -> Opens:
    """Return the record of the page, else what a parameter names; raise BadSignedRequest for neither.

    Salesforce vouches for the record. Parameters it signs as the page gave them, and in Lightning the
    page runs in the user's browser.
    """
    record, parameters = _part(environment, "record"), _part(environment, "parameters")
    panel = PANELS.get(_text(_part(record, "attributes"), "type") or "")
    id_ = _text(record, "Id")
    if panel and id_:
        return Opens(panel, id_)
    if parameters.get("opens") == str(ALL):
        return ALL
    id_ = _text(parameters, "recordId") or ""
    panel = PANEL_OF_PREFIX.get(id_[:3])
    if panel is None:
        raise BadSignedRequest(NO_RECORD)
    return Opens(panel, id_)


def _part(within: dict[str, Any], name: str) -> dict[str, Any]:
    found = within.get(name)
    return found if isinstance(found, dict) else {}


def _text(within: dict[str, Any], name: str) -> str | None:
    found = within.get(name)
    return storable(found)[:128] if isinstance(found, str) and found else None
