"""What could not be used is kept, whole, with its reason, until it is tried again (``retry``) or dropped."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select

from webui.database import chunks, db, insert
from webui.ingest.former_leads import former
from webui.ingest.records import Batch, Rejection, one_line
from webui.ingest.rejected_about import About, lead_ids
from webui.models import Rejected

READ_AT_ONCE = 1_000
TEXTS_AT_ONCE = 20  # each may be long


def keep(batch: Batch, rejections: Iterable[Rejection]) -> None:
    """Store rejections; one that is kept already (same file, line and text) only takes the newer reason."""
    now = datetime.now(UTC)
    rows: dict[str, dict[str, Any]] = {}
    for one in rejections:
        digest = _digest(batch, one)
        rows[digest] = {
            "at": now,
            "source": batch.source,
            "file": batch.file,
            "line": one.line,
            "column": one.column and one_line(one.column),
            "guid": one.guid,
            "reason": one.reason,
            "header": batch.header,
            "body": one.body,
            "is_exact": one.is_exact,
            "digest": digest,
        }
    if rows:
        statement = insert(Rejected.__table__)
        newer = {"reason": statement.excluded.reason, "column": statement.excluded.column}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["digest"], set_=newer), list(rows.values())
        )


def of_others(batch: Batch, rejections: Sequence[Rejection]) -> list[Rejection]:
    """Return those of a batch's rejections that are about nobody who was deleted.

    The rest must not be kept: it would bring a text of theirs back.
    """
    about = [lead_ids(batch.source, batch.header, one.body) for one in rejections]
    gone = former(set().union(*about)) if any(about) else {}
    deleted = {marketo_id for marketo_id, winner in gone.items() if winner is None}
    return [one for one, ids in zip(rejections, about, strict=True) if ids.isdisjoint(deleted)]


def not_kept(batch: Batch, rejections: Iterable[Rejection]) -> list[Rejection]:
    """Return those of a batch's rejections that are not kept yet."""
    new = {_digest(batch, one): one for one in rejections}
    for some in chunks(list(new)):
        for digest in db.session.scalars(select(Rejected.digest).where(Rejected.digest.in_(some))):
            del new[digest]
    return list(new.values())


def _digest(batch: Batch, one: Rejection) -> str:
    return sha256(f"{batch.file}\n{one.line}\n{one.body}".encode()).hexdigest()


def listed() -> Iterable[Any]:
    """Give id, time, source, file, line, column, guid and reason of each, oldest first, a few at a time."""
    columns = (
        Rejected.id,
        Rejected.at,
        Rejected.source,
        Rejected.file,
        Rejected.line,
        Rejected.column,
        Rejected.guid,
        Rejected.reason,
    )
    last = 0
    while rows := db.session.execute(
        select(*columns).where(Rejected.id > last).order_by(Rejected.id).limit(READ_AT_ONCE)
    ).all():
        yield from rows
        last = rows[-1].id


def one(id_: int) -> Rejected | None:
    """Return one, with its text, or None."""
    return db.session.get(Rejected, id_)


def drop_about(about: About) -> int:
    """Delete those about a person, within the caller's transaction; return how many there were."""
    dropped, last = 0, 0
    columns = (Rejected.id, Rejected.source, Rejected.header, Rejected.body, Rejected.reason)
    while rows := db.session.execute(
        select(*columns).where(Rejected.id > last).order_by(Rejected.id).limit(TEXTS_AT_ONCE)
    ).all():
        last = rows[-1].id
        theirs = [row.id for row in rows if about.names(row.source, row.header, row.body, row.reason)]
        db.session.execute(delete(Rejected).where(Rejected.id.in_(theirs)))
        dropped += len(theirs)
    return dropped


def drop(ids: Sequence[int] | None) -> int:
    """Delete these (None: all); return how many there were."""
    dropped = 0
    for some in [None] if ids is None else chunks(ids):
        which = () if some is None else (Rejected.id.in_(some),)
        dropped += len(db.session.execute(delete(Rejected).where(*which).returning(Rejected.id)).all())
    db.session.commit()
    return dropped
