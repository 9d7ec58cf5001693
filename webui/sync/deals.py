"""Companies, opportunities and the roles of people in them, where Marketo's API has them.

With a native CRM sync it has not, and says so in one of several ways. It is then asked again after a day;
meanwhile people bring their accounts along, and opportunities come from CRM files.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from webui.database import chunks
from webui.ingest import marketo_deals, store
from webui.ingest.records import AccountRecord, Batch
from webui.ingest.roles import replace_roles
from webui.installation import writing
from webui.marketo import calls
from webui.marketo.calls import COMPANIES, MOST_VALUES, OPPORTUNITIES, ROLES, Thing
from webui.marketo.failures import NotAvailable, Refused
from webui.sync import cursors
from webui.sync.reading import Reading

PROBED_AGAIN_AFTER = timedelta(days=1)
# With a native CRM sync these say so: nothing for an admin to mend.
KEPT_TO_ITSELF = ("610", "703", "1018")

Rows = list[dict[str, Any]]
Ask = Callable[[Sequence[object]], Rows]


def companies(reading: Reading, accounts: Batch) -> Batch:
    """Return the accounts of a batch under the names that Marketo's companies have. Raises MarketoFailure."""
    ids = {one.crm_id for one, _ in accounts.records if isinstance(one, AccountRecord)}
    ask = partial(calls.companies, reading.connection, "externalCompanyId")
    return marketo_deals.accounts(_asked(reading, COMPANIES, ids, ask) or [])


def read(reading: Reading, marketo_ids: Collection[int]) -> None:
    """Ask which roles these people have now, and store them with their opportunities.

    Raises MarketoFailure.
    """
    roles = _asked(reading, ROLES, marketo_ids, partial(calls.roles, reading.connection, "leadId"))
    if roles is None:
        return
    ids = {str(role["externalOpportunityId"]) for role in roles if role.get("externalOpportunityId")}
    ask = partial(calls.opportunities, reading.connection, "externalOpportunityId")
    opportunities = marketo_deals.opportunities(_asked(reading, OPPORTUNITIES, ids, ask) or [])
    with writing() as zone:
        reading.people += store.take(opportunities, zone)
        told, bad = marketo_deals.roles(roles)
        reading.people["updated"] += replace_roles(marketo_ids, told)
        reading.people += store.take(bad, zone)


def _asked(
    reading: Reading, thing: Thing, values: Collection[object], ask: Ask
) -> list[dict[str, Any]] | None:
    """Return what Marketo has of these ids; None if it keeps such things to itself."""
    now = datetime.now(UTC)
    probed = cursors.found(f"no-{thing}", cursors.digest(thing), datetime.fromtimestamp(0, UTC))
    if probed.since > now - PROBED_AGAIN_AFTER:
        return None
    askable = sorted((value for value in values if "," not in str(value)), key=str)
    found: Rows = []
    try:
        for some in chunks(askable, MOST_VALUES):
            found += ask(some)
    except (NotAvailable, Refused) as failure:
        if failure.code not in KEPT_TO_ITSELF:
            reading.remarks.append(str(failure))
        with writing():
            cursors.move(probed, None, now)
        return None
    return found
