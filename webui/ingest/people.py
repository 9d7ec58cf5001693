"""Writing people: arrivals and changes, the lead that became a contact, the record that is deleted.

A contact that has the Marketo id of a lead is that lead converted: the lead's activities, roles and
Marketo ids go over to it and the lead becomes a ``FormerRecord``, in whichever order the rows come. A
Marketo id that was merged stands for the one it was merged into, so rows from before and after a merge
give the same people. A deleted one stands for nobody. The caller holds the write transaction.
"""

import re
from collections import Counter
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import delete, update

from webui.config import in_force
from webui.database import db, insert
from webui.ingest import deletions, search_texts
from webui.ingest.attribution import attribute
from webui.ingest.conversions import became_contact, become, came_with
from webui.ingest.former_leads import former
from webui.ingest.known_people import Key, KnownPeople, marketo_ids_of, meet
from webui.ingest.records import BadRow, Origin, Outcome, PersonRecord, Rejection
from webui.ingest.roles import resolve_roles
from webui.models import FormerRecord, MarketoLead, Person, Subject, UnknownLead

Items = list[tuple[PersonRecord, Origin]]

_TEXTS = ("first_name", "last_name", "email", "owner")
_FAMILY_NAME_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def full_name(first: str | None, last: str | None, email: str | None, crm_id: str) -> str:
    """Return how a person is called in lists; family name first where the name is written so."""
    parts = [part for part in (first, last) if part]
    if len(parts) == 2 and any(_FAMILY_NAME_FIRST.search(part) for part in parts):
        parts.reverse()
    return " ".join(parts) or email or crm_id


def write(items: Items, warnings: Counter[str], *, by_marketo: bool = False) -> Outcome:
    """Store the rows; those of deleted records come last.

    Rejected: a Marketo id that belongs to another person of the same kind; ``by_marketo``, who knows
    whose its ids are, moves it to the row's. Ignored: a row of a person who was deleted, unless it
    brings a Marketo id that was not; a forgotten one does not come back by that either.
    """
    outcome = Outcome(Counter(), [])
    leaving = [record for record, _ in items if record.is_deleted]
    staying = [(record, origin) for record, origin in items if not record.is_deleted]
    told = [(_key(one), one.marketo_id) for one, _ in items if one.marketo_id is not None]
    deletions.delete_ids_of_forgotten(told)  # before anybody else in the batch can have them
    merged = _resolve_ids(staying)
    known = meet([record for record, _ in staying], {_key(record) for record in leaving})
    known.by_marketo = by_marketo
    for place, (record, origin) in enumerate(staying):
        if _key(record) in known.forgotten:
            warnings["a forgotten person was ignored: nothing brings them back"] += 1
            outcome.counts["ignored"] += 1
            continue
        if record.kind == "lead" and record.account_crm_id:
            warnings[
                "an account given for a lead was ignored: a lead belongs to none until it is converted"
            ] += 1
        try:
            done = _write(record, known, place in merged)
        except BadRow as bad:
            outcome.rejections.append(Rejection.of(origin, bad))
            continue
        outcome.counts[done] += 1
        if done == "ignored":
            warnings["a deleted person was ignored: only a Marketo id that is not deleted brings back"] += 1
    attribute(known.to_attribute)
    search_texts.renew(Subject.PERSON, known.renamed)
    resolve_roles(known.appeared)
    for record in leaving:
        gone = deletions.delete_record(
            _key(record), record.marketo_id, keep_activities=in_force().keep_deleted
        )
        outcome.counts["updated" if gone else "unchanged"] += 1
    return outcome


def _key(record: PersonRecord) -> Key:
    return record.kind, record.crm_id


def _resolve_ids(items: Items) -> set[int]:
    """Give rows the Marketo ids that theirs are now, none for a deleted one; return where one was merged."""
    gone = former({record.marketo_id for record, _ in items if record.marketo_id is not None})
    merged = set()
    for place, (record, origin) in enumerate(items if gone else ()):
        if record.marketo_id in gone:
            winner = gone[record.marketo_id]
            items[place] = (msgspec.structs.replace(record, marketo_id=winner), origin)
            if winner is not None:
                merged.add(place)
    return merged


def _write(record: PersonRecord, known: KnownPeople, by_merge: bool) -> str:
    """Write one row; return what it did: added, updated, unchanged or ignored.

    ``by_merge`` is whether the row brought its Marketo id as one that was merged into it.
    """
    key, holder = _key(record), known.holder(record.marketo_id)
    if key in known.former:
        return _claim_for_former(record, known, by_merge)
    person = known.people.get(key)
    rival = None if holder is person else holder
    if rival and rival["kind"] == record.kind and by_merge:
        if key in known.deleted:
            return "ignored"
        if person is None or not marketo_ids_of([person["id"]]):
            become(key, rival["id"], known)
            return "updated"
        record, rival = msgspec.structs.replace(record, marketo_id=None), None
    if key in known.deleted and record.marketo_id is None:
        return "ignored"
    if rival and rival["kind"] == record.kind and not _gives_way(record.marketo_id, rival, known):
        raise _belongs_to(rival, record.marketo_id)
    if key in known.deleted:
        _bring_back(key, known)
    if rival and record.kind == "lead" and rival["kind"] == "contact":
        become(key, rival["id"], known, record.marketo_id)
        return "updated"
    return _store(record, person, rival, known)


def _store(
    record: PersonRecord, person: dict[str, Any] | None, holder: dict[str, Any] | None, known: KnownPeople
) -> str:
    """Add or change the person of a row. A ``holder`` of the Marketo id gives it away, or becomes them."""
    done = "unchanged"
    if person is None:
        person, done = _add(record, known), "added"
    elif _change(record, person, known):
        done = "updated"
    if holder is None or record.marketo_id is None:
        claimed = _claim(record.marketo_id, person, known)
        return claimed if done == "unchanged" else done
    if holder["kind"] == record.kind:
        _give(record.marketo_id, holder, person, known)
    else:
        become((holder["kind"], holder["crm_id"]), person["id"], known, record.marketo_id)
    return "added" if done == "added" else "updated"


def _gives_way(marketo_id: int | None, holder: dict[str, Any], known: KnownPeople) -> bool:
    """Whether the holder of a Marketo id lets another person of the same kind have it.

    So where Marketo itself says it; where others were merged into the id, for the holder may have had
    one of those alone; and where the holder is deleted by the same batch, for then the CRM merged the two.
    """
    is_leaving = (holder["kind"], holder["crm_id"]) in known.leaving
    return known.by_marketo or marketo_id in known.winners or is_leaving


def _give(marketo_id: int, holder: dict[str, Any], person: dict[str, Any], known: KnownPeople) -> None:
    """Give a Marketo id to another person; a holder who is left without any becomes that person.

    Not where Marketo moved it: the holder's record may well be there still.
    """
    table = MarketoLead.__table__
    db.session.execute(update(table).where(table.c.marketo_id == marketo_id).values(person_id=person["id"]))
    known.owners[marketo_id] = person["id"]
    attribute([marketo_id])
    if not known.by_marketo and not marketo_ids_of([holder["id"]]):
        become((holder["kind"], holder["crm_id"]), person["id"], known)


def _bring_back(key: Key, known: KnownPeople) -> None:
    table = FormerRecord.__table__
    db.session.execute(delete(table).where(table.c.kind == key[0], table.c.crm_id == key[1]))
    known.deleted.discard(key)


def _add(record: PersonRecord, known: KnownPeople) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(record, name) or None for name in _TEXTS}
    values |= {"kind": record.kind, "crm_id": record.crm_id, "account_id": None}
    if record.kind == "contact" and isinstance(record.account_crm_id, str):
        values["account_id"] = known.accounts[record.account_crm_id]
    values["name"] = _name(values)
    table = Person.__table__
    values["id"] = db.session.execute(insert(table).values(values).returning(Person.id)).scalar_one()
    known.people[record.kind, record.crm_id] = known.by_id[values["id"]] = values
    known.appeared.add(record.crm_id)
    known.renamed.add(values["id"])
    return values


def _change(record: PersonRecord, person: dict[str, Any], known: KnownPeople) -> bool:
    changed = {
        name: value
        for name in _TEXTS
        if (value := getattr(record, name)) is not UNSET and value != person[name]
    }
    if record.kind == "contact" and record.account_crm_id is not UNSET:
        account_id = known.accounts[record.account_crm_id] if record.account_crm_id else None
        if account_id != person["account_id"]:
            changed["account_id"] = account_id
            known.to_attribute |= marketo_ids_of([person["id"]])
    if not changed:
        return False
    person |= changed
    person["name"] = changed["name"] = _name(person)
    db.session.execute(update(Person.__table__).where(Person.id == person["id"]).values(changed))
    known.renamed.add(person["id"])
    return True


def _name(person: dict[str, Any]) -> str:
    return full_name(person["first_name"], person["last_name"], person["email"], person["crm_id"])


def _claim(marketo_id: int | None, person: dict[str, Any], known: KnownPeople) -> str:
    """Give a free Marketo id to the person."""
    if marketo_id is None or known.owners.get(marketo_id) == person["id"]:
        return "unchanged"
    values = {"marketo_id": marketo_id, "person_id": person["id"]}
    db.session.execute(insert(MarketoLead.__table__).values(values))
    db.session.execute(delete(UnknownLead).where(UnknownLead.marketo_id == marketo_id))
    known.owners[marketo_id] = person["id"]
    known.to_attribute.add(marketo_id)
    return "updated"


def _claim_for_former(record: PersonRecord, known: KnownPeople, by_merge: bool) -> str:
    """Give a free Marketo id that a former record brings to the person whom it is now."""
    holder, person = known.holder(record.marketo_id), known.by_id[known.former[_key(record)]]
    if record.marketo_id is None:
        return "unchanged"
    if holder is not None and holder is not person:
        if by_merge:
            return "unchanged"
        if not known.by_marketo:
            raise _belongs_to(holder, record.marketo_id)
        _give(record.marketo_id, holder, person, known)
        return "updated"
    claimed = _claim(record.marketo_id, person, known)
    noted = became_contact(_key(record), person) and came_with({record.marketo_id}, record.crm_id)
    return "updated" if noted else claimed


def _belongs_to(holder: dict[str, Any], marketo_id: int | None) -> BadRow:
    return BadRow(
        "marketo_id", f"Marketo lead {marketo_id} belongs to {holder['kind']} {holder['crm_id']} already"
    )
