"""Marketo ids that are no more: merged into another one, or deleted.

Every activity and every person comes by here, so that a late event or an old file brings nobody back.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete, select, update

from webui.bulk import among
from webui.database import chunks, db, insert
from webui.ingest.records import ActivityRecord, Origin
from webui.models import Activity, FormerMarketoLead, MarketoLead, UnknownLead

Items = list[tuple[ActivityRecord, Origin]]


def former(marketo_ids: Collection[int]) -> dict[int, int | None]:
    """Return, of these ids, those that are no more, with the id that each is now (None: deleted)."""
    one = FormerMarketoLead
    rows = select(one.marketo_id, one.winner_id).where(among(one.marketo_id, marketo_ids))
    return dict(db.session.execute(rows).all())


def losers_of(winners: Collection[int]) -> set[int]:
    """Return the ids that were merged into these."""
    one = FormerMarketoLead
    return set(db.session.scalars(select(one.marketo_id).where(among(one.winner_id, winners))))


def note(marketo_ids: Collection[int], winner: int | None) -> None:
    """Note that these ids were merged into ``winner``, or deleted (None); what led to them follows."""
    table, unknown = FormerMarketoLead.__table__, UnknownLead.__table__
    now = datetime.now(UTC)
    for some in chunks(sorted(marketo_ids)):
        db.session.execute(update(table).where(table.c.winner_id.in_(some)).values(winner_id=winner))
        rows = [{"marketo_id": marketo_id, "winner_id": winner, "at": now} for marketo_id in some]
        db.session.execute(insert(table), rows)
        db.session.execute(delete(unknown).where(unknown.c.marketo_id.in_(some)))


def want(marketo_ids: Collection[int]) -> None:
    """Note that these ids have activities and nobody knows whose: Marketo will be asked."""
    if marketo_ids:
        rows = [{"marketo_id": marketo_id} for marketo_id in sorted(marketo_ids)]
        db.session.execute(insert(UnknownLead.__table__).on_conflict_do_nothing(), rows)


def want_unknown(marketo_ids: Collection[int]) -> None:
    """Note those of these ids that have activities and are nobody's."""
    theirs = MarketoLead.marketo_id == Activity.marketo_id
    alone = (
        select(Activity.marketo_id)
        .where(among(Activity.marketo_id, marketo_ids), ~select(MarketoLead).where(theirs).exists())
        .distinct()
    )
    want(set(db.session.scalars(alone)))


def want_no_more(marketo_ids: Collection[int]) -> None:
    """Note that Marketo need not be asked about those of these ids that have no activities any more."""
    unknown = UnknownLead.__table__
    theirs = select(Activity.id).where(Activity.marketo_id == unknown.c.marketo_id)
    gone = delete(unknown).where(among(unknown.c.marketo_id, marketo_ids), ~theirs.exists())
    db.session.execute(gone)


def resolve(items: Items) -> tuple[Items, int]:
    """Give the activities of merged ids to those that they are now; leave out those of deleted people.

    Returns what is left, and how many were left out.
    """
    gone = former({record.marketo_id for record, _ in items})
    if not gone:
        return items, 0
    left: Items = []
    for record, origin in items:
        if record.marketo_id in gone:
            winner = gone[record.marketo_id]
            if winner is None:
                continue
            record.merged_from, record.marketo_id = record.marketo_id, winner
        left.append((record, origin))
    return left, len(items) - len(left)
