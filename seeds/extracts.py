"""Activities as bulk extract files: one file a calendar month, since a window has at most 31 days.

Chats and what surrounds them are in ``activities-*``, all other families in ``marketing-*``. Of the chats,
one month is tab-separated, and in one month every third row has its attributes in the REST form.
"""

import csv
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chats import Activity, Value

HEADER = (
    "marketoGUID",
    "leadId",
    "activityDate",
    "activityTypeId",
    "campaignId",
    "primaryAttributeValueId",
    "primaryAttributeValue",
    "attributes",
)
TAB_MONTH = "2026-02"
ARRAY_MONTH = "2026-04"
FIRST_GUID = 718_204_551
FIRST_MARKETING_GUID = 731_000_017


@dataclass(frozen=True)
class Row:
    """An activity with its guid."""

    guid: int
    activity: Activity


def files(activities: Iterable[Activity]) -> dict[str, str]:
    """Return the text of each extract of chats by file name."""
    return dict(_file(month, rows) for month, rows in _months(_numbered(activities, FIRST_GUID, "guids")))


def marketing_files(activities: Iterable[Activity]) -> dict[str, str]:
    """Return the text of each extract of the other families by file name."""
    rows = _numbered(activities, FIRST_MARKETING_GUID, "marketing guids")
    return {f"marketing-{month}.csv": table(HEADER, map(_cells, rows)) for month, rows in _months(rows)}


def table(header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """Write rows as RFC 4180 has it, save for the line ends, which are single line feeds."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _months(rows: Iterable[Row]) -> Iterable[tuple[str, list[Row]]]:
    """Put rows into months, in order."""
    months: dict[str, list[Row]] = {}
    for row in rows:
        months.setdefault(row.activity.at.strftime("%Y-%m"), []).append(row)
    return months.items()


def _numbered(activities: Iterable[Activity], first: int, seed: str) -> Iterable[Row]:
    """Give guids in the order of time, with gaps."""
    rng = random.Random(seed)
    guid = first
    for activity in sorted(activities, key=lambda activity: activity.at):
        guid += rng.randint(1, 400)
        yield Row(guid, activity)


def _file(month: str, rows: list[Row]) -> tuple[str, str]:
    """Return the name and the text of one month's extract."""
    if month == TAB_MONTH:
        return f"activities-{month}.tsv", table(HEADER, map(_cells, rows), "\t")
    cells = [
        _cells(row, as_array=month == ARRAY_MONTH and number % 3 == 0) for number, row in enumerate(rows)
    ]
    return f"activities-{month}.csv", table(HEADER, cells)


def _cells(row: Row, *, as_array: bool = False) -> tuple[str, ...]:
    """Return the cells of one row; what has no value is the bare word null."""
    activity = row.activity
    attributes = dict(activity.attributes)
    if isinstance(topics := attributes.get("Discussed Topics"), list) and row.guid % 3 == 0:
        attributes["Discussed Topics"] = ", ".join(topics)
    return (
        str(row.guid),
        str(activity.lead_id),
        activity.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        str(activity.type_id),
        _or_null(activity.campaign_id),
        _or_null(activity.primary_id),
        _or_null(activity.primary),
        _written(attributes, as_array=as_array),
    )


def _written(attributes: Mapping[str, Value], *, as_array: bool) -> str:
    """Write attributes as a JSON object, or as the REST array, which spells one name differently."""
    if not attributes:
        return ""
    if not as_array:
        return _json(attributes)
    spelt = {"Goal Name": "Goal name", "UI Type": "ui type"}
    return _json([{"name": spelt.get(name, name), "value": value} for name, value in attributes.items()])


def _json(value: object) -> str:
    """Write JSON without blanks, and with letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _or_null(value: int | str | None) -> str:
    """Write a value, or the bare word null."""
    return "null" if value is None else str(value)
