"""The tables.

``Activity`` is narrow: what lists and grids need. What only the detail shows is in ``ActivityDetail``
and the long text in ``Conversation``, so that a page of rows reads few bytes.

Whose an activity is follows from ``MarketoLead``: ``Activity.person_id`` is the person of its
``marketo_id`` and ``account_id`` that person's account, kept on the row for the indexes that lists
are read by, and moved by ``ingest.attribution`` alone. The ``*Week`` tables count activities by
week and type and move in the same transaction.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base, UtcDateTime

GUID_LENGTH = 128
CRM_ID_LENGTH = 128
VIEWER_LENGTH = 320

Id = BigInteger().with_variant(Integer(), "sqlite")


class Account(Base):
    """A company in the CRM. The name is unknown while only others have spoken of it."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), unique=True)
    name: Mapped[str | None] = mapped_column(Text)


class Person(Base):
    """A lead or a contact. Only a contact has an account."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("kind", "crm_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(7))
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH))
    name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str | None] = mapped_column(Text)
    last_name: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class MarketoLead(Base):
    """Marketo's id of a person; one person may have several.

    ``converted_from`` is the CRM id of the lead that had it before it became a contact.
    """

    __tablename__ = "marketo_lead"
    marketo_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    converted_from: Mapped[str | None] = mapped_column(String(CRM_ID_LENGTH))


class FormerRecord(Base):
    """A lead that was converted into ``person_id``: its URL leads there, and it never comes back."""

    __tablename__ = "former_record"
    kind: Mapped[str] = mapped_column(String(7), primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Opportunity(Base):
    """A deal in the CRM."""

    __tablename__ = "opportunity"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class OpportunityRole(Base):
    """Somebody's part in a deal. ``person_id`` is empty until a person with this CRM id is known."""

    __tablename__ = "opportunity_role"
    __table_args__ = (UniqueConstraint("opportunity_id", "person_crm_id", "role"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    person_crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(Text)
    is_primary: Mapped[bool]


class Dialogue(Base):
    """A dialogue or conversational flow under the name it had; ``ref`` is Marketo's id of it, if given."""

    __tablename__ = "dialogue"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    ref: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)


class Activity(Base):
    """Something a person did in the chat: one row of a list."""

    __tablename__ = "activity"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    guid: Mapped[str] = mapped_column(String(GUID_LENGTH), unique=True)
    marketo_id: Mapped[int] = mapped_column(BigInteger, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    type_key: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    week: Mapped[date] = mapped_column(Date)
    status: Mapped[str | None] = mapped_column(String(16))
    dialogue_id: Mapped[int | None] = mapped_column(ForeignKey("dialogue.id"))

    # Each list is read newest first from one of these, without sorting.
    __table_args__ = (
        Index("ix_activity_person_at", "person_id", "at", "id"),
        Index("ix_activity_account_at", "account_id", "at", "id"),
        Index("ix_activity_at", "at", "id"),
    )


class ActivityDetail(Base):
    """What only the detail shows; ``extra`` holds attributes without a column, by Marketo's name."""

    __tablename__ = "activity_detail"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True, autoincrement=False)
    is_flow: Mapped[bool]
    page_url: Mapped[str | None] = mapped_column(Text)
    agent_name: Mapped[str | None] = mapped_column(Text)
    agent_email: Mapped[str | None] = mapped_column(Text)
    goal_name: Mapped[str | None] = mapped_column(Text)
    document_name: Mapped[str | None] = mapped_column(Text)
    document_url: Mapped[str | None] = mapped_column(Text)
    scheduled_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    scheduled_text: Mapped[str | None] = mapped_column(Text)
    routing_queue: Mapped[str | None] = mapped_column(Text)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Conversation(Base):
    """The long text of an activity, apart from everything that is listed."""

    __tablename__ = "conversation"
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True, autoincrement=False)
    summary: Mapped[str | None] = mapped_column(Text)
    transcript: Mapped[str | None] = mapped_column(Text)
    score: Mapped[int | None]
    topics: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


class PersonWeek(Base):
    """How many activities of a type a person had in a week (its Monday)."""

    __tablename__ = "person_week"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    type_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class AccountWeek(Base):
    """The same of an account's contacts together."""

    __tablename__ = "account_week"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    type_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class InstallationWeek(Base):
    """The same of everybody who is known."""

    __tablename__ = "installation_week"
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    type_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class MarketoActivityType(Base):
    """Marketo's name of an activity type id; ``type_key`` is empty for types that are not ours."""

    __tablename__ = "marketo_activity_type"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    type_key: Mapped[str | None] = mapped_column(String(32))
    is_flow: Mapped[bool]


class Rejected(Base):
    """A row or event that could not be used, whole, with the reason; it can be tried again.

    Not so where ``is_exact`` is False: the body is then not quite what the source held.
    """

    __tablename__ = "rejected"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(32))
    file: Mapped[str] = mapped_column(Text)
    line: Mapped[int | None]
    column: Mapped[str | None] = mapped_column(Text)
    guid: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    header: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    is_exact: Mapped[bool]
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class Installation(Base):
    """The one row of facts about this installation.

    Every write transaction begins by updating it: that makes writers take turns on both databases,
    hands out activity ids and moves ``content_version``, which tells readers that something changed.
    ``weeks_timezone`` is the zone that stored weeks were counted in, ``chatpane recount`` changes it.
    """

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_version: Mapped[int] = mapped_column(BigInteger, default=0)
    next_activity_id: Mapped[int] = mapped_column(BigInteger, default=1)
    weeks_timezone: Mapped[str] = mapped_column(String(64))
    chat_enabled: Mapped[bool] = mapped_column(default=False, server_default=false())
    package_version: Mapped[str | None] = mapped_column(String(64))
    api_key: Mapped[str | None] = mapped_column(Text)
    api_key_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    api_key_changed_by: Mapped[str | None] = mapped_column(Text)
    previous_api_key: Mapped[str | None] = mapped_column(Text)
    previous_api_key_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    connected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    connection_source: Mapped[str | None] = mapped_column(String(32))
    last_delivery_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    demo_loaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    allowed_origins: Mapped[str | None] = mapped_column(Text)
    session_generation: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    package_version_seen: Mapped[str | None] = mapped_column(String(64))
    package_version_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConfigurationChange(Base):
    """Who changed what on the configuration tab, and when. Secrets are never written here."""

    __tablename__ = "configuration_change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(32))
    was: Mapped[str | None] = mapped_column(Text)
    became: Mapped[str | None] = mapped_column(Text)


class SpentLink(Base):
    """A signed link that was used, by its digest, kept until it is stale and would open nothing anyway."""

    __tablename__ = "spent_link"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AccessGrant(Base):
    """What an accepted link lets one browser see, until a time. ``session`` is the digest of its cookie.

    ``panel`` and ``crm_id`` name the record; ``panel`` is ``all`` where the link opened everything.
    """

    __tablename__ = "access_grant"
    __table_args__ = (UniqueConstraint("session", "role", "panel", "crm_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    session: Mapped[str] = mapped_column(String(64))
    viewer: Mapped[str] = mapped_column(String(VIEWER_LENGTH), index=True)
    role: Mapped[str] = mapped_column(String(5))
    panel: Mapped[str] = mapped_column(String(13))
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AuditEntry(Base):
    """Who opened what, changed what or was refused where and why. Rows are only ever added, and age out."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    action: Mapped[str] = mapped_column(String(16))
    viewer: Mapped[str | None] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    why: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(64))
