"""Roles in opportunities come and go: as files tell them, and as Marketo's REST API does."""

import pytest
from sqlalchemy import select

from webui.database import db
from webui.ingest import roles
from webui.ingest.records import RoleRecord
from webui.ingest.roles import LeadRole
from webui.installation import writing
from webui.models import OpportunityRole

ROLE = {"opportunity_crm_id": "O1", "person_crm_id": "C1", "role": "Buyer", "is_primary": "1"}


@pytest.fixture
def replaced(bare_app):
    """Say what Marketo tells now of the roles of these leads; return how many changed."""

    def replace(marketo_ids, *told):
        with writing():
            return roles.replace_roles(marketo_ids, [LeadRole(*one) for one in told])

    return replace


def of_people(contents):
    """Return opportunity, CRM id and role of each."""
    return [row[:3] for row in contents()["roles"]]


def test_a_role_that_the_file_says_is_deleted_goes(bring, crm_file, contents):
    bring(crm_file("roles.csv", ROLE, {**ROLE, "role": "User"}))
    counts = bring(crm_file("roles.csv", {**ROLE, "is_deleted": "true"}, {**ROLE, "role": "User"}))
    assert (counts["updated"], counts["unchanged"]) == (1, 1)
    assert of_people(contents) == [("O1", "C1", "User")]


def test_a_deleted_role_that_nobody_knew_leaves_no_trace(bring, crm_file, contents):
    assert bring(crm_file("roles.csv", {**ROLE, "is_deleted": "1"}))["unchanged"] == 1
    assert (contents()["roles"], contents()["opportunities"]) == ([], [])


def test_roles_that_marketo_tells_come_change_and_go(make_person, replaced, contents):
    make_person("C1", kind="contact")
    assert replaced([501], (501, "O1", "Buyer", False), (501, "O2", "User", False)) == 2
    assert of_people(contents) == [("O1", "C1", "Buyer"), ("O2", "C1", "User")]
    assert replaced([501], (501, "O1", "Buyer", True)) == 2
    assert [row[:4] for row in contents()["roles"]] == [("O1", "C1", "Buyer", True)]
    assert replaced([501], (501, "O1", "Buyer", True)) == 0
    assert replaced([501]) == 1
    assert contents()["roles"] == []


def test_roles_of_files_stay_whatever_marketo_tells(make_person, make_opportunity, replaced, contents):
    make_person("C1", kind="contact")
    make_opportunity("O1", people=("C1",))
    assert replaced([501], (501, "O1", "Buyer", True)) == 0
    assert replaced([501]) == 0
    assert [row[:4] for row in contents()["roles"]] == [("O1", "C1", "Buyer", False)]


def test_a_role_that_a_file_tells_too_is_the_files(make_person, save, replaced, contents):
    make_person("C1", kind="contact")
    replaced([501], (501, "O1", "Buyer", False))
    save(RoleRecord(opportunity_crm_id="O1", person_crm_id="C1", role="Buyer", is_primary=False))
    assert replaced([501]) == 0
    assert of_people(contents) == [("O1", "C1", "Buyer")]


def test_roles_of_other_people_stay(make_person, replaced, contents):
    make_person("C1", kind="contact")
    make_person("C2", kind="contact", marketo_id=502)
    replaced([501, 502], (501, "O1", "Buyer", False), (502, "O1", "Buyer", False))
    assert replaced([501]) == 1
    assert of_people(contents) == [("O1", "C2", "Buyer")]


def test_a_role_goes_only_when_all_marketo_ids_of_its_person_were_asked_for(make_person, replaced, contents):
    make_person("C1", kind="contact")
    make_person("C1", kind="contact", marketo_id=502)
    replaced([501, 502], (502, "O1", "Buyer", False))
    assert replaced([501]) == 0
    assert replaced([501, 502]) == 1
    assert contents()["roles"] == []


def test_a_role_of_a_merged_lead_is_the_winners(make_person, merge, replaced, contents):
    make_person("C1", kind="contact")
    merge(502, into=501)
    assert replaced([502], (502, "O1", "Buyer", False)) == 1
    assert of_people(contents) == [("O1", "C1", "Buyer")]


def test_roles_that_marketo_told_of_the_lead_are_the_contacts_after_the_conversion(
    make_person, replaced, contents
):
    make_person("L1")
    replaced([501], (501, "O1", "Buyer", False))
    make_person("C1", kind="contact")
    replaced([501], (501, "O1", "Buyer", False))
    assert [row[1:] for row in contents()["roles"]] == [("C1", "Buyer", False, "contact", "C1")]


def test_roles_of_strangers_are_left_out(replaced, contents):
    assert replaced([501], (501, "O1", "Buyer", False)) == 0
    assert db.session.scalars(select(OpportunityRole.id)).all() == []
