"""How long ``chatpane serve`` takes to its first answer, and how much memory its processes have.

The seconds are from the start of the command, with one worker, to a whole fragment; the program and the data
are in the system's memory by then. The memory is that of the larger of two workers, as ``chatpane serve``
starts them: after the first fragments, and after ``ASKED`` of different records, which fill what each keeps.
PSS divides what processes share among them. What is mapped of SQLite's file counts in it, though the system
takes that back whenever it needs it; "own" leaves files out.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, text

from tests.bench import load
from tests.bench.databases import Database, url_of
from tests.bench.figures import Figure
from tests.bench.people import LARGE
from tests.bench.server import Server, serving

WITHIN = "≤ 1.0 s"
AT_MOST = "≤ 90 MB"
ASKED = 4_000
RECORDS = """
    SELECT p.kind, p.crm_id, MAX(x.id) FROM activity x JOIN person p ON p.id = x.person_id
    GROUP BY p.kind, p.crm_id ORDER BY COUNT(*) DESC, p.crm_id LIMIT 2000"""
KINDS = {"Rss": "RSS", "Pss": "PSS", "Pss_Anon": "own"}


def measure(database: Database, *, starts: int, say: Callable[[str], None]) -> list[Figure]:
    """Measure starts and memory on a generated database."""
    say(f"{database.backend}: {starts} starts, and the memory of two workers")
    first = f"/accounts/{LARGE.crm_id}/chat"
    seconds = [_seconds_to(first, database) for _ in range(starts)]
    found = [Figure("from the command to the first fragment", median(seconds), "s", WITHIN)]
    with serving(database, CHATPANE_WORKERS="2") as server:
        for _ in range(40):  # so that each worker has answered
            load.fetch(server.port, first, {})
        found += _memory(server, "after the start")
        paths = _paths(database)
        for place in range(ASKED):
            load.fetch(server.port, paths[place % len(paths)], {})
        found += _memory(server, f"after {ASKED:,} answers")
    return found


def _seconds_to(path: str, database: Database) -> float:
    with serving(database) as server:
        load.fetch(server.port, path, {})
        return time.perf_counter() - server.begun


def _paths(database: Database) -> list[str]:
    """Return the Chat tabs of the liveliest people, with the latest detail of each."""
    engine = create_engine(url_of(database))
    with engine.connect() as connection:
        found = connection.execute(text(RECORDS)).all()
    engine.dispose()
    return [
        path
        for kind, crm_id, activity in found
        for path in (f"/{kind}s/{crm_id}/chat", f"/chat/activities/{activity}")
    ]


def _memory(server: Server, when: str) -> list[Figure]:
    """Return the largest worker's memory in millions of bytes; nothing where the system does not tell."""
    try:
        told = [Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() for pid in server.workers()]
    except OSError:
        return []
    found = []
    for name, title in KINDS.items():
        sizes = [
            int(line.split()[1]) * 1_024 / 1e6 for one in told for line in one if line.startswith(f"{name}:")
        ]
        found.append(Figure(f"a worker {when}: {title}", max(sizes), "MB", AT_MOST))
    return found
