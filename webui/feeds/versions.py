"""By which write the activities that a record shows changed last, as far as narrow writes go.

A narrow write (``installation.Touched``) changes activities alone and notes its content version with each
person and account that they are of. So what was read of a record still stands while ``Facts.wide_writes`` is
the same and the version here is no later than the content version it was read at.
"""

from typing import Any

from sqlalchemy import BigInteger, Select, String, bindparam, case, func, select

from webui.database import db
from webui.feeds.records import PERSON_KINDS
from webui.models import Account, Activity, Opportunity, OpportunityRole, Person

# A contact's pages also count what others of the account did.
_PERSONS = case((Account.version > Person.version, Account.version), else_=Person.version)
_CRM_ID = bindparam("crm_id", type_=String)
_PERSON = (
    select(_PERSONS)
    .select_from(Person)
    .outerjoin(Account, Account.id == Person.account_id)
    .where(Person.kind == bindparam("kind", type_=String), Person.crm_id == _CRM_ID)
)
_ACCOUNT = select(Account.version).where(Account.crm_id == _CRM_ID)
_OPPORTUNITY = (
    select(func.max(Person.version))
    .join(OpportunityRole, OpportunityRole.person_id == Person.id)
    .join(Opportunity, Opportunity.id == OpportunityRole.opportunity_id)
    .where(Opportunity.crm_id == _CRM_ID)
)
_ACTIVITY = (
    select(_PERSONS)
    .select_from(Activity)
    .join(Person, Person.id == Activity.person_id)
    .outerjoin(Account, Account.id == Person.account_id)
    .where(Activity.id == bindparam("id", type_=BigInteger))
)


def of_record(panel: str, crm_id: str) -> int | None:
    """Return the version of a record's activities, None where nobody is known by whose it could be told."""
    match panel:
        case "accounts":
            return _found(_ACCOUNT, crm_id=crm_id)
        case "opportunities":
            return _found(_OPPORTUNITY, crm_id=crm_id)
    return _found(_PERSON, kind=PERSON_KINDS[panel], crm_id=crm_id)


def of_activity(id_: int) -> int | None:
    """Return the version of the activities of the person whose an activity is, None if it is nobody's."""
    return _found(_ACTIVITY, id=id_)


def _found(statement: Select[*tuple[Any, ...]], **values: Any) -> int | None:
    version: int | None = db.session.connection().execute(statement, values).scalar_one_or_none()
    return version
