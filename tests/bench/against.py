"""How far each fragment is from the floor of the machine, and how much faster than what a user would pick.

All sides serve one SQLite database, and take turns: the bare floor of each page; the product that keeps
nothing, and so renders all of it anew ("first"); the product as it is after a change, which renders too but
knows the rows that did not change ("rendered"); as it is, which knows the whole fragment from the last look
("unchanged"); the same asked by a client that has it (304); the same with all that a browser's request has,
the signed session of a link and compression; and, for the account's list, Flask-Admin and Datasette.
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.bench import load, pages, peers
from tests.bench.access import Guarded, guarded
from tests.bench.data import DATA
from tests.bench.databases import Sqlite
from tests.bench.pages import Compared, PageResult, Side
from tests.bench.people import LARGE
from tests.bench.server import Server, serving
from webui.views.kept import LONGEST_URL

ACCOUNT = "SELECT id FROM account WHERE crm_id = ?"
CONTACT = """
    SELECT p.id, p.crm_id FROM person p JOIN activity x ON x.person_id = p.id WHERE p.kind = 'contact'
    GROUP BY p.id HAVING COUNT(*) > 50 ORDER BY COUNT(*), p.id LIMIT 1"""
TALK = """
    SELECT x.id, p.kind, p.crm_id FROM activity x JOIN conversation c ON c.activity_id = x.id
    JOIN person p ON p.id = x.person_id WHERE x.type_key = 'engaged-dialogue'
      AND c.transcript IS NOT NULL ORDER BY x.at DESC LIMIT 1"""
ROWS = """
    SELECT x.id, x.type_key, x.at, d.name{} FROM activity x LEFT JOIN dialogue d ON d.id = x.dialogue_id {}
    ORDER BY x.at DESC, x.id DESC LIMIT 51"""
OF_PERSON = ROWS.format("", "WHERE x.person_id = ? AND x.family = 'chat'")
OF_ACCOUNT = ROWS.format(
    ", p.kind, p.crm_id, p.name",
    "JOIN person p ON p.id = x.person_id WHERE x.account_id = ? AND x.family = 'chat'",
)
OF_EVERYONE = ROWS.format(
    ", p.kind, p.crm_id, p.name, a.crm_id, a.name",
    "JOIN person p ON p.id = x.person_id LEFT JOIN account a ON a.id = x.account_id "
    "WHERE x.family = 'chat' AND x.type_key IN ('engaged-dialogue', 'scheduled-appointment', 'reached-goal')",
)
WHOLE = """
    SELECT * FROM activity x JOIN activity_detail d ON d.activity_id = x.id
    JOIN person p ON p.id = x.person_id LEFT JOIN conversation c ON c.activity_id = x.id
    LEFT JOIN dialogue e ON e.id = x.dialogue_id WHERE x.id = ?"""
WEEKS = "SELECT week, type_key, SUM(count) FROM account_week WHERE account_id = ? GROUP BY week, type_key"

NAMES = ("floor", "first", "rendered", "unchanged", "304", "guarded")
NEVER_KEPT = (
    "unknown=" + "x" * LONGEST_URL
)  # no fragment of so long an address is kept: it is rendered each time


@dataclass(frozen=True)
class _Page:
    title: str
    path: str
    opens: str
    sql: str
    values: tuple[Any, ...]


def measure(
    database: Sqlite, *, with_peers: bool, rounds: int, seconds: int, clients: int, say: Callable[[str], None]
) -> dict[str, list[PageResult]]:
    """Measure each page against its floor, and, ``with_peers``, the account's list against the peers."""
    chosen, account_id = _pages(database)
    with ExitStack() as stack:
        first = stack.enter_context(serving(database, CHATPANE_KEPT_MIB="0"))
        keeping = stack.enter_context(serving(database))
        there = stack.enter_context(guarded(database))
        floor = stack.enter_context(_floor(database, chosen, first))
        servers = (floor, first, keeping, keeping, keeping, there.server)
        sides = [Side(name, one) for name, one in zip(NAMES, servers, strict=True)]
        compared = [_compared(page, keeping, there) for page in chosen]
        often: dict[str, Any] = {"rounds": rounds, "seconds": seconds, "clients": clients, "say": say}
        found = {"sqlite, beside the floor": pages.measure(sides, compared, **often)}
        if not with_peers:
            return found
        say("installing the peers, where they are not")
        peers_ = [
            Side("chatpane", keeping),
            Side("flask-admin", stack.enter_context(_peer("flask_admin_list.py", database))),
            Side("datasette", stack.enter_context(_peer("datasette_table.py", database))),
        ]
        listed = {
            "account_id": account_id,
            "family": "chat",
            "_sort_desc": "at",
            "_size": 50,
            "_nocount": 1,
            "_nofacet": 1,
        }
        paths = (
            f"{chosen[0].path}?{NEVER_KEPT}",
            f"/admin/activity/?{urlencode({'account_id': account_id})}",
            f"/{database.path.stem}/activity?{urlencode(listed)}",
        )
        found["sqlite, beside others"] = pages.measure(peers_, [Compared(chosen[0].title, paths)], **often)
    return found


def _pages(database: Sqlite) -> tuple[list[_Page], int]:
    with closing(sqlite3.connect(database.path)) as connection:
        (account_id,) = connection.execute(ACCOUNT, (LARGE.crm_id,)).fetchone()
        contact_id, contact = connection.execute(CONTACT).fetchone()
        talk, kind, who = connection.execute(TALK).fetchone()
    account, contact = f"accounts/{LARGE.crm_id}", f"contacts/{contact}"
    return [
        _Page("Chat tab of the account of 800", f"/{account}/chat", account, OF_ACCOUNT, (account_id,)),
        _Page("Chat tab of a contact", f"/{contact}/chat", contact, OF_PERSON, (contact_id,)),
        _Page("global tab", "/global/chat", "all", OF_EVERYONE, ()),
        _Page("detail of a conversation", f"/chat/activities/{talk}", f"{kind}s/{who}", WHOLE, (talk,)),
        _Page("dashboard of the account of 800", f"/{account}/dashboard", account, WEEKS, (account_id,)),
    ], account_id


def _compared(page: _Page, keeping: Server, there: Guarded) -> Compared:
    known = {"If-None-Match": load.etag(keeping.port, page.path)}
    whole = {**there.session(page.opens), "Accept-Encoding": "gzip"}
    paths = (page.path, page.path, f"{page.path}?{NEVER_KEPT}", *[page.path] * 3)
    return Compared(page.title, paths, ({}, {}, {}, {}, known, whole))


def _floor(database: Sqlite, chosen: list[_Page], first: Server) -> Any:
    told = {
        page.path: (page.sql, page.values, load.fetch(first.port, page.path, {})[1].decode())
        for page in chosen
    }
    asked = DATA / "floor.json"
    asked.write_text(json.dumps(told))
    return serving(
        database, program=(sys.executable, "-m", "tests.bench.floor_page"), CHATPANE_BENCH_FLOOR=str(asked)
    )


def _peer(script: str, database: Sqlite) -> Any:
    return serving(database, program=peers.program(script))
