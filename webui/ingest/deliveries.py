"""What a delivery of pushed activities holds, judged one by one: one that is bad spoils no other.

Each that cannot be used is kept with its own text, as it came, so that it can be tried again. A
delivery is stored whole, in one transaction, or not at all: senders repeat what was not acknowledged.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from webui.database import db, storable
from webui.ingest import store
from webui.ingest.extract import NotShown
from webui.ingest.records import ActivityRecord, BadRow, Batch, Origin, Rejection
from webui.installation import Touched, writing

log = structlog.get_logger()

WHOLE = "the delivery "  # so begins why a whole one was rejected, and no other reason


class Foreign(Exception):
    """An activity was meant for somebody else."""


def is_foreign(told: object, munchkin_id: str) -> bool:
    """Whether a Munchkin id that was told is another than ours; where either is not known, it is not."""
    return bool(munchkin_id and told) and str(told).strip().upper() != munchkin_id


def empty(source: str, *rejections: Rejection) -> Batch:
    """Return a batch of these rejections and nothing else."""
    return Batch(source=source, file=f"/hooks/{source}", rejections=list(rejections))


def batch_of(source: str, texts: Iterable[bytes], read: Callable[[bytes], ActivityRecord]) -> Batch:
    """Return what the activities of these texts become, by ``read``.

    That raises Foreign, NotShown or BadRow.
    """
    batch = empty(source)
    for text in texts:
        origin = origin_of(text)
        try:
            batch.records.append((read(text), origin))
        except Foreign:
            batch.foreign += 1
        except NotShown as other:
            batch.ignored[str(other)] += 1
        except BadRow as bad:
            batch.rejections.append(Rejection.of(origin, bad))
    return batch


def whole(source: str, body: bytes, reason: str) -> Batch:
    """Return a batch of one rejection: the whole delivery; ``reason`` goes on after "the delivery"."""
    rejection = Rejection.of(origin_of(body), BadRow(None, WHOLE + reason))
    return empty(source, rejection)


def is_whole(reason: str) -> bool:
    """Whether it was a whole delivery that was rejected for this reason."""
    return reason.startswith(WHOLE)


def origin_of(text: bytes) -> Origin:
    """Return the origin of an activity: its text, and no line, for it comes alone or in any company.

    Not exact where bytes are no UTF-8: U+FFFD stands for them.
    """
    try:
        read = text.decode()
    except UnicodeDecodeError:
        return Origin(0, storable(text.decode("utf-8", "replace")), is_exact=False)
    stored = storable(read)
    return Origin(0, stored, is_exact=stored == read)


def save(batch: Batch, patience: Callable[[], float]) -> Counter[str]:
    """Store a delivery; return counts as ``store.save`` does.

    Where the store refuses an activity, that one is kept as rejected and the others go in. ``patience``
    says how many seconds another writer may take. Raises SQLAlchemyError where the database fails.
    """
    try:
        touched = Touched()
        with writing(patience(), touched) as zone:
            return store.take(batch, zone, touched)
    except Exception as error:
        if not _is_about_data(error):
            raise
        log.warning("a delivery is stored one by one", source=batch.source, error=type(error).__name__)
    with writing(patience()) as zone:
        return _one_by_one(batch, zone)


def _one_by_one(batch: Batch, zone: ZoneInfo) -> Counter[str]:
    rest = empty(batch.source, *batch.rejections)
    rest.ignored, rest.foreign, rest.of_deleted = batch.ignored, batch.foreign, batch.of_deleted
    counts = store.take(rest, zone)
    for record, origin in batch.records:
        alone = empty(batch.source)
        alone.records = [(record, origin)]
        try:
            with db.session.begin_nested():
                counts += store.take(alone, zone)
        except Exception as error:
            if not _is_about_data(error):
                raise
            log.error("the store refuses an activity", source=batch.source, exc_info=error)
            refused = BadRow(None, f"the store refuses it: {type(error).__name__}", _guid_of(record))
            counts += store.take(empty(batch.source, Rejection.of(origin, refused)), zone)
    return counts


def _guid_of(record: object) -> str | None:
    return record.guid if isinstance(record, ActivityRecord) else None


def _is_about_data(error: Exception) -> bool:
    """Whether an error lies in what was to be stored, not in the database or the way to it."""
    if isinstance(error, DBAPIError):
        return isinstance(error, DataError | IntegrityError)
    return isinstance(error, StatementError) or not isinstance(error, SQLAlchemyError)
