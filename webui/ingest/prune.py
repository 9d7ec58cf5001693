"""Pruning: activities from before a time go for good, with all that is kept of them and counts them.

The oldest go first, a batch in each transaction: other writers wait for one batch at most, and an end at
any point leaves rows and counts that agree; the next run goes on there. People, records and rejected rows
stay. What is pruned leaves no note behind: a source that brings it again adds it again.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select, tuple_

from webui.database import db
from webui.ingest.attribution import COUNTED, counted_as, erase
from webui.ingest.former_leads import want_no_more
from webui.installation import writing
from webui.models import Activity, Installation
from webui.vocabulary import FAMILIES

BATCH = 400
REST = 0.15  # seconds: SQLite's waiting writers look every 0.1 whether it is their turn

Place = tuple[datetime, int]  # in the index by family and time
ALL = tuple(one.key for one in FAMILIES)


def count(before: datetime, families: Sequence[str] = ALL) -> int:
    """Return how many activities of these families are older than ``before``."""
    is_older = (Activity.family.in_(families), Activity.at < before)
    older = select(func.count()).select_from(Activity).where(*is_older)
    found = db.session.execute(older).scalar_one()
    db.session.rollback()  # who asked may think it over
    return found


def kept_since() -> dict[str, datetime]:
    """Return, by family, from when on it is kept; those that are kept for ever are not among them."""
    kept = db.session.execute(select(Installation.kept_days)).scalar_one() or {}
    db.session.rollback()
    now = datetime.now(UTC)
    return {family: now - timedelta(days=kept[family]) for family in ALL if family in kept}


def prune(before: datetime, families: Sequence[str] = ALL) -> Iterator[int]:
    """Delete activities of these families from before a time; give how many went, after each batch.

    The caller rests for ``REST`` in between, lest another writer never finds its turn free.
    """
    for family in families:
        after: Place | None = None
        rows: Sequence[Row[*tuple[Any, ...]]] | None = None
        while rows is None or len(rows) == BATCH:
            with writing():
                rows = db.session.execute(oldest(family, before, after)).all()
                _erase(rows)
            if rows:
                yield len(rows)
                after = (rows[-1].at, rows[-1].id)


def oldest(family: str, before: datetime, after: Place | None) -> Select[*tuple[Any, ...]]:
    """Return the query of a family's next batch, from a place in the index on.

    PostgreSQL's index keeps what was deleted for a while: from its begin, each batch would pass over all
    the batches before it.
    """
    rows = (
        select(Activity.id, Activity.at, Activity.marketo_id, *COUNTED)
        .where(Activity.family == family, Activity.at < before)
        .order_by(Activity.at, Activity.id)
        .limit(BATCH)
    )
    return rows if after is None else rows.where(tuple_(Activity.at, Activity.id) > after)


def _erase(rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
    erase({row.id: counted_as(row) for row in rows})
    want_no_more({row.marketo_id for row in rows if row.person_id is None})
