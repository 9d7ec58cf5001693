"""Marketo ids that were merged: one stays, the winner, and all that the others had is the winner's.

Marketo merges leads, and Dynamic Chat does whenever a visitor gives a known e-mail address. Merges may
be told late, twice, in any order and before anybody knows the people. The caller holds the write
transaction.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update

from webui.config import in_force
from webui.database import chunks, db, insert
from webui.ingest import deletions, former_leads
from webui.ingest.attribution import attribute
from webui.ingest.conversions import came_with, lead_on
from webui.ingest.known_people import marketo_ids_of
from webui.ingest.records import BadRow, MergeRecord, Origin, Outcome, Rejection
from webui.ingest.roles import resolve_roles
from webui.models import Activity, ActivityDetail, MarketoLead, Person, UnknownLead


class _Owner(NamedTuple):
    """The person of a Marketo id, and the lead that it came with."""

    id: int
    kind: str
    crm_id: str
    converted_from: str | None


def write(items: list[tuple[MergeRecord, Origin]]) -> Outcome:
    """Take up merges; rejected are those that contradict what is known."""
    outcome = Outcome(Counter(), [])
    for record, origin in items:
        try:
            news = merge(record.losers, record.winner)
        except BadRow as bad:
            outcome.rejections.append(Rejection.of(origin, bad))
        else:
            outcome.counts["updated" if news else "unchanged"] += 1
    return outcome


def merge(losers: Collection[int], winner: int) -> int:
    """Note that these Marketo ids were merged into ``winner``; return how many of them are news.

    A winner that was itself merged stands for its own winner. A loser of a deleted winner is deleted;
    a deleted loser stays so, and a winner that is named among the losers is none. Raises BadRow, and
    changes nothing, where an id would be merged into itself alone, or into another one than is known.
    """
    ids = set(losers) - {winner}
    gone = former_leads.former(ids | {winner})
    final = gone.get(winner, winner)
    _refuse_contradictions(ids, winner, final, gone)
    news = ids - gone.keys()
    if final is None:
        return deletions.delete(news, keep_activities=in_force().keep_deleted)
    if not news:
        return 0
    former_leads.note(news, final)
    _repoint(news, final)
    _join_people(news, final)
    return len(news)


def _refuse_contradictions(
    ids: set[int], winner: int, final: int | None, gone: dict[int, int | None]
) -> None:
    if not ids or final in ids:
        raise BadRow(None, f"Marketo lead {winner} would be merged into itself")
    for loser in sorted(ids & gone.keys()):
        known = gone[loser]
        if known is not None and known != final and known not in ids:
            raise BadRow(None, f"Marketo lead {loser} was merged into {known}, and not into {winner}")


def _repoint(losers: set[int], winner: int) -> None:
    """Make the losers' activities the winner's; each keeps the id that it was logged for."""
    details = ActivityDetail.__table__
    logged_for = select(Activity.marketo_id).where(Activity.id == details.c.activity_id).scalar_subquery()
    for some in chunks(sorted(losers)):
        theirs = select(Activity.id).where(Activity.marketo_id.in_(some)).scalar_subquery()
        unnoted = (details.c.activity_id.in_(theirs), details.c.merged_from.is_(None))
        db.session.execute(update(details).where(*unnoted).values(merged_from=logged_for))
        rows = update(Activity.__table__).where(Activity.marketo_id.in_(some))
        db.session.execute(rows.values(marketo_id=winner))


def _join_people(losers: set[int], winner: int) -> None:
    """Bring together the people of the ids, and the activities, by now the winner's, to one of them.

    That is the winner's person, or a loser's where the winner has none: it is the same human. A contact
    comes before a lead, for a lead that has a Marketo id of a contact's is that lead converted.
    """
    owners = _owners(losers | {winner})
    leads = MarketoLead.__table__
    for some in chunks(sorted(losers)):
        db.session.execute(delete(leads).where(leads.c.marketo_id.in_(some)))
    winners = owners.get(winner)
    people = [winners] if winners else []
    people += [owners[loser] for loser in sorted(losers) if loser in owners]
    if not people:
        attribute([winner])
        former_leads.want_unknown([winner])
        return
    stays = next((one for one in people if one.kind == "contact"), people[0])
    if winners is None:
        values = {"marketo_id": winner, "person_id": stays.id, "converted_from": stays.converted_from}
        db.session.execute(insert(leads).values(values))
        db.session.execute(delete(UnknownLead.__table__).where(UnknownLead.marketo_id == winner))
    elif winners.id != stays.id:
        _become(winners, stays, {winner})
    attribute([winner])
    settled = {stays.id, winners.id if winners else stays.id}
    for one in {one.id: one for one in people if one.id not in settled}.values():
        if one.kind != stays.kind or not marketo_ids_of([one.id]):
            _become(one, stays, set())


def _become(one: _Owner, stays: _Owner, also: set[int]) -> None:
    moved = lead_on((one.kind, one.crm_id), one.id, stays.id)
    if (one.kind, stays.kind) == ("lead", "contact"):
        came_with(moved | also, one.crm_id)
    resolve_roles({one.crm_id})


def _owners(marketo_ids: set[int]) -> dict[int, _Owner]:
    found: dict[int, _Owner] = {}
    columns: tuple[Any, ...] = (Person.id, Person.kind, Person.crm_id, MarketoLead.converted_from)
    for some in chunks(sorted(marketo_ids)):
        rows = select(MarketoLead.marketo_id, *columns).join(Person, Person.id == MarketoLead.person_id)
        for marketo_id, *owner in db.session.execute(rows.where(MarketoLead.marketo_id.in_(some))):
            found[marketo_id] = _Owner(*owner)
    return found
