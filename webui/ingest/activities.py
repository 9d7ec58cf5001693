"""Writing chat activities: what is new goes in, what is known takes on what it lacked.

An activity's guid is its identity. A record that tells less than the store knows (an earlier status,
read late) fills gaps and overwrites nothing. The caller holds the write transaction.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET
from sqlalchemy import Row, Table, select, update

from webui.database import chunks, db, insert
from webui.ingest.attribution import Deltas, attribute, week_of
from webui.ingest.records import ActivityRecord, BadRow, Origin, Rejection
from webui.models import Activity, ActivityDetail, Conversation, Dialogue, Installation, MarketoLead, Person
from webui.vocabulary import BY_KEY

Items = list[tuple[ActivityRecord, Origin]]

_DETAIL = (
    "page_url",
    "agent_name",
    "agent_email",
    "goal_name",
    "document_name",
    "document_url",
    "scheduled_for",
    "scheduled_text",
    "routing_queue",
)
_APPOINTMENT = ("scheduled_for", "scheduled_text")  # two sides of one value
_CONVERSATION = ("summary", "transcript", "score", "topics")


class Outcome(msgspec.Struct):
    """How many records did what, and those that could not go in."""

    counts: Counter[str]
    rejections: list[Rejection]


def write(items: Items, zone: ZoneInfo) -> Outcome:
    """Store the records, in weeks of ``zone``; a guid that stands twice is one activity.

    Counts: ``added``, ``updated``, ``unchanged``. Rejected: a guid that is known with another type.
    """
    outcome = Outcome(Counter(), [])
    while items:
        known = _known([record.guid for record, _ in items])
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
        _add(list(fresh.values()), dialogues, zone, deltas)
        outcome.counts["added"] += len(fresh)
        _update(stand, known, dialogues, zone, deltas, outcome)
        deltas.apply()
        items = again
    return outcome


def _known(guids: list[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    columns = (
        Activity.guid,
        Activity.id,
        Activity.marketo_id,
        Activity.person_id,
        Activity.account_id,
        Activity.type_key,
        Activity.at,
        Activity.week,
        Activity.status,
        Activity.dialogue_id,
        Dialogue.name.label("dialogue_name"),
    )
    known = select(*columns).outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
    found: dict[str, Row[*tuple[Any, ...]]] = {}
    for some in chunks(guids):
        for row in db.session.execute(known.where(Activity.guid.in_(some))):
            found[row.guid] = row
    return found


def _digest(record: ActivityRecord) -> str | None:
    if not isinstance(record.dialogue_name, str):
        return None
    ref = record.dialogue_ref if isinstance(record.dialogue_ref, str) else ""
    return sha256(f"{ref}\n{record.dialogue_name}".encode()).hexdigest()


def _dialogues(records: Iterable[ActivityRecord]) -> dict[str, int]:
    """Return the ids of the records' dialogues by digest, adding those not yet there."""
    wanted = {digest: record for record in records if (digest := _digest(record))}
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


def _add(records: list[ActivityRecord], dialogues: dict[str, int], zone: ZoneInfo, deltas: Deltas) -> None:
    if not records:
        return
    owners = _owners(record.marketo_id for record in records)
    rows, details, talks = [], [], []
    for id_, record in zip(_next_ids(len(records)), records, strict=True):
        person_id, account_id = owners.get(record.marketo_id, (None, None))
        week = week_of(record.at, zone)
        digest = _digest(record)
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
                **{name: _told(getattr(record, name)) for name in _DETAIL},
            }
        )
        talk = {name: _told(getattr(record, name)) for name in _CONVERSATION}
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


def _update(
    items: Items,
    known: dict[str, Row[*tuple[Any, ...]]],
    dialogues: dict[str, int],
    zone: ZoneInfo,
    deltas: Deltas,
    outcome: Outcome,
) -> None:
    """Update activities that are there. Several records of one guid in a batch are taken in their order."""
    if not items:
        return
    ids = [known[record.guid].id for record, _ in items]
    details = _state(ActivityDetail.__table__, ids)
    talks = _state(Conversation.__table__, ids)
    lists = {row.guid: dict(row._mapping) for row in known.values()}
    moved: set[int] = set()
    for record, origin in items:
        stored = lists[record.guid]
        if stored["type_key"] != record.type_key:
            outcome.rejections.append(_other_type(record, stored["type_key"], origin))
            continue
        behind = _is_behind(record, stored["status"])
        id_ = stored["id"]
        changed = _change_row(record, stored, dialogues, zone, behind)
        detail = _change(record, _DETAIL, details.setdefault(id_, {}), behind)
        if behind and _has_appointment(details[id_]):
            detail = {name: value for name, value in detail.items() if name not in _APPOINTMENT}
        detail |= _change_extra(record, details[id_], behind)
        if not behind and record.is_flow != details[id_].get("is_flow", record.is_flow):
            detail["is_flow"] = record.is_flow
        talk = _change(record, _CONVERSATION, talks.get(id_, {}), behind)
        if changed:
            _move(stored, changed, deltas, moved)
            db.session.execute(update(Activity.__table__).where(Activity.id == id_).values(changed))
        if detail:
            details[id_] |= detail
            db.session.execute(
                update(ActivityDetail.__table__).where(ActivityDetail.activity_id == id_).values(detail)
            )
        if talk:
            talks[id_] = talks.get(id_, {}) | talk
            statement = insert(Conversation.__table__).values(activity_id=id_, **talk)
            db.session.execute(statement.on_conflict_do_update(index_elements=["activity_id"], set_=talk))
        outcome.counts["updated" if changed or detail or talk else "unchanged"] += 1
    if moved:
        deltas.apply()
        attribute(moved)


def _has_appointment(stored: dict[str, Any]) -> bool:
    return any(stored.get(name) is not None for name in _APPOINTMENT)


def _state(table: Table, ids: list[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for some in chunks(ids):
        for row in db.session.execute(select(table).where(table.c.activity_id.in_(some))):
            found[row.activity_id] = dict(row._mapping)
    return found


def _is_behind(record: ActivityRecord, stored_status: str | None) -> bool:
    """Whether the record was read before what is stored: the status that it tells comes earlier."""
    of_type = BY_KEY[record.type_key]
    return isinstance(record.status, str) and of_type.rank(record.status) < of_type.rank(stored_status)


def _change_row(
    record: ActivityRecord,
    stored: dict[str, Any],
    dialogues: dict[str, int],
    zone: ZoneInfo,
    behind: bool,
) -> dict[str, Any]:
    """Return what of the list row changes."""
    wanted: dict[str, Any] = {"marketo_id": record.marketo_id, "at": record.at}
    if record.status is not UNSET:
        wanted["status"] = record.status
    same_name = record.dialogue_ref is UNSET and record.dialogue_name == stored["dialogue_name"]
    if record.dialogue_name is not UNSET and not same_name:
        digest = _digest(record)
        wanted["dialogue_id"] = dialogues[digest] if digest else None
    if behind:
        wanted = {name: value for name, value in wanted.items() if stored[name] is None}
    changed = {name: value for name, value in wanted.items() if value != stored[name]}
    if "at" in changed:
        changed["week"] = week_of(record.at, zone)
    return changed


def _move(stored: dict[str, Any], changed: dict[str, Any], deltas: Deltas, moved: set[int]) -> None:
    """Move the counts with a changed date, and remember a changed Marketo id for attribution."""
    if changed.get("week", stored["week"]) != stored["week"]:
        deltas.add(stored["person_id"], stored["account_id"], stored["week"], stored["type_key"], -1)
        deltas.add(stored["person_id"], stored["account_id"], changed["week"], stored["type_key"])
    if "marketo_id" in changed:
        moved.add(changed["marketo_id"])
    stored |= changed


def _change(
    record: ActivityRecord, names: Iterable[str], stored: dict[str, Any], behind: bool
) -> dict[str, Any]:
    changed = {}
    for name in names:
        value, is_there = getattr(record, name), stored.get(name)
        if value is UNSET or value == is_there or (behind and (is_there is not None or value is None)):
            continue
        changed[name] = value
    return changed


def _change_extra(record: ActivityRecord, stored: dict[str, Any], behind: bool) -> dict[str, Any]:
    if record.extra is UNSET:
        return {}
    there = stored.get("extra") or {}
    merged = {**record.extra, **there} if behind else {**there, **record.extra}
    return {"extra": merged} if merged != there else {}


def _other_type(record: ActivityRecord, stored_type: str, origin: Origin) -> Rejection:
    known, here = (BY_KEY[key].labels["en"] for key in (stored_type, record.type_key))
    reason = f"the guid is known as {known}, here it is {here}"
    return Rejection.of(origin, BadRow("activityTypeId", reason, record.guid))
