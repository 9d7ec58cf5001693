"""A company whose every text from outside is markup, or an address that is none of the web's."""

from tests.conftest import batch_of
from tests.html.conftest import FULL, this_week
from webui.ingest.records import (
    AccountRecord,
    ActivityRecord,
    Batch,
    OpportunityRecord,
    PersonRecord,
    RoleRecord,
)
from webui.vocabulary import TYPES

HOSTILE = (
    "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}<a href='javascript:alert(1)'>x</a>"
    "</textarea></title><svg onload=alert(1)>"
)
LINKS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    " JaVaScRiPt:alert(1)",
    "//evil.example",
)


def batches() -> tuple[Batch, ...]:
    """Return what to store: an account, its contact with activities of each type, and a deal of both."""
    texts = {
        name: HOSTILE
        for name in FULL
        if name not in ("scheduled_for", "score", "topics", "extra", "transcript")
    }
    activities = [
        ActivityRecord(
            **{
                **texts,
                "guid": f"hostile-{place}-{of.key}",
                "marketo_id": 880_123_456,
                "at": this_week(place),
                "type_key": of.key,
                "is_flow": False,
                "dialogue_name": HOSTILE,
                "page_url": link,
                "document_url": link,
                "scheduled_text": HOSTILE,
                "transcript": f"Visitor: {HOSTILE}\nBot: {HOSTILE}",
                "topics": [HOSTILE],
                "extra": {HOSTILE: HOSTILE},
                "told": dict.fromkeys(of.told.values(), HOSTILE) | {"link": link, "referrer": link},
                "status": of.statuses[0].key if of.statuses else None,
            }
        )
        for of in TYPES
        for place, link in enumerate(LINKS)
    ]
    person = PersonRecord(
        kind="contact",
        crm_id="003hostile",
        marketo_id=880_123_456,
        first_name=HOSTILE,
        last_name=HOSTILE,
        email=HOSTILE,
        owner=HOSTILE,
        account_crm_id="001hostile",
    )
    role = RoleRecord(
        opportunity_crm_id="006hostile", person_crm_id="003hostile", role=HOSTILE, is_primary=False
    )
    deal = OpportunityRecord(crm_id="006hostile", name=HOSTILE, account_crm_id="001hostile")
    return (
        batch_of(AccountRecord(crm_id="001hostile", name=HOSTILE)),
        batch_of(person),
        batch_of(deal),
        batch_of(role),
        batch_of(*activities),
    )
