"""A viewer's watch list: the records on it, what they are now, and what happened last with each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select, tuple_

from webui.attention import MOST_WATCHED
from webui.bulk import among
from webui.database import db
from webui.feeds import people_now
from webui.feeds.latest import Latest, latest
from webui.feeds.people_now import Known, Name
from webui.feeds.records import PERSON_KINDS
from webui.models import Account, FormerRecord, Opportunity, OpportunityRole, Person, Watched


class Seen(NamedTuple):
    """A watched record as it is now.

    ``name`` is None of one that is gone, ``last`` of one without activities.
    """

    panel: str
    crm_id: str
    name: str | None = None
    account_crm_id: str | None = None
    account_name: str | None = None
    last: Latest | None = None


def is_watched(viewer: str, panel: str, crm_id: str) -> bool:
    """Whether a record, or one that became it, is on a viewer's watch list: one look-up by index."""
    former = (
        select(FormerRecord.kind + "s", FormerRecord.crm_id)
        .join(Person, Person.id == FormerRecord.person_id)
        .where(Person.kind == PERSON_KINDS.get(panel, ""), Person.crm_id == crm_id)
    )
    named = tuple_(Watched.panel, Watched.crm_id)
    is_named = or_(named == tuple_(panel, crm_id), named.in_(former))
    asked = select(Watched.viewer).where(Watched.viewer == viewer, is_named).limit(1)
    return db.session.execute(asked).first() is not None


def watched(viewer: str, families: Sequence[str]) -> list[Seen]:
    """Return the records on a viewer's watch list, those with the newest activities of these families first.

    Each is there once, as what it is now: a lead that was converted is the contact. After them come those
    without activities, by name, and last those that are gone.

    Cost: ten statements, whatever is on the list; it holds ``MOST_WATCHED`` records at most.
    """
    rows = select(Watched.panel, Watched.crm_id).where(Watched.viewer == viewer).limit(MOST_WATCHED)
    names: list[Name] = [(panel, crm_id) for panel, crm_id in db.session.execute(rows)]
    if not names:
        return []
    people = people_now.named(names)
    others = [*_of(names, "accounts", _ACCOUNTS), *_of(names, "opportunities", _OPPORTUNITIES)]
    there = {one.key: one for one in (*people.values(), *others)}
    last = _last(there.values(), families)
    shown = [Seen(*one[1:], last=last.get(name)) for name, one in there.items()]
    gone = [Seen(*name) for name in names if name not in there and name not in people]
    return sorted(shown, key=_newest_first) + sorted(gone)


def _newest_first(one: Seen) -> tuple[Any, ...]:
    if one.last is None:
        return (1, 0.0, (one.name or "").casefold(), one.crm_id)
    return (0, -one.last.at.timestamp(), "", one.crm_id)


_ACCOUNTS = select(Account.id, Account.crm_id, Account.name)
_OPPORTUNITIES = select(
    Opportunity.id, Opportunity.crm_id, Opportunity.name, Account.crm_id, Account.name
).outerjoin(Account, Account.id == Opportunity.account_id)


def _of(names: Iterable[Name], panel: str, rows: Select[*tuple[Any, ...]]) -> list[Known]:
    """Return the accounts, or the opportunities, of these names."""
    crm_ids = [crm_id for of, crm_id in names if of == panel]
    if not crm_ids:
        return []
    crm_id_column = rows.selected_columns[1]
    found = db.session.execute(rows.where(among(crm_id_column, crm_ids)))
    return [
        Known(id_, panel, crm_id, name or crm_id, *(account or (None, None)))
        for id_, crm_id, name, *account in found
    ]


def _last(there: Collection[Known], families: Sequence[str]) -> Mapping[Name, Latest]:
    """Return what happened last with each record: with its people, of an account or an opportunity."""
    ids: dict[str, list[int]] = {panel: [] for panel in ("people", "accounts", "opportunities")}
    for one in there:
        ids["people" if one.panel in PERSON_KINDS else one.panel].append(one.id)
    in_roles = _in_roles(ids["opportunities"])
    everybody = {*ids["people"], *(person for some in in_roles.values() for person in some)}
    of_people = latest("person_id", sorted(everybody), families)
    of_accounts = latest("account_id", sorted(ids["accounts"]), families)
    found: dict[Name, Latest] = {}
    for one in there:
        if one.panel == "opportunities":
            some = [of_people[person] for person in in_roles.get(one.id, ()) if person in of_people]
            last = max(some, key=lambda each: (each.at, each.id), default=None)
        else:
            last = (of_accounts if one.panel == "accounts" else of_people).get(one.id)
        if last is not None:
            found[one.key] = last
    return found


def _in_roles(opportunities: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if opportunities:
        roles = select(OpportunityRole.opportunity_id, OpportunityRole.person_id).where(
            among(OpportunityRole.opportunity_id, opportunities)
        )
        for opportunity, person in db.session.execute(roles):
            if person is not None:
                found.setdefault(opportunity, set()).add(person)
    return found
