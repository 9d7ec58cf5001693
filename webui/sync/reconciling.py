"""Comparing what is stored with what Marketo has, by day (UTC) and type."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from webui.database import chunks, db
from webui.ingest import marketo_rest
from webui.ingest.former_leads import former
from webui.models import Activity, FormerMarketoLead, OtherGuid, Rejected
from webui.sync.activities import since_then
from webui.sync.reading import Reading

Group = tuple[date, str]


@dataclass
class Difference:
    """A day and type of which the two hold different activities; ids are sorted, those rejected are kept."""

    day: date
    type_key: str
    ours: int
    theirs: int
    missing: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    rejected: int = 0


@dataclass(frozen=True)
class Compared:
    """What was compared: how many activities Marketo has in the time, and where the two differ."""

    theirs: int
    differences: tuple[Difference, ...]


def compare(reading: Reading, since: datetime, until: datetime) -> Compared:
    """Compare the activities of a time, ``until`` excluded; nothing is changed. Raises MarketoFailure."""
    theirs = _theirs(reading, since, until)
    ours = _ours(reading, since, until)
    also = _other_guids(theirs.keys() - ours.keys())
    groups: dict[Group, Difference] = {}

    def of(group: Group) -> Difference:
        return groups.setdefault(group, Difference(*group, ours=0, theirs=0))

    counterparts = {also.get(guid, guid): group for guid, group in theirs.items()}
    for guid, group in theirs.items():
        of(group).theirs += 1
        if ours.get(also.get(guid, guid)) != group:
            of(group).missing.append(guid)
    for guid, group in ours.items():
        of(group).ours += 1
        if counterparts.get(guid) != group:
            of(group).beyond.append(guid)
    found = [one for _, one in sorted(groups.items()) if one.missing or one.beyond or one.ours != one.theirs]
    for one in found:
        one.missing.sort()
        one.beyond.sort()
        one.rejected = _kept_as_rejected(one.missing)
    return Compared(len(theirs), tuple(found))


def _theirs(reading: Reading, since: datetime, until: datetime) -> dict[str, Group]:
    """Return Marketo's activities by guid, without those of deleted people."""
    found: dict[str, Group] = {}
    for page in since_then(reading, since, reading.type_ids):
        named = [one for row in page.rows if (one := marketo_rest.identity(row, reading.types))]
        gone = former({one.marketo_id for one in named})
        for one in named:
            if since <= one.at < until and gone.get(one.marketo_id, one.marketo_id) is not None:
                found[one.guid] = (one.at.date(), one.type_key)
    return found


def _ours(reading: Reading, since: datetime, until: datetime) -> dict[str, Group]:
    """Return our activities by guid, without those of deleted people that are kept without a name.

    What is stored of a family that is off is not compared.
    """
    one = Activity
    deleted = select(FormerMarketoLead.marketo_id).where(FormerMarketoLead.winner_id.is_(None))
    rows = select(one.guid, one.at, one.type_key).where(
        one.at >= since,
        one.at < until,
        one.marketo_id.not_in(deleted),
        one.family.not_in(reading.unwanted),
    )
    return {guid: (at.date(), type_key) for guid, at, type_key in db.session.execute(rows)}


def _other_guids(guids: Collection[str]) -> dict[str, str]:
    """Return, by the second id of an activity, the one under which it is stored."""
    found: dict[str, str] = {}
    for some in chunks(sorted(guids)):
        rows = select(OtherGuid.guid, Activity.guid).join(Activity, Activity.id == OtherGuid.activity_id)
        found.update(db.session.execute(rows.where(OtherGuid.guid.in_(some))).all())
    return found


def _kept_as_rejected(guids: Sequence[str]) -> int:
    return sum(
        db.session.scalar(select(func.count(Rejected.guid.distinct())).where(Rejected.guid.in_(some))) or 0
        for some in chunks(guids)
    )
