"""Trying rejected rows again, after the map of activity types, a person or a limit has changed."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import delete, func, select, update

from webui.config import in_force
from webui.database import chunks, db
from webui.ingest import adobe_io, files, marketo_again, marketo_push, rejected, store
from webui.ingest.activity_types import TypeMap
from webui.ingest.records import Batch, Rejection
from webui.installation import writing
from webui.models import Rejected

TRIED_AT_ONCE = 1_000


def retry(ids: Sequence[int] | None, types: TypeMap) -> Counter[str]:
    """Try these again (None: all); what goes in is no longer kept, what does not takes the newer reason.

    Returns counts by the names of ``store.COUNTS``.
    """
    totals: Counter[str] = Counter()
    wanted = [row[0] for row in rejected.listed()] if ids is None else list(ids)
    for some in _portions(wanted):
        rows = (
            db.session.execute(select(Rejected).where(Rejected.id.in_(some)).order_by(Rejected.id))
            .scalars()
            .all()
        )
        db.session.expunge_all()
        for kind in dict.fromkeys((row.source, row.file, row.header) for row in rows):
            totals += _retry([row for row in rows if (row.source, row.file, row.header) == kind], types)
    return totals


def _portions(ids: Sequence[int]) -> Iterator[list[int]]:
    """Cut the ids into runs whose texts together fit into memory."""
    portion: list[int] = []
    characters = 0
    for some in chunks(ids):
        sizes = (
            select(Rejected.id, func.length(Rejected.body)).where(Rejected.id.in_(some)).order_by(Rejected.id)
        )
        for id_, size in db.session.execute(sizes).all():
            if portion and (len(portion) >= TRIED_AT_ONCE or characters + size > files.BATCH_CHARACTERS):
                yield portion
                portion, characters = [], 0
            portion.append(id_)
            characters += size
    if portion:
        yield portion


def _again(row: Rejected, types: TypeMap) -> Batch:
    """Parse a row again; one whose text is not exact stays rejected for its reason."""
    line, header = row.line or 0, row.header or ""
    settings = in_force()
    if row.is_exact and row.source == adobe_io.SOURCE:
        us = adobe_io.Us(settings.adobe_client_id, settings.marketo_munchkin_id)
        return adobe_io.again(row.body, types, us, row.reason)
    if row.is_exact and row.source == marketo_push.SOURCE:
        return marketo_push.again(row.body, types, settings.marketo_munchkin_id, row.reason)
    if row.is_exact and row.source in marketo_again.SOURCES:
        return marketo_again.parse(row.source, row.body, types)
    if row.is_exact:
        return files.again(row.source, row.file, header, line, row.body, types)
    same = Rejection(line=line, body=row.body, is_exact=False, reason=row.reason, column=row.column)
    return files.empty_batch(row.source, row.file, header, [same])


def _retry(rows: list[Rejected], types: TypeMap) -> Counter[str]:
    """Try rows of one file again in one transaction."""
    batches = [_again(row, types) for row in rows]
    whole, *others = batches
    for batch in others:
        whole.records += batch.records
        whole.rejections += batch.rejections
        whole.ignored += batch.ignored
        whole.warnings += batch.warnings
        whole.foreign += batch.foreign
        whole.of_deleted += batch.of_deleted
    with writing() as zone:
        outcome = store.write(whole, zone)
        still = {(one.line, one.body): one for one in (*whole.rejections, *outcome.rejections)}
        for row in rows:
            rejection = still.pop((row.line or 0, row.body), None)
            if rejection is None:
                db.session.execute(delete(Rejected).where(Rejected.id == row.id))
            else:
                newer = {"reason": rejection.reason, "column": rejection.column}
                db.session.execute(update(Rejected).where(Rejected.id == row.id).values(newer))
        rejected.keep(whole, still.values())  # parts of a delivery that was kept whole until now
    return store.counted(whole, outcome)
