"""Activities, and how many there are by week.

``Activity`` is narrow: what lists and grids need. What only the detail shows is in ``ActivityDetail``
and the long text in ``Conversation``, so that a page of rows reads few bytes.

Whose an activity is follows from ``MarketoLead``: ``Activity.person_id`` is the person of its
``marketo_id`` and ``account_id`` that person's account, kept on the row for the indexes that lists
are read by, and moved by ``ingest.attribution`` alone. The ``*Week`` tables count activities by
week and type and move in the same transaction.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, String, Text, TextClause, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base, UtcDateTime
from webui.models.columns import GUID_LENGTH, Id
from webui.vocabulary import APPOINTMENT, CHAT, OPEN

# Written out: a bound value would find no index of a part.
IS_BOOKED = text(f"type_key = '{APPOINTMENT}'")
IS_OPEN = text(f"status = '{OPEN}'")
BEGIN = 200
BEGIN_OF_NAME = text(f"substr(name, 1, {BEGIN})")
BY_KEY_ALONE = {
    "sqlite_with_rowid": False
}  # a person's counts lie side by side, however late each of them came


def _part(name: str, *columns: str, of: TextClause) -> Index:
    """Return an index of some rows."""
    return Index(name, *columns, sqlite_where=of, postgresql_where=of)


class Dialogue(Base):
    """What activities are about, under the name it had: a dialogue or conversational flow, a page, an e-mail.

    ``ref`` is Marketo's id of it, if given. Which of these it is, its activities' type says.
    """

    __tablename__ = "dialogue"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    ref: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)

    # Names may be longer than PostgreSQL's index takes.
    __table_args__ = (Index("ix_dialogue_name", BEGIN_OF_NAME),)


class Activity(Base):
    """Something a person did, or that was done to them: one row of a list.

    ``family`` is that of the type. ``score_change`` and ``new_score`` are of a changed score alone.
    """

    __tablename__ = "activity"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    guid: Mapped[str] = mapped_column(String(GUID_LENGTH), unique=True)
    marketo_id: Mapped[int] = mapped_column(BigInteger, index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    family: Mapped[str] = mapped_column(String(8), default=CHAT.key, server_default=CHAT.key)
    type_key: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    week: Mapped[date] = mapped_column(Date)
    status: Mapped[str | None] = mapped_column(String(16))
    dialogue_id: Mapped[int | None] = mapped_column(ForeignKey("dialogue.id"))
    score_change: Mapped[int | None] = mapped_column(BigInteger)
    new_score: Mapped[int | None] = mapped_column(BigInteger)

    # Each list is read newest first from one of these, without sorting.
    __table_args__ = (
        Index("ix_activity_person_family_at", "person_id", "family", "at", "id"),
        Index("ix_activity_account_family_at", "account_id", "family", "at", "id"),
        Index("ix_activity_family_at", "family", "at", "id"),
        Index("ix_activity_dialogue_at", "dialogue_id", "at", "id"),
        _part("ix_activity_booked", "account_id", "at", "id", of=IS_BOOKED),
        _part("ix_activity_booked_person", "person_id", "at", "id", of=IS_BOOKED),
        _part("ix_activity_open", "at", "id", of=IS_OPEN),
    )


class ActivityDetail(Base):
    """What only the detail shows.

    ``told`` holds the fields of the families beside chat, by key, ``extra`` attributes without a place, by
    Marketo's name.
    ``at_text`` is the activity's time as written, where it had no zone and was taken for UTC.
    ``merged_from`` is the Marketo id that it was logged for, since merged. ``pulled`` and ``pushed``
    say which ways it came: read from Marketo (or its files), or sent by it.
    """

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
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at_text: Mapped[str | None] = mapped_column(Text)
    merged_from: Mapped[int | None] = mapped_column(BigInteger)
    pulled: Mapped[bool] = mapped_column(default=True, server_default=true())
    pushed: Mapped[bool] = mapped_column(default=False, server_default=false())


class OtherGuid(Base):
    """The id under which an activity came by its second way, where the two ways name it differently."""

    __tablename__ = "other_guid"
    guid: Mapped[str] = mapped_column(String(GUID_LENGTH), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)


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
    __table_args__ = BY_KEY_ALONE
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    type_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class AccountWeek(Base):
    """The same of an account's contacts together."""

    __tablename__ = "account_week"
    __table_args__ = BY_KEY_ALONE
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    type_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class InstallationWeek(Base):
    """The same of everybody who is known."""

    __tablename__ = "installation_week"
    __table_args__ = BY_KEY_ALONE
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    type_key: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
