"""People and their accounts come from Marketo as soon as somebody chats, and follow what the CRM does."""

import pytest

from tests.conftest import batch_of
from webui.ingest import store
from webui.ingest.records import PersonRecord

PEOPLE = "SELECT kind, crm_id, name FROM person ORDER BY kind, crm_id"
OWNERS = (
    "SELECT marketo_id, crm_id FROM marketo_lead JOIN person ON person.id = person_id ORDER BY marketo_id"
)
ACCOUNTS = "SELECT crm_id, name FROM account ORDER BY crm_id"
WHOSE = (
    "SELECT guid, person.crm_id FROM activity LEFT JOIN person ON person.id = person_id ORDER BY activity.id"
)


@pytest.fixture
def another_day(execute):
    """Let everybody have been asked for long ago."""
    return lambda: execute(
        "UPDATE marketo_lead SET read_at = NULL", "UPDATE unknown_lead SET asked_at = NULL"
    )


def test_somebody_whom_nobody_knew_is_asked_for_in_the_round_that_brings_the_chat(sync, instance, stored):
    instance.add_activity(501, guid="g1")
    sync()
    assert stored(WHOSE) == [("g1", "00Q1")]
    assert stored("SELECT * FROM unknown_lead") == []


def test_a_lead_that_the_crm_does_not_have_is_noted_and_asked_for_again_after_a_day(
    sync, instance, stored, another_day
):
    instance.add_lead(id=502, firstName="Bo")
    instance.add_activity(502, guid="g1")
    instance.add_activity(999, guid="g2")
    sync()
    assert stored(WHOSE) == [("g1", None), ("g2", None)]
    assert stored("SELECT marketo_id, reason FROM unknown_lead ORDER BY marketo_id") == [
        (502, "no-crm-id"),
        (999, "not-found"),
    ]

    instance.change(502, sfdcLeadId="00Q2")
    asked = len(instance.asked_for("/leads.json"))
    sync()
    assert len(instance.asked_for("/leads.json")) == asked
    another_day()
    sync()
    assert stored(WHOSE) == [("g1", "00Q2"), ("g2", None)]


def test_a_field_that_this_marketo_does_not_have_changes_nothing(sync, instance, stored, save):
    save(PersonRecord(kind="lead", crm_id="00Q1", owner="Kim"))
    instance.add_activity(501)
    sync()
    assert stored("SELECT name, owner FROM person") == [("Ann Lee", "Kim")]


def test_a_field_that_was_emptied_in_marketo_is_emptied_here(sync, instance, stored, another_day):
    instance.add_activity(501)
    sync()
    instance.change(501, lastName=None)
    another_day()
    sync()
    assert stored("SELECT name, last_name FROM person") == [("Ann", None)]


def test_a_lead_that_was_converted_takes_its_chats_along(sync, instance, stored, another_day):
    instance.add_activity(501, guid="g1")
    sync()
    instance.change(501, sfdcContactId="003A", sfdcAccountId="001A", company="Larkspur")
    another_day()
    sync()
    assert stored(PEOPLE) == [("contact", "003A", "Ann Lee")]
    assert stored(WHOSE) == [("g1", "003A")]
    assert stored(ACCOUNTS) == [("001A", "Larkspur")]
    assert stored("SELECT converted_from FROM marketo_lead") == [("00Q1",)]


def test_a_contact_that_moves_to_another_account_takes_its_chats_along(sync, instance, stored, another_day):
    instance.add_lead(id=502, sfdcContactId="003A", sfdcAccountId="001A")
    instance.add_activity(502)
    sync()
    instance.change(502, sfdcAccountId="001B")
    another_day()
    sync()
    assert stored("SELECT account.crm_id FROM activity JOIN account ON account.id = activity.account_id") == [
        ("001B",)
    ]


def test_a_marketo_id_moves_to_the_contact_that_marketo_names_now(sync, instance, stored, another_day):
    instance.add_lead(id=502, sfdcContactId="003A", firstName="Bo")
    instance.add_activity(502, guid="g1")
    sync()
    instance.change(502, sfdcContactId="003B")
    another_day()
    done = sync()
    assert done.reading.people["rejected"] == 0
    assert stored(OWNERS) == [(502, "003B")]
    assert stored(WHOSE) == [("g1", "003B")]
    assert stored(PEOPLE) == [("contact", "003A", "Bo"), ("contact", "003B", "Bo")]


def test_two_contacts_whose_marketo_ids_were_exchanged_exchange_their_chats(
    sync, instance, stored, another_day
):
    instance.add_lead(id=502, sfdcContactId="003A")
    instance.add_lead(id=503, sfdcContactId="003B")
    instance.add_activity(502, guid="g1")
    instance.add_activity(503, guid="g2")
    sync()
    instance.change(502, sfdcContactId="003B")
    instance.change(503, sfdcContactId="003A")
    another_day()
    sync()
    assert stored(OWNERS) == [(502, "003B"), (503, "003A")]
    assert stored(WHOSE) == [("g1", "003B"), ("g2", "003A")]


def test_a_crm_file_does_not_take_a_marketo_id_from_another_contact(sync, instance, stored):
    instance.add_lead(id=502, sfdcContactId="003A")
    instance.add_activity(502)
    sync()
    counts = store.save(batch_of(PersonRecord(kind="contact", crm_id="003B", marketo_id=502)))
    assert counts["rejected"] == 1
    assert stored(OWNERS) == [(502, "003A")]


def test_an_account_is_called_as_marketos_company_is(sync, instance, stored, another_day):
    instance.add_company(externalCompanyId="001A", company="Larkspur Ltd")
    instance.add_lead(id=502, sfdcContactId="003A", sfdcAccountId="001A", company="larkspur")
    instance.add_lead(id=503, sfdcContactId="003B", sfdcAccountId="001A", company=None)
    instance.add_activity(502)
    instance.add_activity(503)
    sync()
    assert stored(ACCOUNTS) == [("001A", "Larkspur Ltd")]
    another_day()
    assert sync().reading.people["updated"] == 0


@pytest.mark.parametrize("code", ["603", "610", "1018"])
def test_with_a_native_crm_sync_people_bring_their_accounts_along(
    sync, instance, stored, another_day, execute, code
):
    instance.rest.native_sync = code
    instance.add_lead(id=502, sfdcContactId="003A", sfdcAccountId="001A", company="Larkspur")
    instance.add_lead(id=503, sfdcContactId="003B", sfdcAccountId="001A", company=None)
    instance.add_activity(502)
    instance.add_activity(503)
    done = sync()
    assert done.failure is None
    assert stored(ACCOUNTS) == [("001A", "Larkspur")]
    assert stored("SELECT error FROM source_state") == [(None,)]

    another_day()
    asked = len(instance.asked_for("/companies.json"))
    sync()
    assert len(instance.asked_for("/companies.json")) == asked == 1
    execute("DELETE FROM sync_cursor WHERE name LIKE 'no-%'")  # a day later
    instance.rest.native_sync = None
    instance.add_company(externalCompanyId="001A", company="Larkspur Ltd")
    another_day()
    sync()
    assert stored(ACCOUNTS) == [("001A", "Larkspur Ltd")]


def test_an_id_field_of_another_crm_is_named_in_a_setting(sync, instance, stored):
    instance.add_lead(id=502, firstName="Bo", hubspotContact="h-77")
    instance.add_activity(502)
    sync(marketo_crm_fields={"contact": "hubspotContact"})
    assert stored(PEOPLE) == [("contact", "h-77", "Bo")]


def test_where_leads_may_not_be_read_chats_arrive_all_the_same(sync, instance, stored):
    instance.add_activity(501, guid="g1")
    instance.fail_next("/leads", code="603", times=None)
    done = sync()
    assert done.failure is None
    assert "denies access to this call (GET /rest/v1/leads/describe2.json" in done.reading.remarks[-1]
    assert stored(WHOSE) == [("g1", None)]
    ((error, code, paused),) = stored("SELECT error, error_code, paused_until FROM source_state")
    assert (error, code, paused) == (done.reading.remarks[-1], "603", None)

    instance.be_well()
    sync()
    assert stored(WHOSE) == [("g1", "00Q1")]
    assert stored("SELECT error FROM source_state") == [(None,)]
