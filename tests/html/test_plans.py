"""No page looks through a whole table of activities: each statement of each hot page has an index.

PostgreSQL would scan tables as small as a test's whatever there is, so it is told to avoid that where it can.
"""

import re

import pytest
from sqlalchemy import event

from tests.reading import HTMX
from webui.database import db

LARGE = "activity|activity_detail|conversation|person_week|account_week|person|marketo_lead|search_text"
SCANS = {
    "sqlite": re.compile(rf"^SCAN ({LARGE})\b(?! USING (COVERING )?INDEX)"),
    "postgresql": re.compile(rf"Seq Scan on ({LARGE})\b"),
}
# Of lists of at most 2,000 activities each choice is counted, and everyone's has no index of its own.
SHORT = "GROUP BY activity.type_key, activity.status"
HOT = [
    *(
        f"/{record}/{part}"
        for record in ("leads/00Q1", "contacts/003A", "accounts/001A", "opportunities/006A")
        for part in (
            "chat",
            "moments",
            "web",
            "email",
            "score",
            "dashboard",
            "dashboard?week=2026-03-02&family=web&family=chat",
            "chat/news?since=1",
            "chat?type=reached-goal&sort=date",
            "?tab=chat",
        )
    ),
    "/contacts/003A/dashboard?show-account=1",
    "/accounts/001A/dashboard?after=1774000000000000.1",
    "/global/chat",
    "/global/web",
    "/global/moments",
    "/global/chat?dialogue=Pricing",
    "/global",
]


@pytest.fixture
def explain(app):
    """Return the plans of the statements that run while a function is called, by statement."""

    def plans_of(call):
        run = []

        def note(_connection, _cursor, sql, values, _context, _many):
            run.append((sql, values))

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        connection = db.session.connection()
        is_sqlite = db.engine.dialect.name == "sqlite"
        if not is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        how = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        selects = [one for one in run if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
        return {
            sql: [row[-1] for row in connection.exec_driver_sql(how + sql, values)] for sql, values in selects
        }

    return plans_of


@pytest.mark.parametrize("path", HOT)
def test_each_statement_of_a_page_finds_its_rows_by_an_index(client, company, explain, path):
    plans = explain(lambda: client.get(path.replace("/?", "?"), headers=HTMX))

    scan = SCANS[db.engine.dialect.name]
    assert len(plans) > 1
    scanned = {sql: plan for sql, plan in plans.items() if any(scan.search(line.strip()) for line in plan)}
    if path.startswith("/global"):
        scanned = {sql: plan for sql, plan in scanned.items() if SHORT not in sql}
    assert scanned == {}


def test_a_scan_would_be_found(app, company, explain):
    plans = explain(
        lambda: db.session.connection().exec_driver_sql("SELECT count(*) FROM activity WHERE status = 'x'")
    )

    assert any(SCANS[db.engine.dialect.name].search(line.strip()) for plan in plans.values() for line in plan)


def test_an_accounts_appointments_are_found_by_the_index_of_appointments(client, company, explain):
    plans = explain(lambda: client.get("/accounts/001A"))

    of_states = [plan for sql, plan in plans.items() if "type_key = 'scheduled-appointment'" in sql]
    assert len(of_states) == 1
    assert any("ix_activity_booked" in line for line in of_states[0])


def test_everyones_activities_of_a_dialogue_are_read_by_its_index_and_open_ones_by_theirs(
    client, company, explain
):
    plans = explain(lambda: client.get("/global/chat?dialogue=Pricing", headers=HTMX))

    for found_by in ("ix_activity_dialogue_at", "ix_activity_open"):
        assert any(found_by in line for plan in plans.values() for line in plan), found_by


WEEKS = {
    "leads/00Q1": "ix_activity_person_family_at",
    "contacts/003A?show-account=1": "ix_activity_account_family_at",
    "accounts/001A": "ix_activity_account_family_at",
    "opportunities/006A": "ix_activity_person_family_at",
}


@pytest.mark.parametrize("record", WEEKS)
def test_a_week_of_five_families_is_read_from_five_places_of_one_index(client, company, explain, record):
    path, _, query = record.partition("?")
    plans = explain(lambda: client.get(f"/{path}/dashboard?{query}", headers=HTMX))

    [plan] = [plan for sql, plan in plans.items() if "UNION ALL" in sql and "activity.week" in sql]
    looks = [line for line in plan if WEEKS[record] in line]
    assert len(looks) == 5
    if db.engine.dialect.name == "sqlite":
        assert all("family=? AND at>? AND at<?" in line for line in looks)
