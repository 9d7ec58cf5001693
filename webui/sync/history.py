"""History by bulk extracts: a file a month instead of a call for each 300 activities.

The windows that are wanted are kept with how far each came, so that a load which was cut off, or came to
the end of Marketo's megabytes of the day, goes on with the extracts that it had made. Files come in by the
importer. Afterwards the sync goes on from where history ends.
"""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select, update

from webui.database import db, insert
from webui.ingest import store
from webui.ingest.files import SourceFile
from webui.installation import writing
from webui.marketo import bulk
from webui.marketo.bulk import LONGEST_WINDOW, Export
from webui.marketo.download import download
from webui.marketo.failures import NotReady, QueueFull, Refused
from webui.models import BulkExport
from webui.sync import cursors
from webui.sync.following import OVERLAP
from webui.sync.reading import Reading

WANTED, MADE, QUEUED, DONE = "wanted", "made", "queued", "done"
ATTEMPTS = 3
QUEUE_LOOKS = 60  # an hour, at Marketo's pace
FOLDER = "extract-"


class ExtractFailed(Exception):
    """Marketo makes no file of a window."""

    def __init__(self, window: BulkExport, error: str) -> None:
        super().__init__(
            f"Marketo's bulk extract from {window.since:%Y-%m-%d} to {window.until:%Y-%m-%d} failed"
            f"{f': {error}' if error else ''}. Run `chatpane sync --bulk` again."
        )


def load(reading: Reading) -> None:
    """Load the history of the round's types, from its ``since`` to now.

    Raises MarketoFailure, and ExtractFailed where an extract fails again and again.
    """
    query = cursors.digest(reading.type_ids)
    windows = _windows(reading.since, query)
    if not windows:
        return
    for window in windows:
        if window.state != DONE:
            _load(reading, window)
    with writing():
        db.session.execute(delete(BulkExport))
        _go_on_from(reading, windows[0].since, windows[-1].until)


def is_unfinished() -> bool:
    """Whether a load has begun that did not come to its end."""
    found = db.session.execute(select(BulkExport.id).limit(1)).first() is not None
    db.session.rollback()
    return found


def _windows(since: datetime, query: str) -> list[BulkExport]:
    """Return the windows of a load that has begun, or those of a new one, oldest first.

    There are none where ``since`` is yet to come.
    """
    begun = _stored(query)
    if not begun:
        until = datetime.now(UTC).replace(microsecond=0)
        rows = []
        while since < until:
            end = min(since + LONGEST_WINDOW, until)
            rows.append({"since": since, "until": end, "query": query, "state": WANTED})
            since = end - OVERLAP if end < until else end
        if not rows:
            return []
        with writing():
            db.session.execute(delete(BulkExport))
            db.session.execute(insert(BulkExport.__table__), rows)
        begun = _stored(query)
    return begun


def _stored(query: str) -> list[BulkExport]:
    rows = db.session.scalars(select(BulkExport).where(BulkExport.query == query).order_by(BulkExport.since))
    found = list(rows)
    db.session.expunge_all()
    db.session.rollback()
    return found


def _load(reading: Reading, window: BulkExport) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            export = _finished(reading, window)
            if export.status == "Completed":
                _bring(reading, export)
                _note(window, DONE, export.id)
                return
            error = export.error
        except (NotReady, Refused) as gone:  # extracts are kept for days, and the load may have rested longer
            if attempt == ATTEMPTS:
                raise
            error = str(gone)
        _note(window, WANTED, None)
    raise ExtractFailed(window, error)


def _finished(reading: Reading, window: BulkExport) -> Export:
    connection = reading.connection
    if window.export_id is None:
        made = bulk.create_activities(connection, window.since, window.until, reading.type_ids)
        _note(window, MADE, made.id)
    export = Export("activities", window.export_id or "", "")
    if window.state == MADE:
        _queue(reading, export)
        _note(window, QUEUED, export.id)
    return bulk.finished(connection, export)


def _queue(reading: Reading, export: Export) -> None:
    """Put an extract into the queue as soon as there is a place in it; raise QueueFull if none comes."""
    for look in range(1, QUEUE_LOOKS + 1):
        try:
            bulk.enqueue(reading.connection, export)
            return
        except QueueFull:
            if look == QUEUE_LOOKS:
                raise
            reading.connection.pause(reading.connection.pace.bulk_poll)


def _bring(reading: Reading, export: Export) -> None:
    if export.records == 0:
        return
    instance = reading.settings.instance
    instance.mkdir(parents=True, exist_ok=True)
    for left in instance.glob(f"{FOLDER}*"):  # by a load that was killed; only one runs at a time
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=instance, prefix=FOLDER) as folder:
        path = Path(folder) / f"{export.id}.csv"
        download(reading.connection, export, path)
        if not path.stat().st_size:
            return
        for batch in SourceFile(path, reading.types):
            reading.counts += store.save(batch)
            reading.connection.pause(0)  # who wants the load to end says so here


def _note(window: BulkExport, state: str, export_id: str | None) -> None:
    window.state, window.export_id = state, export_id
    with writing():
        db.session.execute(
            update(BulkExport).where(BulkExport.id == window.id).values(state=state, export_id=export_id)
        )


def _go_on_from(reading: Reading, since: datetime, until: datetime) -> None:
    """Let queries that were not read yet begin where the history ends, within the caller's transaction."""
    for name, some in reading.questions:
        cursor = cursors.stored(name, cursors.digest(some), reading.since)
        if cursor.token is None and cursor.since >= since - timedelta(days=1):
            cursors.move(cursor, None, max(cursor.since, until - OVERLAP))
