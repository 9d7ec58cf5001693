"""The bare floor of an import: csv, json and executemany into the product's own tables, and nothing else.

It writes the same rows of the same extracts into the same three tables with the same indexes and the
same durability as ``chatpane import``, 10,000 a transaction. It checks no value, knows no row that is
there already, keeps no counts and rejects nothing: that is the difference that the ratio measures.

``python -m tests.bench.floor DATABASE FILE…`` is run as a process of its own, for its memory. The
database holds the people already.
"""

import csv
import json
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

A_TRANSACTION = 10_000
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-20000")

ACTIVITY = (
    "INSERT INTO activity (id, guid, marketo_id, person_id, account_id, type_key, at, week, status, "
    "dialogue_id) VALUES (?,?,?,?,?,?,?,?,?,?)"
)
DETAIL = (
    "INSERT INTO activity_detail (activity_id, is_flow, page_url, agent_name, agent_email, goal_name, "
    "document_name, document_url, scheduled_for, routing_queue) VALUES (?,?,?,?,?,?,?,?,?,?)"
)
CONVERSATION = "INSERT INTO conversation (activity_id, summary, transcript) VALUES (?,?,?)"
OWNERS = "SELECT marketo_id, person_id, account_id FROM marketo_lead JOIN person ON person.id = person_id"


class Floor:
    """The look-ups that a row needs, and the rows of the three tables that it becomes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._owners = {lead: owner for lead, *owner in connection.execute(OWNERS)}
        self._types = dict(connection.execute("SELECT id, type_key FROM marketo_activity_type"))
        self._flows = dict(connection.execute("SELECT id, is_flow FROM marketo_activity_type"))
        self._dialogues: dict[tuple[str, str], int] = {}

    def load(self, path: Path, first_id: int) -> int:
        """Load one extract, its ids from ``first_id`` on; return the id after its last."""
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream)
            next(rows)
            while some := list(islice(rows, A_TRANSACTION)):
                made = [self._row(id_, row) for id_, row in enumerate(some, first_id)]
                first_id += len(some)
                self._connection.executemany(ACTIVITY, (one[0] for one in made))
                self._connection.executemany(DETAIL, (one[1] for one in made))
                self._connection.executemany(CONVERSATION, (one[2] for one in made if one[2]))
                self._connection.commit()
        return first_id

    def _row(self, id_: int, row: list[str]) -> tuple[Any, Any, Any]:
        guid, lead, date, type_id, _campaign, ref, dialogue, cell = row
        told = json.loads(cell)
        at = datetime.fromisoformat(date)
        person, account = self._owners.get(int(lead), (None, None))
        week = (at - timedelta(days=at.weekday())).date().isoformat()
        number, owner = int(type_id), (int(lead), person, account)
        place = self._dialogue(ref, dialogue)
        activity = (id_, guid, *owner, self._types[number], _number(at), week, _status(told), place)
        names = ("Page URL", "Agent Name", "Agent Email", "Goal Name", "Document Name", "Document URL")
        ahead = told.get("Scheduled For")
        scheduled = _number(datetime.fromisoformat(ahead)) if ahead else None
        detail = (id_, self._flows[number], *map(told.get, names), scheduled, told.get("Routing Queue Name"))
        transcript = told.get("Conversation Transcript")
        return activity, detail, (id_, told.get("Conversation Summary"), transcript) if transcript else None

    def _dialogue(self, ref: str, name: str) -> int:
        if (ref, name) not in self._dialogues:
            digest = sha256(f"{ref}\n{name}".encode()).hexdigest()
            added = self._connection.execute(
                "INSERT INTO dialogue (digest, ref, name) VALUES (?,?,?)", (digest, ref, name)
            )
            self._dialogues[ref, name] = added.lastrowid or 0
        return self._dialogues[ref, name]


def _status(told: dict[str, Any]) -> str | None:
    if "Document Downloaded" in told:
        return "downloaded" if told["Document Downloaded"] else "opened"
    status = told.get("Conversation Status") or told.get("Meeting Status")
    return status and status.lower()


def _number(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000


def main(database: Path, *files: Path) -> Iterator[str]:
    """Load the files; say how many rows each had."""
    connection = sqlite3.connect(database)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    floor, next_id = Floor(connection), 1
    for path in files:
        after = floor.load(path, next_id)
        yield f"{path}: {after - next_id}\n"
        next_id = after
    connection.close()


if __name__ == "__main__":
    sys.stdout.writelines(main(*map(Path, sys.argv[1:])))
