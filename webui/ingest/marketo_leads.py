"""Marketo's leads as its REST API gives them, made into people and their accounts.

Which of Marketo's fields hold the CRM's ids differs: its Salesforce and Dynamics syncs have fields of
their own, other integrations fill custom ones, which a setting names. A field that was asked for and has
no value comes as null, which clears; one that this subscription does not have is not asked for.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from webui.ingest.attributes import lead_id
from webui.ingest.records import (
    LONGEST_FIELD,
    AccountRecord,
    BadRow,
    Batch,
    Origin,
    PersonRecord,
    Rejection,
    Text,
    crm_id,
    one_line,
)

SOURCE = "marketo-leads"
NO_CRM_ID = "no-crm-id"

_NATIVE = {
    "lead": ("sfdcLeadId", "msftLeadId"),
    "contact": ("sfdcContactId", "msftContactId"),
    "account": ("sfdcAccountId", "msftAccountId", "externalCompanyId"),
}
_TEXTS = ("firstName", "lastName", "email", "leadOwnerEmailAddress")
_COMPANY = "company"


class Fields(NamedTuple):
    """Marketo's fields that hold a person's ids in the CRM, in the order in which they count."""

    lead: tuple[str, ...]
    contact: tuple[str, ...]
    account: tuple[str, ...]

    @property
    def wanted(self) -> frozenset[str]:
        """All fields that are asked for, as far as the subscription has them."""
        return frozenset(("id", _COMPANY, *_TEXTS, *self.lead, *self.contact, *self.account))


def fields_of(chosen: Mapping[str, str]) -> Fields:
    """Return the fields that hold CRM ids: those that a setting chose, else those of a native CRM sync."""
    return Fields(*((chosen[kind],) if kind in chosen else _NATIVE[kind] for kind in Fields._fields))


def batches(leads: list[dict[str, Any]], fields: Fields) -> tuple[Batch, Batch, list[int]]:
    """Return the accounts and the people of some leads, and the ids of those that the CRM does not have."""
    accounts = Batch(source="marketo-companies", file="Marketo REST API")
    people = Batch(source=SOURCE, file="Marketo REST API")
    nowhere: list[int] = []
    for lead in leads:
        body = msgspec.json.encode(lead).decode()
        origin = Origin(0, body)
        try:
            person, account = read(lead, fields)
        except BadRow as bad:
            people.rejections.append(Rejection.of(origin, bad))
            continue
        if person is None:
            nowhere.append(lead_id(lead.get("id"), "id"))
            continue
        people.records.append((person, origin))
        if account is not None:
            accounts.records.append((account, origin))
    return accounts, people, nowhere


def read(lead: Mapping[str, Any], fields: Fields) -> tuple[PersonRecord | None, AccountRecord | None]:
    """Return a lead as a person, None if it has no id of the CRM, and the account, if it names one.

    Raises BadRow for an id that is none.
    """
    marketo_id = lead_id(lead.get("id"), "id")
    contact, as_lead = _id(lead, fields.contact), _id(lead, fields.lead)
    known_as = contact or as_lead
    if not known_as:
        return None, None
    account = _id(lead, fields.account) if contact else UNSET
    person = PersonRecord(
        kind="contact" if contact else "lead",
        crm_id=known_as,
        marketo_id=marketo_id,
        account_crm_id=account,
        first_name=_text(lead, "firstName"),
        last_name=_text(lead, "lastName"),
        email=_text(lead, "email"),
        owner=_text(lead, "leadOwnerEmailAddress"),
    )
    if not isinstance(account, str):
        return person, None
    return person, AccountRecord(crm_id=account, name=_text(lead, _COMPANY) or UNSET)  # one of many who say


def _id(lead: Mapping[str, Any], names: tuple[str, ...]) -> Text:
    """Return the first of these fields that has a value; None where one is there and none has."""
    there = [name for name in names if name in lead]
    for name in there:
        value = one_line(str(lead[name] or "")).strip("{}")
        if value:
            return crm_id(value.lower() if name.startswith("msft") else value, name)
    return None if there else UNSET


def _text(lead: Mapping[str, Any], name: str) -> Text:
    if name not in lead:
        return UNSET
    value = lead[name]
    if value is None:
        return None
    text = one_line(value if isinstance(value, str) else str(value))
    if len(text) > LONGEST_FIELD:
        raise BadRow(name, f"the value has {len(text)} characters, more than {LONGEST_FIELD}")
    return text or None
