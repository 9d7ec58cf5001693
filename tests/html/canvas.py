"""Salesforce's half of Canvas: signed requests as the platform posts them, by its documentation."""

import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

SECRET = "1955279925675241571"


def context(type_: str | None = "Contact", id_: str | None = "003A", **other: Any) -> dict[str, Any]:
    """Return a signed request's content, of a record's page; ``other`` top-level members instead."""
    record = {"attributes": {"type": type_, "url": f"/services/data/v66.0/sobjects/{type_}/{id_}"}, "Id": id_}
    return {
        "algorithm": "HMACSHA256",
        "issuedAt": 1795459200,
        "userId": "005XX0000012Q9AAAA",
        "client": {
            "instanceId": "_:Chatpane:pane",
            "instanceUrl": "https://acme.my.salesforce.example",
            "targetOrigin": "https://acme.lightning.force.example",
            "oauthToken": "00DXX!never-store-or-log",
        },
        "context": {
            "user": {
                "userId": "005XX0000012Q9AAAA",
                "userName": "ann@acme.example",
                "fullName": "Ann Lee",
                "locale": "ja_JP",
                "language": "ja",
                "timeZone": "Asia/Tokyo",
            },
            "organization": {"organizationId": "00DXX0000001abcAAA", "name": "Acme", "namespacePrefix": None},
            "environment": {
                "displayLocation": "PageLayout",
                "uiTheme": "Theme4d",
                "dimensions": {"width": "100%", "height": "300px"},
                "version": {"season": "SPRING", "api": "66.0"},
                "parameters": {},
                "record": record if type_ else {},
            },
            "application": {"name": "Chatpane"},
            "links": {},
        },
        **other,
    }


def signed(content: Any, secret: str = SECRET, *, url_safe: bool = False, padded: bool = True) -> str:
    """Return the signed request of a content."""
    encode = urlsafe_b64encode if url_safe else b64encode
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    payload = encode(text).decode()
    payload = payload if padded else payload.rstrip("=")
    signature = encode(hmac.digest(secret.encode(), payload.encode(), sha256)).decode()
    return f"{signature if padded else signature.rstrip('=')}.{payload}"
