"""Files as Marketo and a CRM write them, and what the store holds of them.

``chat_row`` has one good default row. ``contents`` reads everything that was imported, without the
store's own numbers, so that two stores filled in different ways can be compared.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, select

from webui.models import (
    Account,
    AccountWeek,
    Activity,
    ActivityDetail,
    Conversation,
    Dialogue,
    FormerRecord,
    InstallationWeek,
    MarketoLead,
    Opportunity,
    OpportunityRole,
    Person,
    PersonWeek,
    Rejected,
)

HEADER = (
    "marketoGUID",
    "leadId",
    "activityDate",
    "activityTypeId",
    "campaignId",
    "primaryAttributeValueId",
    "primaryAttributeValue",
    "attributes",
)
TYPE_NAMES = {
    32: "Merge Leads",
    1001: "Engaged with a Dialogue",
    1002: "Engaged with an Agent in Dialogue",
    1003: "Scheduled Meeting in Dialogue",
    1004: "Reached Dialogue Goal",
    1005: "Interacted with Document in Dialogue",
}
ENGAGED, AGENT, MEETING, GOAL, DOCUMENT = "1001", "1002", "1003", "1004", "1005"

Cells = Mapping[str, Any]


def chat_row(attributes: Any = None, **cells: Any) -> dict[str, Any]:
    """Return a row of an extract; ``attributes`` is written as JSON unless it is a text."""
    return {
        "marketoGUID": "880142",
        "leadId": "501",
        "activityDate": "2031-04-02T08:15:30Z",
        "activityTypeId": ENGAGED,
        "campaignId": "null",
        "primaryAttributeValueId": "12",
        "primaryAttributeValue": "Pricing page greeter",
        "attributes": {} if attributes is None else attributes,
        **cells,
    }


def numbered(*rows: Cells) -> list[dict[str, Any]]:
    """Give each row a guid of its own: g1, g2 and so on."""
    return [{**row, "marketoGUID": f"g{number}"} for number, row in enumerate(rows, 1)]


def write_extract(
    path: Path,
    rows: Sequence[Cells],
    *,
    columns: Sequence[str] = HEADER,
    line_end: str = "\n",
    encoding: str = "utf-8",
) -> Path:
    """Write an extract, tab-separated where the name ends so; return its path."""
    with path.open("w", encoding=encoding, newline="") as stream:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(row.get(name, "null")) for name in columns])
    return path


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_crm_file(path: Path, *rows: Cells) -> Path:
    """Write a file of the CRM; its columns are the keys of the rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_types(path: Path, names: Mapping[int, str]) -> Path:
    """Write an answer of Get Activity Types."""
    result = [{"id": number, "name": name, "attributes": []} for number, name in names.items()]
    path.write_text(json.dumps({"requestId": "a1#1", "success": True, "result": result}), encoding="utf-8")
    return path


def stored_chats(connection: Connection) -> dict[str, SimpleNamespace]:
    """Return every activity by its guid, with its dialogue, detail, conversation and owners in one."""
    lines = (
        select(
            *Activity.__table__.columns,
            *(column for column in ActivityDetail.__table__.columns if column.name != "activity_id"),
            *(column for column in Conversation.__table__.columns if column.name != "activity_id"),
            Dialogue.name.label("dialogue"),
            Person.kind.label("person_kind"),
            Person.crm_id.label("person"),
            Account.crm_id.label("account"),
            MarketoLead.converted_from,
        )
        .outerjoin(MarketoLead, MarketoLead.marketo_id == Activity.marketo_id)
        .outerjoin(ActivityDetail, ActivityDetail.activity_id == Activity.id)
        .outerjoin(Conversation, Conversation.activity_id == Activity.id)
        .outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
        .outerjoin(Person, Person.id == Activity.person_id)
        .outerjoin(Account, Account.id == Activity.account_id)
        .order_by(Activity.guid)
    )
    return {row.guid: SimpleNamespace(**row._mapping) for row in connection.execute(lines)}


def contents(connection: Connection) -> dict[str, list[Any]]:
    """Return everything that was imported, by its public names, in an order that does not depend on when."""
    held = {
        "accounts": _rows(connection, select(Account.crm_id, Account.name)),
        "people": _rows(
            connection,
            select(
                Person.kind,
                Person.crm_id,
                Person.name,
                Person.first_name,
                Person.last_name,
                Person.email,
                Person.owner,
                Account.crm_id,
            ).outerjoin(Account, Account.id == Person.account_id),
        ),
        "marketo ids": _rows(
            connection,
            select(MarketoLead.marketo_id, Person.kind, Person.crm_id, MarketoLead.converted_from).join(
                Person, Person.id == MarketoLead.person_id
            ),
        ),
        "former records": _rows(
            connection,
            select(FormerRecord.kind, FormerRecord.crm_id, Person.kind, Person.crm_id).join(
                Person, Person.id == FormerRecord.person_id
            ),
        ),
        "opportunities": _rows(
            connection,
            select(Opportunity.crm_id, Opportunity.name, Account.crm_id).outerjoin(
                Account, Account.id == Opportunity.account_id
            ),
        ),
        "roles": _rows(
            connection,
            select(
                Opportunity.crm_id,
                OpportunityRole.person_crm_id,
                OpportunityRole.role,
                OpportunityRole.is_primary,
                Person.kind,
                Person.crm_id,
            )
            .join(Opportunity, Opportunity.id == OpportunityRole.opportunity_id)
            .outerjoin(Person, Person.id == OpportunityRole.person_id),
        ),
        "weeks of people": _rows(
            connection,
            select(Person.kind, Person.crm_id, PersonWeek.week, PersonWeek.type_key, PersonWeek.count).join(
                Person, Person.id == PersonWeek.person_id
            ),
        ),
        "weeks of accounts": _rows(
            connection,
            select(Account.crm_id, AccountWeek.week, AccountWeek.type_key, AccountWeek.count).join(
                Account, Account.id == AccountWeek.account_id
            ),
        ),
        "weeks of all": _rows(connection, select(InstallationWeek.__table__)),
        "rejected": _rows(
            connection,
            select(
                Rejected.source,
                Rejected.file,
                Rejected.line,
                Rejected.column,
                Rejected.guid,
                Rejected.reason,
                Rejected.body,
            ),
        ),
    }
    numbers = ("id", "person_id", "account_id", "dialogue_id")
    held["activities"] = [
        {name: value for name, value in vars(chat).items() if name not in numbers}
        for chat in stored_chats(connection).values()
    ]
    return held


def _rows(connection: Connection, statement: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.execute(statement)), key=repr)
