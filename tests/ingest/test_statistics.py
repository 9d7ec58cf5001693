"""After a large import the planner knows what the tables hold."""

from sqlalchemy import text

from webui.database import db, gather_statistics


def test_the_planner_is_told_of_the_activities(bare_app, make_person, make_activity):
    make_person()
    make_activity()
    known = {
        "sqlite": "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'activity'",
        "postgresql": "SELECT count(*) FROM pg_stats WHERE tablename = 'activity'",
    }

    gather_statistics()

    assert db.session.execute(text(known[db.engine.dialect.name])).scalar_one() > 0
