"""The bulk extracts of the local Marketo: made, queued, run step by step, and kept as files."""

import csv
import hashlib
import io
import json
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.servers.marketo.answers import Problem, Reply
from tests.servers.marketo.door import Door
from tests.servers.marketo.records import COLUMNS, DELETE, Records, written

CALL = re.compile(r"/bulk/v1/(activities|leads)/export(?:/([^/]+)(?:/([a-z]+))?)?\.json")
NEXT = {"Queued": "Processing", "Processing": "Completed"}
SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)")


@dataclass
class Job:
    """An extract, and when its status was last looked at (``time.monotonic``)."""

    kind: str
    wanted: dict[str, Any]
    created: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "Created"
    looked_at: float = 0.0
    file: bytes = b""
    records: int = 0
    finished: datetime | None = None
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        said = {
            "exportId": self.id,
            "status": self.status,
            "createdAt": written(self.created),
            "format": "CSV",
        }
        if self.error:
            said["errorMsg"] = self.error
        if self.status == "Completed":
            checksum = "sha256:" + hashlib.sha256(self.file).hexdigest()
            said |= {"numberOfRecords": self.records, "fileSize": len(self.file), "fileChecksum": checksum}
        return said


@dataclass
class Bulk:
    """The queue.

    A job takes a step each time that its status is looked at, once in ``refresh`` seconds; ``fails`` with
    that message instead of completing. ``has_ranges`` False: files always come whole.
    """

    records: Records
    door: Door
    now: Callable[[], datetime]
    refresh: float = 0.0
    longest_queue: int = 10
    bytes_per_day: int = 500_000_000
    has_ranges: bool = True
    has_updated_at: bool = True
    fails: str = ""
    jobs: dict[str, Job] = field(default_factory=dict)

    def answer(
        self, path: str, params: dict[str, str], body: Any, asked_range: str
    ) -> dict[str, Any] | Reply:
        """Return what a call says, or the reply that is a file; raise Problem."""
        found = CALL.fullmatch(path)
        if found is None:
            raise Problem("610", "Requested resource not found")
        kind, name, call = found.groups()
        if name is None:
            statuses = [one for one in params.get("status", "").split(",") if one]
            jobs = [one for one in self.jobs.values() if one.kind == kind and self._is_listed(one, statuses)]
            return {"result": [one.as_json() for one in jobs]}
        if call is None and name == "create":
            return {"result": [self._create(kind, body).as_json()]}
        job = self.jobs.get(name)
        if call == "file":
            return self._file(job, asked_range)
        if job is None or job.kind != kind:
            raise Problem("1013", f"Export '{name}' not found")
        calls = {"enqueue": self._enqueue, "status": self._status, "cancel": self._cancel}
        if call not in calls:
            raise Problem("610", "Requested resource not found")
        return {"result": [calls[call](job)]}

    def _is_listed(self, job: Job, statuses: list[str]) -> bool:
        return job.created > self.now() - timedelta(days=7) and (not statuses or job.status in statuses)

    def _create(self, kind: str, body: Any) -> Job:
        if not isinstance(body, dict):
            raise Problem("609", "Invalid JSON")
        wanted = body.get("filter") or {}
        window = wanted.get("createdAt") or wanted.get("updatedAt")
        if body.get("format", "CSV") != "CSV" or not isinstance(window, dict):
            raise Problem("1003", "Invalid value for 'filter' or 'format'")
        if kind == "leads" and not body.get("fields"):
            raise Problem("1002", "Missing value for required parameter 'fields'")
        if "updatedAt" in wanted and not (kind == "leads" and self.has_updated_at):
            raise Problem("1035", "Unsupported filter type for target subscription: updatedAt")
        start, end = (_second(window.get(one)) for one in ("startAt", "endAt"))
        if not timedelta(0) <= end - start <= timedelta(days=31):
            raise Problem("1003", "Date range must be at most 31 days")
        job = Job(kind, body, self.now())
        self.jobs[job.id] = job
        return job

    def _enqueue(self, job: Job) -> dict[str, Any]:
        if job.status != "Created":
            raise Problem("1029", "Export is already queued")
        if sum(one.status in NEXT for one in self.jobs.values()) >= self.longest_queue:
            raise Problem("1029", f"Too many jobs ({self.longest_queue}) in queue")
        today = self.door.day(self.now())
        used = sum(
            len(one.file)
            for one in self.jobs.values()
            if one.finished is not None and self.door.day(one.finished) == today
        )
        if used >= self.bytes_per_day:
            raise Problem("1029", "Export daily quota exceeded")
        job.status, job.looked_at = "Queued", time.monotonic()
        return job.as_json()

    def _status(self, job: Job) -> dict[str, Any]:
        if job.status in NEXT and time.monotonic() - job.looked_at >= self.refresh:
            job.status, job.looked_at = NEXT[job.status], time.monotonic()
            if job.status == "Completed":
                self._finish(job)
        return job.as_json()

    def _cancel(self, job: Job) -> dict[str, Any]:
        if job.status in NEXT or job.status == "Created":
            job.status = "Canceled"
        return {**job.as_json(), "status": "Cancelled" if job.status == "Canceled" else job.status}

    def _finish(self, job: Job) -> None:
        job.finished = self.now()
        if self.fails:
            job.status, job.error = "Failed", self.fails
            return
        rows = self._activities(job.wanted) if job.kind == "activities" else self._leads(job.wanted)
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator="\n").writerows(rows)
        job.file, job.records = file.getvalue().encode(), len(rows) - 1

    def _activities(self, wanted: dict[str, Any]) -> list[list[str]]:
        start, end = _window(wanted["filter"])
        types = set(wanted["filter"].get("activityTypeIds") or [one["id"] for one in self.records.types])
        rows = [
            one.as_cells()
            for one in self.records.activities
            if start <= one.created <= end and one.type_id in types and one.type_id != DELETE
        ]
        return [list(COLUMNS), *rows]

    def _leads(self, wanted: dict[str, Any]) -> list[list[str]]:
        start, end = _window(wanted["filter"])
        by = "updatedAt" if "updatedAt" in wanted["filter"] else "createdAt"
        found = [one for one in self.records.leads.values() if start <= _second(one[by]) <= end]
        fields = wanted["fields"]
        cells = [["null" if one.get(name) is None else str(one[name]) for name in fields] for one in found]
        return [list(fields), *cells]

    def _file(self, job: Job | None, asked_range: str) -> Reply:
        kept = job is not None and job.finished is not None and self.now() - job.finished < timedelta(days=7)
        if job is None or job.status != "Completed" or not kept:
            return Reply(b"404 page not found", 404, {"Content-Type": "text/plain"})
        headers = {"Content-Type": "text/csv", "Accept-Ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d+)-", asked_range)
        if asked is None or not self.has_ranges:
            return Reply(job.file, 200, headers)
        start, size = int(asked[1]), len(job.file)
        if start >= size:
            return Reply(b"", 416, {**headers, "Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        return Reply(job.file[start:], 206, headers)


def _window(wanted: dict[str, Any]) -> tuple[datetime, datetime]:
    window = wanted.get("createdAt") or wanted["updatedAt"]
    return _second(window["startAt"]), _second(window["endAt"])


def _second(text: object) -> datetime:
    if not isinstance(text, str) or not SECONDS.fullmatch(text):
        raise Problem("1003", "Invalid date: milliseconds are not supported" if text else "Missing date")
    return datetime.fromisoformat(text)


def read_body(body: bytes) -> Any:
    """Return a JSON body, None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None
