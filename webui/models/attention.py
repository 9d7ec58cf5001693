"""What viewers look after, each for themselves: whom they watch, whom they hide, and where they read on."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base, UtcDateTime
from webui.models.columns import CRM_ID_LENGTH, VIEWER_LENGTH


class Watched(Base):
    """A record on a viewer's watch list; ``panel`` is one of ``vocabulary.PANELS``."""

    __tablename__ = "watched"
    viewer: Mapped[str] = mapped_column(String(VIEWER_LENGTH), primary_key=True)
    panel: Mapped[str] = mapped_column(String(16), primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Hidden(Base):
    """A person whom a viewer does not want among the Best Bets until a time."""

    __tablename__ = "hidden"
    viewer: Mapped[str] = mapped_column(String(VIEWER_LENGTH), primary_key=True)
    panel: Mapped[str] = mapped_column(String(16), primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class FeedAddress(Base):
    """A private address of the Lead Feed, one for a viewer; ``digest`` is of the secret in it.

    ``generation`` is the sessions' at which it was made: ending all sessions ends it too.
    """

    __tablename__ = "feed_address"
    viewer: Mapped[str] = mapped_column(String(VIEWER_LENGTH), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    generation: Mapped[int] = mapped_column(BigInteger)
    language: Mapped[str] = mapped_column(String(8))
    timezone: Mapped[str] = mapped_column(String(64))
