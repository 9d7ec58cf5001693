"""Which activities are read: a person's, an account's, an opportunity's or everyone's, of one family."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CursorResult,
    Select,
    String,
    bindparam,
    literal_column,
    select,
)

from webui.database import db
from webui.models import Activity, OpportunityRole
from webui.vocabulary import CHAT, FAMILY, global_keys_of, keys_of


class OfPerson(NamedTuple):
    """The activities of one lead or contact."""

    person_id: int
    family: str = CHAT.key


class OfAccount(NamedTuple):
    """The activities of an account's contacts."""

    account_id: int
    family: str = CHAT.key


class OfOpportunity(NamedTuple):
    """The activities of the people who have a role in an opportunity."""

    opportunity_id: int
    family: str = CHAT.key


class OfEveryone(NamedTuple):
    """The activities of everyone known, of the types that the global tab lists."""

    family: str = CHAT.key


Scope = OfPerson | OfAccount | OfOpportunity | OfEveryone

# Building a statement costs ten times what it takes SQLite to answer it. Those that do not depend on a filter
# are built once for each kind of scope, and ``read`` binds the id that its ``ID`` stands for.
ID = "scope_id"
S = TypeVar("S")


def built_once(build: Callable[[Any], S]) -> Callable[[Scope], S]:
    """Let a statement be built once for each kind of scope and family; whose it is, ``read`` says."""
    built: dict[tuple[str, str], S] = {}

    @wraps(build)
    def of(scope: Scope) -> S:
        kind = type(scope).__name__, scope.family
        if kind not in built:
            built[kind] = build(scope)
        return built[kind]

    return of


def read(statement: Select[*tuple[Any, ...]], scope: Scope, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Execute a statement that was built for the scope's kind, with its id and further values."""
    whose = {} if isinstance(scope, OfEveryone) else {ID: scope[0]}
    return db.session.connection().execute(statement, {**values, **whose})


def bound_id(id_: int | None = None) -> ColumnElement[int]:
    """Return a scope's id as what ``read`` binds anew; it need not be known yet."""
    return bindparam(ID, id_, type_=BigInteger)


def types_of(scope: Scope) -> tuple[str, ...]:
    """Return the keys of the types that a scope lists."""
    return global_keys_of(scope.family) if isinstance(scope, OfEveryone) else keys_of(scope.family)


def people_of(opportunity_id: int | ColumnElement[int]) -> Select[int | None]:
    """Return the query of the ids of those who have a role in an opportunity."""
    return select(OpportunityRole.person_id).where(
        OpportunityRole.opportunity_id == opportunity_id, OpportunityRole.person_id.is_not(None)
    )


def within(scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that keep a query of activities to the scope, read by an index of its family.

    The family is written out: the planners then know how many of it there are.
    """
    return [Activity.family == _family(scope), *_listed(scope)]


def within_others(scope: Scope) -> list[ColumnElement[bool]]:
    """Return the same for a query that another index serves better, so that the family's is left alone."""
    return [Activity.family.concat("") == _family(scope), *_listed(scope)]


def _family(scope: Scope) -> ColumnElement[str]:
    [family] = written_out([FAMILY[scope.family].key])
    return family


def written_out(keys: Iterable[str]) -> list[ColumnElement[str]]:
    """Return keys of the vocabulary for a statement that is built once: nothing of it is bound anew."""
    return [literal_column(f"'{key}'", String) for key in keys]


def _listed(scope: Scope) -> list[ColumnElement[bool]]:
    if isinstance(scope, OfEveryone) and types_of(scope) != keys_of(scope.family):
        return [*whose(scope), Activity.type_key.in_(written_out(types_of(scope)))]
    return whose(scope)


def whose(scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that keep a query of activities to the scope's people, of whatever family."""
    match scope:
        case OfPerson(person_id):
            return [Activity.person_id == bound_id(person_id)]
        case OfAccount(account_id):
            return [Activity.account_id == bound_id(account_id)]
        case OfOpportunity(opportunity_id):
            return [Activity.person_id.in_(people_of(bound_id(opportunity_id)))]
    return [Activity.person_id.is_not(None)]
