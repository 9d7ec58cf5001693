"""What Marketo is asked by REST: activities, deletions, people, companies, opportunities, usage.

Each function asks over a ``Connection`` and raises MarketoFailure; ValueError means that the caller asked
for more than Marketo takes in one question. Times are aware; rows of activities are raw JSON, kept whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from webui.marketo.connection import Connection
from webui.marketo.envelope import Answer
from webui.marketo.failures import AccessDenied, MarketoFailure, NotAvailable, Refused, TookTooLong

LARGEST_TYPE = 2**31 - 1
MOST_TYPES = 10
MOST_LEADS = 30
MOST_VALUES = 300
BATCHES = (300, 100, 30)  # smaller ones where Marketo takes too long

# Seconds, a little above those after which Marketo gives up.
TOKEN_TIMEOUT = 305.0
LEADS_TIMEOUT = 65.0

Thing = Literal["companies", "opportunities", "opportunities/roles"]
COMPANIES: Thing = "companies"
OPPORTUNITIES: Thing = "opportunities"
ROLES: Thing = "opportunities/roles"


@dataclass(frozen=True)
class Page:
    """Some activities, in no order that Marketo promises.

    ``rows`` are the raw JSON of each; there may be none while ``more`` is true. ``next_token`` is where to
    go on, now or at the next poll, for the same types and leads.
    """

    rows: list[msgspec.Raw]
    next_token: str
    more: bool


@dataclass(frozen=True)
class Fields:
    """REST names of fields: those that there are, and those that can be searched by."""

    known: frozenset[str]
    searchable: frozenset[str]


def activity_types(connection: Connection) -> list[tuple[int, str]]:
    """Return (id, name) of each activity type of the subscription."""
    call = "/rest/v1/activities/types.json"
    rows = _objects(connection.get(call), call)
    named = [(row["id"], row["name"]) for row in rows if _is(row, "id", int) and _is(row, "name", str)]
    return [(number, name) for number, name in named if 0 < number <= LARGEST_TYPE]


def paging_token(connection: Connection, since: datetime) -> str:
    """Return the token with which to read what happened from ``since``, which is aware."""
    path = "/rest/v1/activities/pagingtoken.json"
    answer = connection.get(path, {"sinceDatetime": written(since)}, timeout=TOKEN_TIMEOUT)
    if answer.next_token is None:
        raise Refused(f"GET {path}", "the answer has no paging token", request_id=answer.request_id)
    return answer.next_token


def activities(
    connection: Connection, token: str, type_ids: Sequence[int], lead_ids: Sequence[int] = ()
) -> Page:
    """Return the next page of activities: of 1 to 10 types, of up to 30 leads or of all.

    Raises StaleCursor when the token is not good any more, ValueError for too many types or leads.
    """
    _check("types", type_ids, MOST_TYPES)
    params: dict[str, object] = {"nextPageToken": token, "activityTypeIds": _joined(type_ids)}
    if lead_ids:
        _check("leads", lead_ids, MOST_LEADS)
        params["leadIds"] = _joined(lead_ids)
    return _page(connection, "/rest/v1/activities.json", params)


def deleted_leads(connection: Connection, token: str) -> Page:
    """Return the next page of deletions, of the last 14 days or so; the token is of no other call."""
    return _page(connection, "/rest/v1/activities/deletedleads.json", {"nextPageToken": token})


def leads(
    connection: Connection, filter_type: str, values: Sequence[object], fields: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the people who have one of 1 to 300 values in a searchable field, with these fields.

    Several may share a value, and a value may find nobody. A field without a value is None or absent.
    Raises TooMany above some 1,000 people; ValueError for no value, too many, or one with a comma.
    """
    return _found(connection, "/rest/v1/leads.json", filter_type, values, fields)


def lead_fields(connection: Connection) -> Fields:
    """Return the fields of people."""
    return _fields(connection, "/rest/v1/leads/describe2.json")


def fields_of(connection: Connection, thing: Thing) -> Fields:
    """Return the fields of companies, opportunities or roles; raise NotAvailable if Marketo has none for us.

    With a native CRM sync Marketo keeps these to itself, and says so in several ways.
    """
    try:
        return _fields(connection, f"/rest/v1/{thing}/describe.json")
    except AccessDenied as denied:
        raise _not_available(denied) from None


def companies(
    connection: Connection, filter_type: str, values: Sequence[object], fields: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return companies by ``externalCompanyId``, ``id`` or ``company``; raises as ``fields_of``."""
    return _things(connection, COMPANIES, filter_type, values, fields)


def opportunities(
    connection: Connection, filter_type: str, values: Sequence[object], fields: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return opportunities by ``externalOpportunityId`` or ``marketoGUID``; raises as those."""
    return _things(connection, OPPORTUNITIES, filter_type, values, fields)


def roles(
    connection: Connection, filter_type: str, values: Sequence[object], fields: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return roles by ``leadId``, ``externalOpportunityId`` or ``marketoGUID``; raises as those."""
    return _things(connection, ROLES, filter_type, values, fields)


def usage_today(connection: Connection) -> int:
    """Return the calls of today, in Marketo's zone, of all integrations together."""
    call = "/rest/v1/stats/usage.json"
    return sum(row["total"] for row in _objects(connection.get(call), call) if _is(row, "total", int))


def written(at: datetime) -> str:
    """Write an aware time as Marketo reads it everywhere: UTC with a Z, without parts of a second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _page(connection: Connection, path: str, params: dict[str, object]) -> Page:
    token = str(params["nextPageToken"])
    for size in BATCHES:
        try:
            answer = connection.get(path, {**params, "batchSize": size})
            break
        except TookTooLong:
            if size == BATCHES[-1]:
                raise
    following = answer.next_token or token
    is_stuck = following == token and not answer.rows  # asking again would bring the same for ever
    return Page(answer.rows, following, answer.more and not is_stuck)


def _things(
    connection: Connection, thing: Thing, filter_type: str, values: Sequence[object], fields: Iterable[str]
) -> list[dict[str, Any]]:
    try:
        rows = _found(connection, f"/rest/v1/{thing}.json", filter_type, values, fields)
    except AccessDenied as denied:
        raise _not_available(denied) from None
    for row in rows:
        if _is(row, "marketoGUID", str):
            row["marketoGUID"] = row["marketoGUID"].strip()  # some end in a blank
    return rows


def _found(
    connection: Connection, path: str, filter_type: str, values: Sequence[object], fields: Iterable[str]
) -> list[dict[str, Any]]:
    _check("values", values, MOST_VALUES)
    if any("," in str(value) for value in values):
        raise ValueError("Marketo cannot be asked for a value with a comma")
    params = {"filterType": filter_type, "filterValues": _joined(values), "batchSize": MOST_VALUES}
    if named := list(fields):
        params["fields"] = _joined(named)
    found: list[dict[str, Any]] = []
    token, seen = None, set[str]()
    while True:
        asked = {**params, "nextPageToken": token} if token else params
        answer = connection.get(path, asked, timeout=LEADS_TIMEOUT)
        found += [row for row in _objects(answer, path) if row.get("status") != "skipped"]
        token = answer.next_token
        if not answer.more or token is None or token in seen:
            return found
        seen.add(token)


def _fields(connection: Connection, path: str) -> Fields:
    """Read a describe, whose searchable fields are names, keys of one name or several, or objects."""
    rows = _objects(connection.get(path), path)
    if not rows:
        raise Refused(f"GET {path}", "the answer describes nothing")
    known = _names(rows[0].get("fields"))
    searchable = _names(rows[0].get("searchableFields"))
    return Fields(frozenset(known | searchable), frozenset(searchable))


def _names(listed: object) -> set[str]:
    names = set()
    for one in listed if isinstance(listed, list) else []:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, list) and len(name) == 1:  # a longer one is a compound key
            name = name[0]
        if isinstance(name, str):
            names.add(name)
    return names


def _objects(answer: Answer, path: str) -> list[dict[str, Any]]:
    try:
        return [msgspec.json.decode(row, type=dict[str, Any]) for row in answer.rows]
    except (msgspec.DecodeError, ValueError, RecursionError):
        message = "a result is not an object"
        raise Refused(f"GET {path}", message, request_id=answer.request_id) from None


def _not_available(denied: MarketoFailure) -> NotAvailable:
    return NotAvailable(denied.call, denied.message, code=denied.code, request_id=denied.request_id)


def _is(row: dict[str, Any], key: str, kind: type) -> bool:
    return isinstance(row.get(key), kind) and not isinstance(row.get(key), bool)


def _check(what: str, values: Sequence[object], most: int) -> None:
    if not 1 <= len(values) <= most:
        raise ValueError(f"Marketo takes 1 to {most} {what} in one question, not {len(values)}")


def _joined(values: Iterable[object]) -> str:
    return ",".join(map(str, values))
