"""A pushed and a polled activity that have different ids and agree in all else are one activity."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from webui.database import db
from webui.ingest import store
from webui.ingest.records import ActivityRecord, Batch, Origin
from webui.models import Activity, OtherGuid, SourceDay

AT = datetime(2031, 4, 2, 8, 15, 30, tzinfo=UTC)


@pytest.fixture
def bring(bare_app):
    """Store activities as a source brings them; return the counts."""

    def from_source(source, *guids, **fields):
        known = {"marketo_id": 501, "at": AT, "type_key": "reached-goal", "is_flow": False}
        known |= {"dialogue_name": "Pricing", "goal_name": "Demo"} | fields
        records = [(ActivityRecord(guid=guid, **known), Origin(0, guid)) for guid in guids]
        return store.save(Batch(source=source, file="test", records=records))

    return from_source


def stored():
    """Return the guids of the activities that there are."""
    return sorted(db.session.scalars(db.select(Activity.guid)))


@pytest.mark.parametrize("ways", [("adobe-io", "marketo-rest"), ("marketo-rest", "adobe-io")])
def test_in_whichever_order_they_come_they_are_one(bring, ways):
    bring(ways[0], "first")

    counts = bring(ways[1], "second", agent_name="Mia")

    assert (counts["added"], counts["updated"]) == (0, 1)
    assert stored() == ["first"]


def test_either_id_is_known_from_then_on(bring):
    bring("adobe-io", "pushed")
    bring("marketo-rest", "polled")

    assert bring("marketo-rest", "polled")["unchanged"] == 1
    assert bring("adobe-io", "pushed")["unchanged"] == 1
    assert stored() == ["pushed"]


@pytest.mark.parametrize("source", ["adobe-io", "marketo-rest"])
def test_two_that_came_the_same_way_are_two(bring, source):
    bring(source, "one", "two")
    bring(source, "three")

    assert stored() == ["one", "three", "two"]


def test_a_copy_is_taken_for_one_activity_only_once(bring):
    bring("adobe-io", "pushed")
    bring("marketo-rest", "polled")
    bring("marketo-rest", "another")

    assert stored() == ["another", "pushed"]


def test_where_several_could_be_meant_none_is_and_they_are_counted(bring):
    bring("adobe-io", "pushed 1", "pushed 2")

    counts = bring("marketo-rest", "polled")

    assert (counts["added"], counts["unpaired"]) == (1, 1)
    assert db.session.scalar(db.select(SourceDay.unpaired).where(SourceDay.source == "marketo-rest")) == 1
    assert len(stored()) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"marketo_id": 502},
        {"at": AT.replace(second=31)},
        {"type_key": "engaged-dialogue"},
        {"is_flow": True},
        {"dialogue_name": "Support"},
        {"goal_name": "Trial"},
        {"document_name": "Prices"},
        {"scheduled_for": AT},
    ],
)
def test_what_tells_activities_apart_keeps_them_two(bring, other):
    bring("adobe-io", "pushed")
    bring("marketo-rest", "polled", **other)

    assert len(stored()) == 2


def test_the_same_id_both_ways_needs_no_pairing(bring):
    bring("adobe-io", "same")
    assert bring("marketo-rest", "same")["unchanged"] == 1
    assert bring("marketo-rest", "another")["added"] == 1
    assert db.session.scalars(db.select(OtherGuid.guid)).all() == []


def test_pairing_can_be_turned_off(bring, bare_app):
    settings = bare_app.extensions["chatpane"]
    bare_app.extensions["chatpane"] = replace(settings, pair_pushed=False)
    try:
        bring("adobe-io", "pushed")
        bring("marketo-rest", "polled")
    finally:
        bare_app.extensions["chatpane"] = settings
    assert stored() == ["polled", "pushed"]
