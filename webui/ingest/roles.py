"""Writing the roles that people have in opportunities: they come, go, and wait for their person.

Marketo's REST API tells all the roles of a person, so what it told once and tells no more is gone. A
file tells some, and says of one that it is deleted. The caller holds the write transaction.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select, update

from webui.database import chunks, db, insert
from webui.ingest.deals import opportunity_ids
from webui.ingest.former_leads import former
from webui.ingest.known_people import marketo_ids_of
from webui.ingest.records import LeadRole, Origin, Outcome, RoleRecord
from webui.models import FormerRecord, MarketoLead, Opportunity, OpportunityRole, Person

Key = tuple[int, str, str]
"""Opportunity, CRM id of the person, role."""


def write_roles(items: list[tuple[RoleRecord, Origin]], warnings: Counter[str]) -> Outcome:
    """Store rows of roles; one whose person is not known yet waits for them, one of a deleted is ignored."""
    outcome = Outcome(Counter(), [])
    coming = [record for record, _ in items if not record.is_deleted]
    opportunities = opportunity_ids({record.opportunity_crm_id for record in coming})
    people = people_by_crm_id({record.person_crm_id for record in coming})
    deleted = _deleted({record.person_crm_id for record in coming} - people.keys())
    leaving = {record.opportunity_crm_id for record, _ in items} - opportunities.keys()
    opportunities |= _known_opportunities(leaving)
    stored = _stored(OpportunityRole.opportunity_id, set(opportunities.values()))
    for record, _ in items:
        key = (opportunities.get(record.opportunity_crm_id, 0), record.person_crm_id, record.role)
        if record.is_deleted:
            done = _remove(key, stored)
        elif record.person_crm_id in deleted:
            warnings["a role of a person who was deleted was ignored"] += 1
            done = "ignored"
        else:
            told = {"is_primary": record.is_primary, "by_rest": False}
            done = _put(key, people.get(record.person_crm_id), told, stored)
        outcome.counts[done] += 1
    return outcome


def replace_roles(marketo_ids: Collection[int], told: Collection[LeadRole]) -> int:
    """Store what Marketo says now of the roles of these leads; return how many came, changed or went.

    A role that Marketo told before and tells no more goes, of people all of whose Marketo ids were
    asked for. What files told stays as it is. Roles of leads whose person is not known are left out.
    """
    merged = former({*marketo_ids, *(one.marketo_id for one in told)})
    asked = {merged.get(marketo_id, marketo_id) for marketo_id in marketo_ids}
    people = _people_of({id_ for id_ in asked if id_ is not None})
    whole = _asked_wholly({id_ for id_, _ in people.values()}, asked)
    opportunities = opportunity_ids({one.opportunity_crm_id for one in told})
    stored = _stored(OpportunityRole.person_id, {id_ for id_, _ in people.values()})
    stored |= _stored(OpportunityRole.opportunity_id, set(opportunities.values()))
    wanted: dict[Key, tuple[int, bool]] = {}
    for one in told:
        person = people.get(merged.get(one.marketo_id, one.marketo_id) or 0)
        if person is not None:
            key = (opportunities[one.opportunity_crm_id], person[1], one.role)
            wanted[key] = (person[0], one.is_primary)
    changes = 0
    for key, (person_id, is_primary) in wanted.items():
        if key not in stored or stored[key]["by_rest"]:
            done = _put(key, person_id, {"is_primary": is_primary, "by_rest": True}, stored)
            changes += done != "unchanged"
    for key, role in list(stored.items()):
        if role["by_rest"] and role["person_id"] in whole and key not in wanted:
            _remove(key, stored)
            changes += 1
    return changes


def _put(key: Key, person_id: int | None, told: dict[str, bool], stored: dict[Key, dict[str, Any]]) -> str:
    if key not in stored:
        values = dict(zip(("opportunity_id", "person_crm_id", "role"), key, strict=True))
        stored[key] = {"person_id": person_id, **told}
        db.session.execute(insert(OpportunityRole.__table__).values({**values, **stored[key]}))
        return "added"
    if all(stored[key][name] == value for name, value in told.items()):
        return "unchanged"
    stored[key] |= told
    db.session.execute(update(OpportunityRole.__table__).where(*_same(key)).values(told))
    return "updated"


def _remove(key: Key, stored: dict[Key, dict[str, Any]]) -> str:
    if stored.pop(key, None) is None:
        return "unchanged"
    db.session.execute(delete(OpportunityRole.__table__).where(*_same(key)))
    return "updated"


def _same(key: Key) -> tuple[Any, ...]:
    table = OpportunityRole.__table__
    return table.c.opportunity_id == key[0], table.c.person_crm_id == key[1], table.c.role == key[2]


def _stored(column: Any, ids: Collection[int]) -> dict[Key, dict[str, Any]]:
    """Return the roles whose ``column`` is one of these ids."""
    found: dict[Key, dict[str, Any]] = {}
    for some in chunks(sorted(ids)):
        for row in db.session.execute(select(OpportunityRole.__table__).where(column.in_(some))):
            role = {name: getattr(row, name) for name in ("person_id", "is_primary", "by_rest")}
            found[row.opportunity_id, row.person_crm_id, row.role] = role
    return found


def _known_opportunities(crm_ids: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(crm_ids)):
        rows = select(Opportunity.crm_id, Opportunity.id).where(Opportunity.crm_id.in_(some))
        found.update(db.session.execute(rows).all())
    return found


def _people_of(marketo_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return id and CRM id of the people of these Marketo ids."""
    found: dict[int, tuple[int, str]] = {}
    for some in chunks(sorted(marketo_ids)):
        rows = select(MarketoLead.marketo_id, Person.id, Person.crm_id)
        rows = rows.join(Person, Person.id == MarketoLead.person_id)
        theirs = rows.where(MarketoLead.marketo_id.in_(some))
        found.update((marketo_id, (id_, crm_id)) for marketo_id, id_, crm_id in db.session.execute(theirs))
    return found


def _asked_wholly(person_ids: Collection[int], asked: Collection[int | None]) -> set[int]:
    """Return those of these people all of whose Marketo ids are among ``asked``."""
    rest = marketo_ids_of(person_ids) - set(asked)
    return set(person_ids) - {id_ for id_, _ in _people_of(rest).values()}


def _deleted(crm_ids: Collection[str]) -> set[str]:
    """Return those of these CRM ids that were a deleted person's."""
    found: set[str] = set()
    for some in chunks(sorted(crm_ids)):
        gone = (FormerRecord.crm_id.in_(some), FormerRecord.person_id.is_(None))
        found.update(db.session.scalars(select(FormerRecord.crm_id).where(*gone)))
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
