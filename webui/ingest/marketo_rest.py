"""What Marketo's REST API tells of activities: chat activities, merges and deletions of people."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from webui.ingest.activity_json import record_of
from webui.ingest.activity_types import TypeMap
from webui.ingest.attributes import guid as guid_of
from webui.ingest.attributes import lead_id, moment, whole_number
from webui.ingest.extract import NotShown, attributes_of
from webui.ingest.records import BadRow, Batch, DeletionRecord, MergeRecord, Origin, Record, Rejection

SOURCE = "marketo-rest"
FILE = "Marketo REST API"
MERGES = "marketo-merges"
DELETIONS = "marketo-deletions"
MERGE_LEADS = 32

_MERGED = "mergeids"


def batch_of(rows: Sequence[bytes | msgspec.Raw], types: TypeMap) -> Batch:
    """Return the chat activities of a page; a row that cannot be used is a rejection, whole."""
    batch = Batch(source=SOURCE, file=FILE)
    for row in rows:
        add(batch, bytes(row), types)
    return batch


def add(batch: Batch, row: bytes, types: TypeMap) -> None:
    """Add one activity, as JSON, to a batch: as a record, an ignored type or a rejection."""
    origin = Origin(0, row.decode("utf-8", "replace"))
    try:
        one = _object(row)
        batch.records.append((record_of(one, types, one.get("marketoGUID")), origin))
    except NotShown as other:
        batch.ignored[str(other)] += 1
    except BadRow as bad:
        batch.rejections.append(Rejection.of(origin, bad))


class Identity(NamedTuple):
    """What tells an activity from others, whether or not the rest of it can be used. ``at`` is aware UTC."""

    guid: str
    at: datetime
    type_key: str
    marketo_id: int


def identity(row: bytes | msgspec.Raw, types: TypeMap) -> Identity | None:
    """Return which activity a row is about, None if it says that badly or is of a type that is not ours."""
    try:
        one = _object(bytes(row))
        known = types.get(whole_number(str(one.get("activityTypeId"))) or 0)
        if known is None or known.ours is None:
            return None
        at, _ = moment(one.get("activityDate"))
        return Identity(guid_of(one.get("marketoGUID")), at, known.ours.key, lead_id(one.get("leadId")))
    except BadRow:
        return None


def merges_of(rows: Iterable[bytes | msgspec.Raw]) -> Batch:
    """Return the merges that activities Merge Leads tell; what cannot be used is a rejection."""
    return _changes(MERGES, rows, merge_of)


def deletions_of(rows: Iterable[bytes | msgspec.Raw], held: Collection[int] = ()) -> Batch:
    """Return the deletions that activities Delete Lead tell, in the same way; those ``held`` are rejected."""

    def read(row: bytes) -> DeletionRecord:
        deleted = deleted_in(row)
        if deleted.marketo_id in held:
            raise BadRow(None, "a rejected merge names this lead: try that again first, then this")
        return deleted

    return _changes(DELETIONS, rows, read)


def _changes(source: str, rows: Iterable[bytes | msgspec.Raw], read: Callable[[bytes], Record]) -> Batch:
    batch = Batch(source=source, file=FILE)
    for row in map(bytes, rows):
        origin = Origin(0, row.decode("utf-8", "replace"))
        try:
            batch.records.append((read(row), origin))
        except BadRow as bad:
            batch.rejections.append(Rejection.of(origin, bad))
    return batch


def merge_of(row: bytes | msgspec.Raw) -> MergeRecord:
    """Read an activity Merge Leads, which is logged for the winner; raise BadRow if it says no ids.

    ``Merge IDs`` is a list of numbers in any of three forms: ``[9,8]``, ``"9,8"``, a lone number.
    """
    one = _object(bytes(row))
    named = attributes_of(one.get("attributes") or [])
    told = next((value for name, value in named.items() if "".join(name.lower().split()) == _MERGED), None)
    losers = tuple(lead_id(number, "Merge IDs") for number in _numbers(told))
    if not losers:
        raise BadRow("Merge IDs", "the merge names nobody who was merged")
    return MergeRecord(losers, lead_id(one.get("leadId")))


def deleted_in(row: bytes | msgspec.Raw) -> DeletionRecord:
    """Read an activity Delete Lead; raise BadRow if it does not say whom it is about."""
    return DeletionRecord(lead_id(_object(bytes(row)).get("leadId")))


def _numbers(told: Any) -> list[Any]:
    if isinstance(told, list):
        return told
    text = str("" if told is None else told).strip().strip("[]")
    return [part for part in (piece.strip().strip('"') for piece in text.split(",")) if part]


def _object(row: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(row)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadRow(None, f"the activity is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadRow(None, "the activity is not a JSON object")
    return found
