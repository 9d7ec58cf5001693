"""Which records are compared: of generated databases of different size, those that show much the same.

Three are the same in each: the account of 800 contacts, the one of 50,000 and the deal of 300 people. A lead,
a contact, an account and a deal of the first database, and its details, get their likes in the others: as
many people, activities and activities of the week that the dashboard shows as possible, and so as many rows
and as long an answer. What is left to differ is the size of the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import NamedTuple

from sqlalchemy import Connection, Date, bindparam, create_engine, text

from tests.bench import deals
from tests.bench.databases import Database, url_of
from tests.bench.people import LARGE, VAST
from webui.feeds.pages import PAGE_ROWS

COUNTED = "SUM(w.count), SUM(CASE WHEN w.week = :week THEN w.count ELSE 0 END)"
A_FULL_PAGE = f"HAVING SUM(w.count) > {PAGE_ROWS}"
QUERIES = {
    "lead": f"""
        SELECT p.crm_id, 1, {COUNTED} FROM person p JOIN person_week w ON w.person_id = p.id
        WHERE p.kind = 'lead' GROUP BY p.id, p.crm_id {A_FULL_PAGE}""",
    "contact": f"""
        SELECT p.crm_id, 1, {COUNTED} FROM person p JOIN person_week w ON w.person_id = p.id
        JOIN account a ON a.id = p.account_id
        WHERE p.kind = 'contact' AND a.crm_id NOT IN ('{LARGE.crm_id}', '{VAST.crm_id}')
        GROUP BY p.id, p.crm_id {A_FULL_PAGE}""",
    "account": f"""
        SELECT a.crm_id, (SELECT COUNT(*) FROM person p WHERE p.account_id = a.id), {COUNTED}
        FROM account a JOIN account_week w ON w.account_id = a.id
        WHERE a.crm_id NOT IN ('{LARGE.crm_id}', '{VAST.crm_id}') GROUP BY a.id, a.crm_id {A_FULL_PAGE}""",
    "deal": f"""
        SELECT o.crm_id, COUNT(DISTINCT r.person_id), {COUNTED} FROM opportunity o
        JOIN (SELECT DISTINCT opportunity_id, person_id FROM opportunity_role) r ON r.opportunity_id = o.id
        JOIN person_week w ON w.person_id = r.person_id
        WHERE o.crm_id <> '{deals.LARGEST}' GROUP BY o.id, o.crm_id {A_FULL_PAGE}""",
}
COLLEAGUE = """
    SELECT p.crm_id FROM person p JOIN account a ON a.id = p.account_id WHERE a.crm_id = :account
    ORDER BY p.crm_id LIMIT 1"""
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
class Alike:
    """Records that show much the same, one of each database: CRM ids, and ids of activities.

    ``colleague`` is a contact of the account of 50,000.
    """

    lead: list[str]
    contact: list[str]
    colleague: list[str]
    account: list[str]
    deal: list[str]
    talk: list[int]
    appointment: list[int]


def alike(databases: Sequence[Database], week: date) -> Alike:
    """Choose records of the first database, and their likes in the others; ``week`` is a Monday."""
    connections = [create_engine(url_of(one)).connect() for one in databases]
    try:
        return _alike(connections, week)
    finally:
        for one in connections:
            one.close()
            one.engine.dispose()


def _alike(connections: list[Connection], week: date) -> Alike:
    def chosen(kind: str, choose: Callable[[list[Candidate]], Candidate]) -> list[str]:
        first, *others = (_candidates(one, kind, week) for one in connections)
        typical = choose(first)
        return [typical.crm_id, *(_nearest(typical, some).crm_id for some in others)]

    contact = chosen("contact", _median)
    return Alike(
        lead=chosen("lead", _median),
        contact=contact,
        colleague=[
            one.execute(text(COLLEAGUE), {"account": VAST.crm_id}).scalar_one() for one in connections
        ],
        account=chosen("account", _liveliest),
        deal=chosen("deal", _median),
        talk=_talks(connections),
        appointment=[_appointment(one, crm_id) for one, crm_id in zip(connections, contact, strict=True)],
    )


def _candidates(connection: Connection, kind: str, week: date) -> list[Candidate]:
    query = text(QUERIES[kind]).bindparams(bindparam("week", week, Date))
    return [Candidate(crm_id, *map(int, numbers)) for crm_id, *numbers in connection.execute(query)]


def _median(some: list[Candidate]) -> Candidate:
    return sorted(some, key=lambda one: (one.activities, one.crm_id))[len(some) // 2]


def _liveliest(some: list[Candidate]) -> Candidate:
    return max(some, key=lambda one: one.activities)


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
