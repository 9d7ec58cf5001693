"""Bulk extracts: Marketo writes a file of a month's activities, or of people, for far fewer calls.

An extract is made, queued, and asked about until it is over; ``download`` then brings the file. Marketo
runs two at a time for all integrations, and keeps files for 7 days. Each function raises MarketoFailure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from webui.marketo.calls import written
from webui.marketo.connection import Connection
from webui.marketo.envelope import Answer
from webui.marketo.failures import AlreadyQueued, Refused

LONGEST_WINDOW = timedelta(days=31)
RUNNING = frozenset({"Queued", "Processing"})

Kind = Literal["activities", "leads"]


@dataclass(frozen=True)
class Export:
    """An extract as Marketo last described it.

    ``status`` is Created, Queued, Processing, Completed, Failed or Canceled. ``records``, ``size`` (bytes)
    and ``checksum`` (SHA-256, hexadecimal) are None until it is completed; ``error`` says why one failed.
    """

    kind: Kind
    id: str
    status: str
    records: int | None = None
    size: int | None = None
    checksum: str | None = None
    error: str = ""

    @property
    def is_running(self) -> bool:
        """Whether its status will change without anybody doing anything."""
        return self.status in RUNNING

    def path(self, end: str) -> str:
        """Return the path of one of its calls."""
        return f"/bulk/v1/{self.kind}/export/{quote(self.id, safe='')}/{end}.json"


def create_activities(
    connection: Connection, start: datetime, end: datetime, type_ids: Sequence[int]
) -> Export:
    """Make an extract of activities of these types, created from ``start`` to ``end``, 31 days at most.

    Nothing runs before ``enqueue``. An activity may be dated outside the window, for it counts when Marketo
    stored it. Raises ValueError for a longer window.
    """
    wanted = {"createdAt": _window(start, end), "activityTypeIds": list(type_ids)}
    return _create(connection, "activities", {"format": "CSV", "filter": wanted})


def create_leads(
    connection: Connection,
    start: datetime,
    end: datetime,
    fields: Iterable[str],
    by: Literal["createdAt", "updatedAt"] = "createdAt",
) -> Export:
    """Make an extract of people with these fields, created or updated from ``start`` to ``end``.

    Raises NotAvailable where this subscription cannot filter by ``updatedAt``; ValueError as above.
    """
    wanted = {by: _window(start, end)}
    return _create(connection, "leads", {"format": "CSV", "fields": list(fields), "filter": wanted})


def enqueue(connection: Connection, export: Export) -> Export:
    """Put an extract into Marketo's queue; where it is there already, return its status.

    Raises QueueFull or BulkQuotaUsedUp.
    """
    try:
        return _one(connection.post(export.path("enqueue")), export.kind, f"POST {export.path('enqueue')}")
    except AlreadyQueued:  # by an earlier call whose answer was lost
        return status(connection, export)


def status(connection: Connection, export: Export) -> Export:
    """Return the extract as it is now; Marketo looks at it once in a minute."""
    return _one(connection.get(export.path("status")), export.kind, f"GET {export.path('status')}")


def finished(connection: Connection, export: Export) -> Export:
    """Return a queued extract once it does not run any more, asking in the pace's ``bulk_poll`` seconds."""
    export = status(connection, export)
    while export.is_running:
        connection.pause(connection.pace.bulk_poll)
        export = status(connection, export)
    return export


def cancel(connection: Connection, export: Export) -> Export:
    """Take an extract out of the queue, or stop it."""
    return _one(connection.post(export.path("cancel")), export.kind, f"POST {export.path('cancel')}")


def exports(connection: Connection, kind: Kind, statuses: Iterable[str] = ()) -> list[Export]:
    """Return the extracts that this API user made in the last 7 days, of these statuses or of any."""
    named = ",".join(statuses)
    path = f"/bulk/v1/{kind}/export.json"
    found: list[Export] = []
    token = None
    while True:
        params = {key: value for key, value in (("status", named), ("nextPageToken", token)) if value}
        answer = connection.get(path, params)
        found += _exports(answer, kind, f"GET {path}")
        if not answer.more or answer.next_token in (None, token):
            return found
        token = answer.next_token


def _create(connection: Connection, kind: Kind, wanted: dict[str, Any]) -> Export:
    # Tried again after a lost answer, it may make two: the one that is never queued never runs.
    path = f"/bulk/v1/{kind}/export/create.json"
    return _one(connection.post(path, wanted), kind, f"POST {path}")


def _window(start: datetime, end: datetime) -> dict[str, str]:
    if not timedelta(0) < end - start <= LONGEST_WINDOW:
        raise ValueError("an extract covers up to 31 days")
    return {"startAt": written(start), "endAt": written(end)}


def _one(answer: Answer, kind: Kind, call: str) -> Export:
    found = _exports(answer, kind, call)
    if not found:
        raise Refused(call, "Marketo knows no such extract", request_id=answer.request_id)
    return found[0]


class _Described(msgspec.Struct, rename="camel"):
    export_id: str
    status: str
    number_of_records: int | None = None
    file_size: int | None = None
    file_checksum: str | None = None
    error_msg: str | None = None


def _exports(answer: Answer, kind: Kind, call: str) -> list[Export]:
    try:
        rows = [msgspec.json.decode(row, type=_Described) for row in answer.rows]
    except (msgspec.DecodeError, ValueError, RecursionError):
        message = "a result describes no extract"
        raise Refused(call, message, request_id=answer.request_id) from None
    return [
        Export(
            kind=kind,
            id=row.export_id,
            status="Canceled" if row.status == "Cancelled" else row.status,  # Marketo spells it both ways
            records=row.number_of_records,
            size=row.file_size,
            checksum=row.file_checksum and row.file_checksum.removeprefix("sha256:").lower(),
            error=row.error_msg or "",
        )
        for row in rows
    ]
