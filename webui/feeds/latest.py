"""The newest activity of each of many people, or accounts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import ScalarSelect, select

from webui.bulk import among
from webui.database import db
from webui.models import Account, Activity, Dialogue, Person


class Latest(NamedTuple):
    """An activity: ``at`` is aware UTC, ``about`` what it is about, if that is known."""

    id: int
    type_key: str
    at: datetime
    about: str | None


def latest(
    whose: Literal["person_id", "account_id"], ids: Collection[int], families: Sequence[str]
) -> dict[int, Latest]:
    """Return the newest activity of these families of each person, or account, of these ids that has one.

    Cost: two statements: the first looks once into an index for each id and family, the second reads as many
    rows by their ids.
    """
    if not ids or not families:
        return {}
    owner = Person if whose == "person_id" else Account
    owners = select(owner.id, *(_newest(whose, owner, family) for family in families))
    chosen = {
        activity: id_
        for id_, *newest in db.session.execute(owners.where(among(owner.id, ids)))
        for activity in newest
        if activity is not None
    }
    if not chosen:
        return {}
    rows = (
        select(Activity.id, Activity.type_key, Activity.at, Dialogue.name)
        .outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
        .where(among(Activity.id, list(chosen)))
        .order_by(Activity.at, Activity.id)
    )
    return {chosen[row[0]]: Latest(*row) for row in db.session.execute(rows)}  # the newest comes last


def _newest(whose: str, owner: type[Person] | type[Account], family: str) -> ScalarSelect[int]:
    return (
        select(Activity.id)
        .where(Activity.__table__.c[whose] == owner.id, Activity.family == family)
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(1)
        .correlate(owner)
        .scalar_subquery()
    )
