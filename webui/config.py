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

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "CHATPANE_"
SECRET_BYTES = 32
SECRET = ("secret_key", "database_url")  # never echoed: a URL may hold a password

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
        if len(self.secret_key.encode()) < SECRET_BYTES:
            return f"{PREFIX}SECRET_KEY has fewer than {SECRET_BYTES} bytes"
        if len(set(self.secret_key)) < 10:
            return f"{PREFIX}SECRET_KEY repeats a few characters"
        return None
