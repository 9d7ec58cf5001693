"""What the text of a setting means: a parser for each kind, which raises ValueError with what to write."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from limits import parse_many
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

LEAST_RSA_BITS = 2048
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
LEAST_TOKEN = 16


class BadValue(Exception):
    """A setting of the configuration tab cannot take this value.

    ``name`` is the setting, ``reason`` a key of the module that refuses it.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason


def text(value: str) -> str:
    return value.strip()


def boolean(value: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    try:
        return known[value.strip().lower() or "0"]
    except KeyError:
        raise ValueError("write 1 or 0") from None


def zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a time zone's name, such as UTC, Europe/Berlin or Asia/Tokyo") from None


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.strip().isascii() or not value.strip().isdigit() or not least <= int(value) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(value)

    return parse


def public_url(value: str) -> str:
    value = value.strip().rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise ValueError("write the address that browsers use, such as https://pane.example.com")
    return value


def folder(value: str) -> Path:
    return Path(value.strip()).expanduser().absolute()


def database_url(value: str) -> str:
    value = value.strip()
    for short in ("postgres://", "postgresql://"):
        if value.startswith(short):
            value = "postgresql+psycopg://" + value.removeprefix(short)
    try:
        url = make_url(value or "sqlite:///default")
        if not url.drivername.startswith(("postgresql+psycopg", "sqlite")):
            raise ValueError(value)
        if url.drivername.startswith("sqlite") and url.database in (None, "", ":memory:"):
            raise ValueError(value)  # each process, and each thread, would have one of its own
    except (ArgumentError, ValueError):
        raise ValueError("write postgresql://user@host/database, or sqlite:////path/to/file") from None
    return value


def words(value: str) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split())


def two_secrets(value: str) -> tuple[str, ...]:
    found = words(value)
    if len(found) > 2:
        raise ValueError("write one secret, or two with a comma while one replaces the other")
    return found


def public_keys(value: str) -> tuple[str, ...]:
    """Read PEM blocks, or the file that holds them; ``\\n`` stands for a line's end, as env files need."""
    text = value.strip().replace("\\n", "\n")
    try:
        if text and not text.startswith("-----"):
            text = Path(text).expanduser().read_text(encoding="ascii")
        end = "-----END PUBLIC KEY-----"
        blocks = tuple(part.strip() + "\n" + end for part in text.split(end) if part.strip())
        for block in blocks:
            key = load_pem_public_key(block.encode())
            is_rsa = isinstance(key, RSAPublicKey) and key.key_size >= LEAST_RSA_BITS
            if not is_rsa and not isinstance(key, Ed25519PublicKey):
                raise ValueError
    except (OSError, ValueError):
        raise ValueError(
            f"write the PEM of an RSA (at least {LEAST_RSA_BITS} bits) or Ed25519 public key, or its file"
        ) from None
    return blocks


def limit(value: str) -> str:
    try:
        parse_many(value)
    except ValueError:
        raise ValueError("write a limit such as 120 per minute") from None
    return value.strip()


def redis_url(value: str) -> str:
    if value.strip() and urlsplit(value.strip()).scheme not in ("redis", "rediss", "redis+unix"):
        raise ValueError("write redis://host:6379/0, rediss:// for TLS or redis+unix:// for a socket")
    return value.strip()


def issuer(value: str) -> str:
    value = value.strip()
    parts = urlsplit(value)
    is_local = parts.hostname in LOCAL_NAMES
    if value and ((parts.scheme != "https" and not is_local) or not parts.netloc or parts.query):
        raise ValueError("write the provider's issuer, an https address such as https://login.example.com")
    return value


def outside_address(value: str) -> str:
    """Read the address of a service; secrets go there, so it is https, or a server on this machine."""
    value = value.strip().rstrip("/")
    parts = urlsplit(value)
    is_local = parts.hostname in LOCAL_NAMES and parts.scheme == "http"
    if value and (
        not (parts.scheme == "https" or is_local)
        or not parts.hostname
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        raise ValueError("write an https address (http only on this machine), without a query")
    return value


def marketo_url(value: str) -> str:
    """Read the address of a Marketo instance, as admins copy it: with /rest or /identity, or without."""
    value = outside_address(value)
    for end in ("/rest", "/identity"):
        value = value.removesuffix(end)
    return value


def munchkin_id(value: str) -> str:
    value = value.strip().upper()
    if value and not re.fullmatch(r"[A-Z0-9]{3}-[A-Z]{3}-[A-Z0-9]{3}", value):
        raise ValueError("write the Munchkin id as Marketo shows it, such as 123-ABC-456")
    return value


def token(value: str) -> str:
    value = value.strip()
    if value and (len(value) < LEAST_TOKEN or not value.isascii() or not value.isprintable()):
        raise ValueError(f"write at least {LEAST_TOKEN} characters of ASCII")
    return value


def day(value: str) -> datetime | None:
    value = value.strip()
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("write a date such as 2026-08-01, or a time such as 2026-08-01T12:00:00Z") from None
    if not datetime(2000, 1, 1, tzinfo=UTC) <= at <= datetime.now(UTC):
        raise ValueError("write a date from 2000 until now")
    return at


def crm_fields(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        record, equals, field_name = pair.partition("=")
        if not equals or record not in ("lead", "contact", "account") or not field_name.strip():
            raise ValueError(
                "write lead=FIELD,contact=FIELD,account=FIELD, with Marketo's REST names of fields"
            )
        found[record] = field_name.strip()
    return found


def type_overrides(value: str) -> dict[int, str]:
    overrides: dict[int, str] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        number, equals, key = pair.partition("=")
        if not equals or not number.strip().isdigit() or not key.strip():
            raise ValueError("write id=type pairs, such as 100001=engaged-dialogue,100002=reached-goal:flow")
        overrides[int(number)] = key.strip()
    return overrides
