"""The parsers of what is pushed, given anything: they answer with a batch, and lose nothing that is ours."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, strategies

from tests.servers.adobe import CLIENT_ID, chat_event
from webui.ingest import adobe_io, marketo_push
from webui.ingest.activity_json import record_of
from webui.ingest.activity_types import KnownType
from webui.ingest.adobe_io import NoneOurs, Us
from webui.ingest.extract import NotShown
from webui.ingest.records import BadRow
from webui.vocabulary import BY_KEY

US = Us(CLIENT_ID, "123-ABC-456")
TYPES = {
    1001: KnownType("Engaged with a Dialogue", BY_KEY["engaged-dialogue"], False),
    1: KnownType("Visit Webpage", BY_KEY["visited-page"], False),
    22: KnownType("Change Score", BY_KEY["changed-score"], False),
    32: KnownType("Merge Leads", None, False),
    46: KnownType("Interesting Moment", BY_KEY["moment"], False),
    100_001: KnownType("Our own", BY_KEY["reached-goal"], True),
}

scalars = (
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats(allow_nan=False, allow_infinity=False)  # JSON has neither
    | strategies.text(max_size=20)
    | strategies.sampled_from(
        ["501", 501, 501.0, "1001", 1, 22, 32, 46, 100_001, 100_002, "2031-04-02T08:15:30", "\ud800"]
    )
)
anything = strategies.recursive(
    scalars,
    lambda inner: (
        strategies.lists(inner, max_size=4)
        | strategies.dictionaries(
            strategies.sampled_from(["name", "value", "data", "event", "id"]) | strategies.text(max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
activities = strategies.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "marketoGUID",
            "leadId",
            "activityDate",
            "activityTypeId",
            "activityType",
            "primaryAttributeValueId",
            "primaryAttributeValue",
            "attributes",
            "munchkinId",
        ),
        anything,
    ),
)


@given(changes=activities)
def test_an_activity_becomes_a_record_or_says_why_not(changes):
    whole = chat_event()["data"] | changes
    try:
        record = record_of(whole, TYPES, "g1")
    except (NotShown, BadRow):
        return
    assert record.guid == "g1"
    assert record.marketo_id > 0
    assert record.at.utcoffset() is not None


@given(some=strategies.lists(activities | anything, max_size=4))
def test_each_event_of_a_delivery_has_a_fate(some):
    events = [chat_event() | {"data": data} for data in some]
    batch = adobe_io.parse(json.dumps([*events, chat_event()]).encode(), TYPES, US)
    assert batch.read == len(events) + 1
    assert batch.records


@given(some=strategies.lists(activities | anything, max_size=4))
def test_each_activity_of_an_envelope_has_a_fate(some):
    body = json.dumps({"munchkinId": "123-ABC-456", "activities": some}).encode()
    assert marketo_push.parse(body, TYPES, "123-ABC-456").read == len(some)


@given(body=strategies.binary() | anything.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_a_batch_or_nobodys(body):
    for text in (body, body + CLIENT_ID.encode(), b'["' + CLIENT_ID.encode() + b'",' + body + b"]"):
        with suppress(NoneOurs):
            assert adobe_io.parse(text, TYPES, US).read
        marketo_push.parse(text, TYPES, "123-ABC-456")
        adobe_io.validation_url(text)


@given(value=anything.filter(lambda value: "NaN" not in json.dumps(value) and "Inf" not in json.dumps(value)))
def test_an_event_of_any_envelope_is_ours_by_its_recipient_alone(value):
    event = chat_event() | {"recipientclientid": value, "note": CLIENT_ID}
    with pytest.raises(NoneOurs):
        adobe_io.parse(json.dumps(event).encode(), TYPES, US)


def test_an_event_that_names_two_recipients_is_nobodys():
    event = chat_event() | {"recipient_client_id": "someone-else"}
    with pytest.raises(NoneOurs):
        adobe_io.parse(json.dumps(event).encode(), TYPES, US)


def test_a_custom_type_is_ours_by_an_override_alone():
    data = chat_event("Engaged with a Dialogue", 100_002)["data"]
    with pytest.raises(NotShown):
        record_of(data, TYPES, "g1")
    assert record_of(data | {"activityTypeId": 100_001}, TYPES, "g1").type_key == "reached-goal"


def test_an_activity_of_the_rest_api_has_no_name_of_its_type():
    data = {"leadId": 501, "activityDate": "2031-04-02T08:15:30Z", "activityTypeId": 1001, "attributes": []}
    assert record_of(data, TYPES, 880142).guid == "880142"
    with pytest.raises(BadRow, match="1009 is not among the activity types"):
        record_of(data | {"activityTypeId": 1009}, TYPES, "g1")
