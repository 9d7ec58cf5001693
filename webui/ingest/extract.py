"""Marketo's bulk activity extract: a row a chat activity.

Columns are found by the header, for the export may drop or reorder them. ``attributes`` is a JSON
object by display name, or, as another of Marketo's documents has it, an array of ``{name, value}``.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from webui.ingest.activity_types import TypeMap
from webui.ingest.attributes import activity, guid, lead_id, moment, whole_number
from webui.ingest.records import LONGEST_FIELD, ActivityRecord, BadRow, one_line

COLUMNS = (
    "marketoGUID",
    "leadId",
    "activityDate",
    "activityTypeId",
    "campaignId",
    "primaryAttributeValueId",
    "primaryAttributeValue",
    "attributes",
)
REQUIRED = frozenset(("marketoGUID", "leadId", "activityDate", "activityTypeId"))

_decode = msgspec.json.Decoder().decode


class NotShown(Exception):
    """The row is of a type that Marketo names and we do not show; the message is Marketo's name."""


def parser(columns: list[str], types: TypeMap) -> Callable[[list[str]], ActivityRecord]:
    """Return the function that makes a record of a row.

    It raises NotShown for a type that is not ours, and BadRow (with the guid, where there is one)
    for a row that cannot be used.
    """
    place = {name: columns.index(name) if name in columns else -1 for name in COLUMNS}
    at_guid, at_lead, at_date = place["marketoGUID"], place["leadId"], place["activityDate"]
    at_type, at_attributes = place["activityTypeId"], place["attributes"]
    at_value, at_ref = place["primaryAttributeValue"], place["primaryAttributeValueId"]

    def parse(row: list[str]) -> ActivityRecord:
        number = row[at_type].strip()
        known = types.get(whole_number(number) or 0)
        if known is not None and known.ours is None:
            raise NotShown(known.name)
        identity = guid(row[at_guid])
        try:
            if known is None or known.ours is None:
                raise BadRow("activityTypeId", unknown_type(number))
            _refuse_oversized(columns, row)
            return activity(
                guid=identity,
                marketo_id=lead_id(row[at_lead]),
                when=moment(row[at_date]),
                of_type=known.ours,
                is_flow=known.is_flow,
                primary_value=_value(row[at_value]) if at_value >= 0 else None,
                primary_ref=_value(row[at_ref]) if at_ref >= 0 else None,
                attributes=attributes(row[at_attributes]) if at_attributes >= 0 else {},
            )
        except BadRow as bad:
            bad.guid = identity
            raise

    return parse


def attributes(cell: str) -> dict[str, Any]:
    """Read the attributes' cell, in either of its shapes; raise BadRow if it is neither."""
    if cell in ("", "null"):
        return {}
    try:
        found = _decode(cell)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadRow("attributes", f"the attributes are not JSON: {error}") from error
    return attributes_of(found)


def attributes_of(found: object) -> dict[str, Any]:
    """Return the attributes of a JSON value, by name, from either shape; raise BadRow if it is neither."""
    if isinstance(found, list):
        return _of_pairs(found)
    if not isinstance(found, dict):
        raise BadRow("attributes", "the attributes are neither a JSON object nor a list of name and value")
    return found


def _of_pairs(pairs: Iterable[Any]) -> dict[str, Any]:
    try:
        return {str(pair["name"]): pair.get("value") for pair in pairs}
    except (TypeError, KeyError, AttributeError):
        raise BadRow("attributes", "an attribute of the list has no `name`") from None


def _value(cell: str) -> str | None:
    return None if cell in ("", "null") else cell


def unknown_type(number: str) -> str:
    """Say that the id of a type is not known, and what to do."""
    shown = one_line(number if len(number) <= 20 else number[:19] + "…")
    return (
        f"{shown or 'nothing'} is not among the activity types that Marketo named: import its "
        "Get Activity Types answer with --types, then `chatpane rejected retry`"
    )


def _refuse_oversized(columns: list[str], row: list[str]) -> None:
    if sum(map(len, row)) <= LONGEST_FIELD:
        return
    for name, cell in zip(columns, row, strict=True):
        if len(cell) > LONGEST_FIELD:
            raise BadRow(name, f"the value has {len(cell)} characters, more than {LONGEST_FIELD}")
