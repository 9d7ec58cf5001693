"""People by panel and CRM id, as who they are now: one who was converted or merged is another."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from webui.bulk import among
from webui.database import db
from webui.feeds.records import PANEL_OF, PERSON_KINDS
from webui.models import Account, FormerRecord, Person

Name = tuple[str, str]
"""Panel and CRM id of a record."""


class Known(NamedTuple):
    """A record that is there: its own id, its name, what it is called, and its account."""

    id: int
    panel: str
    crm_id: str
    name: str
    account_crm_id: str | None
    account_name: str | None

    @property
    def key(self) -> Name:
        """Its name: panel and CRM id."""
        return self.panel, self.crm_id


_PEOPLE: Select[*tuple[Any, ...]] = (
    select(Person.id, Person.kind, Person.crm_id, Person.name, Account.crm_id, Account.name)
    .outerjoin(Account, Account.id == Person.account_id)
    .where(Person.is_nameless.is_(False))
)


def named(names: Iterable[Name]) -> dict[Name, Known]:
    """Return the people of these names, by each of them; one who is gone is not there.

    Cost: two statements.
    """
    wanted = {(PERSON_KINDS[panel], crm_id) for panel, crm_id in names if panel in PERSON_KINDS}
    if not wanted:
        return {}
    crm_ids = [crm_id for _kind, crm_id in wanted]
    own = _PEOPLE.add_columns(Person.kind, Person.crm_id).where(among(Person.crm_id, crm_ids))
    was = (
        _PEOPLE.add_columns(FormerRecord.kind, FormerRecord.crm_id)
        .join(FormerRecord, FormerRecord.person_id == Person.id)
        .where(among(FormerRecord.crm_id, crm_ids))
    )
    return {
        (PANEL_OF[kind], crm_id): Known(id_, PANEL_OF[kind_now], *rest)
        for rows in (own, was)
        for id_, kind_now, *rest, kind, crm_id in db.session.execute(rows).all()
        if (kind, crm_id) in wanted
    }


def of_ids(ids: Collection[int]) -> dict[int, Known]:
    """Return the people of these ids, none of those who are nameless. Cost: one statement."""
    rows = db.session.execute(_PEOPLE.where(among(Person.id, ids))).all() if ids else ()
    return {id_: Known(id_, PANEL_OF[kind], *rest) for id_, kind, *rest in rows}
