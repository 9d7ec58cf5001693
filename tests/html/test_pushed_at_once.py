"""Deliveries that come to several processes at once: taken by all, stored once, counted once."""

from concurrent.futures import ThreadPoolExecutor

from tests.html.conftest import browser
from tests.html.pushing import stored
from tests.servers.adobe import chat_event
from webui import create_app
from webui.ingest.attribution import recount
from webui.installation import writing

DELIVERIES = 6
EVENTS = 20
PROCESSES = 3


def test_a_delivery_that_comes_to_several_processes_at_once_is_stored_once(
    bare_app, pushed_settings, adobe, make_person
):
    for number in range(501, 506):
        make_person(crm_id=f"00Q{number}", marketo_id=number)
    workers = [browser(create_app(pushed_settings)) for _ in range(PROCESSES)]
    deliveries = [
        [chat_event(leadId=str(501 + number % 5)) for number in range(EVENTS)] for _ in range(DELIVERIES)
    ]

    def deliver(worker, events):
        return adobe.deliver(worker.post, events).answers

    with ThreadPoolExecutor(2 * PROCESSES) as senders:
        sent = [
            senders.submit(deliver, worker, events if number % 2 else events[::-1])
            for events in deliveries
            for number, worker in enumerate(workers)
        ]
        answers = [answer for one in sent for answer in one.result()]

    assert {answer.status_code for answer in answers} == {200}
    told = [answer.get_json() for answer in answers]
    assert sum(one["added"] for one in told) == DELIVERIES * EVENTS
    assert sum(one["unchanged"] for one in told) == (PROCESSES - 1) * DELIVERIES * EVENTS
    assert set(stored()) == {event["id"] for events in deliveries for event in events}
    with writing():
        assert set(recount(None).values()) == {0}
