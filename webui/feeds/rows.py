"""The rows of lists: what each says of an activity, and how it is read.

Times are aware UTC. ``rows_of`` is the query, to which others add which rows and in which order; ``told``
makes rows of what it found.
"""

from collections import defaultdict
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import Result, Select, String, literal_column, null, select

from webui.bulk import among
from webui.database import db
from webui.feeds.records import named_crm_id
from webui.feeds.scopes import OfEveryone, OfPerson, Scope
from webui.models import Account, Activity, Dialogue, Person
from webui.vocabulary import CLICKS, EMAIL, OPENINGS, SCORE


class Row(NamedTuple):
    """One activity as lists show it. ``at`` is aware UTC, ``type_key`` a key of ``vocabulary.TYPES``.

    ``dialogue_name`` is what it is about. The person is given in lists of several people, the account in
    everyone's. ``person_crm_id`` is None of a person who was deleted and is nameless. Lists of changed scores
    have the change and the new score, those of e-mails whether the person opened it, and clicked in it.
    """

    id: int
    type_key: str
    at: datetime
    dialogue_name: str | None
    person_kind: str | None = None
    person_crm_id: str | None = None
    person_name: str | None = None
    account_crm_id: str | None = None
    account_name: str | None = None
    score_change: int | None = None
    new_score: int | None = None
    opened: bool | None = None
    clicked: bool | None = None


def rows_of(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return the query of a scope's rows, for ``told`` to read; the caller adds conditions."""
    rows: Select[*tuple[Any, ...]] = select(
        Activity.id, Activity.type_key, Activity.at, Dialogue.name
    ).outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
    more = _MORE.get(scope.family, ())
    if isinstance(scope, OfPerson):
        return rows.add_columns(*[null()] * 5, *more) if more else rows
    rows = rows.add_columns(Person.kind, named_crm_id(), Person.name).join(
        Person, Person.id == Activity.person_id
    )
    if isinstance(scope, OfEveryone):
        rows = rows.add_columns(Account.crm_id, Account.name)
        return rows.outerjoin(Account, Account.id == Activity.account_id).add_columns(*more)
    return rows.add_columns(*[null()] * 2, *more) if more else rows


_MORE: dict[str, tuple[Any, ...]] = {
    SCORE.key: (Activity.score_change, Activity.new_score),
    EMAIL.key: (null(), null(), Activity.person_id, Activity.dialogue_id),
}


def told(scope: Scope, found: Result[*tuple[Any, ...]]) -> list[Row]:
    """Return what a query of ``rows_of`` found as rows; those of e-mails say what their people did with them.

    Cost: one statement where there are e-mails, none of other families.
    """
    if scope.family != EMAIL.key:
        return list(starmap(Row, found.all()))
    mails = list(map(tuple, found.all()))
    did = _done_with({mail[-2:] for mail in mails})
    return [
        Row(*mail[:-2], *(not did[mail[-2:]].isdisjoint(keys) for keys in (OPENINGS, CLICKS)))
        for mail in mails
    ]


def _done_with(mails: set[tuple[Any, ...]]) -> defaultdict[tuple[Any, ...], set[str]]:
    """Return how each of these e-mails, as (person id, dialogue id), was opened and clicked: keys of types.

    The people's own e-mails are looked through, once, not by the index of all who got these ones.
    """
    done: defaultdict[tuple[Any, ...], set[str]] = defaultdict(set)
    people, dialogues = ({mail[place] for mail in mails} - {None} for place in (0, 1))
    if people and dialogues:
        theirs = select(Activity.person_id, Activity.dialogue_id, Activity.type_key).where(
            among(Activity.person_id, people),
            Activity.family == literal_column(f"'{EMAIL.key}'", String),
            Activity.type_key.in_((*OPENINGS, *CLICKS)),
            among(Activity.dialogue_id + 0, dialogues),
        )
        for person_id, dialogue_id, key in db.session.execute(theirs.distinct()):
            done[person_id, dialogue_id].add(key)
    return done
