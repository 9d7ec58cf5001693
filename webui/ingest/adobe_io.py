"""Adobe I/O Events: Marketo's activities as CloudEvents, one or a list of them in a delivery.

That a delivery is signed says only that Adobe sent it to somebody. Which of its events are ours says
their ``recipientclientid`` (earlier ``recipient_client_id``), of each event for itself; several Marketo
instances may share the stream, so ``munchkinId`` is asked too, where ours is known. Older samples and
the journal wrap an event: ``{"event_id": …, "event": {…}}``.
"""

from typing import Any, NamedTuple

from webui.ingest import deliveries, json_texts
from webui.ingest.activity_json import record_of
from webui.ingest.activity_types import TypeMap
from webui.ingest.deliveries import Foreign, is_foreign
from webui.ingest.json_texts import NotJson
from webui.ingest.records import ActivityRecord, BadRow, Batch

SOURCE = "adobe-io"


class Us(NamedTuple):
    """For whom events are: the Adobe project's client id, and our Munchkin id ("": of any instance)."""

    client_id: str
    munchkin_id: str = ""


class NoneOurs(Exception):
    """No event of a delivery carries our client id."""


def parse(body: bytes, types: TypeMap, us: Us) -> Batch:
    """Return what the events of a delivery become; raise NoneOurs, and nothing else.

    Foreign events are counted alone. What cannot be read as an event and names our client id is kept as
    a rejection: one event, or the whole of a body that is no JSON.
    """
    if us.client_id.encode() not in body:
        raise NoneOurs
    try:
        texts = json_texts.elements(body) if body.lstrip().startswith(b"[") else [body.strip()]
    except NotJson as error:
        return deliveries.whole(SOURCE, body, f"is not JSON: {error}")
    told = {text: _told(text) for text in texts}
    ours = [text for text in texts if _is_ours(text, told[text], us.client_id)]
    if not ours:
        raise NoneOurs
    batch = deliveries.batch_of(SOURCE, ours, lambda text: _record(told[text], types, us.munchkin_id))
    batch.foreign += len(texts) - len(ours)
    return batch


def again(body: str, types: TypeMap, us: Us, reason: str) -> Batch:
    """Parse an event that was rejected before, and so was ours, or the whole delivery, as ``reason`` tells.

    A whole one of which nothing is ours any more keeps its reason: it may be again.
    """
    text = body.encode()
    if not deliveries.is_whole(reason):
        return deliveries.batch_of(SOURCE, [text], lambda one: _record(_told(one), types, us.munchkin_id))
    try:
        return parse(text, types, us)
    except NoneOurs:
        return deliveries.whole(SOURCE, text, reason.removeprefix(deliveries.WHOLE))


def validation_url(body: bytes) -> str | None:
    """Return the ``validationUrl`` that a body asks somebody to open; None for any other body."""
    try:
        told = json_texts.value(body) if b"validationUrl" in body else None
    except NotJson:
        return None
    url = told.get("validationUrl") if isinstance(told, dict) else None
    return url if isinstance(url, str) else None


def _told(text: bytes) -> Any:
    """Return what an event says; a NotJson where it says nothing."""
    try:
        return json_texts.value(text)
    except NotJson as error:
        return error


def _is_ours(text: bytes, told: Any, client_id: str) -> bool:
    """Whether an event carries our client id; one that cannot be read does where the id stands in it."""
    if client_id.encode() not in text:
        return False
    if not isinstance(told, dict):
        return True
    recipients = {
        str(one[name])
        for one in (told, _unwrapped(told))
        for name in ("recipientclientid", "recipient_client_id")
        if one.get(name) is not None
    }
    return recipients == {client_id}


def _unwrapped(told: dict[str, Any]) -> dict[str, Any]:
    inner = told.get("event")
    return inner if isinstance(inner, dict) and "data" not in told else told


def _record(told: Any, types: TypeMap, munchkin_id: str) -> ActivityRecord:
    if isinstance(told, NotJson):
        raise BadRow(None, f"the event is not JSON: {told}")
    if not isinstance(told, dict):
        raise BadRow(None, "the event is no JSON object")
    event = _unwrapped(told)
    data = event.get("data")
    if not isinstance(data, dict):
        raise BadRow("data", "the event has no object `data`, which holds the activity")
    if is_foreign(data.get("munchkinId"), munchkin_id):
        raise Foreign
    activity = data if data.get("activityDate") else {**data, "activityDate": event.get("time")}
    return record_of(activity, types, data.get("marketoGUID") or event.get("id"))
