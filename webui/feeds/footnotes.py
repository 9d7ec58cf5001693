"""What a list shows in part or not at all, and why: the notes below it.

Each note counts; those that look at activities count no further than ``COUNTED_TO``.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, select

from webui.config import Settings
from webui.database import db
from webui.feeds import weeks
from webui.feeds.pages import COUNTED_TO
from webui.feeds.records import Record
from webui.feeds.scopes import (
    OfAccount,
    OfEveryone,
    OfOpportunity,
    OfPerson,
    Scope,
    built_once,
    read,
    types_of,
    whose,
    within,
    written_out,
)
from webui.models import IS_OPEN, Activity, MarketoLead, OpportunityRole
from webui.vocabulary import CHAT, CHAT_KEYS, TALKS, global_keys_of

OPEN_TALKS = "open"
OLDER = "older"
UNKNOWN_VISITORS = "unknown-visitors"
UNKNOWN_PEOPLE = "unknown-people"
UNLINKED = "unlinked"
NOT_OPEN = "not-open"
OTHER_TYPES = "other-types"

LISTED = global_keys_of(CHAT.key)


class Note(NamedTuple):
    """One of the keys above, and how many; ``is_least`` where there are more than were counted."""

    key: str
    number: int
    is_least: bool = False


class Since(NamedTuple):
    """From when on conversations may still end, and activities are still kept by Marketo. Aware times.

    They are begins of days of the viewer, so that a list by days shows just what was counted.
    """

    may_end: datetime
    kept: datetime


_IS_LINKED = select(exists().where(MarketoLead.person_id == bindparam("person")))
_STRANGERS = select(func.count(OpportunityRole.person_crm_id.distinct())).where(
    OpportunityRole.opportunity_id == bindparam("opportunity"), OpportunityRole.person_id.is_(None)
)


def of_record(record: Record, shows_account: bool, since: Since) -> tuple[Note, ...]:
    """Return the notes of a record's chats. Cost: one statement, or three.

    ``shows_account``: the viewer may see the activities of a contact's whole account.
    """
    notes = [*_of_all(record.scope, since)]
    if isinstance(record.scope, OfPerson) and record.account_id is not None and not shows_account:
        others = weeks.total(OfAccount(record.account_id)) - weeks.total(record.scope)
        notes.append(Note(NOT_OPEN, others))
    return tuple(note for note in notes if note.number > 0)


def of_people(record: Record) -> tuple[Note, ...]:
    """Return the notes of a record's people, whatever they did. Cost: a statement at most."""
    match record.scope:
        case OfPerson(person_id):
            is_linked = db.session.connection().execute(_IS_LINKED, {"person": person_id}).scalar_one()
            return () if is_linked else (Note(UNLINKED, 1),)
        case OfOpportunity(opportunity_id):
            strangers = db.session.connection().execute(_STRANGERS, {"opportunity": opportunity_id})
            number = strangers.scalar_one()
            return (Note(UNKNOWN_PEOPLE, number),) if number else ()
    return ()


def of_everyone(since: Since) -> tuple[Note, ...]:
    """Return the notes of the global tab's list. Cost: four statements."""
    others = weeks.total_of_types([key for key in CHAT_KEYS if key not in LISTED])
    notes = (
        *_of_all(OfEveryone(), since),
        _note(UNKNOWN_VISITORS, db.session.connection().execute(_NOBODYS).scalar_one()),
        Note(OTHER_TYPES, others),
    )
    return tuple(note for note in notes if note.number > 0)


def kept_since(settings: Settings, now: datetime) -> date:
    """Return the Monday before which activities are older than Marketo keeps them.

    It is the one before the first of that month, so that nothing is called too old that is not.
    """
    today = now.astimezone(settings.timezone)
    months = today.year * 12 + today.month - 1 - settings.marketo_months
    first = date(months // 12, months % 12 + 1, 1)
    return first - timedelta(days=first.weekday())


def may_end_since(settings: Settings, now: datetime) -> datetime:
    """Return since when conversations began that may still end: Marketo is asked about these again."""
    return now.astimezone(UTC) - timedelta(hours=settings.late_news_hours)


def _of_all(scope: Scope, since: Since) -> Iterator[Note]:
    row = read(_open_and_older(scope), scope, may_end=since.may_end, kept=since.kept).one()
    yield from (_note(key, count) for key, count in zip((OPEN_TALKS, OLDER), row, strict=True))


@built_once
def _open_and_older(scope: Scope) -> Select[*tuple[Any, ...]]:
    mine = select(Activity.id).where(*within(scope))
    # Everyone's few open ones have an index of their own, which a look by the family would pass by.
    of_whom = whose(scope) if isinstance(scope, OfEveryone) else within(scope)
    still_open = select(Activity.id).where(
        *of_whom,
        Activity.type_key.in_(written_out(key for key in TALKS if key in types_of(scope))),
        IS_OPEN,
        Activity.at >= bindparam("may_end", type_=Activity.at.type),
    )
    older = mine.where(
        Activity.type_key.in_(written_out(types_of(scope))),
        Activity.at < bindparam("kept", type_=Activity.at.type),
    )
    return select(_at_most(still_open), _at_most(older))


def _at_most(rows: Select[int]) -> ScalarSelect[int]:
    """Return how many rows there are, counted to one more than ``COUNTED_TO``."""
    some = rows.limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


_NOBODYS = select(
    _at_most(
        select(Activity.id).where(
            Activity.person_id.is_(None), Activity.family == CHAT.key, Activity.type_key.in_(LISTED)
        )
    )
)


def _note(key: str, count: int) -> Note:
    return Note(key, min(count, COUNTED_TO), count > COUNTED_TO)
