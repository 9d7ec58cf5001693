"""Limits: refused attempts of an address, requests of a session; never those of an office that succeed."""

from dataclasses import replace

import pytest

from tests.html.conftest import browser, on_one_database
from tests.html.entering import enter, token
from tests.reading import one, soup
from webui import audit, create_app

pytestmark = on_one_database


@pytest.fixture
def strict_app(settings, company):
    """The app, with little patience."""
    return create_app(
        replace(settings, demo=False, limit_refused="3 per minute", limit_session="8 per minute")
    )


def statuses(ask, times):
    """Return the statuses of an answer asked for several times."""
    return [ask().status_code for _ in range(times)]


def test_an_address_that_is_refused_too_often_has_to_wait(strict_app):
    client = browser(strict_app)

    assert statuses(lambda: client.get("/leads/00Q1"), 5) == [401, 401, 401, 429, 429]
    answer = client.post("/embed", data={"token": "guess"})
    assert int(answer.headers["Retry-After"]) <= 60
    assert "Wait" in one(soup(answer, 429), "[data-error]").get_text()


def test_a_frame_that_has_to_wait_still_asks_its_host_for_a_new_link(strict_app):
    """An office whose frames are all reloaded at once is refused as one address, and new links let it in."""
    sent = token("leads/00Q1")
    statuses(lambda: browser(strict_app).post("/embed", data={"token": sent}), 5)

    answer = browser(strict_app).post("/embed", data={"token": sent})
    assert one(soup(answer, 429), "[data-error]").has_attr("data-needs-link")
    assert enter(strict_app, "leads/00Q1").answer.status_code == 200


def test_the_addresses_of_one_ipv6_network_count_as_one(strict_app):
    def ask(last):
        return browser(strict_app).get("/leads/00Q1", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{last:x}"})

    assert [ask(last).status_code for last in range(1, 6)] == [401, 401, 401, 429, 429]
    other = browser(strict_app).get("/leads/00Q1", environ_base={"REMOTE_ADDR": "2001:db8:1:3::1"})
    assert other.status_code == 401


def test_refusals_beyond_the_limit_fill_no_trail(strict_app):
    statuses(lambda: browser(strict_app).get("/leads/00Q1"), 9)

    assert len([entry for entry in audit.entries() if entry.action == audit.REFUSED]) == 3


def test_whoever_is_let_in_is_never_counted_by_address(strict_app):
    statuses(lambda: browser(strict_app).get("/leads/00Q1"), 5)

    opened = [enter(strict_app, "leads/00Q1", sub=f"rep-{number}") for number in range(12)]
    assert [panel.get("/leads/00Q1/chat").status_code for panel in opened] == [200] * 12


def test_another_address_is_not_hindered(strict_app):
    statuses(lambda: browser(strict_app).get("/leads/00Q1"), 5)

    answer = browser(strict_app).get("/leads/00Q1", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.status_code == 401


def test_a_session_that_asks_too_fast_has_to_wait_and_others_do_not(strict_app):
    fast, calm = enter(strict_app, "leads/00Q1"), enter(strict_app, "leads/00Q1")

    assert statuses(lambda: fast.get("/leads/00Q1/chat"), 10) == [200] * 8 + [429] * 2
    answer = fast.get("/leads/00Q1/chat")
    assert "Wait" in one(soup(answer, 429), "[data-error]").get_text()
    assert int(answer.headers["Retry-After"]) <= 61
    assert calm.get("/leads/00Q1/chat").status_code == 200


def test_the_demo_has_no_limits(settings, company):
    demo = create_app(replace(settings, limit_refused="1 per minute", limit_session="1 per minute"))

    assert statuses(lambda: browser(demo).get("/leads/00Q1/chat"), 5) == [200] * 5
    assert statuses(lambda: browser(demo).post("/embed", data={"token": "x"}), 5) == [400] * 5


def test_with_redis_all_workers_count_together(settings, company, redis_server):
    workers = [
        create_app(replace(settings, demo=False, limit_refused="3 per minute", redis_url=redis_server.url))
        for _ in range(2)
    ]
    answers = [browser(workers[turn % 2]).get("/leads/00Q1").status_code for turn in range(6)]

    assert answers == [401, 401, 401, 429, 429, 429]


def test_when_redis_is_gone_panels_go_on(settings, company, tmp_path):
    app = create_app(replace(settings, demo=False, redis_url=f"redis+unix://{tmp_path}/nobody.sock"))

    assert enter(app, "leads/00Q1").get("/leads/00Q1/chat").status_code == 200
    assert browser(app).get("/leads/00Q1").status_code == 401
    assert browser(app).post("/embed", data={"token": token("leads/00Q1", key="x" * 40)}).status_code == 401
