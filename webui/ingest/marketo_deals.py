"""Companies, opportunities and roles as Marketo's REST API gives them, made into records."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from webui.ingest.attributes import lead_id
from webui.ingest.crm_files import LONGEST_ROLE
from webui.ingest.records import (
    AccountRecord,
    BadRow,
    Batch,
    LeadRole,
    OpportunityRecord,
    Origin,
    Record,
    Rejection,
    Text,
    crm_id,
    one_line,
)

FILE = "Marketo REST API"
COMPANIES = "marketo-companies"
OPPORTUNITIES = "marketo-opportunities"
ROLES = "marketo-roles"

Row = Mapping[str, Any]


def accounts(rows: Iterable[Row]) -> Batch:
    """Return the accounts that companies are; one without ``externalCompanyId`` is not the CRM's."""
    return _batch(COMPANIES, rows, _account)


def opportunities(rows: Iterable[Row]) -> Batch:
    """Return opportunities; one without ``externalOpportunityId`` is not the CRM's."""
    return _batch(OPPORTUNITIES, rows, _opportunity)


def roles(rows: Iterable[Row]) -> tuple[list[LeadRole], Batch]:
    """Return the roles of people, and a batch of those that cannot be used."""
    found: list[LeadRole] = []
    bad = Batch(source=ROLES, file=FILE)
    for row in rows:
        try:
            role = _role(row)
        except BadRow as reason:
            bad.rejections.append(Rejection.of(_origin(row), reason))
            continue
        if role is not None:
            found.append(role)
    return found, bad


def _origin(row: Row) -> Origin:
    return Origin(0, msgspec.json.encode(row).decode())


def _batch(source: str, rows: Iterable[Row], read: Callable[[Row], Record | None]) -> Batch:
    batch = Batch(source=source, file=FILE)
    for row in rows:
        origin = _origin(row)
        try:
            record = read(row)
        except BadRow as bad:
            batch.rejections.append(Rejection.of(origin, bad))
            continue
        if record is not None:
            batch.records.append((record, origin))
    return batch


def _account(row: Row) -> AccountRecord | None:
    company = _id(row, "externalCompanyId")
    return AccountRecord(crm_id=company, name=_name(row, "company")) if company else None


def _opportunity(row: Row) -> OpportunityRecord | None:
    opportunity = _id(row, "externalOpportunityId")
    if not opportunity:
        return None
    account = _id(row, "externalCompanyId") if row.get("externalCompanyId") else UNSET
    return OpportunityRecord(crm_id=opportunity, name=_name(row, "name"), account_crm_id=account)


def _role(row: Row) -> LeadRole | None:
    opportunity = _id(row, "externalOpportunityId")
    if not opportunity:
        return None
    role = _name(row, "role")
    if isinstance(role, str) and len(role) > LONGEST_ROLE:
        raise BadRow("role", f"the role has {len(role)} characters, more than {LONGEST_ROLE}")
    return LeadRole(
        marketo_id=lead_id(row.get("leadId")),
        opportunity_crm_id=opportunity,
        role=role if isinstance(role, str) else "",
        is_primary=str(row.get("isPrimary")).lower() in ("true", "1", "yes"),
    )


def _id(row: Row, name: str) -> str | None:
    value = one_line(str(row.get(name) or ""))
    return crm_id(value, name) if value else None


def _name(row: Row, name: str) -> Text:
    if name not in row:
        return UNSET
    return one_line(str(row[name])) or None if row[name] is not None else None
