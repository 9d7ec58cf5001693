"""People whom activities speak of and nobody knows yet, and people who may have changed since.

Marketo is asked for both by its ids, 300 a call. Whom it does not know, or knows without an id of the
CRM, is asked for again after a day.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from webui.database import chunks, db, insert
from webui.ingest import marketo_leads, store
from webui.ingest.former_leads import former
from webui.ingest.marketo_leads import NO_CRM_ID, Fields
from webui.ingest.records import AccountRecord
from webui.installation import writing
from webui.marketo import calls
from webui.marketo.calls import MOST_VALUES
from webui.marketo.failures import Refused
from webui.models import FormerMarketoLead, MarketoLead, UnknownLead
from webui.sync import deals
from webui.sync.reading import Reading

NOT_FOUND = "not-found"
ABOUT_A_VALUE = ("1001", "1003", "1013", "701", "704")
ASKED_AGAIN_AFTER = timedelta(days=1)
REFRESHED_AFTER = timedelta(hours=12)
A_ROUND = 3_000


def read(reading: Reading) -> None:
    """Ask for people, and for the deals that they have a part in. Raises MarketoFailure."""
    wanted = _wanted()
    if not wanted:
        return
    there = calls.lead_fields(reading.connection).known
    fields = _fields(reading, there)
    if fields is None:
        return
    names = sorted(fields.wanted & there)
    for some in chunks(wanted, MOST_VALUES):
        _ask_or_halve(reading, some, fields, names)
        deals.read(reading, some)


def _wanted() -> list[int]:
    """Return whom to ask for in this round: the unknown first, then those not asked for the longest."""
    now = datetime.now(UTC)
    asked, read_at = UnknownLead.asked_at, MarketoLead.read_at
    unknown = (
        select(UnknownLead.marketo_id)
        .where(asked.is_(None) | (asked < now - ASKED_AGAIN_AFTER))
        .order_by(asked.nulls_first())
        .limit(A_ROUND)
    )
    known = (
        select(MarketoLead.marketo_id)
        .where(
            read_at.is_(None) | (read_at < now - REFRESHED_AFTER),
            MarketoLead.marketo_id.not_in(select(FormerMarketoLead.marketo_id)),
        )
        .order_by(read_at.nulls_first())
        .limit(A_ROUND)
    )
    found = [*db.session.scalars(unknown), *db.session.scalars(known)]
    db.session.rollback()
    return found


def _fields(reading: Reading, there: Collection[str]) -> Fields | None:
    """Return the fields with CRM ids that there are; None, with a remark, if none is."""
    wanted = marketo_leads.fields_of(reading.settings.marketo_crm_fields)
    fields = Fields(*(tuple(name for name in names if name in there) for names in wanted))
    if fields.lead or fields.contact:
        return fields
    reading.remarks.append(
        "Marketo has no field with a CRM's id of leads or contacts "
        f"({', '.join(sorted({*wanted.lead, *wanted.contact}))}): name yours in CHATPANE_MARKETO_CRM_FIELDS, "
        "or import people.csv."
    )
    return None


def _ask(reading: Reading, marketo_ids: Sequence[int], fields: Fields, names: Sequence[str]) -> None:
    there = calls.leads(reading.connection, "id", marketo_ids, names)
    accounts, people, nowhere = marketo_leads.batches(there, fields)
    named = deals.companies(reading, accounts)
    told = {one.crm_id for one, _ in named.records if isinstance(one, AccountRecord)}
    accounts.records = [
        (one, origin)
        for one, origin in accounts.records
        if isinstance(one, AccountRecord) and one.crm_id not in told
    ]
    with writing() as zone:
        for batch in (accounts, named, people):
            reading.people += store.take(batch, zone)
        _note(marketo_ids, {lead.get("id") for lead in there}, nowhere)


def _ask_or_halve(reading: Reading, marketo_ids: Sequence[int], fields: Fields, names: Sequence[str]) -> None:
    """Ask for people; where Marketo refuses the question, find whom it is about, lest all wait for one."""
    try:
        _ask(reading, marketo_ids, fields, names)
    except Refused as refused:
        if refused.code not in ABOUT_A_VALUE:
            raise
        if len(marketo_ids) > 1:
            middle = len(marketo_ids) // 2
            for half in (marketo_ids[:middle], marketo_ids[middle:]):
                _ask_or_halve(reading, half, fields, names)
            return
        with writing():
            _note(marketo_ids, (), ())


def _note(asked: Collection[int], found: Collection[int | None], nowhere: Collection[int]) -> None:
    """Note who was asked for, and of whom nobody is known why."""
    now = datetime.now(UTC)
    db.session.execute(update(MarketoLead).where(MarketoLead.marketo_id.in_(asked)).values(read_at=now))
    known = set(db.session.scalars(select(MarketoLead.marketo_id).where(MarketoLead.marketo_id.in_(asked))))
    db.session.execute(delete(UnknownLead).where(UnknownLead.marketo_id.in_(known)))
    left = sorted(set(asked) - known - former(asked).keys())
    rows = [
        {
            "marketo_id": number,
            "asked_at": now,
            "reason": NO_CRM_ID if number in nowhere else None if number in found else NOT_FOUND,
        }
        for number in left
    ]
    if rows:
        statement = insert(UnknownLead.__table__)
        newer = {name: statement.excluded[name] for name in ("asked_at", "reason")}
        db.session.execute(statement.on_conflict_do_update(index_elements=["marketo_id"], set_=newer), rows)
