"""Whose activities are read: a person's, an account's, an opportunity's or everyone's."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, select

from webui.models import Activity, OpportunityRole
from webui.vocabulary import BY_KEY, GLOBAL_KEYS


class OfPerson(NamedTuple):
    """The activities of one lead or contact."""

    person_id: int


class OfAccount(NamedTuple):
    """The activities of an account's contacts."""

    account_id: int


class OfOpportunity(NamedTuple):
    """The activities of the people who have a role in an opportunity."""

    opportunity_id: int


class OfEveryone(NamedTuple):
    """The activities of everyone known, of the types that the global tab lists."""


Scope = OfPerson | OfAccount | OfOpportunity | OfEveryone


def types_of(scope: Scope) -> tuple[str, ...]:
    """Return the keys of the types that a scope lists."""
    return GLOBAL_KEYS if isinstance(scope, OfEveryone) else tuple(BY_KEY)


def people_of(opportunity_id: int) -> Select[int | None]:
    """Return the query of the ids of those who have a role in an opportunity."""
    return select(OpportunityRole.person_id).where(
        OpportunityRole.opportunity_id == opportunity_id, OpportunityRole.person_id.is_not(None)
    )


def within(scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that keep a query of activities to the scope."""
    match scope:
        case OfPerson(person_id):
            return [Activity.person_id == person_id]
        case OfAccount(account_id):
            return [Activity.account_id == account_id]
        case OfOpportunity(opportunity_id):
            return [Activity.person_id.in_(people_of(opportunity_id))]
    return [Activity.person_id.is_not(None), Activity.type_key.in_(GLOBAL_KEYS)]
