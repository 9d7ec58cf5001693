"""Writing people: arrivals, changes, and the lead that became a contact.

A contact that has the Marketo id of a lead is that lead converted: the lead's activities, roles and
Marketo ids go over to it and the lead becomes a ``FormerRecord``, in whichever order the rows come.
The caller holds the write transaction.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from msgspec import UNSET
from sqlalchemy import delete, select, update

from webui.database import chunks, db, insert
from webui.ingest.attribution import attribute
from webui.ingest.deals import account_ids, resolve_roles
from webui.ingest.records import BadRow, Origin, Outcome, PersonRecord, Rejection
from webui.models import FormerRecord, MarketoLead, OpportunityRole, Person

Key = tuple[str, str]

_TEXTS = ("first_name", "last_name", "email", "owner")
_FAMILY_NAME_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def full_name(first: str | None, last: str | None, email: str | None, crm_id: str) -> str:
    """Return how a person is called in lists; family name first where the name is written so."""
    parts = [part for part in (first, last) if part]
    if len(parts) == 2 and any(_FAMILY_NAME_FIRST.search(part) for part in parts):
        parts.reverse()
    return " ".join(parts) or email or crm_id


@dataclass
class _State:
    """What the rows of a batch meet, kept in step while they are written."""

    people: dict[Key, dict[str, Any]] = field(default_factory=dict)
    by_id: dict[int, dict[str, Any]] = field(default_factory=dict)
    former: dict[Key, int] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    to_attribute: set[int] = field(default_factory=set)
    appeared: set[str] = field(default_factory=set)


def write(items: list[tuple[PersonRecord, Origin]], warnings: Counter[str]) -> Outcome:
    """Store the rows. Rejected: a Marketo id that belongs to another person of the same kind."""
    outcome = Outcome(Counter(), [])
    state = _meet([record for record, _ in items])
    for record, origin in items:
        if record.kind == "lead" and record.account_crm_id:
            warnings[
                "an account given for a lead was ignored: a lead belongs to none until it is converted"
            ] += 1
        try:
            outcome.counts[_write(record, state)] += 1
        except BadRow as bad:
            outcome.rejections.append(Rejection.of(origin, bad))
    attribute(state.to_attribute)
    resolve_roles(state.appeared)
    return outcome


def _meet(records: list[PersonRecord]) -> _State:
    state = _State()
    crm_ids = list({record.crm_id for record in records})
    marketo_ids = list({record.marketo_id for record in records if record.marketo_id is not None})
    for some in chunks(crm_ids):
        _remember(state, Person.crm_id.in_(some))
        for row in db.session.execute(select(FormerRecord).where(FormerRecord.crm_id.in_(some))).scalars():
            if row.person_id is not None:
                state.former[row.kind, row.crm_id] = row.person_id
    for numbers in chunks(marketo_ids):
        owned = select(MarketoLead.marketo_id, MarketoLead.person_id).where(
            MarketoLead.marketo_id.in_(numbers)
        )
        state.owners.update(db.session.execute(owned).all())
    for ids in chunks(list({*state.owners.values(), *state.former.values()} - state.by_id.keys())):
        _remember(state, Person.id.in_(ids))
    contacts = {
        record.account_crm_id for record in records if record.kind == "contact" and record.account_crm_id
    }
    state.accounts = account_ids({crm_id for crm_id in contacts if isinstance(crm_id, str)})
    return state


def _remember(state: _State, condition: Any) -> None:
    for row in db.session.execute(select(Person.__table__).where(condition)):
        person = dict(row._mapping)
        state.people[person["kind"], person["crm_id"]] = state.by_id[person["id"]] = person


def _write(record: PersonRecord, state: _State) -> str:
    """Write one row; return what it did: added, updated or unchanged."""
    key = (record.kind, record.crm_id)
    if key in state.former:
        return _claim(record.marketo_id, state.by_id[state.former[key]], state, converted_from=record.crm_id)
    holder = state.by_id.get(state.owners.get(record.marketo_id or 0, 0))
    person = state.people.get(key)
    if holder is not None and holder is not person:
        if record.kind == holder["kind"]:
            reason = (
                f"Marketo lead {record.marketo_id} belongs to {holder['kind']} {holder['crm_id']} already"
            )
            raise BadRow("marketo_id", reason)
        if record.kind == "lead":
            _convert(person, key, holder, record.marketo_id, state)
            return "updated"
    done = "unchanged"
    if person is None:
        person, done = _add(record, state), "added"
    elif _change(record, person, state):
        done = "updated"
    if holder is not None and holder is not person:
        _convert(holder, (holder["kind"], holder["crm_id"]), person, record.marketo_id, state)
        return "added" if done == "added" else "updated"
    claimed = _claim(record.marketo_id, person, state)
    return claimed if done == "unchanged" else done


def _add(record: PersonRecord, state: _State) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(record, name) or None for name in _TEXTS}
    values |= {"kind": record.kind, "crm_id": record.crm_id, "account_id": None}
    if record.kind == "contact" and isinstance(record.account_crm_id, str):
        values["account_id"] = state.accounts[record.account_crm_id]
    values["name"] = _name(values)
    table = Person.__table__
    values["id"] = db.session.execute(insert(table).values(values).returning(Person.id)).scalar_one()
    state.people[record.kind, record.crm_id] = state.by_id[values["id"]] = values
    state.appeared.add(record.crm_id)
    return values


def _change(record: PersonRecord, person: dict[str, Any], state: _State) -> bool:
    changed = {
        name: value
        for name in _TEXTS
        if (value := getattr(record, name)) is not UNSET and value != person[name]
    }
    if record.kind == "contact" and record.account_crm_id is not UNSET:
        account_id = state.accounts[record.account_crm_id] if record.account_crm_id else None
        if account_id != person["account_id"]:
            changed["account_id"] = account_id
            state.to_attribute |= _marketo_ids(person["id"])
    if not changed:
        return False
    person |= changed
    person["name"] = changed["name"] = _name(person)
    db.session.execute(update(Person.__table__).where(Person.id == person["id"]).values(changed))
    return True


def _name(person: dict[str, Any]) -> str:
    return full_name(person["first_name"], person["last_name"], person["email"], person["crm_id"])


def _claim(
    marketo_id: int | None, person: dict[str, Any], state: _State, converted_from: str | None = None
) -> str:
    """Give a free Marketo id to the person; ``converted_from`` names the former lead that it came with."""
    if marketo_id is None:
        return "unchanged"
    if state.owners.get(marketo_id) == person["id"]:
        return _came_with(marketo_id, converted_from)
    if marketo_id in state.owners:
        holder = state.by_id[state.owners[marketo_id]]
        raise BadRow(
            "marketo_id", f"Marketo lead {marketo_id} belongs to {holder['kind']} {holder['crm_id']} already"
        )
    values = {"marketo_id": marketo_id, "person_id": person["id"], "converted_from": converted_from}
    db.session.execute(insert(MarketoLead.__table__).values(values))
    state.owners[marketo_id] = person["id"]
    state.to_attribute.add(marketo_id)
    return "updated"


def _came_with(marketo_id: int, lead: str | None) -> str:
    """Note which former lead a Marketo id came with, where that is news."""
    table = MarketoLead.__table__
    unknown = (table.c.marketo_id == marketo_id, table.c.converted_from.is_(None))
    if lead is None or db.session.execute(select(table.c.marketo_id).where(*unknown)).first() is None:
        return "unchanged"
    db.session.execute(update(table).where(*unknown).values(converted_from=lead))
    return "updated"


def _marketo_ids(person_id: int) -> set[int]:
    return set(db.session.scalars(select(MarketoLead.marketo_id).where(MarketoLead.person_id == person_id)))


def _convert(
    lead: dict[str, Any] | None, lead_key: Key, contact: dict[str, Any], marketo_id: int | None, state: _State
) -> None:
    """Make the lead (None: one that never had a row here) a former record of the contact.

    What it brings are its own Marketo ids, and ``marketo_id``, by which the two were found to be one.
    """
    kind, crm_id = lead_key
    values = {"kind": kind, "crm_id": crm_id, "person_id": contact["id"]}
    db.session.execute(insert(FormerRecord.__table__).values(values))
    state.former[lead_key] = contact["id"]
    state.appeared.add(crm_id)
    moving = _marketo_ids(lead["id"]) if lead else set()
    ids = MarketoLead.__table__
    brought = (ids.c.marketo_id.in_(moving | {marketo_id}), ids.c.converted_from.is_(None))
    db.session.execute(update(ids).where(*brought).values(converted_from=crm_id))
    if lead is None:
        return
    for table in (ids, OpportunityRole.__table__, FormerRecord.__table__):
        db.session.execute(
            update(table).where(table.c.person_id == lead["id"]).values(person_id=contact["id"])
        )
    attribute(moving)
    db.session.execute(delete(Person.__table__).where(Person.id == lead["id"]))
    state.owners.update((number, contact["id"]) for number in moving)
    state.former.update((key, contact["id"]) for key, whose in state.former.items() if whose == lead["id"])
    state.people.pop(lead_key, None)
    state.by_id.pop(lead["id"], None)
