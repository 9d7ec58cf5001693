"""Marketo's attributes of an activity, made into a record.

Every source of activities ends here, whatever its envelope. Attribute names are matched without
case, blanks and underscores, for their spelling differs between Marketo's own documents.
"""

from datetime import UTC, datetime
from typing import Any

from webui.database import LARGEST_ID
from webui.ingest import chat_attributes, other_attributes
from webui.ingest.attribute_values import read_time, shown
from webui.ingest.records import LONGEST_FIELD, ActivityRecord, BadRow, one_line
from webui.models import GUID_LENGTH
from webui.vocabulary import BY_KEY, CHAT, ActivityType

LONGEST_NUMBER = 40


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
    raise BadRow(column, f"{shown(value)} is not a Marketo lead id (a positive whole number)")


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
    at = read_time(str(text))
    if at is None:
        raise BadRow(column, f"{shown(str(text))} is not a date and time such as 2031-04-02T08:15:30Z")
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC), one_line(str(text))
    return at if at.tzinfo is UTC else at.astimezone(UTC), None


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
    of_kind = BY_KEY[of_type.kinds.get((primary_value or "").strip().casefold(), of_type.key)]
    record = ActivityRecord(
        guid=guid, marketo_id=marketo_id, at=at, at_text=at_text, type_key=of_kind.key, is_flow=is_flow
    )
    for name, value in attributes.items():
        if isinstance(value, str) and len(value) > LONGEST_FIELD:
            raise BadRow(name, f"the value has {len(value)} characters, more than {LONGEST_FIELD}")
    if of_type.family == CHAT.key:
        chat_attributes.tell(record, of_type, primary_value, primary_ref, attributes)
    else:
        other_attributes.tell(record, of_kind, primary_value, primary_ref, attributes)
    return record
