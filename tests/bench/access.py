"""What access costs: the same fragments without it (the demo) and with it, by a page's own session.

Both sides are the demo company. A link of the record itself needs no look-up; one of the account, for
a contact's Chat tab or a detail, needs one.
"""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode

from sqlalchemy import create_engine, text

from tests.bench import command, pages
from tests.bench.databases import Database, url_of
from tests.bench.pages import Compared, PageResult, Side
from tests.bench.server import HOST, Server, serving
from webui.access import links

BUSIEST = """
    SELECT a.crm_id, p.crm_id, MAX(x.id) FROM activity x JOIN person p ON p.id = x.person_id
    JOIN account a ON a.id = p.account_id GROUP BY a.crm_id, p.crm_id ORDER BY COUNT(*) DESC LIMIT 1"""
SESSION = re.compile(r"hx-headers:inherited='([^']*)'")


@dataclass(frozen=True)
class Guarded:
    """A server that answers to signed links alone, and the key that signs them."""

    server: Server
    key: str

    def session(self, opens: str) -> dict[str, str]:
        """Open a link to ``opens``; return the headers that its page sends with each fragment."""
        connection = HTTPConnection(HOST, self.server.port, timeout=60)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        token = links.sign(opens, "bench", self.key.encode())
        connection.request("POST", "/embed", urlencode({"token": token}), form)
        page = connection.getresponse().read().decode()
        found = SESSION.search(page)
        if found is None:
            raise command.Failed(f"a link of the bench's own opens nothing:\n{page[-2000:]}")
        headers: dict[str, str] = json.loads(unescape(found[1]))
        return headers


@contextmanager
def guarded(database: Database) -> Iterator[Guarded]:
    """Serve a database with access on, by a key that is made now."""
    key = secrets.token_urlsafe(32)
    with_access = {
        "CHATPANE_DEMO": "0",
        "CHATPANE_SECRET_KEY": secrets.token_urlsafe(48),
        "CHATPANE_LIMIT_SESSION": "100000000 per minute",
    }
    environ = {**command.environment(database.url), **with_access}
    command.run([command.CHATPANE, "config", "set", "api-secret-key"], environ, given=f"{key}\n")
    with serving(database, **with_access) as server:
        yield Guarded(server, key)


def measure(
    database: Database, *, rounds: int, seconds: int, clients: int, say: Callable[[str], None]
) -> list[PageResult]:
    """Measure fragments of a loaded demo without and with access, side by side."""
    account, contact, activity = _busiest(database)
    with ExitStack() as stack:
        there = stack.enter_context(guarded(database))
        sides = [Side("without", stack.enter_context(serving(database))), Side("with", there.server)]

        def compared(title: str, path: str, opens: str) -> Compared:
            return Compared(title, (path, path), ({}, there.session(opens)))

        chosen = [
            compared("Chat tab, its own link", f"/contacts/{contact}/chat", f"contacts/{contact}"),
            compared("Chat tab, its account's link", f"/contacts/{contact}/chat", f"accounts/{account}"),
            compared("detail, its account's link", f"/chat/activities/{activity}", f"accounts/{account}"),
        ]
        return pages.measure(sides, chosen, rounds=rounds, seconds=seconds, clients=clients, say=say)


def _busiest(database: Database) -> tuple[str, str, int]:
    """Return (account, contact, an activity) of the contact with the most activities."""
    engine = create_engine(url_of(database))
    with engine.connect() as connection:
        account, contact, activity = connection.execute(text(BUSIEST)).one()
    engine.dispose()
    return account, contact, activity
