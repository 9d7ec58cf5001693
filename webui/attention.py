"""What viewers look after for themselves: whom they watch, whom they hide, the address of their feed.

Nobody else sees any of it, and no page but their own changes by it: nothing here takes the writer's turn or
moves the content version. Each function that a viewer causes commits; the others stand in the caller's
transaction.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_

from webui import audit
from webui.database import chunks, db, insert
from webui.models import FeedAddress, FormerRecord, Hidden, Person, Watched

MOST_WATCHED = 200
MOST_HIDDEN = 500
FEED = "lead feed address"

Name = tuple[str, str]
"""Panel and CRM id of a record."""


class ListIsFull(Exception):
    """A viewer watches, or hides, as many records as they may."""


def watch(viewer: str, panel: str, crm_id: str) -> None:
    """Put a record on a viewer's watch list; raise ListIsFull where it holds ``MOST_WATCHED`` others."""
    db.session.rollback()
    row = {"viewer": viewer, "panel": panel, "crm_id": crm_id, "at": datetime.now(UTC)}
    db.session.execute(insert(Watched.__table__).values(row).on_conflict_do_nothing())
    _commit_unless_full(Watched, viewer, MOST_WATCHED)


def unwatch(viewer: str, panel: str, crm_id: str) -> None:
    """Take a record off a viewer's watch list, under whichever of its names it stands there."""
    _take_off(Watched, viewer, panel, crm_id)


def hide(viewer: str, panel: str, crm_id: str, days: int) -> None:
    """Keep a person out of a viewer's Best Bets for so many days from now on.

    Raises ListIsFull where the viewer hides ``MOST_HIDDEN`` others.
    """
    db.session.rollback()
    now = datetime.now(UTC)
    until = now + timedelta(days=days)
    table = Hidden.__table__
    row = {"viewer": viewer, "panel": panel, "crm_id": crm_id, "until": until}
    key = [table.c.viewer, table.c.panel, table.c.crm_id]
    hidden = insert(table).values(row).on_conflict_do_update(index_elements=key, set_={"until": until})
    db.session.execute(hidden)
    db.session.execute(delete(Hidden).where(Hidden.viewer == viewer, Hidden.until <= now))
    _commit_unless_full(Hidden, viewer, MOST_HIDDEN)


def show_again(viewer: str, panel: str, crm_id: str) -> None:
    """Let a person be among a viewer's Best Bets again."""
    _take_off(Hidden, viewer, panel, crm_id)


def _commit_unless_full(table: type[Watched] | type[Hidden], viewer: str, most: int) -> None:
    """Commit a row more, or raise ListIsFull and keep the list as it was."""
    held = select(func.count()).select_from(table).where(table.viewer == viewer)
    if db.session.execute(held).scalar_one() > most:
        db.session.rollback()
        raise ListIsFull
    db.session.commit()


def _take_off(table: type[Watched] | type[Hidden], viewer: str, panel: str, crm_id: str) -> None:
    db.session.rollback()
    db.session.execute(delete(table).where(table.viewer == viewer, _is_called(table, panel, crm_id)))
    db.session.commit()


def _is_called(table: type[Watched] | type[Hidden], panel: str, crm_id: str) -> ColumnElement[bool]:
    """Return the condition that a row names a record, or one that became it by a conversion or a merge."""
    former = (
        select(FormerRecord.kind + "s", FormerRecord.crm_id)
        .join(Person, Person.id == FormerRecord.person_id)
        .where(Person.kind + "s" == panel, Person.crm_id == crm_id)
    )
    named = tuple_(table.panel, table.crm_id)
    return or_(named == tuple_(panel, crm_id), named.in_(former))


def make_address(viewer: str, digest: str, *, generation: int, language: str, zone: str) -> None:
    """Give a viewer's Lead Feed an address, of whose secret this is the digest; one from before is over."""
    db.session.rollback()
    table = FeedAddress.__table__
    said = {
        "digest": digest,
        "made_at": datetime.now(UTC),
        "generation": generation,
        "language": language,
        "timezone": zone,
    }
    made = insert(table).values({"viewer": viewer, **said})
    db.session.execute(made.on_conflict_do_update(index_elements=[table.c.viewer], set_=said))
    audit.note(audit.CHANGED, FEED, viewer=viewer, why="made; one from before is over")
    db.session.commit()


def revoke_address(viewer: str) -> None:
    """Take a viewer's address of the Lead Feed away; nothing where there is none."""
    db.session.rollback()
    gone = delete(FeedAddress).where(FeedAddress.viewer == viewer).returning(FeedAddress.viewer)
    if db.session.scalars(gone).all():
        audit.note(audit.CHANGED, FEED, viewer=viewer, why="revoked")
    db.session.commit()


def drop_records(records: Collection[Name]) -> int:
    """Take away what names records that are gone; return how many rows. In the caller's transaction."""
    found = 0
    for table in (Watched, Hidden):
        for some in chunks(sorted(records), 2_000):
            named = tuple_(table.panel, table.crm_id).in_(some)
            gone = delete(table).where(named).returning(table.viewer)
            found += len(db.session.scalars(gone).all())
    return found


def drop_viewer(email: str) -> int:
    """Take away what the viewer of an e-mail address kept; return how many rows.

    In the caller's transaction.
    """
    found = 0
    for table in (Watched, Hidden, FeedAddress):
        viewers = db.session.scalars(select(table.viewer).distinct())
        theirs = [viewer for viewer in viewers if audit.is_by(viewer, email)]
        gone = delete(table).where(table.viewer.in_(theirs)).returning(table.viewer)
        found += len(db.session.scalars(gone).all())
    return found
