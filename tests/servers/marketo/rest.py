"""The REST calls of the local Marketo: each takes parameters and returns what goes into the envelope."""

import json
import secrets
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.servers.marketo.answers import Problem
from tests.servers.marketo.door import Door
from tests.servers.marketo.records import DELETE, Activity, Records, find

Params = dict[str, str]
Said = dict[str, Any]

MOST_MATCHES = 1_000
THINGS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "companies": (
        "Company",
        ("externalCompanyId", "id", "company"),
        ("externalCompanyId", "id", "company", "industry", "website", "createdAt", "updatedAt"),
    ),
    "opportunities": (
        "Opportunity",
        ("externalOpportunityId", "marketoGUID"),
        (
            *("externalOpportunityId", "marketoGUID", "name", "amount", "stage", "isClosed", "isWon"),
            *("closeDate", "externalCompanyId", "createdAt", "updatedAt"),
        ),
    ),
    "opportunities/roles": (
        "OpportunityRole",
        ("leadId", "externalOpportunityId", "marketoGUID"),
        ("externalOpportunityId", "leadId", "role", "isPrimary", "marketoGUID", "createdAt", "updatedAt"),
    ),
}


@dataclass
class Cursor:
    """What a paging token stands for: a place, and the question it belongs to once it was used."""

    since: datetime | None
    after: int = 0
    question: object = None


@dataclass
class Rest:
    """The calls. ``page_sizes`` are the sizes of the next pages, 0 for an empty one that is not the last."""

    records: Records
    door: Door
    now: Callable[[], datetime]
    native_sync: str | None = None
    page_sizes: list[int] = field(default_factory=list)
    is_disordered: bool = False
    cursors: dict[str, Cursor] = field(default_factory=dict)

    def answer(self, path: str, params: Params) -> Said:
        """Return what a call says; raise Problem."""
        known: dict[str, Callable[[Params], Said]] = {
            "activities/types": lambda _: {"result": self.records.types},
            "activities/pagingtoken": self._paging_token,
            "activities": self._activities,
            "activities/deletedleads": self._deleted,
            "leads": self._leads,
            "leads/describe2": lambda _: {"result": [self._described_leads()]},
            "stats/usage": lambda _: {"result": [self._usage()]},
        }
        name = path.removeprefix("/rest/v1/").removesuffix(".json")
        if name in known:
            return known[name](params)
        if name.startswith("lead/"):
            return self._lead(name.removeprefix("lead/"), params)
        thing, _, last = name.rpartition("/")
        if name in THINGS or (last == "describe" and thing in THINGS):
            return self._thing(name if name in THINGS else thing, params, described=name not in THINGS)
        raise Problem("610", "Requested resource not found")

    def _paging_token(self, params: Params) -> Said:
        try:
            since = datetime.fromisoformat(params["sinceDatetime"])
        except KeyError:
            raise Problem("1002", "Missing value for required parameter 'sinceDatetime'") from None
        except ValueError:
            raise Problem("704", "Invalid date format for 'sinceDatetime'") from None
        if since.tzinfo is None:
            raise Problem("704", "Invalid date format for 'sinceDatetime'")
        return {"nextPageToken": self._token(Cursor(since))}

    def _activities(self, params: Params) -> Said:
        types = _numbers(params, "activityTypeIds", 10)
        if not types:
            raise Problem("1002", "Missing value for required parameter 'activityTypeIds'")
        leads = _numbers(params, "leadIds", 30)
        return self._page(
            params,
            ("activities", types, leads),
            lambda one: (
                one.type_id in types and one.type_id != DELETE and (not leads or one.lead_id in leads)
            ),
        )

    def _deleted(self, params: Params) -> Said:
        return self._page(params, "deletedleads", lambda one: one.type_id == DELETE)

    def _page(self, params: Params, question: object, wanted: Callable[[Activity], bool]) -> Said:
        cursor = self._cursor(params, question)
        since = cursor.since
        left = [
            one
            for one in self.records.activities
            if one.place > cursor.after and (since is None or one.created >= since) and wanted(one)
        ]
        size = _batch(params)
        page = left[: min(size, self.page_sizes.pop(0) if self.page_sizes else size)]
        after = page[-1].place if page else cursor.after
        rows = [one.as_json() for one in (reversed(page) if self.is_disordered else page)]
        said: Said = {
            "nextPageToken": self._token(Cursor(since, after, question)),
            "moreResult": len(left) > len(page),
        }
        return {**said, "result": rows} if rows else said

    def _leads(self, params: Params) -> Said:
        fields = self._wanted_fields(params)
        if params.get("filterType") not in self.records.lead_searchable:
            raise Problem("1011", f"Filter type '{params.get('filterType')}' not supported")
        found = find(list(self.records.leads.values()), params["filterType"], _values(params))
        if len(found) > MOST_MATCHES:
            raise Problem("1003", "Too many results match the filter")
        return self._batches(params, found, fields, numbered=False)

    def _lead(self, number: str, params: Params) -> Said:
        fields = self._wanted_fields(params)
        lead = self.records.leads.get(int(number)) if number.isdigit() else None
        if lead is None:
            raise Problem("1004", f"Lead '{number}' not found")
        return {"result": [{name: lead.get(name) for name in fields}]}

    def _wanted_fields(self, params: Params) -> list[str]:
        usual = "email,updatedAt,createdAt,lastName,firstName,id"
        fields = (params.get("fields") or usual).split(",")
        for name in fields:
            if name not in self.records.lead_fields:
                raise Problem("1006", f"Field '{name}' not found")
        return list(dict.fromkeys(["id", *fields]))

    def _thing(self, name: str, params: Params, *, described: bool) -> Said:
        if self.native_sync is not None:
            raise Problem(self.native_sync, "Operation not allowed: a native CRM sync is enabled")
        title, searchable, fields = THINGS[name]
        if described:
            listed = [{"name": one, "displayName": one, "dataType": "string"} for one in fields]
            return {
                "result": [{"name": title, "searchableFields": [[o] for o in searchable], "fields": listed}]
            }
        if params.get("filterType") not in searchable:
            raise Problem("1011", f"Filter type '{params.get('filterType')}' not supported")
        found = find(self.records.things[name], params["filterType"], _values(params))
        wanted = params["fields"].split(",") if params.get("fields") else list(fields)
        return self._batches(params, found, wanted, numbered=True)

    def _batches(self, params: Params, found: list[Said], fields: list[str], *, numbered: bool) -> Said:
        question = json.dumps({key: params.get(key) for key in ("filterType", "filterValues", "fields")})
        start = self._cursor(params, question).after if "nextPageToken" in params else 0
        size = _batch(params)
        page = found[start : start + min(size, self.page_sizes.pop(0) if self.page_sizes else size)]
        rows = [{name: row.get(name) for name in fields} for row in page]
        if numbered:
            rows = [{"seq": place, **row} for place, row in enumerate(rows)]
        after = start + len(page)
        if after >= len(found):
            return {"result": rows, "moreResult": False}
        return {
            "result": rows,
            "moreResult": True,
            "nextPageToken": self._token(Cursor(None, after, question)),
        }

    def _described_leads(self) -> Said:
        kinds = self.records.lead_fields
        listed = [{"name": name, "displayName": name, "dataType": kind} for name, kind in kinds.items()]
        searchable = [{"name": name} for name in sorted(self.records.lead_searchable)]
        return {"name": "API Lead", "searchableFields": searchable, "fields": listed}

    def _usage(self) -> Said:
        day, total = self.door.day(self.now()), self.door.used(self.now())
        return {"date": day, "total": total, "users": [{"userId": "api-reader@acme.example", "count": total}]}

    def _token(self, cursor: Cursor) -> str:
        token = b32encode(secrets.token_bytes(21)).decode()
        self.cursors[token] = cursor
        return token

    def _cursor(self, params: Params, question: object) -> Cursor:
        if "nextPageToken" not in params:
            raise Problem("1002", "Missing value for required parameter 'nextPageToken'")
        cursor = self.cursors.get(params["nextPageToken"])
        if cursor is None or cursor.question not in (None, question):
            raise Problem("1003", "Invalid value for 'nextPageToken'")
        return cursor


def _numbers(params: Params, name: str, most: int) -> frozenset[int]:
    try:
        found = frozenset(int(one) for one in params.get(name, "").split(",") if one)
    except ValueError:
        raise Problem("1001", f"Invalid value for '{name}'. Required of type 'Integer'") from None
    if len(found) > most:
        raise Problem("1003", f"Invalid value for '{name}': maximum {most} allowed")
    return found


def _values(params: Params) -> list[str]:
    values = [one.strip() for one in params.get("filterValues", "").split(",") if one.strip()]
    if not values:
        raise Problem("1002", "Missing value for required parameter 'filterValues'")
    if len(values) > 300:
        raise Problem("1003", "Invalid value for 'filterValues': maximum 300 allowed")
    return values


def _batch(params: Params) -> int:
    size = params.get("batchSize", "300")
    if not size.isdigit() or not 1 <= int(size) <= 300:
        raise Problem("1003", "Invalid value for 'batchSize': maximum 300 allowed")
    return int(size)
