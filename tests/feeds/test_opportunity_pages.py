"""An opportunity's pages miss nothing of its people and repeat nothing, whatever they did when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import batch_of
from webui.database import db
from webui.feeds import pages
from webui.feeds.pages import PAGE_ROWS, Filter
from webui.feeds.scopes import OfOpportunity
from webui.ingest import store
from webui.ingest.records import ActivityRecord
from webui.models import Activity, Opportunity

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def deal(make_person, make_opportunity):
    make_person("L1", marketo_id=501)
    make_person("L2", marketo_id=502)
    make_person("L3", marketo_id=503)
    make_opportunity("006A", people=("L1", "L2"))
    return OfOpportunity(db.session.query(Opportunity.id).scalar())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hours=st.lists(
        st.tuples(st.integers(0, 24 * 7 * 30), st.sampled_from([501, 502, 503])), min_size=1, max_size=180
    ),
    goals_only=st.booleans(),
)
def test_the_pages_of_an_opportunity_hold_every_activity_of_its_people_once_in_order(deal, hours, goals_only):
    run = str(db.session.query(Activity).count())
    keys = ("engaged-dialogue", "reached-goal")
    records = [
        ActivityRecord(
            guid=f"{run}-{number}",
            marketo_id=lead,
            at=NOW - timedelta(hours=back),
            type_key=keys[number % 2],
            is_flow=False,
        )
        for number, (back, lead) in enumerate(hours)
    ]
    store.save(batch_of(*records))
    wanted = Filter(types=("reached-goal",)) if goals_only else Filter()

    found, after = [], None
    while True:
        page = pages.page(deal, wanted, after=after)
        found += [row.id for row in page.rows]
        after = page.next
        if after is None:
            break
        assert len(page.rows) == PAGE_ROWS

    rows = db.session.query(Activity.id).filter(Activity.marketo_id.in_([501, 502]))
    if goals_only:
        rows = rows.filter(Activity.type_key == "reached-goal")
    assert found == [id_ for (id_,) in rows.order_by(Activity.at.desc(), Activity.id.desc())]
