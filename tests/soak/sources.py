"""Where activities come from meanwhile: Adobe's deliveries, Marketo, and extracts that somebody imports.

Adobe brings a delivery again now and then, and sometimes to both hosts at once. Some of what it pushes is in
Marketo too, under another id. Extracts overlap.
"""

import json
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from csv import DictReader
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.ingest.files import chat_row, write_extract
from tests.servers import adobe as adobes
from tests.servers.adobe import Adobe, chat_event
from tests.servers.marketo import Marketo
from tests.soak.balancer import Balancer, GivenUp
from tests.soak.books import Books

WHO = "deliveries"
AT_ONCE = 10  # events of a delivery
KEPT = 50  # deliveries that may come again
EVERY = 0.8  # seconds between a sender's deliveries
AGAIN, TO_BOTH, COPIED = 0.25, 0.25, 0.2
LOGGED = 4  # activities a second that Marketo logs by itself
PEOPLE = 120  # or a few more
ROWS = 6_000  # of an extract; half of them are in the other one too
SEEDS = Path(__file__).parents[2] / "seeds"
ENGAGED, GOAL = "Engage with a Dialogue", "Reach Dialogue Goal"
TYPE_IDS = {ENGAGED: 1001, GOAL: 1004}


def people() -> list[dict[str, str]]:
    """Return rows of ``people.csv`` of the demo company: leads and contacts with one Marketo id each."""
    with (SEEDS / "people.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(DictReader(stream))
    known = [row["crm_id"] for row in rows]
    some = [row for row in rows if row["marketo_id"] and known.count(row["crm_id"]) == 1]
    return some[:: len(some) // PEOPLE]


def fill(marketo: Marketo, some: Sequence[dict[str, str]]) -> None:
    """Put people into Marketo, as the CRM sync would have."""
    with (SEEDS / "accounts.csv").open(encoding="utf-8", newline="") as stream:
        names = {row["crm_id"]: row["name"] for row in DictReader(stream)}
    for row in some:
        ids = {"sfdcLeadId" if row["kind"] == "lead" else "sfdcContactId": row["crm_id"]}
        if account := row["account_crm_id"]:
            ids |= {"sfdcAccountId": account, "company": names[account]}
        told = {"firstName": row["first_name"], "lastName": row["last_name"], "email": row["email"]}
        marketo.add_lead(id=int(row["marketo_id"]), **told, **ids)


class Sender(Thread):
    """Adobe's side of a stream, until told to stop."""

    def __init__(
        self,
        number: int,
        adobe: Adobe,
        marketo: Marketo,
        leads: Sequence[str],
        books: Books,
        ways: Sequence[Balancer],
        stop: Event,
    ) -> None:
        super().__init__(daemon=True, name=f"sender {number}")
        self._adobe, self._marketo, self._leads, self._books = adobe, marketo, leads, books
        self._ways, self._over = ways, stop
        self._chance = random.Random(1_000 + number)
        self._kept: list[tuple[bytes, list[str]]] = []

    def run(self) -> None:
        with ThreadPoolExecutor(len(self._ways)) as together:
            while not self._over.is_set():
                body, ids = self._delivery()
                to_both = self._chance.random() < TO_BOTH
                for done in [
                    together.submit(self._deliver, body, ids, way, first)
                    for first, way in enumerate(self._ways if to_both else self._ways[:1])
                ]:
                    done.result()
                self._over.wait(self._chance.uniform(0.5, 1.5) * EVERY)
        for way in self._ways:
            way.close()

    def _delivery(self) -> tuple[bytes, list[str]]:
        """Return a delivery and the ids of its events: a new one, or one that came before."""
        if self._kept and self._chance.random() < AGAIN:
            return self._chance.choice(self._kept)
        events = [self._event() for _ in range(AT_ONCE)]
        delivery = json.dumps(events).encode(), [event["id"] for event in events]
        self._kept = [*self._kept[-KEPT + 1 :], delivery]
        return delivery

    def _event(self) -> dict[str, Any]:
        mark, name = self._books.new_mark(), self._chance.choice((ENGAGED, GOAL))
        lead, dialogue = self._chance.choice(self._leads), f"Soak {self._chance.randrange(8)}"
        at = datetime.now(UTC).replace(microsecond=0)
        event = pushed(name, lead, dialogue, mark, at)
        self._books.send(event["id"], mark)
        if name == GOAL and self._chance.random() < COPIED:
            copied = self._marketo.add_activity(
                int(lead), TYPE_IDS[name], at=at, primary=dialogue, attributes=attributes(name, mark)
            )
            self._books.send(copied, mark)
        return event

    def _deliver(self, body: bytes, ids: Sequence[str], way: Balancer, first: int) -> None:
        with suppress(GivenUp):
            deliver(self._adobe, body, ids, way, first)
            self._books.acknowledge("deliveries", ids)


class Log(Thread):
    """Marketo logging activities of its own, until told to stop."""

    def __init__(self, marketo: Marketo, leads: Sequence[str], books: Books, stop: Event) -> None:
        super().__init__(daemon=True, name="log")
        self._marketo, self._leads, self._books, self._over = marketo, leads, books, stop
        self._chance = random.Random(2_000)

    def run(self) -> None:
        while not self._over.wait(1 / LOGGED):
            mark, name = self._books.new_mark(), self._chance.choice((ENGAGED, GOAL))
            lead = int(self._chance.choice(self._leads))
            told = attributes(name, mark)
            guid = self._marketo.add_activity(lead, TYPE_IDS[name], primary="Soak log", attributes=told)
            self._books.send(guid, mark)


def pushed(name: str, lead: str, dialogue: str, mark: str, at: datetime) -> dict[str, Any]:
    """Return an event of Adobe's."""
    told = [
        {"name": key, "dataType": "string", "value": value} for key, value in attributes(name, mark).items()
    ]
    of_lead = {"leadId": lead, "activityDate": at.isoformat(), "primaryAttributeValue": dialogue}
    return chat_event(name, TYPE_IDS[name], **of_lead, attributes=told)


def deliver(adobe: Adobe, body: bytes, ids: Sequence[str], way: Balancer, first: int) -> None:
    """Deliver events until they are taken, to the host at place ``first`` if it is there. Raises GivenUp."""
    headers = adobe.headers(body)
    answer = way.ask("delivery", "POST", adobes.HOOK, headers=headers, body=lambda: body, first=first)
    said = answer.json()
    if said["read"] != len(ids) or said["rejected"]:
        way.broken("delivery", adobes.HOOK, answer.text)


def attributes(name: str, mark: str) -> dict[str, str]:
    """Return the attributes of an activity of a type, with its mark."""
    if name == GOAL:
        return {"Goal Name": f"Goal {mark.rpartition('/')[2]}", "Page URL": mark}
    talk = "\n".join(f"Visitor: I would like to know {number}" for number in range(8))
    return {"Conversation Status": "Completed", "Page URL": mark, "Conversation Transcript": talk}


def overlapping(folder: Path, name: str, leads: Sequence[str], books: Books) -> list[tuple[Path, list[str]]]:
    """Write two extracts that share half of their rows; return each with the guids of its rows."""
    chance, now = random.Random(name), datetime.now(UTC)
    rows = []
    for number in range(ROWS + ROWS // 2):
        mark, guid = books.new_mark(), f"{name}-{number}"
        at = now - timedelta(seconds=chance.randrange(7 * 86_400))
        cells = {"leadId": chance.choice(leads), "activityDate": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        rows.append(chat_row(attributes(ENGAGED, mark), marketoGUID=guid, **cells))
        books.send(guid, mark)
    halves = (rows[:ROWS], rows[ROWS // 2 :])
    return [
        (write_extract(folder / f"{name}-{part}.csv", some), [str(row["marketoGUID"]) for row in some])
        for part, some in zip("ab", halves, strict=True)
    ]
