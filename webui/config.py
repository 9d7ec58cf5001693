"""Every setting of Chatpane: one list with name, type, default and help, checked at start.

A setting is an environment variable ``CHATPANE_<NAME>``. ``Settings.from_environment`` reads them
all, and refuses with every bad value named at once, so that a start never fails twice for the same
reason. Nothing else in the house reads the environment.

``shipped`` finds the folders that come with the product, in a checkout and in an installed wheel.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from limits import parse_many
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "CHATPANE_"
SECRET_BYTES = 32
SECRET = (  # never echoed: a URL may hold a password, and a private key be given for the public one
    "secret_key",
    "previous_secret_key",
    "database_url",
    "redis_url",
    "embed_public_key",
    "canvas_secret",
    "oidc_client_secret",
)
LEAST_RSA_BITS = 2048
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return the folder ``name`` (templates, static or seeds) that came with the product.

    The wheel carries these folders inside the package; in a checkout they stand beside it.
    """
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


class BadSettings(Exception):
    """One or more settings have a value that cannot be used; the message names each."""


def _text(value: str) -> str:
    return value.strip()


def _boolean(value: str) -> bool:
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


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("write a time zone's name, such as UTC, Europe/Berlin or Asia/Tokyo") from None


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.strip().isascii() or not value.strip().isdigit() or not least <= int(value) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(value)

    return parse


def _public_url(value: str) -> str:
    value = value.strip().rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise ValueError("write the address that browsers use, such as https://pane.example.com")
    return value


def _folder(value: str) -> Path:
    return Path(value.strip()).expanduser().absolute()


def _database_url(value: str) -> str:
    value = value.strip()
    for short in ("postgres://", "postgresql://"):
        if value.startswith(short):
            value = "postgresql+psycopg://" + value.removeprefix(short)
    try:
        if value and not make_url(value).drivername.startswith(("postgresql+psycopg", "sqlite")):
            raise ValueError(value)
    except (ArgumentError, ValueError):
        raise ValueError("write postgresql://user@host/database, or sqlite:////path/to/file") from None
    return value


def _list(value: str) -> tuple[str, ...]:
    return tuple(value.replace(",", " ").split())


def _two_secrets(value: str) -> tuple[str, ...]:
    found = _list(value)
    if len(found) > 2:
        raise ValueError("write one secret, or two with a comma while one replaces the other")
    return found


def _public_keys(value: str) -> tuple[str, ...]:
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


def _limit(value: str) -> str:
    try:
        parse_many(value)
    except ValueError:
        raise ValueError("write a limit such as 120 per minute") from None
    return value.strip()


def _redis_url(value: str) -> str:
    if value.strip() and urlsplit(value.strip()).scheme not in ("redis", "rediss", "redis+unix"):
        raise ValueError("write redis://host:6379/0, rediss:// for TLS or redis+unix:// for a socket")
    return value.strip()


def _issuer(value: str) -> str:
    value = value.strip()
    parts = urlsplit(value)
    is_local = parts.hostname in LOCAL_NAMES
    if value and ((parts.scheme != "https" and not is_local) or not parts.netloc or parts.query):
        raise ValueError("write the provider's issuer, an https address such as https://login.example.com")
    return value


def _type_overrides(value: str) -> dict[int, str]:
    overrides: dict[int, str] = {}
    for pair in filter(None, (part.strip() for part in value.split(","))):
        number, equals, key = pair.partition("=")
        if not equals or not number.strip().isdigit() or not key.strip():
            raise ValueError("write id=type pairs, such as 100001=engaged-dialogue,100002=reached-goal:flow")
        overrides[int(number)] = key.strip()
    return overrides


def _setting(parse: Callable[[str], Any], default: str, explanation: str) -> Any:
    return field(metadata={"parse": parse, "default": default, "help": explanation})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, parsed. The field ``database_url`` is the variable ``CHATPANE_DATABASE_URL``."""

    database_url: str = _setting(
        _database_url, "", "where the data are kept; a SQLite file in the instance folder when empty"
    )
    instance: Path = _setting(
        _folder, "instance", "folder for the SQLite file and the secret that is made where none is set"
    )
    secret_key: str = _setting(
        _text, "", f"signs sessions and encrypts the API Secret Key; at least {SECRET_BYTES} bytes"
    )
    demo: bool = _setting(_boolean, "0", "1 serves without sign-in, to this machine only")
    timezone: ZoneInfo = _setting(
        _zone, "UTC", "time zone in which weeks begin, and of viewers who name none"
    )
    public_url: str = _setting(
        _public_url, "", "the address under which browsers reach Chatpane, for links to it"
    )
    proxy_hops: int = _setting(
        _whole_number(0, 10), "0", "reverse proxies in front whose X-Forwarded-* are true"
    )
    previous_secret_key: str = _setting(
        _text, "", "the secret key before, while a new one replaces it: what it signed stays good"
    )
    embed_public_key: tuple[str, ...] = _setting(
        _public_keys, "", "public keys (PEM, or a file of them) of a backend that signs embed links itself"
    )
    embed_admin: bool = _setting(_boolean, "0", "1 lets an embed link open the configuration tab")
    canvas_secret: tuple[str, ...] = _setting(
        _two_secrets, "", "the Salesforce connected app's consumer secret; two with a comma while it changes"
    )
    canvas_orgs: tuple[str, ...] = _setting(
        _list, "", "ids of the Salesforce organizations that may enter by Canvas; any when empty"
    )
    canvas_all: bool = _setting(
        _boolean,
        "0",
        "1 lets a Canvas app with the parameter opens=all show everything; its users can set it",
    )
    show_account: bool = _setting(
        _boolean, "1", "0 keeps a link that opens a contact from its account's activities"
    )
    session_idle_minutes: int = _setting(
        _whole_number(1, 1440), "30", "how long a session lasts that is not used"
    )
    session_hours: int = _setting(_whole_number(1, 72), "12", "how long a session lasts at most")
    oidc_issuer: str = _setting(_issuer, "", "the OpenID Connect provider with which admins sign in")
    oidc_client_id: str = _setting(_text, "", "this installation's client id at the provider")
    oidc_client_secret: str = _setting(_text, "", "its client secret")
    oidc_subjects: tuple[str, ...] = _setting(_list, "", "subjects (sub) who are admins")
    oidc_emails: tuple[str, ...] = _setting(_list, "", "verified e-mail addresses of admins")
    oidc_groups: tuple[str, ...] = _setting(_list, "", "groups whose members are admins")
    oidc_groups_claim: str = _setting(_text, "groups", "the claim that names a user's groups")
    limit_refused: str = _setting(
        _limit, "120 per minute", "refused requests of an address before it has to wait"
    )
    limit_session: str = _setting(_limit, "600 per minute", "requests of a session before it has to wait")
    redis_url: str = _setting(
        _redis_url, "", "where limits are counted for several machines; in memory when empty"
    )
    audit_days: int = _setting(_whole_number(1, 3650), "365", "how long the audit trail is kept")
    workers: int = _setting(_whole_number(1, 64), "2", "processes that `chatpane serve` starts")
    activity_types: dict[int, str] = _setting(
        _type_overrides, "", "Marketo activity type ids and what they are, over any name: id=type[:flow],…"
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read each ``CHATPANE_*`` variable; raise BadSettings naming every one that cannot be used."""
        values: dict[str, Any] = {}
        complaints: list[str] = []
        for name, variable, setting in cls.described():
            text = environ.get(variable, "") or setting.metadata["default"]
            try:
                values[name] = setting.metadata["parse"](text)
            except ValueError as error:
                shown = variable if name in SECRET else f"{variable}={text!r}"
                complaints.append(f"{shown}: {error}")
        if complaints:
            raise BadSettings("\n".join(complaints))
        return cls(**values)

    @classmethod
    def described(cls) -> list[tuple[str, str, "Field[Any]"]]:
        """Return (field name, variable, field with ``default`` and ``help`` as metadata) for each setting."""
        return [(one.name, PREFIX + one.name.upper(), one) for one in fields(cls)]

    @property
    def database(self) -> str:
        """The database's URL in SQLAlchemy's form."""
        return self.database_url or f"sqlite:///{self.instance / 'chatpane.sqlite'}"

    def weak_secret(self) -> str | None:
        """Say what is wrong with the secret key for a start that is not a demo; None when it will do."""
        if not self.secret_key:
            return f"{PREFIX}SECRET_KEY is not set"
        weak = _weakness(self.secret_key)
        return f"{PREFIX}SECRET_KEY {weak}" if weak else None

    def doubts(self) -> list[str]:
        """Say what a start accepts and an operator may not have meant, a sentence each."""
        found = []
        if self.previous_secret_key:
            weak = _weakness(self.previous_secret_key)
            found.append(
                f"{PREFIX}PREVIOUS_SECRET_KEY {weak}, and sessions that it signed are good: remove it soon"
                if weak
                else f"{PREFIX}PREVIOUS_SECRET_KEY is still set: once `chatpane serve` has started with it, "
                f"and {self.session_hours} hours have passed, remove it"
            )
        public = urlsplit(self.public_url)
        if not self.demo and public.scheme != "https" and public.hostname not in LOCAL_NAMES:
            found.append(
                f"{PREFIX}PUBLIC_URL is not an https address: a CRM on https does not frame another, "
                "and browsers keep no cookie of it"
            )
        if self.oidc_issuer and not self.oidc_client_id:
            found.append(f"{PREFIX}OIDC_ISSUER is set, and no {PREFIX}OIDC_CLIENT_ID: nobody can sign in")
        if self.oidc_issuer and not (self.oidc_subjects or self.oidc_emails or self.oidc_groups):
            found.append(
                f"{PREFIX}OIDC_ISSUER is set, and nobody is an admin: name them in {PREFIX}OIDC_EMAILS, "
                f"{PREFIX}OIDC_SUBJECTS or {PREFIX}OIDC_GROUPS"
            )
        return found


def _weakness(secret: str) -> str | None:
    if len(secret.encode()) < SECRET_BYTES:
        return f"has fewer than {SECRET_BYTES} bytes"
    if len(set(secret)) < 10:
        return "repeats a few characters"
    return None
