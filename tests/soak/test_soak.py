"""The soak's parts: they find what is wrong, and nothing where all is well."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from werkzeug.serving import make_server

from tests.bench.server import HOST, free_port
from tests.conftest import API_KEY
from tests.servers.adobe import CLIENT_ID, Adobe
from tests.servers.marketo import Marketo
from tests.soak import books as bookkeeping
from tests.soak import reps, sources
from tests.soak.balancer import Balancer, GivenUp
from tests.soak.books import Books
from tests.soak.memory import Life
from tests.soak.reps import Rep
from tests.soak.sources import Sender
from tests.soak.tally import AGAIN, BUSY, WRONG, Tally
from tests.soak.witness import Witness
from webui import create_app

on_postgresql = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)


class Moody(BaseHTTPRequestHandler):
    """Answers ``/busy`` with 503 once and ``/broken`` with 500, anything else well."""

    was_busy = False

    def do_GET(self) -> None:
        status = {"/busy": 200 if Moody.was_busy else 503, "/broken": 500}.get(self.path, 200)
        Moody.was_busy |= self.path == "/busy"
        self.send_response(status)
        if status == 503:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def moody() -> Iterator[int]:
    """The port of a moody host."""
    server = ThreadingHTTPServer((HOST, 0), Moody)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_other_host_is_asked_where_one_is_gone_and_what_is_wrong_is_counted(moody):
    tally = Tally()
    way = Balancer([free_port(), moody], "rep", tally, threading.Event())

    way.ask("page", "GET", "/fine", first=0)
    way.ask("page", "GET", "/busy", first=1)
    with pytest.raises(GivenUp):
        way.ask("page", "GET", "/broken", first=1)
    way.close()

    assert [one.what for one in tally.answers] == ["page", "page"]
    counts = {what: tally.total(what) for what in (BUSY, WRONG)}
    assert counts == {BUSY: 1, WRONG: 1}
    assert tally.total(AGAIN) >= 1
    assert "500" in tally.wrong[0]


def test_the_times_of_each_minute_are_its_own():
    tally = Tally()
    for took in range(100):
        tally.fine("reps", "chat", took / 1_000)
    tally.began -= 60
    tally.fine("reps", "chat", 2)

    first, second = tally.minutes("reps")

    assert (first.requests, first.p50, first.p99) == (100, 50, 99)
    assert (second.requests, second.p99) == (1, 2_000)


def test_a_slope_is_that_of_the_second_half_of_a_life():
    growing = [(second, 100 - second if second < 30 else second / 60) for second in range(60)]

    assert Life("worker", 1, [*map(tuple, growing)]).slope == pytest.approx(60)
    assert Life("worker", 1, growing[:4]).slope is None


@on_postgresql
def test_the_books_find_what_is_lost_and_what_is_there_twice(app, settings, make_person, make_activity):
    make_person()
    made, books = [f"{bookkeeping.MARK}{number}" for number in (0, 1, 1)], Books()
    for number, mark in enumerate(made):
        make_activity(guid=f"g{number}", page_url=mark)
        books.send(f"g{number}", mark)
    books.send("g9", f"{bookkeeping.MARK}9")
    books.acknowledge("deliveries", ["g0", "g1", "g2", "g9"])

    found = books.balance(settings.database, 0)

    assert (found.contents, found.stored, found.lost, found.doubled, found.unasked) == (3, 2, 1, 1, 0)
    assert not found.is_right
    assert bookkeeping.wrong_counts(["person_week: 0 counts were", "account_week: 3 counts were"]) == 3


@pytest.fixture
def marketo_and_adobe() -> Iterator[tuple[Marketo, Adobe]]:
    """Both, with nobody in them."""
    both = Marketo(), Adobe()
    yield both
    for one in both:
        one.stop()


@pytest.fixture
def ports(app, settings, marketo_and_adobe) -> Iterator[list[int]]:
    """The ports of two hosts of the installation, with access on."""
    adobe_url = marketo_and_adobe[1].address
    closed = replace(settings, demo=False, adobe_client_id=CLIENT_ID, adobe_keys_url=adobe_url)
    servers = [make_server(HOST, 0, create_app(closed), threaded=True) for _ in range(2)]
    for one in servers:
        threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
    yield [one.server_port for one in servers]
    for one in servers:
        one.shutdown()
        one.server_close()


@on_postgresql
def test_reps_senders_and_a_witness_find_nothing_wrong_where_all_is_well(
    ports, settings, marketo_and_adobe, make_person, make_activity, monkeypatch
):
    make_person("003A", "contact", account_crm_id="001A")
    for _ in range(60):
        make_activity()
    for module, name, value in ((reps, "THINKS", (0, 0)), (sources, "EVERY", 0.01), (sources, "TO_BOTH", 1)):
        monkeypatch.setattr(module, name, value)
    marketo, adobe = marketo_and_adobe
    stop, tally, books = threading.Event(), Tally(), Books()
    marketo.add_lead(id=501)

    def way(who: str) -> Balancer:
        return Balancer(ports, who, tally, stop)

    sender = Sender(0, adobe, marketo, ["501"], books, [way(sources.WHO) for _ in ports], stop)
    rep = Rep(0, ["contacts/003A"], API_KEY, way(reps.WHO), stop)
    known = [{"kind": "contact", "crm_id": "003A", "marketo_id": "501", "account_crm_id": "001A"}]
    witness = Witness(known, API_KEY, adobe, books, (way(reps.WHO), way(sources.WHO)), stop)

    sender.start()
    for opens in ("contacts/003A", reps.ALL):
        rep.look(opens)
    witness.see(known[0])
    stop.set()
    sender.join()

    assert tally.wrong == []
    asked = {one.what for one in tally.answers}
    looked = {"panel", "dashboard", "chat", "detail", "search", "next page", "news", "seen at once"}
    assert asked == looked | {"delivery"}
    found = books.balance(settings.database, 0)
    assert found.is_right
    assert 0 < found.contents == found.stored
