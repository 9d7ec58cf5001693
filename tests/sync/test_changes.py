"""People who are merged or deleted in Marketo are so here by the next round."""

import pytest

from tests.conftest import batch_of
from webui.ingest import store
from webui.ingest.records import PersonRecord

PEOPLE = "SELECT crm_id, name FROM person ORDER BY crm_id"
WHOSE = "SELECT guid, name FROM activity LEFT JOIN person ON person.id = person_id ORDER BY guid"
FORMER = "SELECT marketo_id, winner_id FROM former_marketo_lead ORDER BY marketo_id"


@pytest.fixture
def two(instance, sync):
    """Ann (501) and Bo (502), each with a chat, who are known here."""
    instance.add_lead(id=502, firstName="Bo", sfdcLeadId="00Q2")
    instance.add_activity(501, guid="g1")
    instance.add_activity(502, guid="g2")
    sync()
    return instance


@pytest.mark.parametrize("moves", [True, False], ids=["chats moved", "chats as they were"])
def test_a_merged_persons_chats_are_the_winners(two, sync, stored, moves):
    two.merge(502, 501, moves=moves)
    two.add_activity(501, guid="g3")
    sync()
    assert stored(PEOPLE) == [("00Q1", "Ann Lee")]
    assert stored(WHOSE) == [("g1", "Ann Lee"), ("g2", "Ann Lee"), ("g3", "Ann Lee")]


def test_a_merge_that_marketo_tells_as_a_deletion_too_loses_no_chat(two, sync, stored):
    two.merge(502, 501)
    two.add_activity(502, 37)
    sync()
    assert stored(FORMER) == [(502, 501)]
    assert stored(WHOSE) == [("g1", "Ann Lee"), ("g2", "Ann Lee")]


@pytest.mark.parametrize("deleted_first", [True, False])
def test_a_merge_and_a_deletion_of_one_round_come_out_the_same(two, sync, stored, deleted_first):
    two.add_lead(id=503, sfdcLeadId="00Q3")
    two.add_activity(503, guid="g3")
    sync()
    if deleted_first:
        two.delete_lead(503)
        two.merge(502, 501)
    else:
        two.merge(502, 501)
        two.delete_lead(503)
    sync()
    assert stored(FORMER) == [(502, 501), (503, None)]
    assert stored(WHOSE) == [("g1", "Ann Lee"), ("g2", "Ann Lee")]


def test_a_winner_who_is_deleted_takes_along_what_was_merged(two, sync, stored):
    two.merge(502, 501)
    sync()
    two.delete_lead(501)
    sync()
    assert stored(FORMER) == [(501, None), (502, None)]
    assert stored(PEOPLE) == []
    assert stored(WHOSE) == []


def test_a_deleted_person_is_gone_and_stays_so(two, sync, stored, execute):
    two.delete_lead(502)
    sync()
    assert stored(PEOPLE) == [("00Q1", "Ann Lee")]
    assert stored(WHOSE) == [("g1", "Ann Lee")]

    two.add_activity(502, guid="g4")  # told late
    store.save(batch_of(PersonRecord(kind="lead", crm_id="00Q2", marketo_id=502)))  # an old file
    sync()
    assert stored(PEOPLE) == [("00Q1", "Ann Lee")]
    assert stored(WHOSE) == [("g1", "Ann Lee")]


def test_a_setting_keeps_a_deleted_persons_chats_without_the_name(two, sync, stored):
    two.delete_lead(502)
    sync(keep_deleted=True)
    assert stored(WHOSE) == [("g1", "Ann Lee"), ("g2", "")]
    assert "Bo" not in str(stored("SELECT * FROM person"))


def test_a_deletion_is_kept_from_a_round_that_breaks_off(two, sync, stored):
    two.delete_lead(502)
    two.fail_next("/activities.json", code="608", times=None)  # merges cannot be read
    assert sync().failure is not None
    assert stored(WHOSE) == [("g1", "Ann Lee"), ("g2", "Bo")]
    two.be_well()
    sync()
    assert stored(WHOSE) == [("g1", "Ann Lee")]


def test_deletions_that_marketo_refuses_to_tell_keep_nobody_from_being_read(two, sync, stored):
    two.add_lead(id=503, sfdcLeadId="00Q3", firstName="Cy")
    two.add_activity(503, guid="g3")
    two.fail_next("/deletedleads.json", code="1077", times=None)
    failure = sync().failure
    assert "Marketo refused the call (GET /rest/v1/activities/deletedleads.json, 1077" in failure
    assert stored("SELECT error_code FROM source_state") == [("1077",)]
    assert stored(WHOSE)[-1] == ("g3", "Cy")
