"""People who were deleted: gone from every page, or there without a name.

What stays are bare ids: of a Marketo id (``FormerMarketoLead`` without a winner) and of a record
(``FormerRecord`` of nobody), so that no late event and no old file brings anybody back. The caller
holds the write transaction.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, or_, select, update
from sqlalchemy import delete as delete_from

from webui import attention
from webui.database import chunks, db, insert
from webui.ingest import dialogues, former_leads, rejected, search_texts
from webui.ingest.attribution import attribute, take_away
from webui.ingest.known_people import Key, marketo_ids_of
from webui.ingest.records import DeletionRecord, Origin, Outcome
from webui.ingest.rejected_about import About
from webui.models import (
    Activity,
    ActivityDetail,
    Conversation,
    Dialogue,
    FormerRecord,
    MarketoLead,
    OpportunityRole,
    Person,
    Subject,
)
from webui.vocabulary import EMAIL, MOMENTS, OF_ADDRESSES

PANELS = {"lead": "leads", "contact": "contacts"}


def write(items: list[tuple[DeletionRecord, Origin]], *, keep_activities: bool) -> Outcome:
    """Take up deletions; see ``delete``."""
    news = delete({record.marketo_id for record, _ in items}, keep_activities=keep_activities)
    return Outcome(Counter(updated=news, unchanged=len(items) - news), [])


def delete(marketo_ids: Collection[int], *, keep_activities: bool) -> int:
    """Note that these Marketo ids were deleted; return how many of them are news.

    Their activities go, or stay as those of a nameless person, without any text of theirs. A person who
    is left without Marketo ids goes. An id that was merged into another stays merged: what is deleted
    is an empty shell then. Rejected rows about them go in either case.
    """
    news = set(marketo_ids) - former_leads.former(marketo_ids).keys()
    if not news:
        return 0
    theirs = news | former_leads.losers_of(news)
    buried = _delete(news, keep_activities=keep_activities)
    _take_off_lists(buried)
    rejected.drop_about(About(theirs, {crm_id for _, crm_id in buried}, None))
    return len(news)


def _delete(news: set[int], *, keep_activities: bool) -> set[Key]:
    """Take these ids away, which are not former ones; return the records of the people who went along."""
    former_leads.note(news, None)
    owned: dict[int, set[int]] = {}
    for some in chunks(sorted(news)):
        rows = select(MarketoLead.marketo_id, MarketoLead.person_id).where(MarketoLead.marketo_id.in_(some))
        for marketo_id, person_id in db.session.execute(rows):
            owned.setdefault(person_id, set()).add(marketo_id)
    kept: set[int] = set()
    for person_id, ids in owned.items():
        if keep_activities and _has_activities(ids):
            _keep_nameless(person_id, ids)
            kept |= ids
    take_away(news - kept)
    table = MarketoLead.__table__
    for some in chunks(sorted(news - kept)):
        db.session.execute(delete_from(table).where(table.c.marketo_id.in_(some)))
    return {key for person_id in owned if not marketo_ids_of([person_id]) for key in _bury(person_id)}


def delete_record(key: Key, marketo_id: int | None, *, keep_activities: bool) -> bool:
    """Note that a record was deleted, with all its Marketo ids; return whether that is news.

    ``marketo_id`` is one that it is known by elsewhere; it counts as its own where nobody has it. A
    record that is another person now, by a conversion or a merge, takes nobody along.
    """
    kind, crm_id = key
    table = FormerRecord.__table__
    if db.session.execute(select(table).where(table.c.kind == kind, table.c.crm_id == crm_id)).first():
        return False
    person = db.session.execute(
        select(Person.id).where(Person.kind == kind, Person.crm_id == crm_id)
    ).scalar_one_or_none()
    ids = marketo_ids_of([] if person is None else [person])
    if marketo_id is not None and not db.session.get(MarketoLead, marketo_id):
        ids.add(marketo_id)
    delete(ids, keep_activities=keep_activities)
    if person is None:
        _note_gone(key)
    gone = {key} if person is None else _bury(person)
    _take_off_lists(gone)
    if gone:  # not along with its Marketo ids
        rejected.drop_about(About((), {id_ for _, id_ in gone}, None))
    return True


def _take_off_lists(keys: Collection[Key]) -> None:
    """Let nobody watch or hide records that are gone."""
    if keys:
        attention.drop_records({(PANELS[kind], crm_id) for kind, crm_id in keys})


def erase_kept(marketo_id: int) -> None:
    """Take away what was kept, without a name, of the activities of a deleted Marketo id."""
    table = MarketoLead.__table__
    person_id = db.session.scalar(select(table.c.person_id).where(table.c.marketo_id == marketo_id))
    take_away({marketo_id})
    db.session.execute(delete_from(table).where(table.c.marketo_id == marketo_id))
    if person_id is not None and not marketo_ids_of([person_id]):
        _bury(person_id)


def note_forgotten(keys: Collection[Key]) -> None:
    """Note of records that are gone that their people never come back, whatever Marketo id they bring."""
    table = FormerRecord.__table__
    for kind, crm_id in sorted(keys):
        _note_gone((kind, crm_id))
        theirs = update(table).where(table.c.kind == kind, table.c.crm_id == crm_id)
        db.session.execute(theirs.values(is_forgotten=True))


def delete_ids_of_forgotten(rows: Collection[tuple[Key, int]]) -> None:
    """Delete the Marketo ids that rows of forgotten people bring, with their activities.

    They were not known to be the person's when that one was forgotten. One that somebody else has stays.
    """
    forgotten = _forgotten({key for key, _ in rows})
    told = {marketo_id for key, marketo_id in rows if key in forgotten}
    gone = former_leads.former(told)
    now = {gone.get(marketo_id, marketo_id) for marketo_id in told}
    ids = {marketo_id for marketo_id in now if marketo_id is not None}
    for some in chunks(sorted(ids)):
        ids -= set(db.session.scalars(select(MarketoLead.marketo_id).where(MarketoLead.marketo_id.in_(some))))
    delete(ids, keep_activities=False)


def _forgotten(keys: Collection[Key]) -> set[Key]:
    found: set[Key] = set()
    for some in chunks(sorted({crm_id for _, crm_id in keys})):
        rows = select(FormerRecord.kind, FormerRecord.crm_id)
        rows = rows.where(FormerRecord.crm_id.in_(some), FormerRecord.is_forgotten)
        found.update((kind, crm_id) for kind, crm_id in db.session.execute(rows))
    return found


def _has_activities(marketo_ids: Collection[int]) -> bool:
    asked = select(Activity.id).where(Activity.marketo_id.in_(marketo_ids)).limit(1)
    return db.session.execute(asked).first() is not None


def _note_gone(key: Key) -> None:
    gone = insert(FormerRecord.__table__).values(kind=key[0], crm_id=key[1], person_id=None)
    db.session.execute(gone.on_conflict_do_nothing())


def _bury(person_id: int) -> set[Key]:
    """Take a person without Marketo ids away; return the ids of their records.

    These stay, so that none comes back.
    """
    person = db.session.execute(
        select(Person.kind, Person.crm_id).where(Person.id == person_id)
    ).one_or_none()
    if person is None:
        return set()
    former, roles = FormerRecord.__table__, OpportunityRole.__table__
    was = select(former.c.kind, former.c.crm_id).where(former.c.person_id == person_id)
    keys = {(kind, crm_id) for kind, crm_id in db.session.execute(was)} | {(person.kind, person.crm_id)}
    db.session.execute(update(former).where(former.c.person_id == person_id).values(person_id=None))
    _note_gone((person.kind, person.crm_id))
    db.session.execute(delete_from(roles).where(roles.c.person_id == person_id))
    db.session.execute(delete_from(Person.__table__).where(Person.id == person_id))
    search_texts.drop(Subject.PERSON, [person_id])
    return keys


def _keep_nameless(person_id: int, marketo_ids: set[int]) -> None:
    """Give the activities of a person's Marketo ids to somebody without a name, in the same account."""
    was = db.session.execute(select(Person.kind, Person.account_id).where(Person.id == person_id)).one()
    nobody = f"deleted-{uuid4().hex}"
    values = {**was._mapping, "crm_id": nobody, "name": "", "is_nameless": True}
    nameless: int = db.session.execute(
        insert(Person.__table__).values(values).returning(Person.id)
    ).scalar_one()
    leads, roles = MarketoLead.__table__, OpportunityRole.__table__
    theirs = update(leads).where(leads.c.marketo_id.in_(marketo_ids))
    db.session.execute(theirs.values(person_id=nameless, converted_from=None))
    attribute(marketo_ids)
    if not marketo_ids_of([person_id]):
        _keep_roles(roles, person_id, nameless, nobody)
    _empty_texts(marketo_ids)


def _keep_roles(roles: Any, person_id: int, nameless: int, nobody: str) -> None:
    """Give a person's roles, one of each name in an opportunity, to the nameless one."""
    seen: set[tuple[int, str]] = set()
    rows = select(roles.c.id, roles.c.opportunity_id, roles.c.role).where(roles.c.person_id == person_id)
    for id_, *role in db.session.execute(rows.order_by(roles.c.id)).all():
        if (role[0], role[1]) not in seen:
            seen.add((role[0], role[1]))
            values = {"person_id": nameless, "person_crm_id": nobody}
            db.session.execute(update(roles).where(roles.c.id == id_).values(values))


def _empty_texts(marketo_ids: set[int]) -> None:
    """Take out of activities what may tell who the person was."""
    theirs = select(Activity.id).where(Activity.marketo_id.in_(marketo_ids)).scalar_subquery()
    talks, details = Conversation.__table__, ActivityDetail.__table__
    silent = {"summary": None, "transcript": None, "topics": None}
    db.session.execute(update(talks).where(talks.c.activity_id.in_(theirs)).values(silent))
    bare_of_texts = update(details).where(details.c.activity_id.in_(theirs))
    db.session.execute(bare_of_texts.values(extra=None, told=None))
    _empty_abouts(marketo_ids)
    addresses = (details.c.page_url, details.c.document_url)
    told = select(details.c.activity_id, *addresses).where(
        details.c.activity_id.in_(theirs),
        or_(*(address.contains(mark) for address in addresses for mark in "?#")),
    )
    for id_, page, document in db.session.execute(told).all():
        bare = {"page_url": page and _bare(page), "document_url": document and _bare(document)}
        db.session.execute(update(details).where(details.c.activity_id == id_).values(bare))
    ids = db.session.scalars(select(Activity.id).where(Activity.marketo_id.in_(marketo_ids))).all()
    search_texts.renew(Subject.ACTIVITY, ids)


def _empty_abouts(marketo_ids: set[int]) -> None:
    """Take away what was written to or about a person, and the queries of addresses that they visited."""
    table = Activity.__table__
    written = and_(table.c.marketo_id.in_(marketo_ids), table.c.family.in_((MOMENTS.key, EMAIL.key)))
    about = select(table.c.dialogue_id).where(written, table.c.dialogue_id.is_not(None)).distinct()
    left = set(db.session.scalars(about))
    db.session.execute(update(table).where(written).values(dialogue_id=None))
    visited = and_(table.c.marketo_id.in_(marketo_ids), table.c.type_key.in_(OF_ADDRESSES))
    told = select(Dialogue.id, Dialogue.ref, Dialogue.name).where(
        Dialogue.id.in_(select(table.c.dialogue_id).where(visited)),
        or_(*(Dialogue.name.contains(mark) for mark in "?#")),
    )
    bare = {id_: (ref or "", _bare(name)) for id_, ref, name in db.session.execute(told)}
    found = dialogues.ids_of((ref, name) for ref, name in bare.values() if name)
    for id_, key in bare.items():
        theirs = update(table).where(visited, table.c.dialogue_id == id_)
        db.session.execute(theirs.values(dialogue_id=found.get(key)))
    dialogues.drop_unused(left | bare.keys())


def _bare(address: str) -> str:
    """Return an address without its query and fragment, where forms put names."""
    return address.partition("#")[0].partition("?")[0]
