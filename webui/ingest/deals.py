"""Writing accounts and opportunities.

Files may come in any order: one of which others speak first is there without a name until its own row
comes. The caller holds the write transaction.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

from msgspec import UNSET
from sqlalchemy import select, update

from webui.database import chunks, db, insert
from webui.ingest import search_texts
from webui.ingest.records import AccountRecord, OpportunityRecord, Origin, Outcome
from webui.models import Account, Opportunity, Subject


def account_ids(crm_ids: Collection[str]) -> dict[str, int]:
    """Return the ids of these accounts, adding those not yet there without a name."""
    return _ids(Account, crm_ids)


def opportunity_ids(crm_ids: Collection[str]) -> dict[str, int]:
    """Return the ids of these opportunities, adding those not yet there without a name."""
    return _ids(Opportunity, crm_ids)


def _ids(model: type[Account] | type[Opportunity], crm_ids: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(crm_ids)):
        found.update(db.session.execute(select(model.crm_id, model.id).where(model.crm_id.in_(some))).all())
    for crm_id in sorted(set(crm_ids) - found.keys()):
        added = insert(model.__table__).values(crm_id=crm_id).returning(model.__table__.c.id)
        found[crm_id] = db.session.execute(added).scalar_one()
    return found


def write_accounts(items: list[tuple[AccountRecord, Origin]]) -> Outcome:
    """Store rows of accounts."""
    outcome = _write(Account, [(record.crm_id, {"name": record.name}) for record, _ in items])
    search_texts.renew(Subject.ACCOUNT, account_ids({record.crm_id for record, _ in items}).values())
    return outcome


def write_opportunities(items: list[tuple[OpportunityRecord, Origin]]) -> Outcome:
    """Store rows of opportunities; an account not yet known is added without a name."""
    named = {record.account_crm_id for record, _ in items if isinstance(record.account_crm_id, str)}
    accounts = account_ids({crm_id for crm_id in named if isinstance(crm_id, str)})
    rows = []
    for record, _ in items:
        account: Any = record.account_crm_id
        rows.append(
            (record.crm_id, {"name": record.name, "account_id": accounts[account] if account else account})
        )
    return _write(Opportunity, rows)


def _write(model: type[Account] | type[Opportunity], rows: list[tuple[str, dict[str, Any]]]) -> Outcome:
    outcome = Outcome(Counter(), [])
    table = model.__table__
    stored: dict[str, dict[str, Any]] = {}
    for some in chunks([crm_id for crm_id, _ in rows]):
        for row in db.session.execute(select(table).where(table.c.crm_id.in_(some))):
            stored[row.crm_id] = dict(row._mapping)
    for crm_id, told in rows:
        there = stored.get(crm_id)
        if there is None:
            values = {name: None if value is UNSET else value for name, value in told.items()}
            db.session.execute(insert(table).values(crm_id=crm_id, **values))
            stored[crm_id] = values
            outcome.counts["added"] += 1
            continue
        changed = {name: value for name, value in told.items() if value is not UNSET and value != there[name]}
        if changed:
            there |= changed
            db.session.execute(update(table).where(table.c.crm_id == crm_id).values(changed))
        outcome.counts["updated" if changed else "unchanged"] += 1
    return outcome
