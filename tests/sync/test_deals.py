"""Opportunities and roles come from Marketo where its API has them, and go when it tells them no more."""

import pytest

ROLES = (
    "SELECT opportunity.crm_id, opportunity.name, person_crm_id, role FROM opportunity_role "
    "JOIN opportunity ON opportunity.id = opportunity_id ORDER BY 1, 3, 4"
)


@pytest.fixture
def deal(instance):
    """A deal in which Ann, who has chatted, is the buyer."""
    instance.add_opportunity(externalOpportunityId="006A", name="Renewal", externalCompanyId="001A")
    instance.add_role(externalOpportunityId="006A", leadId=501, role="Buyer", isPrimary=True)
    instance.add_activity(501, guid="g1")
    return instance


@pytest.fixture
def later(execute, sync):
    """Read a round half a day later."""

    def read():
        execute("UPDATE marketo_lead SET read_at = NULL")
        return sync()

    return read


def test_roles_and_their_opportunities_come_with_the_person(deal, sync, stored):
    sync()
    assert stored(ROLES) == [("006A", "Renewal", "00Q1", "Buyer")]
    assert stored("SELECT crm_id FROM account") == [("001A",)]


def test_a_role_that_marketo_tells_no_more_goes_and_a_new_one_comes(deal, later, stored):
    later()
    deal.records.things["opportunities/roles"].clear()
    deal.add_role(externalOpportunityId="006B", leadId=501, role="Adviser")
    later()
    assert stored(ROLES) == [("006B", None, "00Q1", "Adviser")]
    deal.records.things["opportunities/roles"].clear()
    later()
    assert stored(ROLES) == []


def test_a_renamed_opportunity_is_renamed_and_what_marketo_leaves_out_stays(deal, later, stored):
    later()
    (told,) = deal.records.things["opportunities"]
    told["name"] = "Renewal 2032"
    told["externalCompanyId"] = None
    later()
    assert stored(ROLES) == [("006A", "Renewal 2032", "00Q1", "Buyer")]
    assert stored("SELECT account.crm_id FROM opportunity JOIN account ON account.id = account_id") == [
        ("001A",)
    ]


@pytest.mark.parametrize("code", ["603", "610", "703", "1018"])
def test_with_a_native_crm_sync_roles_of_files_stay_and_marketo_is_asked_again_after_a_day(
    deal, later, stored, make_opportunity, execute, code
):
    make_opportunity(crm_id="006F", people=("00Q1",))
    deal.rest.native_sync = code
    assert later().failure is None
    later()
    assert len(deal.asked_for("/roles.json")) == 1
    assert stored(ROLES) == [("006F", "Renewal", "00Q1", "Buyer")]

    deal.rest.native_sync = None
    execute("DELETE FROM sync_cursor WHERE name LIKE 'no-%'")  # a day later
    later()
    assert stored(ROLES) == [("006A", "Renewal", "00Q1", "Buyer"), ("006F", "Renewal", "00Q1", "Buyer")]
