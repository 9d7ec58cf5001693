"""The four CRM files: accounts, people, opportunities and the roles that people have in them.

An empty cell says nothing and changes nothing; the text ``null`` clears. So a second row of the same
person can add a Marketo id without repeating the rest.
"""

from collections.abc import Callable

from msgspec import UNSET

from webui.ingest.attributes import lead_id
from webui.ingest.records import (
    LONGEST_FIELD,
    AccountRecord,
    BadRow,
    OpportunityRecord,
    PersonRecord,
    Record,
    RoleRecord,
    Text,
    crm_id,
    one_line,
)

Cells = dict[str, str]

LONGEST_ROLE = 255  # it is part of a key

_KINDS = ("lead", "contact")
_YES = ("true", "1", "yes")
_NO = ("false", "0", "no", "", "null")


def account(cells: Cells) -> AccountRecord:
    """Make a record of a row of accounts.csv; raise BadRow if it cannot be."""
    return AccountRecord(crm_id=_id(cells, "crm_id"), name=_text(cells, "name"))


def person(cells: Cells) -> PersonRecord:
    """Make a record of a row of people.csv; raise BadRow if it cannot be."""
    kind = cells["kind"].strip().lower()
    if kind not in _KINDS:
        raise BadRow("kind", f"{kind[:80]!r} is neither lead nor contact")
    marketo_id = cells.get("marketo_id", "").strip()
    account_crm_id = _text(cells, "account_crm_id")
    if account_crm_id:
        account_crm_id = _id(cells, "account_crm_id")
    return PersonRecord(
        kind=kind,
        crm_id=_id(cells, "crm_id"),
        marketo_id=None if marketo_id in ("", "null") else lead_id(marketo_id, "marketo_id"),
        first_name=_text(cells, "first_name"),
        last_name=_text(cells, "last_name"),
        email=_text(cells, "email"),
        account_crm_id=account_crm_id,
        owner=_text(cells, "owner"),
        is_deleted=_flag(cells, "is_deleted"),
    )


def opportunity(cells: Cells) -> OpportunityRecord:
    """Make a record of a row of opportunities.csv; raise BadRow if it cannot be."""
    account_crm_id = _text(cells, "account_crm_id")
    if account_crm_id:
        account_crm_id = _id(cells, "account_crm_id")
    return OpportunityRecord(
        crm_id=_id(cells, "crm_id"), name=_text(cells, "name"), account_crm_id=account_crm_id
    )


def role(cells: Cells) -> RoleRecord:
    """Make a record of a row of roles.csv; raise BadRow if it cannot be."""
    named = _text(cells, "role")
    if isinstance(named, str) and len(named) > LONGEST_ROLE:
        raise BadRow("role", f"the role has {len(named)} characters, more than {LONGEST_ROLE}")
    return RoleRecord(
        opportunity_crm_id=_id(cells, "opportunity_crm_id"),
        person_crm_id=_id(cells, "person_crm_id"),
        role=named if isinstance(named, str) else "",
        is_primary=_flag(cells, "is_primary"),
        is_deleted=_flag(cells, "is_deleted"),
    )


# Which file it is, by the columns it must have; the first that fits, so the narrowest come last.
KINDS: dict[str, tuple[frozenset[str], Callable[[Cells], Record]]] = {
    "roles": (frozenset(("opportunity_crm_id", "person_crm_id")), role),
    "people": (frozenset(("kind", "crm_id")), person),
    "opportunities": (frozenset(("crm_id", "name", "account_crm_id")), opportunity),
    "accounts": (frozenset(("crm_id", "name")), account),
}


def _id(cells: Cells, column: str) -> str:
    value = cells[column].strip()
    if value in ("", "null"):
        raise BadRow(column, "the id is missing")
    return crm_id(value, column)


def _flag(cells: Cells, column: str) -> bool:
    value = cells.get(column, "").strip().lower()
    if value not in (*_YES, *_NO):
        raise BadRow(column, f"{value[:80]!r} is neither true nor false")
    return value in _YES


def _text(cells: Cells, column: str) -> Text:
    value = cells.get(column, "")
    if len(value) > LONGEST_FIELD:
        raise BadRow(column, f"the value has {len(value)} characters, more than {LONGEST_FIELD}")
    value = one_line(value)
    if value == "null":
        return None
    return value or UNSET
