"""What belongs to a record: asked before a page is shown to somebody who was granted that record.

Each function is one look-up by index and answers whether; none of them returns anything of the record.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from webui.database import db
from webui.feeds.records import PERSON_KINDS
from webui.models import Account, Activity, FormerRecord, Opportunity, OpportunityRole, Person


def _is_there(asked: Select[*tuple[Any, ...]]) -> bool:
    return db.session.execute(asked.limit(1)).first() is not None


def _named(panel: str, crm_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Person.kind == PERSON_KINDS[panel], Person.crm_id == crm_id


def _is_now_or_was(panel: str, crm_id: str) -> ColumnElement[bool]:
    became = select(FormerRecord.person_id).where(
        FormerRecord.kind == PERSON_KINDS[panel], FormerRecord.crm_id == crm_id
    )
    return or_(and_(*_named(panel, crm_id)), Person.id.in_(became))


def is_now(former: tuple[str, str], panel: str, crm_id: str) -> bool:
    """Whether a record (panel, crm_id) was converted or merged into this lead or contact."""
    asked = select(FormerRecord.crm_id).join(Person, Person.id == FormerRecord.person_id)
    was = (FormerRecord.kind == PERSON_KINDS[former[0]], FormerRecord.crm_id == former[1])
    return _is_there(asked.where(*was, *_named(panel, crm_id)))


def is_contact_of(account: str, crm_id: str) -> bool:
    """Whether a contact belongs to an account."""
    asked = select(Person.id).join(Account, Account.id == Person.account_id)
    return _is_there(asked.where(*_named("contacts", crm_id), Account.crm_id == account))


def has_role_in(opportunity: str, panel: str, crm_id: str) -> bool:
    """Whether a lead or contact has a role in an opportunity."""
    asked = (
        select(Person.id)
        .join(OpportunityRole, OpportunityRole.person_id == Person.id)
        .join(Opportunity, Opportunity.id == OpportunityRole.opportunity_id)
    )
    return _is_there(asked.where(*_named(panel, crm_id), Opportunity.crm_id == opportunity))


def activity_is_of_person(panel: str, crm_id: str, activity: int) -> bool:
    """Whether an activity is a lead's or contact's own, or of whom that record became."""
    asked = select(Activity.id).join(Person, Person.id == Activity.person_id)
    return _is_there(asked.where(Activity.id == activity, _is_now_or_was(panel, crm_id)))


def activity_is_of_contact_or_account(contact: str, activity: int) -> bool:
    """Whether an activity is a contact's own, or another's of the same account."""
    with_contact = or_(Person.id == Activity.person_id, Person.account_id == Activity.account_id)
    asked = select(Activity.id).join(Person, with_contact)
    return _is_there(asked.where(Activity.id == activity, _is_now_or_was("contacts", contact)))


def activity_is_of_account(account: str, activity: int) -> bool:
    """Whether an activity is one of an account's contacts."""
    asked = select(Activity.id).join(Account, Account.id == Activity.account_id)
    return _is_there(asked.where(Activity.id == activity, Account.crm_id == account))


def activity_is_of_opportunity(opportunity: str, activity: int) -> bool:
    """Whether an activity is one of somebody who has a role in an opportunity."""
    asked = (
        select(Activity.id)
        .join(OpportunityRole, OpportunityRole.person_id == Activity.person_id)
        .join(Opportunity, Opportunity.id == OpportunityRole.opportunity_id)
    )
    return _is_there(asked.where(Activity.id == activity, Opportunity.crm_id == opportunity))
