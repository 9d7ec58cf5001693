"""Writing accounts, opportunities and the roles of people in them.

Files may come in any order: an account or opportunity of which others speak first is there without
a name until its own row comes, and a role waits for its person. The caller holds the write transaction.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

from msgspec import UNSET
from sqlalchemy import select, update

from webui.database import chunks, db, insert
from webui.ingest.records import AccountRecord, OpportunityRecord, Origin, Outcome, RoleRecord
from webui.models import Account, FormerRecord, Opportunity, OpportunityRole, Person


def account_ids(crm_ids: Collection[str]) -> dict[str, int]:
    """Return the ids of these accounts, adding those not yet there without a name."""
    return _ids(Account, crm_ids)


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
    return _write(Account, [(record.crm_id, {"name": record.name}) for record, _ in items])


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


def write_roles(items: list[tuple[RoleRecord, Origin]]) -> Outcome:
    """Store rows of roles; one whose person is not known yet waits for them."""
    outcome = Outcome(Counter(), [])
    opportunities = _ids(Opportunity, {record.opportunity_crm_id for record, _ in items})
    people = people_by_crm_id({record.person_crm_id for record, _ in items})
    stored = _stored_roles(set(opportunities.values()))
    for record, _ in items:
        key = (opportunities[record.opportunity_crm_id], record.person_crm_id, record.role)
        if key not in stored:
            values = dict(zip(("opportunity_id", "person_crm_id", "role"), key, strict=True))
            values |= {"is_primary": record.is_primary, "person_id": people.get(record.person_crm_id)}
            db.session.execute(insert(OpportunityRole.__table__).values(values))
            outcome.counts["added"] += 1
        elif stored[key] != record.is_primary:
            table = OpportunityRole.__table__
            same = (table.c.opportunity_id == key[0], table.c.person_crm_id == key[1], table.c.role == key[2])
            db.session.execute(update(table).where(*same).values(is_primary=record.is_primary))
            outcome.counts["updated"] += 1
        else:
            outcome.counts["unchanged"] += 1
        stored[key] = record.is_primary
    return outcome


def _stored_roles(opportunity_ids: Collection[int]) -> dict[tuple[int, str, str], bool]:
    found: dict[tuple[int, str, str], bool] = {}
    for some in chunks(sorted(opportunity_ids)):
        rows = select(
            OpportunityRole.opportunity_id,
            OpportunityRole.person_crm_id,
            OpportunityRole.role,
            OpportunityRole.is_primary,
        ).where(OpportunityRole.opportunity_id.in_(some))
        found.update(
            ((opportunity, person, role), primary)
            for opportunity, person, role, primary in db.session.execute(rows)
        )
    return found


def people_by_crm_id(crm_ids: Collection[str]) -> dict[str, int]:
    """Return whom these CRM ids name: a contact first, else a lead, else the contact a lead became."""
    found: dict[str, int] = {}
    for some in chunks(sorted(crm_ids)):
        former = select(FormerRecord.crm_id, FormerRecord.person_id).where(FormerRecord.crm_id.in_(some))
        found.update((crm_id, id_) for crm_id, id_ in db.session.execute(former) if id_ is not None)
        for kind in ("lead", "contact"):
            here = select(Person.crm_id, Person.id).where(Person.kind == kind, Person.crm_id.in_(some))
            found.update(db.session.execute(here).all())
    return found


def resolve_roles(crm_ids: Collection[str]) -> None:
    """Bring the roles of these CRM ids to the people whom they now name."""
    people = people_by_crm_id(crm_ids)
    table = OpportunityRole.__table__
    for some in chunks(sorted(people)):
        waiting = select(table.c.id, table.c.person_crm_id, table.c.person_id).where(
            table.c.person_crm_id.in_(some)
        )
        for id_, crm_id, person_id in db.session.execute(waiting).all():
            if person_id != people[crm_id]:
                db.session.execute(update(table).where(table.c.id == id_).values(person_id=people[crm_id]))
