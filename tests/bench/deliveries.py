"""Signed deliveries of Adobe I/O Events to a server of the bench, as Adobe sends them."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any

from tests.bench.command import Failed
from tests.bench.server import HOST, Server
from tests.servers.adobe import CLIENT_ID, HOOK, Adobe, Event, chat_event

EVENTS = 500
PATIENCE = 30.0  # seconds; Adobe's is 10


@contextmanager
def adobe_answering() -> Iterator[Adobe]:
    """Be Adobe, whose public keys the server fetches."""
    adobe = Adobe()
    try:
        yield adobe
    finally:
        adobe.stop()


def settings(adobe: Adobe) -> dict[str, str]:
    """Return what a server needs to take this Adobe's deliveries."""
    return {"CHATPANE_ADOBE_CLIENT_ID": CLIENT_ID, "CHATPANE_ADOBE_KEYS_URL": adobe.address}


def deliver(server: Server, adobe: Adobe, events: list[Event]) -> float:
    """Sign and post one delivery; return the seconds that its answer took. Raises Failed if it is refused."""
    took: list[float] = []

    def post(path: str, data: bytes, headers: dict[str, str]) -> Any:
        connection = HTTPConnection(HOST, server.port, timeout=PATIENCE)
        begun = time.perf_counter()
        connection.request("POST", path, data, headers)
        answer: Any = connection.getresponse()
        said = answer.read()
        took.append(time.perf_counter() - begun)
        connection.close()
        answer.status_code = answer.status
        if answer.status != 200:
            raise Failed(f"{HOOK} answers {answer.status}: {said[:300]!r}")
        return answer

    adobe.deliver(post, events)
    return took[0]


def events(leads: Sequence[int], within: timedelta) -> list[Event]:
    """Return a delivery's events of some of these leads, on a few dialogues, every second with a transcript.

    They happened ``within`` the last so long.
    """
    chance, now = random.Random(), datetime.now(UTC)
    return [
        _event(chance, number, chance.choice(leads), now - chance.random() * within)
        for number in range(EVENTS)
    ]


def _event(chance: random.Random, number: int, lead: int, at: datetime) -> Event:
    told = {"Conversation Status": "Completed", "Page URL": f"https://www.acme.example/{number % 40}"}
    if number % 2:
        told["Conversation Transcript"] = "\n".join(
            f"Visitor: I would like to know {chance.random()}" for _ in range(12)
        )
    return chat_event(
        leadId=str(lead),
        activityDate=at.isoformat(timespec="seconds"),
        primaryAttributeValue=f"Greeter {number % 20}",
        primaryAttributeValueId=number % 20,
        attributes=[{"name": name, "dataType": "string", "value": value} for name, value in told.items()],
    )
