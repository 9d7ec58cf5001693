"""Operational Settings: the package version and the API Secret Key, and the reset of all that an admin said.

The API Secret Key is write-only: it is kept encrypted (Fernet) by a key derived from the settings'
secret (HKDF-SHA256), and nothing shows it again. A new one leaves the old one valid for 24 hours. Where a
function takes ``secrets``, the first one encrypts, and each decrypts.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from packaging.version import InvalidVersion, Version
from sqlalchemy import select

from webui import switch
from webui.database import db
from webui.installation import writing
from webui.models import HIDDEN_DAYS, Installation
from webui.setting_values import BadValue

KEY_BYTES = 32
LONGEST_VERSION = 64
OLD_KEY_LASTS = timedelta(hours=24)


WIPED = (
    "package_version",
    "api_key",
    "api_key_changed_at",
    "api_key_changed_by",
    "previous_api_key",
    "previous_api_key_until",
    "connected_at",
    "connection_source",
    "last_delivery_at",
    "allowed_origins",
    "package_version_seen",
    "package_version_seen_at",
    "families_off",
    "panel_tabs",
    "global_tabs",
    "kept_days",
)


NOT_A_VERSION = "not-a-version"
TOO_OLD_WHILE_ON = "too-old-while-on"
KEY_TOO_SHORT = "key-too-short"
NOT_AN_ORIGIN = "not-an-origin"

MOST_ORIGINS = 50

_ORIGIN = re.compile(
    r"(https://(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
    r"|https?://([a-z0-9-]+\.)?localhost|https?://127\.0\.0\.1)(:[1-9][0-9]{0,4})?"
)


class Operational(NamedTuple):
    """The configuration as it may be shown: that there is an API Secret Key, never the key. Times are UTC."""

    package_version: str | None
    has_api_key: bool
    api_key_changed_at: datetime | None
    api_key_changed_by: str | None
    connected_at: datetime | None
    connection_source: str | None
    last_delivery_at: datetime | None
    weeks_timezone: str
    chat_enabled: bool
    demo_loaded_at: datetime | None
    allowed_origins: str | None
    package_version_seen: str | None
    package_version_seen_at: datetime | None
    prerequisites: tuple[switch.Prerequisite, ...]


def shown() -> Operational:
    """Return the configuration, to show."""
    row = _row()
    values = {name: getattr(row, name) for name in Operational._fields if hasattr(row, name)}
    return Operational(**values, has_api_key=row.api_key is not None, prerequisites=switch.prerequisites(row))


def _row() -> Installation:
    return db.session.execute(select(Installation)).scalar_one()


def set_package_version(version: str, who: str) -> None:
    """Set the Sales Insight package's version.

    Raises BadValue: NOT_A_VERSION, or TOO_OLD_WHILE_ON if that would take a prerequisite away.
    """
    version = version.strip()
    if len(version) > LONGEST_VERSION:
        raise BadValue("package-version", NOT_A_VERSION)
    try:
        Version(version)
    except InvalidVersion:
        raise BadValue("package-version", NOT_A_VERSION) from None
    with writing():
        installation = _row()
        if installation.chat_enabled and not switch.package_suffices(version):
            raise BadValue("package-version", TOO_OLD_WHILE_ON)
        if installation.package_version != version:
            switch.note(who, "package-version", installation.package_version, version)
            installation.package_version = version


def see_package_version(version: str) -> None:
    """Note the package version that a link names; nothing else changes. In the caller's transaction."""
    row = _row()
    if row.package_version_seen != version[:LONGEST_VERSION]:
        row.package_version_seen = version[:LONGEST_VERSION]
        row.package_version_seen_at = datetime.now(UTC)


def set_allowed_origins(text: str, who: str) -> None:
    """Set which sites may frame the pages: origins with spaces or commas between, none when empty.

    An origin is https with a host, whose first label may be ``*``; this machine may be http. Raises
    BadValue NOT_AN_ORIGIN.
    """
    origins = [one.rstrip("/") for one in text.lower().replace(",", " ").split()]
    if len(origins) > MOST_ORIGINS or not all(_ORIGIN.fullmatch(one) and len(one) < 260 for one in origins):
        raise BadValue("allowed-origins", NOT_AN_ORIGIN)
    wanted = " ".join(dict.fromkeys(origins)) or None
    with writing():
        installation = _row()
        if installation.allowed_origins != wanted:
            switch.note(who, "allowed-origins", installation.allowed_origins, wanted)
            installation.allowed_origins = wanted


def set_api_key(key: str, who: str, secrets: Sequence[str]) -> None:
    """Set the API Secret Key; raises BadValue KEY_TOO_SHORT below 32 bytes."""
    key = key.strip()
    if len(key.encode()) < KEY_BYTES:
        raise BadValue("api-secret-key", KEY_TOO_SHORT)
    now = datetime.now(UTC)
    with writing():
        installation = _row()
        if _decrypted(installation.api_key, secrets) == key.encode():
            return  # the same key again must not retire the one before it
        installation.previous_api_key = installation.api_key
        installation.previous_api_key_until = now + OLD_KEY_LASTS if installation.api_key else None
        installation.api_key = _cipher(secrets).encrypt(key.encode()).decode()
        installation.api_key_changed_at = now
        installation.api_key_changed_by = who
        switch.note(who, "api-secret-key", "set" if installation.previous_api_key else None, "set")


def api_keys(secrets: Sequence[str]) -> list[bytes]:
    """Return the API Secret Keys that are valid now, newest first; none that another secret encrypted."""
    installation = _row()
    kept = [installation.api_key]
    until = installation.previous_api_key_until
    if until is not None and until > datetime.now(UTC):
        kept.append(installation.previous_api_key)
    return [key for one in kept if (key := _decrypted(one, secrets)) is not None]


def encrypt_anew(secrets: Sequence[str]) -> None:
    """Encrypt the kept keys by the first of the secrets, so that the others may be forgotten."""
    with writing():
        installation = _row()
        for name in ("api_key", "previous_api_key"):
            kept = getattr(installation, name)
            if _decrypted(kept, secrets) is not None:
                setattr(installation, name, _cipher(secrets).rotate(kept).decode())


def reset(who: str) -> None:
    """Turn the switch off, then wipe what an admin said; the history and the data stay."""
    with writing():
        installation = _row()
        switch.flip(installation, False, who)
        for name in WIPED:
            setattr(installation, name, None)
        installation.hidden_days = HIDDEN_DAYS
        switch.note(who, "reset", None, None)


def _decrypted(kept: str | None, secrets: Sequence[str]) -> bytes | None:
    """Return a kept key, None if there is none or another secret encrypted it."""
    try:
        return _cipher(secrets).decrypt(kept.encode()) if kept else None
    except InvalidToken:
        return None


def _cipher(secrets: Sequence[str]) -> MultiFernet:
    derived = [
        HKDF(SHA256(), length=32, salt=None, info=b"chatpane api secret key").derive(secret.encode())
        for secret in secrets
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
