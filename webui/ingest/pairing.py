"""Finding the pushed and the polled copy of one activity where the two have different ids.

Adobe's migration guide says that a pushed event's ``id`` is Marketo's ``marketoGUID``, its set-up page
does not. Where they differ, one pushed and one polled copy that agree in all that tells activities apart
are one. Two of the same way are always two; where several could be meant, none is paired.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from webui.bulk import among
from webui.config import in_force
from webui.database import db, insert
from webui.ingest.known import Known, list_rows
from webui.ingest.records import ActivityRecord
from webui.models import Activity, ActivityDetail, Dialogue, OtherGuid, SourceState
from webui.vocabulary import FAMILY, PUSHED

Key = tuple[Any, ...]


def pairs(records: list[ActivityRecord], *, pushed: bool) -> tuple[Known, int]:
    """Return, by the guids of new records, the activity that each is a second copy of; note the pairs.

    ``pushed`` says which way the records came. The number is how many resembled several activities.
    """
    if not records or not in_force().pair_pushed or not (pushed or _any_was_pushed()):
        return {}, 0
    alike: dict[Key, list[ActivityRecord]] = defaultdict(list)
    for record in {one.guid: one for one in records}.values():
        alike[_key_of(record)].append(record)
    there = _of_the_other_way(records, pushed=pushed)
    found: dict[int, str] = {}
    unpaired = 0
    for key, copies in alike.items():
        candidates = there.get(key, [])
        if len(candidates) == len(copies) == 1:
            found[candidates[0]] = copies[0].guid
        elif candidates:
            unpaired += len(copies)
    if not found:
        return {}, unpaired
    rows = [{"guid": guid, "activity_id": id_} for id_, guid in found.items()]
    db.session.execute(insert(OtherGuid.__table__), rows)
    known = {found[row.id]: row for row in db.session.execute(list_rows(among(Activity.id, found)))}
    return known, unpaired


def _any_was_pushed() -> bool:
    """Whether anything was ever pushed; if not, nothing that is pulled can be a second copy."""
    pushing = select(SourceState.source).where(SourceState.source.in_(PUSHED)).limit(1)
    return db.session.execute(pushing).first() is not None


def _key_of(record: ActivityRecord) -> Key:
    about = (record.goal_name, record.document_name, record.scheduled_for)
    return (
        record.marketo_id,
        record.type_key,
        record.at,
        record.is_flow,
        record.dialogue_name or None,
        *(value or None for value in about),
    )


def _of_the_other_way(records: list[ActivityRecord], *, pushed: bool) -> dict[Key, list[int]]:
    """Return the ids of the activities of these people and times that came the other way alone, by key."""
    mine, other = ActivityDetail.pushed, ActivityDetail.pulled
    if not pushed:
        mine, other = other, mine
    columns = (
        Activity.id,
        Activity.marketo_id,
        Activity.type_key,
        Activity.at,
        ActivityDetail.is_flow,
        Dialogue.name,
        ActivityDetail.goal_name,
        ActivityDetail.document_name,
        ActivityDetail.scheduled_for,
    )
    found: dict[Key, list[int]] = defaultdict(list)
    rows = (
        select(*columns)
        .join(ActivityDetail, ActivityDetail.activity_id == Activity.id)
        .outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
        .where(
            Activity.family.in_(tuple(FAMILY)),
            among(Activity.at, {record.at for record in records}),
            # Few activities have one time, some people thousands: "+ 0" keeps the index by person out of it.
            among(Activity.marketo_id + 0, {record.marketo_id for record in records}),
            mine.is_(False),
            other.is_(True),
        )
    )
    for id_, *key in db.session.execute(rows):
        found[tuple(key)].append(id_)
    return found
