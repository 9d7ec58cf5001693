"""Every setting of Chatpane: one list with name, type, default and help, checked at start.

A setting is an environment variable ``CHATPANE_<NAME>``. ``Settings.from_environment`` reads them
all, and refuses with every bad value named at once, so that a start never fails twice for the same
reason. Nothing else in the house reads the environment.

``shipped`` finds the folders that come with the product, in a checkout and in an installed wheel.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app

from webui import setting_values as read

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
    "marketo_client_secret",
    "marketo_push_token",
    "adobe_client_secret",
    "metrics_token",
)

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return the folder ``name`` (templates, static or seeds) that came with the product.

    The wheel carries these folders inside the package; in a checkout they stand beside it.
    """
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


class BadSettings(Exception):
    """One or more settings have a value that cannot be used; the message names each."""


def _setting(parse: Callable[[str], Any], default: str, explanation: str) -> Any:
    return field(metadata={"parse": parse, "default": default, "help": explanation})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, parsed. The field ``database_url`` is the variable ``CHATPANE_DATABASE_URL``."""

    database_url: str = _setting(
        read.database_url, "", "where the data are kept; a SQLite file in the instance folder when empty"
    )
    instance: Path = _setting(
        read.folder, "instance", "folder for the SQLite file and the secret that is made where none is set"
    )
    secret_key: str = _setting(
        read.text, "", f"signs sessions and encrypts the API Secret Key; at least {SECRET_BYTES} bytes"
    )
    demo: bool = _setting(read.boolean, "0", "1 serves without sign-in, to this machine only")
    timezone: ZoneInfo = _setting(
        read.zone, "UTC", "time zone in which weeks begin, and of viewers who name none"
    )
    public_url: str = _setting(
        read.public_url, "", "the address under which browsers reach Chatpane, for links to it"
    )
    proxy_hops: int = _setting(
        read.whole_number(0, 10), "0", "reverse proxies in front whose X-Forwarded-* are true"
    )
    previous_secret_key: str = _setting(
        read.text, "", "the secret key before, while a new one replaces it: what it signed stays good"
    )
    embed_public_key: tuple[str, ...] = _setting(
        read.public_keys,
        "",
        "public keys (PEM, or a file of them) of a backend that signs embed links itself",
    )
    embed_admin: bool = _setting(read.boolean, "0", "1 lets an embed link open the configuration tab")
    canvas_secret: tuple[str, ...] = _setting(
        read.two_secrets,
        "",
        "the Salesforce connected app's consumer secret; two with a comma while it changes",
    )
    canvas_orgs: tuple[str, ...] = _setting(
        read.words, "", "ids of the Salesforce organizations that may enter by Canvas; any when empty"
    )
    canvas_all: bool = _setting(
        read.boolean,
        "0",
        "1 lets a Canvas app with the parameter opens=all show everything; its users can set it",
    )
    show_account: bool = _setting(
        read.boolean, "1", "0 keeps a link that opens a contact from its account's activities"
    )
    session_idle_minutes: int = _setting(
        read.whole_number(1, 1440), "30", "how long a session lasts that is not used"
    )
    session_hours: int = _setting(read.whole_number(1, 72), "12", "how long a session lasts at most")
    oidc_issuer: str = _setting(read.issuer, "", "the OpenID Connect provider with which admins sign in")
    oidc_client_id: str = _setting(read.text, "", "this installation's client id at the provider")
    oidc_client_secret: str = _setting(read.text, "", "its client secret")
    oidc_subjects: tuple[str, ...] = _setting(read.words, "", "subjects (sub) who are admins")
    oidc_emails: tuple[str, ...] = _setting(read.words, "", "verified e-mail addresses of admins")
    oidc_groups: tuple[str, ...] = _setting(read.words, "", "groups whose members are admins")
    oidc_groups_claim: str = _setting(read.text, "groups", "the claim that names a user's groups")
    limit_refused: str = _setting(
        read.limit, "120 per minute", "refused requests of an address before it has to wait"
    )
    limit_session: str = _setting(read.limit, "600 per minute", "requests of a session before it has to wait")
    redis_url: str = _setting(
        read.redis_url, "", "where limits are counted for several machines; in memory when empty"
    )
    audit_days: int = _setting(read.whole_number(1, 3650), "365", "how long the audit trail is kept")
    workers: int = _setting(read.whole_number(1, 64), "2", "processes that `chatpane serve` starts")
    kept_mib: int = _setting(
        read.whole_number(0, 4096),
        "32",
        "MiB of each process's memory for fragments that were rendered already, and their rows; 0 keeps none",
    )
    activity_types: dict[int, str] = _setting(
        read.type_overrides,
        "",
        "Marketo activity type ids and what they are, over any name: id=type[:flow],…",
    )

    marketo_url: str = _setting(
        read.marketo_url, "", "the Marketo instance that is read, such as https://123-abc-456.mktorest.com"
    )
    marketo_client_id: str = _setting(
        read.text, "", "client id of Marketo's API-only user (LaunchPoint service)"
    )
    marketo_client_secret: str = _setting(read.text, "", "its client secret")
    marketo_munchkin_id: str = _setting(
        read.munchkin_id, "", "the instance's Munchkin id; events of another one are dropped, none when empty"
    )
    marketo_daily_calls: int = _setting(
        read.whole_number(1, 100_000_000),
        "50000",
        "the subscription's REST calls a day, to tell what is left",
    )
    marketo_crm_fields: dict[str, str] = _setting(
        read.crm_fields,
        "",
        "Marketo's fields of a person's CRM ids, lead=FIELD,contact=FIELD,account=FIELD; those of its "
        "Salesforce and Dynamics sync when empty",
    )
    marketo_push_token: str = _setting(
        read.token, "", "the token with which Marketo's activity push signs in at /hooks/marketo-activities"
    )
    sync_since: datetime | None = _setting(
        read.day, "", "the first sync begins with the activities of this day; 90 days ago when empty"
    )
    late_news_hours: int = _setting(
        read.whole_number(1, 24 * 31),
        "48",
        "how long engagements are read again for their end and transcript",
    )
    late_after_minutes: int = _setting(
        read.whole_number(1, 60 * 24 * 31),
        "60",
        "how long Marketo may go unread before pages say that it is late",
    )
    marketo_months: int = _setting(
        read.whole_number(1, 600),
        "25",
        "how long Marketo keeps activities: pages say which ones are older, and here alone",
    )
    keep_deleted: bool = _setting(
        read.boolean, "0", "1 keeps the activities of a person deleted in Marketo, without the name"
    )
    pair_pushed: bool = _setting(
        read.boolean, "1", "0 takes a pushed and a polled activity with different ids for two, however alike"
    )
    adobe_client_id: str = _setting(
        read.text, "", "client id of the Adobe project whose events /hooks/adobe-io takes"
    )
    adobe_keys_url: str = _setting(
        read.outside_address,
        "https://static.adobeioevents.com",
        "where Adobe serves the public keys of events",
    )
    adobe_journal_url: str = _setting(
        read.outside_address, "", "the journal of the event registration, which `chatpane replay` reads"
    )
    adobe_client_secret: str = _setting(read.text, "", "client secret of that project, to read the journal")
    adobe_org_id: str = _setting(read.text, "", "the Adobe organization's id, to read the journal")
    adobe_scopes: str = _setting(
        read.text, "openid,AdobeID,adobeio_api", "scopes of the token with which the journal is read"
    )
    adobe_ims_url: str = _setting(
        read.outside_address, "https://ims-na1.adobelogin.com", "where Adobe gives tokens for the journal"
    )
    metrics_token: str = _setting(
        read.token, "", "the bearer token that /metrics asks for; without it there are no metrics"
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
        if not self.demo and public.scheme != "https" and public.hostname not in read.LOCAL_NAMES:
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
        if any((self.marketo_url, self.marketo_client_id, self.marketo_client_secret)):
            missing = self.missing_for_rest()
            if missing:
                found.append(f"Marketo cannot be read: {not_set(missing)}")
        return found

    def missing_for_rest(self) -> list[str]:
        """Name the variables that reading Marketo by REST needs and that are not set."""
        return self._missing("marketo_url", "marketo_client_id", "marketo_client_secret")

    def missing_for_journal(self) -> list[str]:
        """Name the variables that reading Adobe's journal needs and that are not set."""
        return self._missing("adobe_journal_url", "adobe_client_id", "adobe_client_secret", "adobe_org_id")

    def _missing(self, *needed: str) -> list[str]:
        return [PREFIX + name.upper() for name in needed if not getattr(self, name)]


def not_set(names: Sequence[str]) -> str:
    """Say that variables are not set."""
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} not set"


def _weakness(secret: str) -> str | None:
    if len(secret.encode()) < SECRET_BYTES:
        return f"has fewer than {SECRET_BYTES} bytes"
    if len(set(secret)) < 10:
        return "repeats a few characters"
    return None


def in_force() -> Settings:
    """Return the settings of the running app."""
    settings: Settings = current_app.extensions["chatpane"]
    return settings
