"""Marketo's attributes of a chat activity.

What has no place of its own is kept under Marketo's name in ``extra``.
"""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from msgspec import UNSET

from webui.ingest.attribute_values import bare, plain, read_time, set_text, shown
from webui.ingest.records import ActivityRecord, BadRow, long_text, one_line
from webui.vocabulary import ActivityType

_TRUE = ("true", "yes", "1")
_FALSE = ("false", "no", "0")

_TEXTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "pageurl": ("page_url", one_line),
    "agentname": ("agent_name", one_line),
    "agentemail": ("agent_email", one_line),
    "goalname": ("goal_name", one_line),
    "documentname": ("document_name", one_line),
    "documenturl": ("document_url", one_line),
    "routingqueuename": ("routing_queue", one_line),
    "conversationsummary": ("summary", long_text),
    "conversationtranscript": ("transcript", long_text),
}
_NAMES = ("name", "dialoguename", "conversationalflowname")


def tell(
    record: ActivityRecord,
    of_type: ActivityType,
    primary_value: str | None,
    primary_ref: str | None,
    attributes: dict[str, Any],
) -> None:
    """Tell a record what the attributes say; raise BadRow, naming the one that is wrong."""
    extra: dict[str, Any] = {}
    for name, value in attributes.items():
        bare_name = bare(name)
        if bare_name in _TEXTS:
            set_text(record, *_TEXTS[bare_name], value)
        elif bare_name == of_type.status_attribute:
            _set_status(record, of_type, name, value)
        elif bare_name in _SPECIAL:
            _SPECIAL[bare_name](record, name, value, extra)
        elif bare_name not in _NAMES and value not in ("", None):
            extra[one_line(name)] = plain(value)
    set_text(record, "dialogue_name", one_line, primary_value or _first_name(attributes))
    if primary_ref and record.dialogue_name is not UNSET:
        record.dialogue_ref = one_line(primary_ref)
    if extra:
        record.extra = extra


def _first_name(attributes: dict[str, Any]) -> Any:
    by_bare = {bare(name): value for name, value in attributes.items()}
    return next((by_bare[name] for name in _NAMES if by_bare.get(name)), "")


def _set_status(record: ActivityRecord, of_type: ActivityType, name: str, value: Any) -> None:
    if value is None:
        record.status = None
    elif str(value).strip():
        status = of_type.status(str(value))
        if status is None:
            known = ", ".join(one.labels["en"] for one in of_type.statuses)
            raise BadRow(name, f"{shown(str(value))} is not a status of {of_type.labels['en']} ({known})")
        record.status = status.key


def _document(status: str) -> Callable[[ActivityRecord, str, Any, dict[str, Any]], None]:
    def read(record: ActivityRecord, name: str, value: Any, extra: dict[str, Any]) -> None:
        if record.type_key != "interacted-with-document":
            extra[one_line(name)] = plain(value)
            return
        text = str(value).strip().casefold()
        if text in _TRUE and record.status != "downloaded":
            record.status = status
        elif text and text not in (*_TRUE, *_FALSE, "none"):
            raise BadRow(name, f"{shown(str(value))} is neither true nor false")

    return read


def _scheduled_for(record: ActivityRecord, _name: str, value: Any, _extra: dict[str, Any]) -> None:
    if value is None:
        record.scheduled_for = record.scheduled_text = None
        return
    text = one_line(str(value))
    if not text:
        return
    at = read_time(text)
    record.scheduled_for = None if at is None else at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    record.scheduled_text = None if at is not None and at.tzinfo else text


def _score(record: ActivityRecord, name: str, value: Any, extra: dict[str, Any]) -> None:
    text = str(value).strip()
    if value is None:
        record.score = None
    elif text in ("0", "1", "2", "3"):
        record.score = int(text)
    elif text:
        extra[one_line(name)] = plain(value)


def _topics(record: ActivityRecord, _name: str, value: Any, _extra: dict[str, Any]) -> None:
    if value is None:
        record.topics = None
        return
    parts = value if isinstance(value, list) else str(value).split(",")
    if topics := [one_line(str(part)) for part in parts if one_line(str(part))]:
        record.topics = topics


_SPECIAL: dict[str, Callable[[ActivityRecord, str, Any, dict[str, Any]], None]] = {
    "documentopened": _document("opened"),
    "documentdownloaded": _document("downloaded"),
    "scheduledfor": _scheduled_for,
    "conversationscore": _score,
    "discussedtopics": _topics,
    "topics": _topics,
}
