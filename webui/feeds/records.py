"""Who or what a panel is about: the record behind a CRM id."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, bindparam, case, func, select

from webui.database import db
from webui.feeds.scopes import OfAccount, OfOpportunity, OfPerson, Scope, bound_id, read
from webui.models import Account, Activity, FormerRecord, Opportunity, OpportunityRole, Person

PERSON_KINDS = {"leads": "lead", "contacts": "contact"}
PANEL_OF = {"lead": "leads", "contact": "contacts"}


@dataclass(frozen=True)
class Record:
    """A record as its panel's header shows it; ``panel`` is one of ``vocabulary.PANELS``."""

    panel: str
    crm_id: str
    name: str
    scope: Scope
    email: str | None = None
    owner: str | None = None
    account_id: int | None = None
    account_crm_id: str | None = None
    account_name: str | None = None

    @property
    def is_person(self) -> bool:
        """Whether the record is one person, so that lists need not name them."""
        return isinstance(self.scope, OfPerson)


def named_crm_id() -> ColumnElement[str | None]:
    """Return the column of a person's CRM id, empty for one who was deleted and is nameless."""
    return case((Person.is_nameless.is_(False), Person.crm_id))


_CRM_ID = bindparam("crm_id", type_=String)
_PERSON = (
    select(Person.id, Person.name, Person.email, Person.owner, Account.id, Account.crm_id, Account.name)
    .outerjoin(Account, Account.id == Person.account_id)
    .where(
        Person.kind == bindparam("kind", type_=String),
        Person.crm_id == _CRM_ID,
        Person.is_nameless.is_(False),
    )
)
_ACCOUNT = select(Account.id, Account.name).where(Account.crm_id == _CRM_ID)
_OPPORTUNITY = (
    select(Opportunity.id, Opportunity.name, Account.crm_id, Account.name)
    .outerjoin(Account, Account.id == Opportunity.account_id)
    .where(Opportunity.crm_id == _CRM_ID)
)


def find(panel: str, crm_id: str) -> Record | None:
    """Return the record that a panel's URL names, or None."""
    if panel == "accounts":
        return _account(crm_id)
    if panel == "opportunities":
        return _opportunity(crm_id)
    named = {"kind": PERSON_KINDS[panel], "crm_id": crm_id}
    row = db.session.connection().execute(_PERSON, named).one_or_none()
    if row is None:
        return None
    id_, name, email, owner, account_id, account_crm_id, account_name = row
    return Record(
        panel=panel,
        crm_id=crm_id,
        name=name,
        scope=OfPerson(id_),
        email=email if email != name else None,
        owner=owner,
        account_id=account_id,
        account_crm_id=account_crm_id,
        account_name=account_name or account_crm_id,
    )


def people(scope: Scope) -> int:
    """Return how many contacts an account has, or how many people have a role in an opportunity. Else 1."""
    match scope:
        case OfAccount():
            return read(_CONTACTS, scope).scalar_one()
        case OfOpportunity():
            return read(_IN_ROLES, scope).scalar_one()
    return 1


_CONTACTS = select(func.count()).where(Person.account_id == bound_id(), Person.is_nameless.is_(False))
_IN_ROLES = (
    select(func.count(OpportunityRole.person_id.distinct()))
    .join(Person, Person.id == OpportunityRole.person_id)
    .where(OpportunityRole.opportunity_id == bound_id(), Person.is_nameless.is_(False))
)


def none_are_there() -> bool:
    """Whether the store holds no record and no activity."""
    tables = (Account, Person, Activity)
    return all(db.session.execute(select(one.id).limit(1)).first() is None for one in tables)


def became(panel: str, crm_id: str) -> tuple[str, str] | None:
    """Return (panel, crm_id) of what a converted or merged record is now, or None."""
    row = db.session.execute(
        select(Person.kind, Person.crm_id)
        .join(FormerRecord, FormerRecord.person_id == Person.id)
        .where(FormerRecord.kind == PERSON_KINDS.get(panel, ""), FormerRecord.crm_id == crm_id)
    ).one_or_none()
    return None if row is None else (PANEL_OF[row[0]], row[1])


def was_deleted(panel: str, crm_id: str) -> bool:
    """Whether a lead or contact was here once and was deleted."""
    asked = select(FormerRecord.crm_id).where(
        FormerRecord.kind == PERSON_KINDS.get(panel, ""),
        FormerRecord.crm_id == crm_id,
        FormerRecord.person_id.is_(None),
    )
    return db.session.execute(asked).first() is not None


def _account(crm_id: str) -> Record | None:
    row = db.session.connection().execute(_ACCOUNT, {"crm_id": crm_id}).one_or_none()
    if row is None:
        return None
    id_, name = row
    return Record("accounts", crm_id, name or crm_id, OfAccount(id_))


def _opportunity(crm_id: str) -> Record | None:
    row = db.session.connection().execute(_OPPORTUNITY, {"crm_id": crm_id}).one_or_none()
    if row is None:
        return None
    id_, name, account_crm_id, account_name = row
    return Record(
        "opportunities",
        crm_id,
        name or crm_id,
        OfOpportunity(id_),
        account_crm_id=account_crm_id,
        account_name=account_name or account_crm_id,
    )
