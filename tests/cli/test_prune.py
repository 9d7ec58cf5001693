"""``chatpane prune``: asks, says how far it is, ends with a count, and lets others write meanwhile."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.cli.conftest import refused
from tests.conftest import batch_of
from webui.database import db
from webui.ingest import prune, store
from webui.ingest.records import ActivityRecord
from webui.models import Activity

BATCHES = 6
YOUNG = datetime.now(UTC) - timedelta(days=1)
NOTHING_WRONG = [
    f"{table}_week: 0 counts were wrong and are mended" for table in ("person", "account", "installation")
]


@pytest.fixture
def two(make_person, make_activity):
    """A person with an activity of 800 days ago, and one of yesterday."""
    make_person()
    make_activity(guid="old", at=datetime.now(UTC) - timedelta(days=800))
    make_activity(guid="young", at=YOUNG)
    db.session.rollback()


@pytest.fixture
def many(make_person, make_activity):
    """A person with several batches of old activities, and one of yesterday; how many are old."""
    make_person()
    make_activity(guid="young", at=YOUNG)
    number = BATCHES * prune.BATCH
    records = (
        ActivityRecord(
            guid=f"old-{n}",
            marketo_id=501,
            at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n),
            type_key="engaged-dialogue",
            is_flow=False,
        )
        for n in range(number)
    )
    store.save(batch_of(*records))
    return number


def left():
    """Return how many activities there are."""
    db.session.rollback()
    count = db.session.scalar(select(func.count()).select_from(Activity))
    db.session.rollback()
    return count


def test_it_asks_first(shared, two):
    refused(shared("prune", "--older-than", "760d", stdin="n\n"), "Delete 1 activities from before 20")
    assert left() == 2

    run = shared("prune", "--older-than", "760d", stdin="y\n")

    assert (run.returncode, run.stdout) == (0, "pruned: 1\n")
    assert "1 of 1 activities so far" in run.stderr
    assert left() == 1


def test_repeated_it_asks_nothing_and_prunes_nothing(shared, two):
    runs = [shared("prune", "--older-than", "760d", *yes) for yes in (["--yes"], [])]
    assert [(run.returncode, run.stdout) for run in runs] == [(0, "pruned: 1\n"), (0, "pruned: 0\n")]


def test_a_dry_run_counts_only(shared, two):
    run = shared("prune", "--older-than", "760d", "--dry-run")
    assert (run.returncode, run.stdout) == (0, "to prune: 1\n")
    assert left() == 2


def test_a_date_is_the_first_day_that_stays(shared, make_person, make_activity):
    make_person()
    make_activity(at="2025-02-28T23:59:59.999Z")
    make_activity(at="2025-03-01T00:00:00Z")
    db.session.rollback()
    assert shared("prune", "--older-than", "2025-03-01", "--yes").stdout == "pruned: 1\n"
    assert left() == 1


@pytest.mark.parametrize("age", ["25m", "soon", "-3d", "2999-01-01", "", "999999d", "2025-02-30"])
def test_an_age_that_is_none_is_refused_with_one_that_is(shared, two, age):
    refused(shared("prune", "--older-than", age, "--yes"), "--older-than", "days such as", code=2)
    assert left() == 2


def test_an_age_must_be_told(shared, two):
    refused(shared("prune", "--yes"), "--older-than", code=2)
    assert left() == 2


@pytest.fixture
def of_families(make_person, make_activity):
    """A chat, a visit and a change of a score of 800 days ago, and a visit of yesterday."""
    make_person()
    for key in ("engaged-dialogue", "visited-page", "changed-score"):
        make_activity(guid=key, type_key=key, at=datetime.now(UTC) - timedelta(days=800))
    make_activity(guid="young", type_key="visited-page", at=YOUNG)
    db.session.rollback()


def kinds():
    """Return the types of the activities that there are."""
    db.session.rollback()
    found = sorted(db.session.scalars(select(Activity.type_key)))
    db.session.rollback()
    return found


def test_only_families_that_are_named_go(shared, of_families):
    run = shared("prune", "--older-than", "760d", "--family", "web", "--family", "score", "--yes")

    assert (run.returncode, run.stdout) == (0, "pruned: 2\n")
    assert kinds() == ["engaged-dialogue", "visited-page"]
    assert shared("recount").stdout.splitlines() == NOTHING_WRONG


def test_a_family_that_there_is_not_is_refused(shared, two):
    refused(shared("prune", "--older-than", "760d", "--family", "fax", "--yes"), "fax", "web", code=2)
    assert left() == 2


def test_what_goes_may_be_as_the_configuration_tab_says(shared, of_families):
    assert shared("config", "set", "kept-days", "web=365", "score=1000").returncode == 0

    assert shared("prune", "--kept", "--dry-run").stdout == "to prune: 1\n"
    refused(shared("prune", "--kept", stdin="n\n"), "Delete 1 activities that are older than they are kept")
    run = shared("prune", "--kept", stdin="y\n")

    assert (run.returncode, run.stdout) == (0, "pruned: 1\n")
    assert kinds() == ["changed-score", "engaged-dialogue", "visited-page"]


def test_what_is_kept_for_ever_stays(shared, of_families):
    assert shared("prune", "--kept", "--yes").stdout == "pruned: 0\n"
    assert len(kinds()) == 4


def test_of_what_the_tab_says_a_family_may_be_chosen(shared, of_families):
    shared("config", "set", "kept-days", "web=365", "score=365")

    assert shared("prune", "--kept", "--family", "score", "--yes").stdout == "pruned: 1\n"
    assert kinds() == ["engaged-dialogue", "visited-page", "visited-page"]


@pytest.mark.parametrize("both", [["--kept", "--older-than", "760d"], []])
def test_one_of_the_two_says_what_goes(shared, two, both):
    refused(shared("prune", *both, "--yes"), "either --older-than AGE, or --kept", code=2)
    assert left() == 2


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_prune_is_completed_by_running_it_again(shared, many, how):
    run = shared.start("prune", "--older-than", "760d", "--yes")
    while "so far" not in run.stderr.readline():
        pass
    run.send_signal(how)
    out, said = run.communicate(timeout=60)
    rest = left() - 1
    assert 0 < rest < many, "it was not stopped midway"
    if how != signal.SIGKILL:
        assert (run.returncode, out) == (1, f"pruned: {many - rest}\n")
        assert "the next prune goes on from here" in said
    assert shared("recount").stdout.splitlines() == NOTHING_WRONG

    assert shared("prune", "--older-than", "760d", "--yes").stdout == f"pruned: {rest}\n"

    assert left() == 1
    assert shared("recount").stdout.splitlines() == NOTHING_WRONG


def test_others_write_between_its_batches(shared, many, make_activity):
    run = shared.start("prune", "--older-than", "760d", "--yes")
    amid = set()
    while run.poll() is None:
        make_activity(at=YOUNG)
        old = db.session.scalar(select(func.count()).where(Activity.at < YOUNG - timedelta(days=1)))
        amid.add(old)
        db.session.rollback()
    out, said = run.communicate(timeout=60)

    assert out == f"pruned: {many}\n", said
    amid -= {0, many}
    assert len(amid) >= BATCHES // 2, "a writer had to wait for several batches"
    assert shared("recount").stdout.splitlines() == NOTHING_WRONG
