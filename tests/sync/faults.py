"""What can go wrong with Marketo while activities are read, and what becomes of them: a table.

Each fault strikes a first round that reads forty activities in pages of ten; some more come afterwards,
and rounds follow until one goes well. ``python -m tests.sync.faults`` prints the table.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import event, text

from tests.servers.fixtures import FAST
from tests.servers.marketo import CLIENT_ID, CLIENT_SECRET, Marketo
from webui import create_app, schema
from webui.config import Settings
from webui.database import db
from webui.ingest.attribution import recount
from webui.installation import writing
from webui.marketo.connection import Connection
from webui.sync import round as rounds

ACTIVITIES = "/activities.json"
FIRST, LATER = 40, 5
MOST_ROUNDS = 4

Strike = Callable[[Marketo], None]


class Crashed(Exception):
    """The process ended here."""


@dataclass(frozen=True)
class Fault:
    """A fault: what a test does to Marketo ``before`` the first round and ``after`` it.

    ``rounds`` is how many it takes, the first included, until all is there. ``commit`` is the one that
    crashes, counted from the first of all.
    """

    name: str
    happens: str
    before: Strike = lambda _: None
    after: Strike = lambda _: None
    rounds: int = 1
    commit: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: the rounds that it took, activities lost and doubled, and wrong counts."""

    fault: Fault
    rounds: int
    lost: int
    doubled: int
    miscounted: int


def code(number: str, times: int | None = 1) -> Strike:
    """Refuse the third page and, of ``times``, those after it by a code."""
    return lambda marketo: marketo.fail_next(ACTIVITIES, code=number, times=times, after=2)


def use_up(marketo: Marketo) -> None:
    """Leave six calls of the day's quota: types, a paging token, and pages until the quota is used up."""
    marketo.door.elsewhere = marketo.door.calls_per_day - marketo.door.used(marketo.now()) - 4


def next_day(marketo: Marketo) -> None:
    """Let Marketo's day and our pause be over."""
    marketo.forward(days=1)
    marketo.door.elsewhere = 0
    with writing():
        db.session.execute(
            text("UPDATE source_state SET paused_until = :at").bindparams(at=stored_time(datetime.now(UTC)))
        )


def stored_time(at: datetime) -> object:
    """Return a time as the database has it."""
    return int(at.timestamp() * 1_000_000) if db.engine.dialect.name == "sqlite" else at


def repeat_some(marketo: Marketo) -> None:
    """Let activities of the first page stand on later ones too."""
    for number in range(5):
        marketo.add_activity(501, guid=f"first-{number}", at=marketo.now() - timedelta(days=2))


def disorder(marketo: Marketo) -> None:
    """Turn the order within pages round."""
    marketo.rest.is_disordered = True


FAULTS = (
    Fault("601, token invalid", "token renewed, call repeated", code("601")),
    Fault(
        "602, token expired", "token renewed, call repeated", lambda one: one.end_token(), Marketo.end_token
    ),
    Fault("604, took too long", "asked again for fewer at a time", code("604", 4)),
    Fault("606, too many calls", "waited, slower since", code("606")),
    Fault("607, quota used up", "paused until midnight, then read on", use_up, next_day, rounds=2),
    Fault("608, unavailable", "waited, asked again", code("608", 3)),
    Fault("608 for long", "round ended; the next read on", code("608", None), Marketo.be_well, rounds=2),
    Fault("611, unhandled error", "asked again", code("611", 2)),
    Fault("615, too many at once", "waited, asked again", code("615")),
    Fault(
        "502, a proxy's page",
        "waited, asked again",
        lambda one: one.fail_next(ACTIVITIES, http=502, times=3, after=2),
    ),
    Fault(
        "502 for long",
        "round ended; the next read on",
        lambda one: one.fail_next(ACTIVITIES, http=502, times=None, after=2),
        Marketo.be_well,
        rounds=2,
    ),
    Fault("line cut", "asked again", lambda one: one.fail_next(ACTIVITIES, cut=True, times=2, after=1)),
    Fault("not JSON", "asked again", lambda one: one.fail_next(ACTIVITIES, body=b"{oops", times=2, after=1)),
    Fault("paging token refused", "new one from the last date", after=Marketo.forget_paging_tokens),
    Fault(
        "paging token refused amid pages",
        "new one from the first date",
        code("608", None),
        lambda one: (one.be_well(), one.forget_paging_tokens())[0],
        rounds=2,
    ),
    Fault("empty pages", "read on", lambda one: one.rest.page_sizes.__setitem__(slice(0, 0), [0, 10, 0, 0])),
    Fault("short pages", "read on", lambda one: one.rest.page_sizes.__setitem__(slice(0, 0), [1, 9, 2, 8])),
    Fault("duplicates across pages", "stored once", repeat_some),
    Fault("shuffled order", "stored all the same", disorder),
    Fault("crash between two pages", "the next round read on", rounds=2, commit=5),
    Fault("purged by Marketo", "what is stored stays", after=lambda one: one.purge(one.now())),
)


def strike(fault: Fault, marketo: Marketo, read: Callable[[], rounds.Round]) -> Outcome:
    """Let a fault happen on an empty database; return what became of it."""
    wanted = [f"first-{number}" for number in range(FIRST)]
    for guid in wanted:
        marketo.add_activity(501, guid=guid, at=marketo.now() - timedelta(days=3))
    marketo.rest.page_sizes = [10, 10, 10]
    fault.before(marketo)
    with crashing(fault.commit):
        is_whole = went_well(read)
    fault.after(marketo)
    taken = 1
    while not is_whole and taken < MOST_ROUNDS:
        is_whole = went_well(read)
        taken += 1
    for number in range(LATER):
        wanted.append(marketo.add_activity(501, guid=f"later-{number}"))
    marketo.rest.page_sizes = [2]
    went_well(read)
    there = db.session.scalars(text("SELECT guid FROM activity")).all()
    with writing():
        miscounted = sum(recount(None).values())
    return Outcome(fault, taken, len(set(wanted) - set(there)), len(there) - len(set(wanted)), miscounted)


def went_well(read: Callable[[], rounds.Round]) -> bool:
    """Read a round; return whether it came to its end."""
    try:
        return read().failure is None
    except Crashed:
        return False


@contextmanager
def crashing(commit: int) -> Iterator[None]:
    """Let the process end before that commit, the first being 1; 0: never."""
    left = commit

    def end(_session: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Crashed

    event.listen(db.session, "before_commit", end)
    yield
    event.remove(db.session, "before_commit", end)


def table(outcomes: list[Outcome]) -> str:
    """Return the outcomes as a table in Markdown."""
    lines = ["| Fault | What happened | Rounds | Lost | Doubled |", "|---|---|---|---|---|"]
    lines += [
        f"| {one.fault.name} | {one.fault.happens} | {one.rounds} | {one.lost} | {one.doubled} |"
        for one in outcomes
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the table, of a SQLite file."""
    marketo, outcomes = Marketo(), []
    for fault in FAULTS:
        marketo.reset()
        marketo.door.calls_per_window = 100_000
        marketo.add_lead(id=501, firstName="Ann", lastName="Lee", sfdcLeadId="00Q1")
        with tempfile.TemporaryDirectory() as folder:
            plain = Settings.from_environment({"CHATPANE_INSTANCE": folder, "CHATPANE_DEMO": "1"})
            settings = replace(
                plain,
                marketo_url=marketo.url,
                marketo_client_id=CLIENT_ID,
                marketo_client_secret=CLIENT_SECRET,
            )
            app = create_app(settings)
            with app.app_context(), Connection(settings, FAST) as connection:
                schema.prepare(settings)
                outcomes.append(strike(fault, marketo, lambda: rounds.run(settings, connection)))  # noqa: B023
                db.session.remove()
                db.engine.dispose()
    print(table(outcomes))  # noqa: T201
    marketo.stop()


if __name__ == "__main__":
    main()
