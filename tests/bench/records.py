"""Which pages are compared: of two databases of different size, the records that show much the same.

Each page of the seeds gets its like among the generated records: as many people, activities and
activities of the week that the dashboard shows as possible, and so as many rows and as long an answer.
What is left to differ is the size of the database. Dashboards are asked for the last whole week, for
the running one holds more on a Sunday than on a Monday.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from typing import NamedTuple

from sqlalchemy import Connection, Date, bindparam, create_engine, text

from tests.bench.databases import Database
from webui.config import Settings
from webui.feeds.pages import PAGE_ROWS

COUNTED = "SUM(w.count), SUM(CASE WHEN w.week = :week THEN w.count ELSE 0 END)"
A_FULL_PAGE = f"HAVING SUM(w.count) > {PAGE_ROWS}"
QUERIES = {
    "leads": f"""
        SELECT p.crm_id, 1, {COUNTED} FROM person p JOIN person_week w ON w.person_id = p.id
        WHERE p.kind = 'lead' GROUP BY p.id, p.crm_id {A_FULL_PAGE}""",
    "contacts": f"""
        SELECT p.crm_id, 1, {COUNTED} FROM person p JOIN person_week w ON w.person_id = p.id
        WHERE p.kind = 'contact' GROUP BY p.id, p.crm_id {A_FULL_PAGE}""",
    "accounts": f"""
        SELECT a.crm_id, (SELECT COUNT(*) FROM person p WHERE p.account_id = a.id), {COUNTED}
        FROM account a JOIN account_week w ON w.account_id = a.id GROUP BY a.id, a.crm_id {A_FULL_PAGE}""",
    "opportunities": f"""
        SELECT o.crm_id, COUNT(DISTINCT r.person_id), {COUNTED} FROM opportunity o
        JOIN (SELECT DISTINCT opportunity_id, person_id FROM opportunity_role) r ON r.opportunity_id = o.id
        JOIN person_week w ON w.person_id = r.person_id GROUP BY o.id, o.crm_id {A_FULL_PAGE}""",
}
TALKS = """
    SELECT a.id, c.transcript FROM activity a JOIN conversation c ON c.activity_id = a.id
    WHERE a.type_key = 'engaged-dialogue' AND a.person_id IS NOT NULL AND c.transcript IS NOT NULL
    ORDER BY a.id DESC LIMIT 2000"""
APPOINTMENT = """
    SELECT a.id FROM activity a JOIN person p ON p.id = a.person_id
    WHERE p.kind = 'contact' AND p.crm_id = :crm_id AND a.type_key = 'scheduled-appointment' AND NOT EXISTS
      (SELECT 1 FROM activity b WHERE b.person_id = a.person_id AND b.id <> a.id
       AND b.type_key = 'scheduled-appointment' AND b.dialogue_id = a.dialogue_id)
    ORDER BY a.at DESC, a.id DESC LIMIT 1"""


class Candidate(NamedTuple):
    """A record with more than a page of activities: its people, its activities and those of the week."""

    crm_id: str
    people: int
    activities: int
    of_week: int


@dataclass(frozen=True)
class Compared:
    """A page: what it is called, its path on each side, and the further headers that each may need."""

    title: str
    paths: tuple[str, ...]
    headers: tuple[Mapping[str, str], ...] = ()

    def asked(self) -> list[tuple[str, Mapping[str, str]]]:
        """Return (path, headers) for each side."""
        return list(zip(self.paths, self.headers or ({},) * len(self.paths), strict=True))


def compared(databases: Sequence[Database], running_week: date) -> list[Compared]:
    """Choose the pages: records of the first database, and their likes in the others."""
    connections = [create_engine(url_of(one)).connect() for one in databases]
    try:
        return _pages(connections, running_week - timedelta(weeks=1))
    finally:
        for one in connections:
            one.close()
            one.engine.dispose()


def url_of(database: Database) -> str:
    """Return a database's URL in SQLAlchemy's form."""
    return Settings.from_environment({"CHATPANE_DATABASE_URL": database.url}).database


def _pages(connections: list[Connection], week: date) -> list[Compared]:
    def alike(panel: str, choose: Callable[[list[Candidate]], Candidate]) -> list[str]:
        first, *others = (_candidates(one, panel, week) for one in connections)
        chosen = choose(first)
        return [chosen.crm_id, *(_nearest(chosen, some).crm_id for some in others)]

    lead, contact = alike("leads", _median), alike("contacts", _median)
    account, deal = alike("accounts", _liveliest), alike("opportunities", _largest)
    large = [_largest(_candidates(one, "accounts", week)).crm_id for one in connections]
    appointments = [_appointment(one, crm_id) for one, crm_id in zip(connections, contact, strict=True)]
    dashboard = f"dashboard?week={week}"
    return [
        _compared("Chat tab of a lead", "/leads/{}/chat", lead),
        _compared("Chat tab of a contact", "/contacts/{}/chat", contact),
        _compared("Chat tab of an account", "/accounts/{}/chat", account),
        _compared("Chat tab of the largest account", "/accounts/{}/chat", large),
        _compared("Chat tab of the largest opportunity", "/opportunities/{}/chat", deal),
        _compared("detail of a conversation", "/chat/activities/{}", _talks(connections)),
        _compared("detail of an appointment", "/chat/activities/{}", appointments),
        _compared("dashboard of a contact", f"/contacts/{{}}/{dashboard}", contact),
        _compared("dashboard of an account", f"/accounts/{{}}/{dashboard}", account),
        _compared("dashboard of the largest opportunity", f"/opportunities/{{}}/{dashboard}", deal),
        _compared("weekly list of the largest account", f"/accounts/{{}}/{dashboard}", large),
        _compared("global tab", "/global/chat", [""] * len(connections)),
        _compared("largest account, a word of many chats", "/accounts/{}/chat?q=data", large),
        _compared("largest account, a word of none", "/accounts/{}/chat?q=zq", large),
        _compared("global tab, a word of many chats", "/global/chat?q=data", [""] * len(connections)),
        _compared("global tab, a word of none", "/global/chat?q=zq", [""] * len(connections)),
    ]


def _compared(title: str, path: str, ids: Sequence[object]) -> Compared:
    return Compared(title, tuple(path.format(one) for one in ids))


def _candidates(connection: Connection, panel: str, week: date) -> list[Candidate]:
    query = text(QUERIES[panel]).bindparams(bindparam("week", week, Date))
    return [Candidate(crm_id, *map(int, numbers)) for crm_id, *numbers in connection.execute(query)]


def _median(some: list[Candidate]) -> Candidate:
    return sorted(some, key=lambda one: (one.activities, one.crm_id))[len(some) // 2]


def _largest(some: list[Candidate]) -> Candidate:
    return max(some, key=lambda one: (one.people, one.activities))


def _liveliest(some: list[Candidate]) -> Candidate:
    """Return the record with the most activities, the largest one apart."""
    return max((one for one in some if one != _largest(some)), key=lambda one: one.activities)


def _nearest(to: Candidate, some: list[Candidate]) -> Candidate:
    def distance(one: Candidate) -> float:
        people, activities, of_week = (
            abs(log((a + 1) / (b + 1))) for a, b in zip(one[1:], to[1:], strict=True)
        )
        return 2 * people + activities + 3 * of_week  # people are the query's work, rows the page's

    return min(some, key=lambda one: (distance(one), one.crm_id))


def _talks(connections: list[Connection]) -> list[int]:
    """Return an activity with a conversation of much the same length from each."""
    first, *others = (
        [(int(id_), len(said.encode())) for id_, said in one.execute(text(TALKS))] for one in connections
    )
    chosen = sorted(first, key=lambda one: one[1])[len(first) // 2]
    return [chosen[0], *(min(some, key=lambda one: abs(one[1] - chosen[1]))[0] for some in others)]


def _appointment(connection: Connection, crm_id: str) -> int:
    return int(connection.execute(text(APPOINTMENT), {"crm_id": crm_id}).scalar_one())
