"""Parsing again what Marketo's REST API told and could not be used, from the text that is kept of it."""

from collections.abc import Callable
from typing import Any

import msgspec

from webui.config import in_force
from webui.ingest import marketo_deals, marketo_leads, marketo_rest
from webui.ingest.activity_types import TypeMap
from webui.ingest.records import Batch

Row = dict[str, Any]


def parse(source: str, body: str, types: TypeMap) -> Batch:
    """Return what a text of one of ``SOURCES`` becomes now: a record, or a rejection.

    Of a role that can be used now nothing is left to do: roles are told anew with their person.
    """
    if source == marketo_rest.SOURCE:
        return marketo_rest.batch_of([body.encode()], types)
    if source in CHANGES:
        return CHANGES[source]([body.encode()])
    return RECORDS[source]([msgspec.json.decode(body)])  # encoded by us


def _people(rows: list[Row]) -> Batch:
    return marketo_leads.batches(rows, marketo_leads.fields_of(in_force().marketo_crm_fields))[1]


CHANGES: dict[str, Callable[[list[bytes]], Batch]] = {
    marketo_rest.MERGES: marketo_rest.merges_of,
    marketo_rest.DELETIONS: marketo_rest.deletions_of,
}
RECORDS: dict[str, Callable[[list[Row]], Batch]] = {
    marketo_leads.SOURCE: _people,
    marketo_deals.COMPANIES: marketo_deals.accounts,
    marketo_deals.OPPORTUNITIES: marketo_deals.opportunities,
    marketo_deals.ROLES: lambda rows: marketo_deals.roles(rows)[1],
}
SOURCES = frozenset((marketo_rest.SOURCE, *CHANGES, *RECORDS))
