"""Links that were used: each opens once, on all workers.

The database decides, by the digest's primary key: of two workers with the same link, one inserts.
"""

from datetime import UTC, datetime

from sqlalchemy import delete, select

from webui.database import db, insert
from webui.models import SpentLink


def spend(mark: str, until: datetime) -> bool:
    """Spend a link until it is stale, in the caller's transaction; return whether it was still good.

    Links that are stale by now are forgotten.
    """
    now = datetime.now(UTC)
    row = {"digest": mark, "at": now, "until": until}
    added = insert(SpentLink.__table__).values(row).on_conflict_do_nothing().returning(SpentLink.digest)
    is_first = db.session.execute(added).first() is not None
    db.session.execute(delete(SpentLink).where(SpentLink.until < now))
    return is_first


def spent_at(mark: str) -> datetime | None:
    """Return when a link was spent, None if it was not."""
    return db.session.execute(select(SpentLink.at).where(SpentLink.digest == mark)).scalar_one_or_none()
