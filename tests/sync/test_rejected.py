"""What Marketo tells and cannot be used is kept with its reason, and can be tried again."""

from webui.ingest import activity_types
from webui.ingest.retry import retry

KEPT = "SELECT source, reason FROM rejected ORDER BY source"


def test_an_activity_that_cannot_be_used_is_kept_and_goes_in_once_it_can(sync, instance, stored):
    instance.add_type(1010, "Something new")
    instance.add_activity(501, guid="g1", attributes={"Conversation Status": "Paused"})
    instance.add_activity(501, guid="g2")
    done = sync()
    assert done.failure is None
    assert done.reading.counts["rejected"] == 1
    assert stored("SELECT guid FROM activity") == [("g2",)]
    ((source, reason),) = stored(KEPT)
    assert source == "marketo-rest"
    assert "'Paused' is not a status" in reason

    counts = retry(None, activity_types.load({}))
    assert counts["rejected"] == 1
    assert stored(KEPT) == [(source, reason)]  # with its reason still

    counts = retry(None, activity_types.load({1001: "reached-goal"}))  # which knows no status
    assert (counts["added"], counts["rejected"]) == (1, 0)
    assert stored(KEPT) == []


def test_everything_else_that_cannot_be_used_is_kept_and_can_be_tried_again(sync, instance, stored, execute):
    long = "x" * 300
    instance.add_lead(id=502, sfdcContactId=long)
    instance.add_lead(id=503, sfdcContactId="003B", sfdcAccountId="001B")
    instance.add_role(externalOpportunityId=long, leadId=503, role="Buyer")
    instance.add_role(externalOpportunityId="006A", leadId=503, role="Buyer")
    instance.add_opportunity(externalOpportunityId="006A", externalCompanyId=long)
    instance.add_activity(502)
    instance.add_activity(503)
    instance.add_activity(501, 32, attributes={"Merge Source": "nobody"})
    instance.add_activity(0, 37)
    done = sync()
    assert done.failure is None
    kept = stored(KEPT)
    assert [source for source, _ in kept] == [
        "marketo-deletions",
        "marketo-leads",
        "marketo-merges",
        "marketo-opportunities",
        "marketo-roles",
    ]

    assert retry(None, activity_types.load({}))["rejected"] == 5
    assert stored(KEPT) == kept

    mended = {long: "003C", '"leadId": 0': '"leadId": 999', "Merge Source": "Merge IDs", '"nobody"': '"601"'}
    for wrong, right in mended.items():
        execute("UPDATE rejected SET body = replace(body, :wrong, :right)", wrong=wrong, right=right)
    retry(None, activity_types.load({}))
    assert stored(KEPT) == []
    assert stored("SELECT marketo_id, winner_id FROM former_marketo_lead ORDER BY marketo_id") == [
        (601, 501),
        (999, None),
    ]
