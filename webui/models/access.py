"""Who was let in, and what they did."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base, UtcDateTime
from webui.models.columns import CRM_ID_LENGTH, VIEWER_LENGTH, Id


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
