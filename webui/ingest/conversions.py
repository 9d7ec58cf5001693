"""Records that became another: the lead that was converted, the record that was merged.

All that such a record had goes over to the person whom it is now, and its CRM id leads there from then
on. The caller holds the write transaction.
"""

from typing import Any

from sqlalchemy import delete, update

from webui.database import db, insert
from webui.ingest import search_texts
from webui.ingest.attribution import attribute
from webui.ingest.known_people import Key, KnownPeople, marketo_ids_of
from webui.models import FormerRecord, MarketoLead, OpportunityRole, Person, Subject


def lead_on(key: Key, person_id: int | None, becomes: int) -> set[int]:
    """Make a record a former one of the person ``becomes``; return the Marketo ids that it brought along.

    ``person_id`` is the record's row, None if it never had one here; it goes. Whose the roles of its CRM
    id are is for the caller to resolve, when no other record of that id comes any more.
    """
    former = FormerRecord.__table__
    row = insert(former).values(kind=key[0], crm_id=key[1], person_id=becomes)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["kind", "crm_id"], set_={"person_id": becomes})
    )
    if person_id is None:
        return set()
    moving = marketo_ids_of([person_id])
    for table in (MarketoLead.__table__, OpportunityRole.__table__, former):
        db.session.execute(update(table).where(table.c.person_id == person_id).values(person_id=becomes))
    attribute(moving)
    db.session.execute(delete(Person.__table__).where(Person.id == person_id))
    search_texts.drop(Subject.PERSON, [person_id])
    return moving


def came_with(marketo_ids: set[int], lead: str) -> bool:
    """Note the CRM id of the lead that had these Marketo ids, where none is; return whether that is news."""
    table = MarketoLead.__table__
    unknown = (table.c.marketo_id.in_(marketo_ids), table.c.converted_from.is_(None))
    noted = update(table).where(*unknown).values(converted_from=lead).returning(table.c.marketo_id)
    return bool(db.session.execute(noted).all())


def became_contact(key: Key, person: dict[str, Any]) -> bool:
    """Whether a record that is now this person was a lead, and converted."""
    return key[0] == "lead" and person["kind"] == "contact"


def become(key: Key, becomes: int, known: KnownPeople, also: int | None = None) -> None:
    """Make a record of a batch a former one of the person ``becomes``, and keep ``known`` in step.

    A lead that became a contact is noted on the Marketo ids that it brings: its own, and ``also``, by
    which the two were found to be one.
    """
    person = known.people.pop(key, None)
    id_ = person["id"] if person else None
    moved = lead_on(key, id_, becomes)
    if became_contact(key, known.by_id[becomes]):
        came_with(moved | ({also} if also is not None else set()), key[1])
    known.deleted.discard(key)
    known.former[key] = becomes
    known.appeared.add(key[1])
    if id_ is not None:
        known.owners.update((number, becomes) for number in moved)
        known.former.update((other, becomes) for other, whose in known.former.items() if whose == id_)
        known.by_id.pop(id_)
