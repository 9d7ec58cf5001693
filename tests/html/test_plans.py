"""No page looks through a whole table of activities: each statement of each hot page has an index.

PostgreSQL would scan tables as small as a test's whatever there is, so it is told to avoid that where it can.
"""

import re

import pytest
from sqlalchemy import event, text

from tests.html.conftest import this_week
from tests.reading import HTMX
from webui.database import db
from webui.vocabulary import FAMILIES, keys_of

LARGE = (
    "activity|activity_detail|conversation|dialogue|person_week|account_week|person|marketo_lead|search_text"
)
SCANS = {
    "sqlite": re.compile(rf"^SCAN ({LARGE})\b(?! USING (COVERING )?INDEX)"),
    "postgresql": re.compile(rf"Seq Scan on ({LARGE})\b"),
}
# Of lists of at most 2,000 activities each choice is counted, and everyone's has no index of its own.
SHORT = "GROUP BY activity.type_key, activity.status"
RECORDS = ("leads/00Q1", "contacts/003A", "accounts/001A", "opportunities/006A")
PARTS = (
    "/chat",
    "/moments",
    "/web",
    "/email",
    "/score",
    "/dashboard",
    "/dashboard?week=2026-03-02&family=web&family=chat",
    "/chat/news?since=1",
    "/chat?type=reached-goal&sort=date",
    "?tab=chat",
)
HOT = {
    **{record: [f"/{record}{part}" for part in PARTS] for record in RECORDS},
    "more of a record": [
        "/contacts/003A/dashboard?show-account=1",
        "/accounts/001A/dashboard?after=1774000000000000.1",
    ],
    "everyone": [
        "/global/chat",
        "/global/web",
        "/global/moments",
        "/global/chat?dialogue=Pricing",
        "/global",
    ],
}


@pytest.fixture
def without_statistics(app):
    """Let SQLite know nothing of its rows: what another test gathered of a few makes a scan the best plan."""
    if db.engine.dialect.name == "sqlite":
        for statement in (
            "DROP TABLE IF EXISTS sqlite_stat1",
            "ANALYZE sqlite_master",
        ):  # which reads them anew
            db.session.connection().exec_driver_sql(statement)
        db.session.commit()


@pytest.fixture
def explain(app, without_statistics):
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


@pytest.mark.parametrize("of", HOT)
def test_each_statement_of_a_page_finds_its_rows_by_an_index(client, company, explain, of):
    scan = SCANS[db.engine.dialect.name]
    for path in HOT[of]:
        plans = explain(lambda path=path: client.get(path, headers=HTMX))

        assert len(plans) > 1, path
        scanned = {
            sql: plan for sql, plan in plans.items() if any(scan.search(line.strip()) for line in plan)
        }
        if path.startswith("/global"):
            scanned = {sql: plan for sql, plan in scanned.items() if SHORT not in sql}
        assert scanned == {}, path


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


# One name among all that activities are about.
BY_NAME = {
    "sqlite": re.compile(r"SEARCH dialogue USING (COVERING )?INDEX ix_dialogue_name \(<expr>=\?\)"),
    "postgresql": re.compile(r"Index Cond: \(substr\((dialogue\.)?name, 1, 200\) ="),
}


@pytest.mark.parametrize(
    "path",
    [
        "/global/chat?dialogue=Pricing",
        "/global/web?page=/pricing",
        f"/global/web?page=/{'long/' * 100}",
        "/leads/00Q1/chat?dialogue=Pricing",
        "/leads/00Q1/web?page=/pricing",
        "/accounts/001A/email?subject=Hello",
    ],
)
def test_a_dialogue_a_page_and_a_subject_are_looked_for_by_the_index_of_names(client, company, explain, path):
    plans = explain(lambda: client.get(path, headers=HTMX))

    asked = {sql: plan for sql, plan in plans.items() if "substr(dialogue.name" in sql}
    assert asked
    for sql, plan in asked.items():
        assert any(BY_NAME[db.engine.dialect.name].search(line) for line in plan), (sql, plan)


# A look at somebody's activities of a family, from one time to another.
LOOKS = {
    "sqlite": re.compile(r"INDEX ix_activity_\w+_family_at \(\w+_id=\? AND family=\? AND at>\? AND at<\?\)"),
    "postgresql": re.compile(r"Index Cond: \(\((person|account)_id = .+\bfamily\b.+\bat >= .+\bat < "),
}


@pytest.fixture
def crowd(company, make_activities):
    """Visitors whom nobody knows, who did far more this week, as the statistics know."""
    for family in FAMILIES:
        make_activities(
            ({"at": this_week(number), "marketo_id": 900_000 + number} for number in range(600)),
            type_key=keys_of(family.key)[0],
        )
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def test_everyones_activities_of_a_dialogue_are_read_by_its_index_and_open_ones_by_theirs(
    client, crowd, make_activities, explain
):
    make_activities([{"dialogue_name": "Terms"}])
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    plans = explain(lambda: client.get("/global/chat?dialogue=Terms", headers=HTMX))

    for found_by in ("ix_activity_dialogue_at", "ix_activity_open"):
        assert any(found_by in line for plan in plans.values() for line in plan), found_by


def test_a_week_of_five_families_is_read_from_five_places_of_one_index(client, crowd, explain):
    for path in (
        "/leads/00Q1/dashboard",
        "/contacts/003A/dashboard?show-account=1",
        "/accounts/001A/dashboard",
        "/opportunities/006A/dashboard",
    ):
        plans = explain(lambda path=path: client.get(path, headers=HTMX))

        [plan] = [plan for sql, plan in plans.items() if "UNION ALL" in sql and "activity.week" in sql]
        looks = [line for line in plan if LOOKS[db.engine.dialect.name].search(line)]
        assert len(looks) == len(FAMILIES), "\n".join([path, *plan])
