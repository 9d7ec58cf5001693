"""What belongs to a record: asked before a page is shown to somebody who was granted that record.

Each function is one look-up by index and answers whether; none of them returns anything of the record.
"""

from sqlalchemy import BigInteger, String, and_, bindparam, or_, select

from webui.feeds.records import PERSON_KINDS
from webui.lookups import Lookup
from webui.models import Account, Activity, FormerRecord, Opportunity, OpportunityRole, Person

_GROUP = bindparam("group", type_=String)
_ACTIVITY = Activity.id == bindparam("activity", type_=BigInteger)
_PERSON = and_(
    Person.kind == bindparam("kind", type_=String), Person.crm_id == bindparam("crm_id", type_=String)
)
_FORMER = and_(
    FormerRecord.kind == bindparam("former_kind", type_=String),
    FormerRecord.crm_id == bindparam("former_crm_id", type_=String),
)
_IS_NOW_OR_WAS = or_(_PERSON, Person.id.in_(select(FormerRecord.person_id).where(_FORMER)))

_IS_NOW = Lookup(
    select(FormerRecord.crm_id)
    .join(Person, Person.id == FormerRecord.person_id)
    .where(_FORMER, _PERSON)
    .limit(1)
)
_IS_CONTACT_OF = Lookup(
    select(Person.id)
    .join(Account, Account.id == Person.account_id)
    .where(_PERSON, Account.crm_id == _GROUP)
    .limit(1)
)
_HAS_ROLE_IN = Lookup(
    select(Person.id)
    .join(OpportunityRole, OpportunityRole.person_id == Person.id)
    .join(Opportunity, Opportunity.id == OpportunityRole.opportunity_id)
    .where(_PERSON, Opportunity.crm_id == _GROUP)
    .limit(1)
)
_IS_OF_PERSON = Lookup(
    select(Activity.id)
    .join(Person, Person.id == Activity.person_id)
    .where(_ACTIVITY, _IS_NOW_OR_WAS)
    .limit(1)
)
_IS_OF_CONTACT_OR_ACCOUNT = Lookup(
    select(Activity.id)
    .join(Person, or_(Person.id == Activity.person_id, Person.account_id == Activity.account_id))
    .where(_ACTIVITY, _IS_NOW_OR_WAS)
    .limit(1)
)
_IS_OF_ACCOUNT = Lookup(
    select(Activity.id)
    .join(Account, Account.id == Activity.account_id)
    .where(_ACTIVITY, Account.crm_id == _GROUP)
    .limit(1)
)
_IS_OF_OPPORTUNITY = Lookup(
    select(Activity.id)
    .join(OpportunityRole, OpportunityRole.person_id == Activity.person_id)
    .join(Opportunity, Opportunity.id == OpportunityRole.opportunity_id)
    .where(_ACTIVITY, Opportunity.crm_id == _GROUP)
    .limit(1)
)


def _person(panel: str, crm_id: str) -> dict[str, str]:
    return {"kind": PERSON_KINDS[panel], "crm_id": crm_id}


def _former(panel: str, crm_id: str) -> dict[str, str]:
    return {"former_kind": PERSON_KINDS[panel], "former_crm_id": crm_id}


def is_now(former: tuple[str, str], panel: str, crm_id: str) -> bool:
    """Whether a record (panel, crm_id) was converted or merged into this lead or contact."""
    return _IS_NOW.row(**_former(*former), **_person(panel, crm_id)) is not None


def is_contact_of(account: str, crm_id: str) -> bool:
    """Whether a contact belongs to an account."""
    return _IS_CONTACT_OF.row(group=account, **_person("contacts", crm_id)) is not None


def has_role_in(opportunity: str, panel: str, crm_id: str) -> bool:
    """Whether a lead or contact has a role in an opportunity."""
    return _HAS_ROLE_IN.row(group=opportunity, **_person(panel, crm_id)) is not None


def activity_is_of_person(panel: str, crm_id: str, activity: int) -> bool:
    """Whether an activity is a lead's or contact's own, or of whom that record became."""
    whose = {**_person(panel, crm_id), **_former(panel, crm_id)}
    return _IS_OF_PERSON.row(activity=activity, **whose) is not None


def activity_is_of_contact_or_account(contact: str, activity: int) -> bool:
    """Whether an activity is a contact's own, or another's of the same account."""
    whose = {**_person("contacts", contact), **_former("contacts", contact)}
    return _IS_OF_CONTACT_OR_ACCOUNT.row(activity=activity, **whose) is not None


def activity_is_of_account(account: str, activity: int) -> bool:
    """Whether an activity is one of an account's contacts."""
    return _IS_OF_ACCOUNT.row(activity=activity, group=account) is not None


def activity_is_of_opportunity(opportunity: str, activity: int) -> bool:
    """Whether an activity is one of somebody who has a role in an opportunity."""
    return _IS_OF_OPPORTUNITY.row(activity=activity, group=opportunity) is not None
