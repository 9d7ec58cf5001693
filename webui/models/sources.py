"""What sources told, how far they were read, and how they fare."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base, UtcDateTime
from webui.models.columns import Id


class MarketoActivityType(Base):
    """Marketo's name of an activity type id; ``type_key`` is empty for types that are not ours.

    ``override`` is what an admin says that it is instead: a type's key, one with ``:flow``, or ``none``.
    """

    __tablename__ = "marketo_activity_type"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    type_key: Mapped[str | None] = mapped_column(String(32))
    is_flow: Mapped[bool]
    override: Mapped[str | None] = mapped_column(String(48))


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


class SourceState(Base):
    """How a source fares; ``source`` is a key of ``vocabulary.SOURCES``.

    ``newest_at`` is the time of the newest activity that it told. ``error`` is a sentence, of
    ``error_at``; ``error_code`` is Marketo's, where it has one. ``paused_until`` is when it goes on by
    itself. ``calls_used`` are the day's calls of all integrations, as of ``calls_at``.
    """

    __tablename__ = "source_state"
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    newest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    error_code: Mapped[str | None] = mapped_column(String(32))
    error_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calls_used: Mapped[int | None] = mapped_column(BigInteger)
    calls_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SourceDay(Base):
    """How many activities of a source met which fate on a day (UTC).

    ``foreign`` ones were meant for somebody else; ``unpaired`` ones resemble several others that came
    another way.
    """

    __tablename__ = "source_day"
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    read: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[int] = mapped_column(BigInteger)
    updated: Mapped[int] = mapped_column(BigInteger)
    unchanged: Mapped[int] = mapped_column(BigInteger)
    ignored: Mapped[int] = mapped_column(BigInteger)
    rejected: Mapped[int] = mapped_column(BigInteger)
    foreign: Mapped[int] = mapped_column(BigInteger)
    unpaired: Mapped[int] = mapped_column(BigInteger)


class SyncCursor(Base):
    """How far a query of Marketo was read: its paging token, good for the query of this digest alone.

    ``since`` is where to begin anew should Marketo refuse the token.
    """

    __tablename__ = "sync_cursor"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    query: Mapped[str] = mapped_column(String(64))
    token: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BulkExport(Base):
    """A window of history that is loaded by a bulk extract; ``state`` is wanted, created, queued or done."""

    __tablename__ = "bulk_export"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    query: Mapped[str] = mapped_column(String(64))
    export_id: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
