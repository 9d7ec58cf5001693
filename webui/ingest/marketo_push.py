"""Marketo's legacy activity push: an envelope with a list of activities, signed in by a token.

``{"sourceApplication": "Marketo", "munchkinId": …, "messageId": …, "activities": [{…}, …]}``
"""

from webui.ingest import deliveries, json_texts
from webui.ingest.activity_json import record_of
from webui.ingest.activity_types import TypeMap
from webui.ingest.deliveries import is_foreign
from webui.ingest.json_texts import NotJson
from webui.ingest.records import ActivityRecord, BadRow, Batch

SOURCE = "marketo-activities"


def parse(body: bytes, types: TypeMap, munchkin_id: str = "") -> Batch:
    """Return what the activities of an envelope become; it raises nothing.

    Those of another instance are counted alone. A body that is no envelope is kept as one rejection.
    """
    try:
        told = json_texts.members(body)
    except NotJson as error:
        return deliveries.whole(SOURCE, body, f"is no envelope of activities: {error}")
    try:
        texts = json_texts.elements(told.get("activities", b""))
    except NotJson as error:
        reason = f"has no list `activities`: {error}"
        return deliveries.whole(SOURCE, body, reason)
    if is_foreign(_plain(told.get("munchkinId", b"null")), munchkin_id):
        batch = deliveries.empty(SOURCE)
        batch.foreign = len(texts)
        return batch
    return deliveries.batch_of(SOURCE, texts, lambda text: _record(text, types))


def again(body: str, types: TypeMap, munchkin_id: str, reason: str) -> Batch:
    """Parse an activity that was rejected before, or the whole delivery, as ``reason`` tells."""
    if deliveries.is_whole(reason):
        return parse(body.encode(), types, munchkin_id)
    return deliveries.batch_of(SOURCE, [body.encode()], lambda text: _record(text, types))


def _plain(text: bytes) -> object:
    try:
        return json_texts.value(text)
    except NotJson:
        return None


def _record(text: bytes, types: TypeMap) -> ActivityRecord:
    try:
        told = json_texts.value(text)
    except NotJson as error:
        raise BadRow(None, f"the activity is not JSON: {error}") from None
    if not isinstance(told, dict):
        raise BadRow(None, "the activity is no JSON object")
    return record_of(told, types, told.get("marketoGUID"))
