"""Forgetting a person: gone from every table, and from what was kept for other reasons.

Beyond a deletion, that is rejected rows about them, grants that open their record, their places on watch
lists, and their name in the audit trail. What stays are bare ids, without which the next delivery would bring
the person back. The caller holds the write transaction.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, tuple_

from webui import attention, audit
from webui.database import chunks, db
from webui.ingest import deletions, rejected
from webui.ingest.attributes import whole_number
from webui.ingest.deletions import PANELS
from webui.ingest.former_leads import former
from webui.ingest.known_people import Key, marketo_ids_of
from webui.ingest.rejected_about import About
from webui.models import (
    AccessGrant,
    Activity,
    FormerMarketoLead,
    FormerRecord,
    OpportunityRole,
    Person,
)

MARKETO = "marketo"


class Found(NamedTuple):
    """A person who may be forgotten; without a name where they are deleted already."""

    kind: str
    crm_id: str
    name: str | None = None

    def __str__(self) -> str:
        return f"{PANELS.get(self.kind, self.kind)}/{self.crm_id}"


class Forgotten(NamedTuple):
    """How many of what were erased, and how many bare ids stay.

    ``list_entries`` are the person's places on others' lists, and what they kept themselves as a viewer.
    """

    activities: int
    roles: int
    rejected: int
    grants: int
    list_entries: int
    audit_entries: int
    ids_kept: int


def find(text: str) -> list[Found]:
    """Return whom ``leads/<crm_id>``, ``contacts/<crm_id>``, a CRM id or an e-mail address may mean.

    A record that was converted or merged means the person whom it is now. ``marketo/<id>`` means a
    Marketo id whose person was deleted.
    """
    panel, slash, crm_id = text.partition("/")
    if panel == MARKETO and slash:
        return _find_deleted(crm_id)
    kinds = [kind for kind, of in PANELS.items() if not slash or of == panel]
    named = crm_id if slash else text
    is_theirs = and_(Person.kind.in_(kinds), Person.crm_id == named)
    was = select(FormerRecord.person_id).where(FormerRecord.kind.in_(kinds), FormerRecord.crm_id == named)
    conditions: list[ColumnElement[bool]] = [is_theirs, Person.id.in_(was)]
    if not slash and "@" in text:
        conditions.append(func.lower(Person.email) == text.lower())
    people = select(Person.kind, Person.crm_id, Person.name).where(
        or_(*conditions), Person.is_nameless.is_(False)
    )
    found = [Found(*row) for row in db.session.execute(people.order_by(Person.kind, Person.crm_id))]
    gone = select(FormerRecord.kind, FormerRecord.crm_id).where(
        FormerRecord.kind.in_(kinds), FormerRecord.crm_id == named, FormerRecord.person_id.is_(None)
    )
    return found + [Found(*row) for row in db.session.execute(gone.order_by(FormerRecord.kind))]


def _find_deleted(text: str) -> list[Found]:
    number = whole_number(text)
    is_deleted = number is not None and former({number}).get(number, number) is None
    return [Found(MARKETO, str(number))] if is_deleted else []


def _forget_deleted(marketo_id: int) -> Forgotten:
    """Erase what is kept of a Marketo id whose person was deleted: nameless activities, rejected rows."""
    activities = set(db.session.scalars(select(Activity.id).where(Activity.marketo_id == marketo_id)))
    deletions.erase_kept(marketo_id)
    return Forgotten(
        activities=len(activities),
        roles=0,
        rejected=rejected.drop_about(About({marketo_id}, (), None)),
        grants=0,
        list_entries=0,
        audit_entries=audit.take_out((), activities, None),
        ids_kept=1,
    )


def forget(found: Found, forms: Callable[[str], Collection[str]]) -> Forgotten:
    """Erase a person everywhere; return how many of what. Tombstones of bare ids stay.

    ``forms`` gives the ways in which an id of the CRM may be written: links have one, files another.
    """
    if found.kind == MARKETO:
        return _forget_deleted(int(found.crm_id))
    person = db.session.execute(
        select(Person.id, Person.email).where(Person.kind == found.kind, Person.crm_id == found.crm_id)
    ).one_or_none()
    keys: set[Key] = {(found.kind, found.crm_id)}
    ids: set[int] = set()
    activities: set[int] = set()
    roles = 0
    if person is not None:
        was = select(FormerRecord.kind, FormerRecord.crm_id).where(FormerRecord.person_id == person.id)
        keys |= {(kind, crm_id) for kind, crm_id in db.session.execute(was)}
        now = marketo_ids_of([person.id])
        merged = select(FormerMarketoLead.marketo_id).where(FormerMarketoLead.winner_id.in_(now))
        ids = now | set(db.session.scalars(merged))
        activities = set(db.session.scalars(select(Activity.id).where(Activity.person_id == person.id)))
        held = select(func.count()).where(OpportunityRole.person_id == person.id)
        roles = db.session.execute(held.select_from(OpportunityRole)).scalar_one()
    email = person.email if person else None
    crm_ids = {form for _, crm_id in keys for form in forms(crm_id)}
    records = {(PANELS[kind], form) for kind, crm_id in keys for form in forms(crm_id)}
    list_entries = attention.drop_records(records) + (attention.drop_viewer(email) if email else 0)
    dropped = rejected.drop_about(About(ids, crm_ids, email))  # before the deletion, which tells no number
    if person is not None:
        deletions.delete_record((found.kind, found.crm_id), None, keep_activities=False)
    deletions.note_forgotten(keys)
    waiting = (OpportunityRole.person_crm_id.in_(crm_ids), OpportunityRole.person_id.is_(None))
    gone = delete(OpportunityRole).where(*waiting).returning(OpportunityRole.id)
    roles += len(db.session.scalars(gone).all())
    return Forgotten(
        activities=len(activities),
        roles=roles,
        rejected=dropped,
        grants=_end_grants(records, email),
        list_entries=list_entries,
        audit_entries=audit.take_out(records, activities, email),
        ids_kept=len(ids) + len(keys),
    )


def _end_grants(records: Collection[tuple[str, str]], email: str | None) -> int:
    """End the sessions that were let in to the person's record, and those of the person."""
    opening = tuple_(AccessGrant.panel, AccessGrant.crm_id).in_(sorted(records))
    rows = select(AccessGrant.id, AccessGrant.viewer, opening.label("opens"))
    theirs = [id_ for id_, viewer, opens in db.session.execute(rows) if opens or audit.is_by(viewer, email)]
    for some in chunks(theirs):
        db.session.execute(delete(AccessGrant).where(AccessGrant.id.in_(some)))
    return len(theirs)
