"""What becomes of pushed activities: each is stored, ignored, or kept as rejected with reason and text."""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as hypothesis_settings
from sqlalchemy import func, select

from tests.html.conftest import browser, on_one_database
from tests.html.pushing import PUSH, SIGNED_IN, activity, day_of, envelope, rejections, stored
from tests.ingest import files
from tests.servers.adobe import CLIENT_ID, chat_event, wrapped
from webui import create_app
from webui.database import db
from webui.ingest import activities, activity_types, adobe_io, deliveries, retry
from webui.installation import writing
from webui.models import Activity, MarketoActivityType


def test_a_chat_activity_arrives_whole(hooked, adobe):
    event = chat_event()
    answer = adobe.deliver(hooked.post, event).answers[0]

    assert answer.get_json() == {
        "read": 1, "added": 1, "updated": 0, "unchanged": 0, "ignored": 0, "rejected": 0
    }  # fmt: skip
    (chat,) = stored().values()
    assert (chat.guid, chat.marketo_id, chat.type_key) == (event["id"], 501, "engaged-dialogue")
    assert (chat.dialogue, chat.page_url) == ("Pricing page greeter", "https://www.acme.example/pricing")


def test_singly_in_batches_wrapped_and_by_older_names(hooked, adobe):
    older = chat_event()
    older["recipient_client_id"] = older.pop("recipientclientid")
    older["event_id"] = older.pop("eventid")
    events = [chat_event(), older, wrapped(chat_event())]
    assert adobe.deliver(hooked.post, events, batch=1).statuses == [200] * 3
    assert adobe.deliver(hooked.post, [chat_event(), *events]).statuses == [200]
    assert len(stored()) == 4


def test_twice_late_and_out_of_order_changes_nothing_for_the_worse(hooked, adobe):
    def told(status, **more):
        some = [{"name": "Conversation Status", "dataType": "string", "value": status}]
        some += [{"name": name, "value": value} for name, value in more.items()]
        return chat_event(attributes=some) | {"id": "one"}

    done = told("Completed", **{"Conversation Transcript": "Bot: Hi"})
    begun = told("Initiated", **{"Page URL": "https://a.example/"})
    assert adobe.deliver(hooked.post, [done, begun, done], batch=1, twice=True, shuffled=True).given_up == []
    adobe.deliver(hooked.post, begun)

    (chat,) = stored().values()
    assert (chat.status, chat.transcript, chat.page_url) == ("completed", "Bot: Hi", "https://a.example/")


def test_the_same_activity_by_both_pushes_is_one(hooked, adobe):
    adobe.deliver(hooked.post, chat_event() | {"id": "880142"})
    adobe.deliver(hooked.post, chat_event(marketoGUID="880142"))
    hooked.post(PUSH, data=envelope(activity("880142")), headers=SIGNED_IN)
    assert list(stored()) == ["880142"]


def test_other_types_are_acknowledged_and_counted(hooked, adobe):
    others = [
        chat_event("Merge Leads", 32),
        chat_event("Engaged with a Dialogue", 100_001),
        chat_event("Clicked Link in Chat in Dialogue", 1017),
    ]
    assert adobe.deliver(hooked.post, others).statuses == [200]
    assert stored() == {}
    assert rejections() == []
    assert day_of("adobe-io").ignored == 3


def test_the_type_is_known_by_its_id_by_its_name_or_by_an_override(
    bare_app, pushed_settings, adobe, tmp_path
):
    activity_types.learn(files.write_types(tmp_path / "types.json", {1003: "Scheduled Meeting in Dialogue"}))
    overridden = replace(pushed_settings, activity_types={100_001: "reached-goal:flow"})
    client = browser(create_app(overridden))
    events = [
        chat_event("名前", 1003),
        chat_event("Reach a Dialogue Goal", "1004"),
        chat_event("Engage with a Dialogue", ...),
        chat_event("Anything", 100_001),
    ]
    assert adobe.deliver(client.post, events).statuses == [200]
    kinds = stored()
    assert [kinds[one["id"]].type_key for one in events] == [
        "scheduled-appointment", "reached-goal", "engaged-dialogue", "reached-goal"
    ]  # fmt: skip


def test_five_hundred_events_are_answered_within_two_seconds(hooked, adobe):
    body = [chat_event(leadId=str(number)) for number in range(1, 501)]
    adobe.deliver(hooked.post, chat_event())
    started = time.monotonic()
    assert adobe.deliver(hooked.post, body).statuses == [200]
    assert time.monotonic() - started < 2
    assert len(stored()) == 501


def test_an_answer_comes_after_the_commit(hooked, adobe):
    """Nothing is stored after the request: what is said to be stored is seen by another connection."""
    adobe.deliver(hooked.post, [chat_event() for _ in range(3)])
    with db.engine.connect() as another:
        assert another.execute(select(func.count()).select_from(Activity.__table__)).scalar_one() == 3


def test_a_push_shows_on_the_page(app, pushed_settings, adobe, make_person):
    make_person()
    client = browser(create_app(replace(pushed_settings, demo=True)))
    adobe.deliver(client.post, chat_event(activityDate="2026-11-20T08:15:30Z"))
    assert "Pricing page greeter" in client.get("/leads/00Q1/chat").text


BAD = {
    "a lead that is a word": (chat_event(leadId="ann"), "leadId"),
    "no lead": (chat_event(leadId=None), "leadId"),
    "no date": ({**chat_event(activityDate=None), "time": None}, "activityDate"),
    "a date that is a number": (chat_event(activityDate=1_900_000_000), "activityDate"),
    "a long guid": (chat_event() | {"id": "g" * 300}, "marketoGUID"),
    "no guid": (chat_event() | {"id": None}, "marketoGUID"),
    "a guid that is a list": (chat_event() | {"id": ["a"]}, "marketoGUID"),
    "no data": (chat_event() | {"data": "none"}, "data"),
    "a status that there is not": (
        chat_event(attributes=[{"name": "Conversation Status", "value": "Sleeping"}]),
        "Conversation Status",
    ),
    "attributes that are a number": (chat_event(attributes=5), "attributes"),
    "attributes without names": (chat_event(attributes=[{"value": 1}, 2]), "attributes"),
    "a dialogue that is a list": (chat_event(primaryAttributeValue=["a"]), "primaryAttributeValue"),
    "no type": (chat_event(activityType=..., activityTypeId=...), "activityTypeId"),
    "a type that is a word": (chat_event(activityTypeId="first"), "activityTypeId"),
}


@pytest.mark.parametrize(("event", "column"), BAD.values(), ids=list(BAD))
def test_it_is_kept_with_its_text_and_holds_up_no_neighbour(hooked, adobe, event, column):
    before, after = chat_event(), chat_event()
    assert adobe.deliver(hooked.post, [before, event, after]).statuses == [200]

    assert set(stored()) == {before["id"], after["id"]}
    (kept,) = rejections()
    assert (kept.source, kept.column, kept.is_exact) == ("adobe-io", column, True)
    assert json.loads(kept.body) == event
    assert day_of("adobe-io").rejected == 1


def test_a_repeated_delivery_keeps_it_once(hooked, adobe):
    adobe.deliver(hooked.post, [chat_event(), chat_event(leadId="ann")], twice=True)
    assert len(rejections()) == 1


@pytest.mark.parametrize(
    "poison",
    [
        rb'{"recipientclientid": "%s", "data": {"activityType": "\ud800 \x"}}',
        b'{"recipientclientid": "%s", "data": {"leadId": NaN}}',
        b'{"recipientclientid": "%s", "data": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'["%s"]',
        b'"%s"',
    ],
)
def test_what_no_reader_takes_is_kept_and_its_neighbours_go_in(hooked, adobe, poison):
    ours = json.dumps(chat_event()).encode()
    body = b"[" + ours + b" , " + poison.replace(b"%s", CLIENT_ID.encode()) + b"]"
    assert adobe.deliver(hooked.post, body).statuses == [200]
    assert len(stored()) == 1
    assert len(rejections()) == 1


def test_a_body_that_is_no_json_and_names_us_is_kept_whole(hooked, adobe):
    body = json.dumps([chat_event(), chat_event()]).encode()[:-40]
    assert adobe.deliver(hooked.post, body).statuses == [200]
    (kept,) = rejections()
    assert kept.body == body.decode()
    assert stored() == {}


def test_invalid_utf8_and_half_surrogates_are_read_with_a_mark(hooked, adobe):
    event = json.dumps(chat_event(primaryAttributeValue="Pri@@cing")).encode()
    half = json.dumps(chat_event(primaryAttributeValue="Half \ud800")).encode()
    bad = json.dumps(chat_event(leadId="a@@b")).encode().replace(b"@@", b"\xff")
    body = b"[%s,%s,%s]" % (event.replace(b"@@", b"\xff"), half, bad)
    assert adobe.deliver(hooked.post, body).statuses == [200]
    assert {chat.dialogue for chat in stored().values()} == {"Pri\ufffdcing", "Half \ufffd"}
    (kept,) = rejections()
    assert not kept.is_exact


def test_numbers_as_texts_and_texts_as_numbers_are_read_where_plain(hooked, adobe):
    event = chat_event(
        leadId=501.0, activityTypeId="1001", primaryAttributeValue=2031, primaryAttributeValueId="12"
    )
    event["id"] = 880142
    assert adobe.deliver(hooked.post, event).statuses == [200]
    (chat,) = stored().values()
    assert (chat.guid, chat.marketo_id, chat.dialogue) == ("880142", 501, "2031")


def test_a_date_without_a_zone_is_utc_and_marked(hooked, adobe):
    events = [chat_event(activityDate="2031-04-02T08:15:30"), chat_event()]
    adobe.deliver(hooked.post, events)
    bare, zoned = (stored()[one["id"]] for one in events)
    assert bare.at == zoned.at
    assert (bare.at_text, zoned.at_text) == ("2031-04-02T08:15:30", None)


def test_without_a_date_of_its_own_an_activity_has_the_events(hooked, adobe):
    adobe.deliver(hooked.post, chat_event(activityDate=...) | {"time": "2031-04-03T00:00:00Z"})
    (chat,) = stored().values()
    assert chat.at.isoformat() == "2031-04-03T00:00:00+00:00"


def test_what_the_store_refuses_is_kept_and_its_neighbours_go_in(hooked, adobe, monkeypatch):
    write = activities.write

    def choking(items, *args, **options):
        if any(record.marketo_id == 666 for record, _ in items):
            raise ValueError("choked")
        return write(items, *args, **options)

    monkeypatch.setattr(activities, "write", choking)
    events = [chat_event(), chat_event(leadId="666"), chat_event(leadId="bad"), chat_event()]
    assert adobe.deliver(hooked.post, events).statuses == [200]

    assert set(stored()) == {events[0]["id"], events[3]["id"]}
    assert {(one.guid, one.column) for one in rejections()} == {
        (events[1]["id"], None), (events[2]["id"], "leadId")
    }  # fmt: skip
    assert (day_of("adobe-io").added, day_of("adobe-io").rejected) == (2, 2)


def test_what_was_kept_can_be_tried_again(hooked, adobe):
    """A name that the vocabulary does not have is another's; an id without a name waits for its types."""
    nameless = chat_event(activityType=..., activityTypeId=1003)
    hopeless = chat_event(leadId="ann")
    adobe.deliver(hooked.post, [nameless, hopeless])
    body = envelope(activity("p1", activityType=..., activityTypeId=1003))
    assert hooked.post(PUSH, data=body, headers=SIGNED_IN).status_code == 200
    assert len(rejections()) == 3

    with writing():
        rows = {"id": 1003, "name": "Scheduled Meeting in Dialogue", "is_flow": False}
        db.session.execute(MarketoActivityType.__table__.insert().values(rows))
    counts = retry.retry(None, activity_types.load({}))

    assert (counts["added"], counts["rejected"]) == (2, 1)
    assert set(stored()) == {nameless["id"], "p1"}
    assert [one.column for one in rejections()] == ["leadId"]


def keep_whole(source, body):
    """Keep a delivery whole, as an earlier release may have that could not take it apart."""
    deliveries.save(deliveries.whole(source, body, "is not understood"), lambda: 5.0)


def test_an_envelope_that_was_kept_whole_is_taken_apart_when_it_is_tried_again(hooked):
    keep_whole("marketo-activities", envelope(activity("a"), activity("b", activityDate="never")))

    counts = retry.retry(None, activity_types.load({}))

    assert (counts["added"], counts["rejected"]) == (1, 1)
    assert set(stored()) == {"a"}
    (kept,) = rejections()
    assert (json.loads(kept.body)["marketoGUID"], kept.column) == ("b", "activityDate")


def test_of_a_list_of_events_that_was_kept_whole_ours_go_in_when_it_is_tried_again(bare_app):
    ours, other = chat_event(), chat_event() | {"recipientclientid": "someone-else"}
    us = adobe_io.Us(CLIENT_ID)
    body = json.dumps([ours, other]).encode()

    batch = adobe_io.again(body.decode(), activity_types.load({}), us, "the delivery is not understood")

    assert ([record.guid for record, _ in batch.records], batch.foreign) == ([ours["id"]], 1)


@pytest.mark.parametrize("body", [b"hello", b"[]", b"{}", b'{"activities": [', b"null"])
def test_what_is_no_envelope_still_keeps_its_reason_when_it_is_tried_again(hooked, body):
    assert hooked.post(PUSH, data=body, headers=SIGNED_IN).status_code == 200
    (before,) = [one.reason for one in rejections()]
    retry.retry(None, activity_types.load({}))
    assert [one.reason for one in rejections()] == [before]


def test_a_broken_list_of_events_still_keeps_its_reason_when_it_is_tried_again(hooked, adobe):
    adobe.deliver(hooked.post, json.dumps([chat_event(), chat_event()]).encode()[:-40])
    (before,) = [one.reason for one in rejections()]
    retry.retry(None, activity_types.load({}))
    assert [one.reason for one in rejections()] == [before]


@pytest.mark.parametrize("size", [4_194_305, 20_000_000])
def test_twenty_megabytes_are_413(hooked, adobe, size):
    assert adobe.deliver(hooked.post, b" " * size).statuses == [413]
    too_much = hooked.post(PUSH, data=b" " * 20_000_000, headers=SIGNED_IN)
    assert too_much.status_code == 413
    assert stored() == {}


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_the_content_type_says_nothing(hooked, adobe, kind):
    assert adobe.deliver(hooked.post, [chat_event()] * 300, **{"Content-Type": kind}).statuses == [200]


def test_another_instance_is_dropped_and_counted(hooked):
    body = envelope(activity("a"), activity("b"), munchkinId="999-XYZ-999")
    assert hooked.post(PUSH, data=body, headers=SIGNED_IN).status_code == 200
    assert stored() == {}
    assert day_of("marketo-activities").foreign == 2


def test_one_that_is_bad_holds_up_no_other(hooked):
    body = envelope(
        activity("a"),
        activity(None),
        7,
        activity("b"),
        activity("c", activityType="Other", activityTypeId=9),
    )
    answer = hooked.post(PUSH, data=body, headers=SIGNED_IN)
    assert answer.status_code == 200
    counts = answer.get_json()
    assert (counts["added"], counts["rejected"], counts["ignored"]) == (2, 2, 1)
    assert {one.source for one in rejections()} == {"marketo-activities"}


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b"{}", b'{"activities": {}}', b'{"activities": [', b"null", b"\xff\x00"],
)
def test_what_is_no_envelope_is_kept_whole(hooked, body):
    assert hooked.post(PUSH, data=body, headers=SIGNED_IN).status_code == 200
    (kept,) = rejections()
    assert kept.is_exact == (body != b"\xff\x00")


ANY_JSON = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats()
    | strategies.text(),
    lambda inner: (
        strategies.lists(inner, max_size=4)
        | strategies.dictionaries(strategies.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = ("id", "time", "data", "type", "event", "recipientclientid", "munchkinId")
OF_DATA = (
    "leadId", "activityDate", "activityTypeId", "activityType", "primaryAttributeValueId",
    "primaryAttributeValue", "attributes", "munchkinId", "marketoGUID",
)  # fmt: skip


@strategies.composite
def strange_events(draw):
    """Draw an event of ours of which anything may be anything."""
    event = chat_event()
    for name in draw(strategies.lists(strategies.sampled_from(FIELDS), max_size=2)):
        event[name] = draw(ANY_JSON)
    if isinstance(event["data"], dict):
        for name in draw(strategies.lists(strategies.sampled_from(OF_DATA), max_size=3)):
            event["data"][name] = draw(ANY_JSON)
    return event


@on_one_database
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=strategies.lists(strange_events(), max_size=4), cut=strategies.integers(0, 30))
def test_no_signed_delivery_ends_in_an_error(hooked, adobe, events, cut):
    good = chat_event()
    body = json.dumps([*events, good]).encode()
    assert adobe.deliver(hooked.post, body).statuses == [200]
    assert good["id"] in stored()
    cut_short = adobe.deliver(hooked.post, body[: len(body) - cut]).statuses
    assert cut_short == [200]
