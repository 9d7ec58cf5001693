"""Record ids in the shapes of three CRMs, each derived from a key alone.

A record keeps its id when others are added or removed.
"""

import hashlib
import uuid

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

PREFIXES = {"account": "001", "contact": "003", "lead": "00Q", "opportunity": "006"}
"""Salesforce's key prefix of each kind of record."""


def crm_id(kind: str, key: str, shape: str = "salesforce") -> str:
    """Return the id of the record ``key``; ``shape`` is salesforce, dynamics or hubspot."""
    number = int.from_bytes(hashlib.sha256(f"{kind}/{key}".encode()).digest()[:8])
    if shape == "dynamics":
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://crm.kumolane.example/{kind}/{key}"))
    if shape == "hubspot":
        return str(10**10 + number % (9 * 10**10))
    return _with_suffix(f"{PREFIXES[kind]}5g00000{_base62(number, digits=5)}")


def _base62(number: int, *, digits: int) -> str:
    """Write the last ``digits`` places of a number in base 62."""
    places = (number // 62**place % 62 for place in reversed(range(digits)))
    return "".join(BASE62[place] for place in places)


def _with_suffix(short: str) -> str:
    """Add Salesforce's three check characters, which say where the 15 have capitals."""
    chunks = (short[start : start + 5] for start in (0, 5, 10))
    return short + "".join(
        SUFFIX[sum(1 << place for place, letter in enumerate(chunk) if letter in BASE62[10:36])]
        for chunk in chunks
    )
