"""Writing activities: what is new goes in, what is known takes on what it lacked.

An activity's guid is its identity. A record that tells less than the store knows (an earlier status,
read late) fills gaps and overwrites nothing. The caller holds the write transaction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType
from sqlalchemy import select, update

from webui.bulk import among, insert_columns
from webui.database import db
from webui.ingest import activity_updates, dialogues, former_leads, pairing, search_texts
from webui.ingest.activity_updates import (
    CONVERSATION,
    DETAIL,
    SCORES,
    Items,
    Stored,
    dialogue_key,
    is_about_another,
)
from webui.ingest.attribution import Deltas, week_of
from webui.ingest.dialogues import DialogueKey
from webui.ingest.known import Known, known_activities
from webui.ingest.records import ActivityRecord, Outcome
from webui.installation import Touched
from webui.models import (
    Activity,
    ActivityDetail,
    Conversation,
    Installation,
    MarketoLead,
    Person,
    Subject,
)
from webui.vocabulary import BY_KEY


def write(items: Items, zone: ZoneInfo, *, pushed: bool = False) -> Outcome:
    """Store the records, in weeks of ``zone``; a guid that stands twice is one activity.

    ``pushed`` says which of the two ways they came. Counts: ``added``, ``updated``, ``unchanged``,
    ``ignored`` (of deleted people) and ``unpaired`` (see ``pairing``). Rejected: a guid that is known
    with another type. ``touched`` says whose activities were added or changed.
    """
    outcome = Outcome(Counter(), [], touched := Touched())
    items, outcome.counts["ignored"] = former_leads.resolve(items)
    while items:
        known = known_activities([record.guid for record, _ in items])
        pairs, unpaired = pairing.pairs([one for one, _ in items if one.guid not in known], pushed=pushed)
        known |= pairs
        outcome.counts["unpaired"] += unpaired
        fresh: dict[str, ActivityRecord] = {}
        again: Items = []
        stand: Items = []
        for record, origin in items:
            if record.guid in known:
                stand.append((record, origin))
            elif record.guid in fresh:
                again.append((record, origin))
            else:
                fresh[record.guid] = record
        deltas = Deltas()
        about = dialogues.ids_of(_told_of(items, known))
        _add(list(fresh.values()), about, zone, deltas, pushed)
        outcome.counts["added"] += len(fresh)
        activity_updates.write(stand, Stored(known, about, zone, deltas, touched), outcome)
        activity_updates.came_this_way([row.id for row in known.values()], pushed=pushed)
        touched.include(deltas.whose())
        deltas.apply()
        items = again
    return outcome


def _told_of(items: Items, known: Known) -> Iterator[DialogueKey]:
    """Give what the records are about, but for those whose activity is known to be about that."""
    turned: set[str] = set()  # by an earlier record, to something else than is known
    for record, _ in items:
        key, row = dialogue_key(record), known.get(record.guid)
        if row is not None and is_about_another(record, row.dialogue_name):
            turned.add(record.guid)
        if key and (row is None or record.guid in turned):
            yield key


def _owners(marketo_ids: Iterable[int]) -> dict[int, tuple[int, int | None]]:
    rows = db.session.execute(
        select(MarketoLead.marketo_id, Person.id, Person.account_id)
        .join(Person, Person.id == MarketoLead.person_id)
        .where(among(MarketoLead.marketo_id, set(marketo_ids)))
    )
    return {marketo_id: (person_id, account_id) for marketo_id, person_id, account_id in rows}


def _next_ids(count: int) -> range:
    after = db.session.execute(
        update(Installation)
        .values(next_activity_id=Installation.next_activity_id + count)
        .returning(Installation.next_activity_id)
    ).scalar_one()
    return range(after - count, after)


def _add(
    records: list[ActivityRecord],
    about: dict[DialogueKey, int],
    zone: ZoneInfo,
    deltas: Deltas,
    pushed: bool,
) -> None:
    if not records:
        return
    owners = _owners(record.marketo_id for record in records)
    former_leads.want({record.marketo_id for record in records} - owners.keys())
    ids = list(_next_ids(len(records)))
    belong = [owners.get(record.marketo_id, (None, None)) for record in records]
    weeks = [week_of(record.at, zone) for record in records]
    keys = map(dialogue_key, records)
    persons = [person_id for person_id, _ in belong]
    accounts = [account_id for _, account_id in belong]
    types = [record.type_key for record in records]
    families = [BY_KEY[key].family for key in types]
    deltas.add_each(zip(persons, accounts, weeks, types, strict=True))
    rows: dict[str, list[Any]] = {
        "id": ids,
        "guid": [record.guid for record in records],
        "marketo_id": [record.marketo_id for record in records],
        "person_id": persons,
        "account_id": accounts,
        "family": families,
        "type_key": types,
        "at": [record.at for record in records],
        "week": weeks,
        "status": [record.status or None for record in records],
        "dialogue_id": [about[key] if key else None for key in keys],
        **{name: _told(name, records) for name in SCORES},
    }
    details: dict[str, list[Any]] = {
        "activity_id": ids,
        "is_flow": [record.is_flow for record in records],
        "told": [_without_none(record.told) for record in records],
        "extra": [record.extra or None for record in records],
        "pulled": [not pushed] * len(ids),
        "pushed": [pushed] * len(ids),
        **{name: _told(name, records) for name in DETAIL},
    }
    talks = _talks(ids, records)
    insert_columns(Activity.__table__, rows)
    insert_columns(ActivityDetail.__table__, details)
    insert_columns(Conversation.__table__, talks)
    texts = zip(*(_told(name, records) for name in search_texts.ACTIVITY_TEXTS), strict=True)
    search_texts.add(Subject.ACTIVITY, zip(ids, texts, strict=True))


def _talks(ids: list[int], records: list[ActivityRecord]) -> dict[str, list[Any]]:
    """Return the columns of those that have something to tell."""
    told = zip(ids, *(_told(name, records) for name in CONVERSATION), strict=True)
    some = [row for row in told if any(value is not None for value in row[1:])]
    names = ("activity_id", *CONVERSATION)
    return {name: list(values) for name, values in zip(names, zip(*some, strict=True), strict=False)}


def _without_none(told: dict[str, str | None] | UnsetType) -> dict[str, str | None] | None:
    return ({key: text for key, text in told.items() if text is not None} or None) if told else None


def _told(name: str, records: list[ActivityRecord]) -> list[Any]:
    return [None if value is UNSET else value for value in map(attrgetter(name), records)]
