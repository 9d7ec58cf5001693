"""Marketo's attributes of a chat activity, made into a record.

Every source of activities ends here, whatever its envelope. Attribute names are matched without
case, blanks and underscores, for their spelling differs between Marketo's own documents; what has no
place of its own is kept under Marketo's name in ``extra``.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET

from webui.database import LARGEST_ID
from webui.ingest.records import LONGEST_FIELD, ActivityRecord, BadRow, long_text, one_line
from webui.models import GUID_LENGTH
from webui.vocabulary import ActivityType

LONGEST_NUMBER = 40
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

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


@lru_cache(maxsize=1_000)
def _bare(name: str) -> str:
    return "".join(name.casefold().replace("_", " ").split())


def guid(text: object) -> str:
    """Return an activity's identity; raise BadRow if there is none or it is too long to be one."""
    value = one_line(str(text)) if text is not None else ""
    if not value or value == "null":
        raise BadRow("marketoGUID", "the activity has no guid, so it could not be told from others")
    if len(value) > GUID_LENGTH:
        raise BadRow("marketoGUID", f"the guid is longer than {GUID_LENGTH} characters")
    return value


def lead_id(text: object, column: str = "leadId") -> int:
    """Return Marketo's id of a person, a positive whole number; raise BadRow if ``text`` is none."""
    value = str(text).strip()
    number = whole_number(value)
    if number:
        return number
    raise BadRow(column, f"{_shown(value)} is not a Marketo lead id (a positive whole number)")


def whole_number(text: str) -> int | None:
    """Return the number that ``text`` writes in digits, None if it is none or no database holds it."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def moment(text: object, column: str = "activityDate") -> tuple[datetime, str | None]:
    """Return the time that ``text`` says, in UTC, and the text itself where it states no zone.

    Such a time is taken for UTC, as Marketo means it. Raise BadRow if it is no ISO 8601 date with a
    time, or lies outside 1990 to 2100.
    """
    at = _read_time(str(text))
    if at is None:
        raise BadRow(column, f"{_shown(str(text))} is not a date and time such as 2031-04-02T08:15:30Z")
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC), one_line(str(text))
    return at if at.tzinfo is UTC else at.astimezone(UTC), None


def _read_time(text: str) -> datetime | None:
    """Read an ISO 8601 date with time, aware or not, as written; None if it is none."""
    text = text.strip()
    if len(text) < 16 or text[10] not in "Tt ":
        return None
    try:
        at = datetime.fromisoformat(text.upper())
        beyond = not EARLIEST <= (at if at.tzinfo else at.replace(tzinfo=UTC)) < LATEST
    except (ValueError, OverflowError):
        return None
    return None if beyond else at


def activity(  # noqa: PLR0913 - the columns of an activity, each by its name
    *,
    guid: str,
    marketo_id: int,
    when: tuple[datetime, str | None],
    of_type: ActivityType,
    is_flow: bool,
    primary_value: str | None,
    primary_ref: str | None,
    attributes: dict[str, Any],
) -> ActivityRecord:
    """Make the record of one activity from its attributes by Marketo's names; ``when`` as by ``moment``.

    Raises BadRow for a value outside the vocabulary, naming the attribute.
    """
    at, at_text = when
    record = ActivityRecord(
        guid=guid, marketo_id=marketo_id, at=at, at_text=at_text, type_key=of_type.key, is_flow=is_flow
    )
    extra: dict[str, Any] = {}
    for name, value in attributes.items():
        bare = _bare(name)
        if isinstance(value, str) and len(value) > LONGEST_FIELD:
            raise BadRow(name, f"the value has {len(value)} characters, more than {LONGEST_FIELD}")
        if bare in _TEXTS:
            _set(record, *_TEXTS[bare], value)
        elif bare == of_type.status_attribute:
            _set_status(record, of_type, name, value)
        elif bare in _SPECIAL:
            _SPECIAL[bare](record, name, value, extra)
        elif bare not in _NAMES and value not in ("", None):
            extra[one_line(name)] = _plain(value)
    _set(record, "dialogue_name", one_line, primary_value or _first_name(attributes))
    if primary_ref and record.dialogue_name is not UNSET:
        record.dialogue_ref = one_line(primary_ref)
    if extra:
        record.extra = extra
    return record


def _first_name(attributes: dict[str, Any]) -> Any:
    by_bare = {_bare(name): value for name, value in attributes.items()}
    return next((by_bare[name] for name in _NAMES if by_bare.get(name)), "")


def _set(record: ActivityRecord, field: str, clean: Callable[[str], str], value: Any) -> None:
    """Set a text: null clears, an empty text says nothing (Marketo leaves empty attributes out)."""
    if value is None:
        setattr(record, field, None)
    elif text := clean(value if isinstance(value, str) else _plain(value)):
        setattr(record, field, text)


def _set_status(record: ActivityRecord, of_type: ActivityType, name: str, value: Any) -> None:
    if value is None:
        record.status = None
    elif str(value).strip():
        status = of_type.status(str(value))
        if status is None:
            known = ", ".join(one.labels["en"] for one in of_type.statuses)
            raise BadRow(name, f"{_shown(str(value))} is not a status of {of_type.labels['en']} ({known})")
        record.status = status.key


def _document(status: str) -> Callable[[ActivityRecord, str, Any, dict[str, Any]], None]:
    def read(record: ActivityRecord, name: str, value: Any, extra: dict[str, Any]) -> None:
        if record.type_key != "interacted-with-document":
            extra[one_line(name)] = _plain(value)
            return
        text = str(value).strip().casefold()
        if text in _TRUE and record.status != "downloaded":
            record.status = status
        elif text and text not in (*_TRUE, *_FALSE, "none"):
            raise BadRow(name, f"{_shown(str(value))} is neither true nor false")

    return read


def _scheduled_for(record: ActivityRecord, _name: str, value: Any, _extra: dict[str, Any]) -> None:
    if value is None:
        record.scheduled_for = record.scheduled_text = None
        return
    text = one_line(str(value))
    if not text:
        return
    at = _read_time(text)
    record.scheduled_for = None if at is None else at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    record.scheduled_text = None if at is not None and at.tzinfo else text


def _score(record: ActivityRecord, name: str, value: Any, extra: dict[str, Any]) -> None:
    text = str(value).strip()
    if value is None:
        record.score = None
    elif text in ("0", "1", "2", "3"):
        record.score = int(text)
    elif text:
        extra[one_line(name)] = _plain(value)


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


def _plain(value: Any) -> str:
    """Write a JSON value as a text that can be shown."""
    return long_text(value) if isinstance(value, str) else long_text(msgspec.json.encode(value).decode())


def _shown(text: str) -> str:
    """Quote a value in a reason, cut where it would drown the sentence."""
    return repr(text if len(text) <= 80 else text[:77] + "…")
