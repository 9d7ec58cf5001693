"""Updating activities that are there: they take on what they lacked.

A record that tells less than the store knows (an earlier status, read late) fills gaps and overwrites
nothing. The caller holds the write transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import UNSET
from sqlalchemy import Table, select, update

from webui.bulk import among
from webui.database import db, insert
from webui.ingest import dialogues, former_leads, search_texts
from webui.ingest.attribution import Deltas, attribute, week_of
from webui.ingest.dialogues import DialogueKey
from webui.ingest.known import Known
from webui.ingest.records import ActivityRecord, BadRow, Origin, Outcome, Rejection
from webui.installation import Touched
from webui.models import Activity, ActivityDetail, Conversation, Subject
from webui.vocabulary import BY_KEY

Items = list[tuple[ActivityRecord, Origin]]

DETAIL = (
    "page_url",
    "agent_name",
    "agent_email",
    "goal_name",
    "document_name",
    "document_url",
    "scheduled_for",
    "scheduled_text",
    "routing_queue",
    "at_text",
    "merged_from",
)
SCORES = ("score_change", "new_score")
CONVERSATION = ("summary", "transcript", "score", "topics")

_APPOINTMENT = ("scheduled_for", "scheduled_text")  # two sides of one value


class Stored(NamedTuple):
    """What an update meets: activities by guid, ids of dialogues, the zone of weeks, counts, whose."""

    known: Known
    about: dict[DialogueKey, int]
    zone: ZoneInfo
    deltas: Deltas
    touched: Touched


def dialogue_key(record: ActivityRecord) -> DialogueKey | None:
    """Return what tells a record's dialogue from others, None if it names none."""
    if not isinstance(record.dialogue_name, str):
        return None
    return record.dialogue_ref if isinstance(record.dialogue_ref, str) else "", record.dialogue_name


def is_about_another(record: ActivityRecord, stored_name: str | None) -> bool:
    """Whether a record may say that its activity is about something else than is stored."""
    same_name = record.dialogue_ref is UNSET and record.dialogue_name == stored_name
    return record.dialogue_name is not UNSET and not same_name


def write(items: Items, stored_ones: Stored, outcome: Outcome) -> None:
    """Update activities that are there. Several records of one guid in a batch are taken in their order."""
    if not items:
        return
    known, about, zone, deltas, touched = stored_ones
    ids = [known[record.guid].id for record, _ in items]
    details = _state(ActivityDetail.__table__, ids)
    talks = _state(Conversation.__table__, ids)
    lists = {row.id: dict(row._mapping) for row in known.values()}
    moved: set[int] = set()
    told_anew: set[int] = set()
    for record, origin in items:
        stored = lists[known[record.guid].id]
        if not _may_be_one(stored["type_key"], record.type_key):
            outcome.rejections.append(_other_type(record, stored["type_key"], origin))
            continue
        behind = _is_behind(record, stored["status"])
        id_ = stored["id"]
        changed = _change_row(record, stored, about, zone, behind)
        detail = _change_detail(record, details.setdefault(id_, {}), behind)
        talk = _change(record, CONVERSATION, talks.get(id_, {}), behind)
        if changed or detail or talk:
            touched.add(stored["person_id"], stored["account_id"])
        if "dialogue_id" in changed:
            stored["dialogue_name"] = record.dialogue_name
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
        if not search_texts.READ.isdisjoint({*detail, *talk}):
            told_anew.add(id_)
        outcome.counts["updated" if changed or detail or talk else "unchanged"] += 1
    search_texts.renew(Subject.ACTIVITY, told_anew)
    named = {about[key] for record, _ in items if (key := dialogue_key(record)) in about}
    were = {row.dialogue_id for row in known.values()}
    dialogues.drop_unused((named | were) - {one["dialogue_id"] for one in lists.values()} - {None})
    if moved:
        touched.everything = True
        deltas.apply()
        attribute(moved)
        former_leads.want_unknown(moved)


def _may_be_one(stored_type: str, type_key: str) -> bool:
    """Whether an activity can be of both types: a kind may be told later, or by one source alone."""
    general = {key for key in (stored_type, type_key) if BY_KEY[key].kinds}
    return stored_type == type_key or any(
        {stored_type, type_key} <= {key, *BY_KEY[key].kinds.values()} for key in general
    )


def _has_appointment(stored: dict[str, Any]) -> bool:
    return any(stored.get(name) is not None for name in _APPOINTMENT)


def _state(table: Table, ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = db.session.execute(select(table).where(among(table.c.activity_id, ids)))
    return {row.activity_id: dict(row._mapping) for row in rows}


def _is_behind(record: ActivityRecord, stored_status: str | None) -> bool:
    """Whether the record was read before what is stored: the status that it tells comes earlier."""
    of_type = BY_KEY[record.type_key]
    return isinstance(record.status, str) and of_type.rank(record.status) < of_type.rank(stored_status)


def _change_row(
    record: ActivityRecord,
    stored: dict[str, Any],
    about: dict[DialogueKey, int],
    zone: ZoneInfo,
    behind: bool,
) -> dict[str, Any]:
    """Return what of the list row changes."""
    wanted: dict[str, Any] = {"marketo_id": record.marketo_id, "at": record.at}
    if record.status is not UNSET:
        wanted["status"] = record.status
    wanted |= {name: value for name in SCORES if (value := getattr(record, name)) is not UNSET}
    if record.type_key != stored["type_key"] and not BY_KEY[record.type_key].kinds:
        wanted["type_key"] = record.type_key
    if is_about_another(record, stored["dialogue_name"]):
        key = dialogue_key(record)
        wanted["dialogue_id"] = about[key] if key else None
    if behind:
        wanted = {name: value for name, value in wanted.items() if stored[name] is None}
    changed = {name: value for name, value in wanted.items() if value != stored[name]}
    if "at" in changed:
        changed["week"] = week_of(record.at, zone)
    return changed


def _move(stored: dict[str, Any], changed: dict[str, Any], deltas: Deltas, moved: set[int]) -> None:
    """Move the counts with a changed date or kind, and remember a changed Marketo id for attribution."""
    if "week" in changed or "type_key" in changed:
        now = stored | changed
        deltas.add(stored["person_id"], stored["account_id"], stored["week"], stored["type_key"], -1)
        deltas.add(stored["person_id"], stored["account_id"], now["week"], now["type_key"])
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


def _change_detail(record: ActivityRecord, stored: dict[str, Any], behind: bool) -> dict[str, Any]:
    """Return what changes of that which only the detail shows."""
    changed = _change(record, DETAIL, stored, behind)
    if behind and _has_appointment(stored):
        changed = {name: value for name, value in changed.items() if name not in _APPOINTMENT}
    if stored.get("merged_from") is not None:
        changed.pop("merged_from", None)  # the first id that it was logged for
    changed |= _change_told(record, stored, behind)
    changed |= _change_extra(record, stored, behind)
    if not behind and record.is_flow != stored.get("is_flow", record.is_flow):
        changed["is_flow"] = record.is_flow
    return changed


def _change_told(record: ActivityRecord, stored: dict[str, Any], behind: bool) -> dict[str, Any]:
    if record.told is UNSET:
        return {}
    there = stored.get("told") or {}
    merged = {**record.told, **there} if behind else {**there, **record.told}
    kept = {key: text for key, text in merged.items() if text is not None}
    return {"told": kept or None} if kept != there else {}


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


def came_this_way(ids: Sequence[int], *, pushed: bool) -> None:
    """Note that these activities came by a way, pushed or pulled."""
    way = ActivityDetail.pushed if pushed else ActivityDetail.pulled
    if ids:
        db.session.execute(
            update(ActivityDetail)
            .where(among(ActivityDetail.activity_id, ids), way.is_(False))
            .values({way: True}),
            execution_options={"synchronize_session": False},
        )
