"""The people whom the rows of a batch meet, kept in step while the rows are written."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from webui.database import chunks, db
from webui.ingest.deals import account_ids
from webui.ingest.records import PersonRecord
from webui.models import FormerMarketoLead, FormerRecord, MarketoLead, Person

Key = tuple[str, str]
"""Kind and CRM id of a person."""


@dataclass
class KnownPeople:
    """People by key and by id, and what leads to them.

    ``former`` are records that are another person now, ``deleted`` those of people who are gone,
    ``forgotten`` those among them who never come back.
    ``owners`` are the people of Marketo ids, ``winners`` the ids that others were merged into.
    ``leaving`` are the records that the same batch deletes. ``by_marketo``: Marketo itself tells them.
    ``to_attribute`` and ``appeared`` gather Marketo ids and CRM ids whose activities and roles may have
    another owner when all is written, ``renamed`` the ids of people who have another name, or their first.
    """

    people: dict[Key, dict[str, Any]] = field(default_factory=dict)
    by_id: dict[int, dict[str, Any]] = field(default_factory=dict)
    former: dict[Key, int] = field(default_factory=dict)
    deleted: set[Key] = field(default_factory=set)
    forgotten: set[Key] = field(default_factory=set)
    owners: dict[int, int] = field(default_factory=dict)
    winners: set[int] = field(default_factory=set)
    leaving: set[Key] = field(default_factory=set)
    by_marketo: bool = False
    accounts: dict[str, int] = field(default_factory=dict)
    to_attribute: set[int] = field(default_factory=set)
    appeared: set[str] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)

    def holder(self, marketo_id: int | None) -> dict[str, Any] | None:
        """Return the person who has a Marketo id, None if nobody has."""
        return None if marketo_id is None else self.by_id.get(self.owners.get(marketo_id, 0))


def meet(records: list[PersonRecord], leaving: set[Key]) -> KnownPeople:
    """Return the people whom these rows are about, or whose Marketo ids they bring."""
    known = KnownPeople(leaving=leaving)
    crm_ids = list({record.crm_id for record in records})
    marketo_ids = list({record.marketo_id for record in records if record.marketo_id is not None})
    for some in chunks(crm_ids):
        _remember(known, Person.crm_id.in_(some))
        for row in db.session.execute(select(FormerRecord).where(FormerRecord.crm_id.in_(some))).scalars():
            if row.person_id is None:
                known.deleted.add((row.kind, row.crm_id))
                if row.is_forgotten:
                    known.forgotten.add((row.kind, row.crm_id))
            else:
                known.former[row.kind, row.crm_id] = row.person_id
    for numbers in chunks(marketo_ids):
        owned = select(MarketoLead.marketo_id, MarketoLead.person_id).where(
            MarketoLead.marketo_id.in_(numbers)
        )
        known.owners.update(db.session.execute(owned).all())
        won = select(FormerMarketoLead.winner_id).where(FormerMarketoLead.winner_id.in_(numbers)).distinct()
        known.winners.update(winner for winner in db.session.scalars(won) if winner is not None)
    for ids in chunks(list({*known.owners.values(), *known.former.values()} - known.by_id.keys())):
        _remember(known, Person.id.in_(ids))
    contacts = {
        record.account_crm_id for record in records if record.kind == "contact" and record.account_crm_id
    }
    known.accounts = account_ids({crm_id for crm_id in contacts if isinstance(crm_id, str)})
    return known


def _remember(known: KnownPeople, condition: Any) -> None:
    for row in db.session.execute(select(Person.__table__).where(condition)):
        person = dict(row._mapping)
        known.people[person["kind"], person["crm_id"]] = known.by_id[person["id"]] = person


def marketo_ids_of(person_ids: Collection[int]) -> set[int]:
    """Return the Marketo ids that these people have."""
    found: set[int] = set()
    for some in chunks(sorted(person_ids)):
        found.update(
            db.session.scalars(select(MarketoLead.marketo_id).where(MarketoLead.person_id.in_(some)))
        )
    return found
