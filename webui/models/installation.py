"""Facts about the installation, and their history."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base, UtcDateTime
from webui.models.columns import Id

HIDDEN_DAYS = 7


class Installation(Base):
    """The one row of facts about this installation.

    Every write transaction begins by updating it: that makes writers take turns on both databases, hands out
    activity ids and moves ``content_version``, which tells readers that something changed. ``narrow_writes``
    counts those that noted with people and accounts what they changed of theirs. ``weeks_timezone`` is the
    zone that stored weeks were counted in, ``chatpane recount`` changes it. ``families_off`` names families
    that are neither taken in nor shown, ``panel_tabs`` and ``global_tabs`` the tabs in their order, each with
    blanks between; None is what was there from the beginning. ``kept_days`` says by family for how many days
    activities are kept (one that is not there: for ever), ``hidden_days`` for how many a person is hidden at
    first.
    """

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_version: Mapped[int] = mapped_column(BigInteger, default=0)
    narrow_writes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
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
    families_off: Mapped[str | None] = mapped_column(Text)
    panel_tabs: Mapped[str | None] = mapped_column(Text)
    global_tabs: Mapped[str | None] = mapped_column(Text)
    kept_days: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    hidden_days: Mapped[int] = mapped_column(BigInteger, default=HIDDEN_DAYS, server_default=str(HIDDEN_DAYS))


class ConfigurationChange(Base):
    """Who changed what on the configuration tab, and when. Secrets are never written here."""

    __tablename__ = "configuration_change"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(32))
    was: Mapped[str | None] = mapped_column(Text)
    became: Mapped[str | None] = mapped_column(Text)
