"""One Marketo activity as JSON, made into a record: the REST API's, a pushed one's, an event's ``data``.

These differ in little: ``leadId`` is a text in events and a number elsewhere, the type's name comes along
with what is pushed and not by REST. Numbers written as texts, and the reverse, are read where the value
is plain.
"""

from functools import lru_cache
from typing import Any

from webui.ingest import attributes as marketo
from webui.ingest import extract
from webui.ingest.activity_types import TypeMap
from webui.ingest.extract import NotShown, unknown_type
from webui.ingest.records import LONGEST_FIELD, ActivityRecord, BadRow, one_line
from webui.ingest.type_names import CUSTOM_IDS_FROM, resolve
from webui.vocabulary import ActivityType

LONGEST_NAME = 255

_resolved = lru_cache(maxsize=1_000)(resolve)  # a delivery has few names, each many times


def record_of(one: dict[str, Any], types: TypeMap, guid: object) -> ActivityRecord:
    """Return the record of one activity, whose identity its envelope tells.

    Raises NotShown with Marketo's name for a type that is not ours, and BadRow (with the guid, where
    there is one) for an activity that cannot be used.
    """
    of_type, is_flow = _type_of(one, types)
    identity = marketo.guid(_plain("marketoGUID", guid))
    try:
        return marketo.activity(
            guid=identity,
            marketo_id=marketo.lead_id(_plain("leadId", one.get("leadId")) or ""),
            when=marketo.moment(_plain("activityDate", one.get("activityDate")) or ""),
            of_type=of_type,
            is_flow=is_flow,
            primary_value=_plain("primaryAttributeValue", one.get("primaryAttributeValue")),
            primary_ref=_plain("primaryAttributeValueId", one.get("primaryAttributeValueId")),
            attributes=_attributes(one.get("attributes")),
        )
    except BadRow as bad:
        bad.guid = identity
        raise
    except (RecursionError, UnicodeEncodeError):  # half a surrogate pair, from a decoder that lets it pass
        raise BadRow("attributes", "the attributes hold what cannot be written", identity) from None


def _type_of(one: dict[str, Any], types: TypeMap) -> tuple[ActivityType, bool]:
    """Return the type by its id, else by its name, and whether it is the flow's; raise NotShown or BadRow."""
    told, name = (_plain("activityTypeId", one.get("activityTypeId")) or "").strip(), one.get("activityType")
    number = marketo.whole_number(told)
    known = types.get(number or 0)
    if known is not None:
        if known.ours is None:
            raise NotShown(known.name)
        return known.ours, known.is_flow
    if not isinstance(name, str) or not name.strip() or (told and not number):
        raise BadRow("activityTypeId", unknown_type(told))
    # A custom type may bear a similar name: only an override makes it ours.
    found = None if number and number >= CUSTOM_IDS_FROM else _resolved(name[:LONGEST_NAME])
    if found is None:
        raise NotShown(one_line(name[:LONGEST_NAME]))
    return found


def _plain(name: str, value: object) -> str | None:
    """Return a value that is a text or a number as a text; raise BadRow for any other than null."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRow(name, f"{name} is neither a text nor a number")
    text = str(value)
    if len(text) > LONGEST_FIELD:
        raise BadRow(name, f"the value has {len(text)} characters, more than {LONGEST_FIELD}")
    return text


def _attributes(found: object) -> dict[str, Any]:
    if found is None:
        return {}
    return extract.attributes(found) if isinstance(found, str) else extract.attributes_of(found)
