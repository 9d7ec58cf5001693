"""Adobe's public keys: fetched when they are needed, kept for a day, and asked for no more than a little."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.servers.adobe import Adobe
from webui.access import adobe_keys
from webui.access.adobe_keys import AdobeKeys, KeyUnavailable


@pytest.fixture(scope="module")
def server():
    """An Adobe for all tests."""
    made = Adobe()
    yield made
    made.stop()


@pytest.fixture
def adobe(server):
    """Adobe, honest."""
    server.be_honest()
    return server


@pytest.fixture
def keys(adobe):
    """The keys of a process that has just started."""
    return AdobeKeys(adobe.address)


@pytest.fixture
def clock(monkeypatch):
    """Move the clock that keys are kept by: call it with seconds."""
    ahead = [0.0]
    now = time.monotonic

    class Clock:
        monotonic = staticmethod(lambda: now() + ahead[0])

    monkeypatch.setattr(adobe_keys, "time", Clock)

    def move(seconds):
        ahead[0] += seconds

    return move


def unknown():
    """Return the path of a key that nobody has."""
    return f"/prod/keys/pub-key-{uuid4()}.pem"


def asked(keys, path):
    """Return the key or why there is none."""
    try:
        return keys.key(path)
    except KeyUnavailable as why:
        return str(why)


def test_a_key_is_kept_for_a_day_and_no_longer(adobe, keys, clock):
    path = adobe.keys[0].path
    keys.key(path)
    clock(24 * 3600 - 60)
    keys.key(path)
    assert adobe.asked == [path]
    clock(120)
    keys.key(path)
    assert adobe.asked == [path, path]


def test_a_passing_error_is_tried_again_at_once(adobe, keys):
    path = adobe.keys[0].path
    adobe.passing[path] = 500
    assert keys.key(path)
    assert adobe.asked == [path, path]


def test_a_failure_is_remembered_for_seconds(adobe, keys, clock):
    path = unknown()
    assert "404" in asked(keys, path)
    before = len(adobe.asked)
    assert "404" in asked(keys, path)
    assert len(adobe.asked) == before
    adobe.published[path] = adobe.keys[0].pem()
    clock(5)
    assert keys.key(path)


def test_unknown_keys_are_fetched_two_at_once(adobe, keys):
    adobe.delays["*"] = 0.5
    paths = [unknown() for _ in range(6)]
    started = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda path: asked(keys, path), paths))
    assert adobe.most_at_once <= 2
    assert sum("at once" in answer for answer in answers) == 4
    assert time.monotonic() - started < 2.5


def test_unknown_keys_are_fetched_ten_a_minute(adobe, keys, clock):
    answers = [asked(keys, unknown()) for _ in range(14)]
    assert sum("within a minute" in answer for answer in answers) == 4
    assert len(set(adobe.asked)) == 10
    clock(61)
    assert keys.key(adobe.keys[0].path)


def test_strangers_do_not_use_up_what_a_known_key_needs(adobe, keys, clock):
    path = adobe.keys[0].path
    keys.key(path)
    clock(25 * 3600)
    for _ in range(12):
        asked(keys, unknown())
    assert keys.key(path)


def test_who_asks_for_a_key_that_is_being_fetched_waits_for_it(adobe, keys):
    path = adobe.keys[0].path
    adobe.delays[path] = 0.3
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: asked(keys, path), range(6)))
    assert len({id(one) for one in found}) == 1
    assert adobe.asked == [path]


def test_a_host_that_does_not_answer_costs_two_seconds(adobe, keys):
    path = adobe.keys[0].path
    adobe.delays[path] = 5
    started = time.monotonic()
    assert "host fails" in asked(keys, path)
    assert time.monotonic() - started < 2.6


def test_where_nobody_listens_there_is_no_key():
    assert "host fails" in asked(AdobeKeys("http://127.0.0.1:9"), unknown())
