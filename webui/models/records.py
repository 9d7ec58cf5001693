"""Records of the CRM, and which of them Marketo's ids stand for."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from webui.database import Base, UtcDateTime
from webui.models.columns import CRM_ID_LENGTH, Id


class Account(Base):
    """A company in the CRM. The name is unknown while only others have spoken of it.

    ``version`` is the content version of the last narrow write of its contacts' activities.
    """

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class Person(Base):
    """A lead or a contact. Only a contact has an account.

    ``is_nameless`` says that the person was deleted and left activities behind: the row then holds no
    name and no id of a CRM, and has no panel. ``version`` is the content version of the last narrow write
    (``installation.Touched``) of their activities.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("kind", "crm_id"),
        Index("ix_person_account_id_is_nameless", "account_id", "is_nameless"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(7))
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH))
    name: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str | None] = mapped_column(Text)
    last_name: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    is_nameless: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class MarketoLead(Base):
    """Marketo's id of a person; one person may have several.

    ``converted_from`` is the CRM id of the lead that had it before it became a contact. ``read_at`` is
    when Marketo was last asked about it.
    """

    __tablename__ = "marketo_lead"
    marketo_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    converted_from: Mapped[str | None] = mapped_column(String(CRM_ID_LENGTH))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class FormerMarketoLead(Base):
    """A Marketo id that is no more: merged into ``winner_id``, which is none itself, or deleted (None)."""

    __tablename__ = "former_marketo_lead"
    marketo_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    winner_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnknownLead(Base):
    """A Marketo id that has activities and no person: Marketo is asked, and again after a while.

    ``asked_at`` is when it was asked last, ``reason`` a key of why that brought nobody.
    """

    __tablename__ = "unknown_lead"
    marketo_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reason: Mapped[str | None] = mapped_column(String(32))


class FormerRecord(Base):
    """A record that is now ``person_id``: its URL leads there, and it never comes back.

    A lead was converted, or merged into another. Where ``person_id`` is None the person was deleted;
    ``is_forgotten`` says that they asked to be, so that not even a new Marketo id brings them back.
    """

    __tablename__ = "former_record"
    kind: Mapped[str] = mapped_column(String(7), primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_forgotten: Mapped[bool] = mapped_column(default=False, server_default=false())


class Opportunity(Base):
    """A deal in the CRM."""

    __tablename__ = "opportunity"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)


class OpportunityRole(Base):
    """Somebody's part in a deal. ``person_id`` is empty until a person with this CRM id is known.

    ``by_rest`` says that Marketo's REST API told it, which also tells when it is gone.
    """

    __tablename__ = "opportunity_role"
    __table_args__ = (UniqueConstraint("opportunity_id", "person_crm_id", "role"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunity.id"))
    person_crm_id: Mapped[str] = mapped_column(String(CRM_ID_LENGTH), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(Text)
    is_primary: Mapped[bool]
    by_rest: Mapped[bool] = mapped_column(default=False, server_default=false())
