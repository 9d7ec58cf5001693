"""What the local Marketo holds: people, what they did, and what their company buys.

An activity counts from when it was stored (``created``), which may be later than its date.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TYPES = Path(__file__).parents[3] / "seeds" / "activity_types.json"
MERGE, DELETE = 32, 37

LEAD_FIELDS = {
    "id": "integer",
    "email": "email",
    "firstName": "string",
    "lastName": "string",
    "company": "string",
    "phone": "phone",
    "title": "string",
    "createdAt": "datetime",
    "updatedAt": "datetime",
    "externalCompanyId": "string",
    "sfdcType": "string",
    "sfdcLeadId": "string",
    "sfdcContactId": "string",
    "sfdcAccountId": "string",
    "sfdcOpptyId": "string",
    "sfdcLeadOwnerId": "string",
    "leadPartitionId": "integer",
}
LEAD_SEARCHABLE = {
    *("id", "email", "cookies", "sfdcAccountId", "sfdcContactId", "sfdcLeadId", "sfdcLeadOwnerId"),
    *("sfdcOpptyId", "leadPartitionId", "externalCompanyId"),
}
COLUMNS = (
    *("marketoGUID", "leadId", "activityDate", "activityTypeId", "campaignId"),
    *("primaryAttributeValueId", "primaryAttributeValue", "attributes"),
)


def written(at: datetime, form: str = "Z") -> str:
    """Write a time in one of Marketo's two ways: ``Z`` or ``+0000`` at the end."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + form


@dataclass
class Activity:
    """An activity; ``place`` is its place in the order of storing."""

    place: int
    guid: str
    lead_id: int
    type_id: int
    at: datetime
    created: datetime
    primary: str | None
    primary_id: int | None
    campaign_id: int | None
    attributes: dict[str, Any]
    date_form: str
    has_id: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as REST gives it: what is empty is left out."""
        said = {
            "id": self.place if self.has_id else None,
            "marketoGUID": self.guid,
            "leadId": self.lead_id,
            "activityDate": written(self.at, self.date_form),
            "activityTypeId": self.type_id,
            "campaignId": self.campaign_id,
            "primaryAttributeValueId": self.primary_id,
            "primaryAttributeValue": self.primary,
        }
        listed = [{"name": name, "value": value} for name, value in self.filled().items()]
        return {name: value for name, value in said.items() if value is not None} | {"attributes": listed}

    def as_cells(self) -> list[str]:
        """Return it as a row of a bulk file: no value is the text null."""
        said = self.as_json()
        cells = [str(said.get(name, "null")) for name in COLUMNS[:-1]]
        return [*cells, json.dumps(self.filled())]

    def filled(self) -> dict[str, Any]:
        """Return the attributes that have a value."""
        return {name: value for name, value in self.attributes.items() if value not in (None, "")}


@dataclass
class Records:
    """All that the server holds."""

    types: list[dict[str, Any]] = field(default_factory=lambda: json.loads(TYPES.read_text())["result"])
    leads: dict[int, dict[str, Any]] = field(default_factory=dict)
    lead_fields: dict[str, str] = field(default_factory=lambda: dict(LEAD_FIELDS))
    lead_searchable: set[str] = field(default_factory=lambda: set(LEAD_SEARCHABLE))
    activities: list[Activity] = field(default_factory=list)
    stored: int = 880_000
    things: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"companies": [], "opportunities": [], "opportunities/roles": []}
    )

    def store(self, **values: Any) -> Activity:
        """Store an activity with the next place; without a guid it gets its place for one."""
        self.stored += 1
        values["guid"] = values["guid"] or str(self.stored)
        self.activities.append(Activity(place=self.stored, **values))
        return self.activities[-1]


def find(rows: list[dict[str, Any]], name: str, values: list[str]) -> list[dict[str, Any]]:
    """Return the rows that have one of these values, compared as text; e-mail addresses without case."""
    fold = str.casefold if name == "email" else str
    wanted = {fold(value) for value in values}
    return [row for row in rows if row.get(name) is not None and fold(str(row[name])) in wanted]
