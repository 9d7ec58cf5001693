"""Writing chat activities: what is new goes in, what is known takes on what it lacked.

An activity's guid is its identity. A record that tells less than the store knows (an earlier status,
read late) fills gaps and overwrites nothing. The caller holds the write transaction.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import UNSET
from sqlalchemy import Table, select, update

from webui.database import chunks, db, insert
from webui.ingest import activity_updates, former_leads, pairing
from webui.ingest.activity_updates import CONVERSATION, DETAIL, Items, Stored, dialogue_digest
from webui.ingest.attribution import Deltas, week_of
from webui.ingest.known import known_activities
from webui.ingest.records import ActivityRecord, Outcome
from webui.models import Activity, ActivityDetail, Conversation, Dialogue, Installation, MarketoLead, Person


def write(items: Items, zone: ZoneInfo, *, pushed: bool = False) -> Outcome:
    """Store the records, in weeks of ``zone``; a guid that stands twice is one activity.

    ``pushed`` says which of the two ways they came. Counts: ``added``, ``updated``, ``unchanged``,
    ``ignored`` (of deleted people) and ``unpaired`` (see ``pairing``). Rejected: a guid that is known
    with another type.
    """
    outcome = Outcome(Counter(), [])
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
        dialogues = _dialogues(record for record, _ in items)
        _add(list(fresh.values()), dialogues, zone, deltas, pushed)
        outcome.counts["added"] += len(fresh)
        activity_updates.write(stand, Stored(known, dialogues, zone, deltas), outcome)
        activity_updates.came_this_way([row.id for row in known.values()], pushed=pushed)
        deltas.apply()
        items = again
    return outcome


def _dialogues(records: Iterable[ActivityRecord]) -> dict[str, int]:
    """Return the ids of the records' dialogues by digest, adding those not yet there."""
    wanted = {digest: record for record in records if (digest := dialogue_digest(record))}
    known = select(Dialogue.digest, Dialogue.id)
    found: dict[str, int] = {}
    for some in chunks(list(wanted)):
        found.update(db.session.execute(known.where(Dialogue.digest.in_(some))).all())
    for digest in wanted.keys() - found.keys():
        record = wanted[digest]
        values = {"digest": digest, "name": record.dialogue_name, "ref": record.dialogue_ref or None}
        found[digest] = db.session.execute(
            insert(Dialogue.__table__).values(values).returning(Dialogue.id)
        ).scalar_one()
    return found


def _owners(marketo_ids: Iterable[int]) -> dict[int, tuple[int, int | None]]:
    found: dict[int, tuple[int, int | None]] = {}
    for some in chunks(list(set(marketo_ids))):
        rows = db.session.execute(
            select(MarketoLead.marketo_id, Person.id, Person.account_id)
            .join(Person, Person.id == MarketoLead.person_id)
            .where(MarketoLead.marketo_id.in_(some))
        )
        found.update((marketo_id, (person_id, account_id)) for marketo_id, person_id, account_id in rows)
    return found


def _next_ids(count: int) -> range:
    after = db.session.execute(
        update(Installation)
        .values(next_activity_id=Installation.next_activity_id + count)
        .returning(Installation.next_activity_id)
    ).scalar_one()
    return range(after - count, after)


def _add(
    records: list[ActivityRecord], dialogues: dict[str, int], zone: ZoneInfo, deltas: Deltas, pushed: bool
) -> None:
    if not records:
        return
    owners = _owners(record.marketo_id for record in records)
    former_leads.want({record.marketo_id for record in records} - owners.keys())
    rows, details, talks = [], [], []
    for id_, record in zip(_next_ids(len(records)), records, strict=True):
        person_id, account_id = owners.get(record.marketo_id, (None, None))
        week = week_of(record.at, zone)
        digest = dialogue_digest(record)
        rows.append(
            {
                "id": id_,
                "guid": record.guid,
                "marketo_id": record.marketo_id,
                "person_id": person_id,
                "account_id": account_id,
                "type_key": record.type_key,
                "at": record.at,
                "week": week,
                "status": record.status or None,
                "dialogue_id": dialogues[digest] if digest else None,
            }
        )
        details.append(
            {
                "activity_id": id_,
                "is_flow": record.is_flow,
                "extra": record.extra or None,
                "pulled": not pushed,
                "pushed": pushed,
                **{name: _told(getattr(record, name)) for name in DETAIL},
            }
        )
        talk = {name: _told(getattr(record, name)) for name in CONVERSATION}
        if any(value is not None for value in talk.values()):
            talks.append({"activity_id": id_, **talk})
        deltas.add(person_id, account_id, week, record.type_key)
    _insert(Activity.__table__, rows)
    _insert(ActivityDetail.__table__, details)
    _insert(Conversation.__table__, talks)


def _told(value: Any) -> Any:
    return None if value is UNSET else value


def _insert(table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(table), rows)
