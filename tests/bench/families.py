"""What the families beside chat cost: the dashboard's five rows beside one, and storing beside chat's.

The company of the pages gets activities of every other family, together as many as its chats. The dashboards
are asked for on two copies of that database: one where the other families are turned off, one where all are
shown. What is stored are as many rows of each family, by the command and by deliveries, in turns.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import create_engine, text

from tests.bench import chats, data, databases, deliveries, imports, others, pages, people, records
from tests.bench.data import Files
from tests.bench.databases import Database
from tests.bench.deliveries import EVENTS
from tests.bench.figures import Figure, compared
from tests.bench.imports import Say
from tests.bench.others import told_by_event
from tests.bench.pages import Compared, PageResult, Side
from tests.bench.people import LARGE, VAST
from tests.bench.server import serving
from tests.servers.adobe import chat_event
from webui.vocabulary import FAMILIES, OTHERS

PART = len(OTHERS)  # each has so much less than chat
OFF = "UPDATE installation SET families_off = :off, content_version = content_version + 1"
THE_SAME = "≤ 1.0"


def dashboards(
    generated: Database, files: Files, running_week: date, say: Say, **often: Any
) -> list[PageResult]:
    """Measure dashboards with one row and with five; ``often`` goes to ``pages.measure``."""
    week = running_week - timedelta(weeks=1)
    lead = records.alike([generated], week).lead[0]
    asked = {
        "dashboard of a lead": f"/leads/{lead}/dashboard?week={week}",
        "dashboard of the account of 800": f"/accounts/{LARGE.crm_id}/dashboard?week={week}",
        "dashboard of the account of 50,000": f"/accounts/{VAST.crm_id}/dashboard?week={week}",
    }
    with _with_all(generated, files, say) as both, ExitStack() as stack:
        sides = [
            Side(name, stack.enter_context(serving(one, CHATPANE_KEPT_MIB="0"))) for name, one in both.items()
        ]
        compared_pages = [Compared(title, (path,) * len(sides)) for title, path in asked.items()]
        return pages.measure(sides, compared_pages, say=say, **often)


def storing(backend: str, files: Files, rounds: int, say: Say) -> list[Figure]:
    """Measure imports and deliveries of each family beside chat's, in turns."""
    extracts = data.with_families(files, PART)
    base, _ = imports.with_people(backend, files)
    copy = databases.named(backend, f"{base.name}_families")
    try:
        seconds: dict[str, list[float]] = {family: [] for family in extracts}
        for number in range(rounds):
            say(f"{backend}: imports of each family, round {number + 1} of {rounds}")
            for family in _turns(list(extracts), number):
                copy.copy_from(base)
                cost = imports.take(copy, extracts[family], files.shape.activities // PART)
                seconds[family].append(cost.seconds / cost.rows * EVENTS * 1_000)
        return [
            *_beside_chat(f"import, ms for {EVENTS} rows", seconds),
            *_beside_chat(f"delivery of {EVENTS}", _delivered(base, copy, files, rounds, say)),
        ]
    finally:
        copy.drop()
        base.drop()


def _beside_chat(what: str, milliseconds: dict[str, list[float]]) -> list[Figure]:
    """Return the figures of each family beside chat's of the same rounds."""
    return [
        compared(
            f"{what}: {one.key}",
            list(zip(milliseconds[one.key], milliseconds["chat"], strict=True)),
            THE_SAME,
        )
        for one in OTHERS
    ]


def _delivered(base: Database, copy: Database, files: Files, rounds: int, say: Say) -> dict[str, list[float]]:
    """Return the milliseconds that each delivery took, by family."""
    copy.copy_from(base)
    names = others.NAMES | {str(one["id"]): one["name"] for one in chats.types()["result"]}
    company = people.company(files.shape.activities, files.shape.seed)
    took: dict[str, list[float]] = {one.key: [] for one in FAMILIES}
    with deliveries.adobe_answering() as adobe, serving(copy, **deliveries.settings(adobe)) as server:
        say(f"{copy.backend}: deliveries of {EVENTS} of each family, {4 * rounds} rounds")
        for number in range(4 * rounds + 1):
            for family in _turns(list(took), number):
                rows = others.rows(company, family, files.shape.last_week, number, EVENTS, files.shape.seed)
                events = [chat_event(**told_by_event(row, names)) for row in rows]
                took[family].append(1_000 * deliveries.deliver(server, adobe, events))
    return {family: some[1:] for family, some in took.items()}  # the first fetches the key


def _turns(families: Sequence[str], number: int) -> Iterator[str]:
    """Give the families, in each round beginning with another."""
    return islice(cycle(families), number % len(families), number % len(families) + len(families))


@contextmanager
def _with_all(generated: Database, files: Files, say: Say) -> Iterator[dict[str, Database]]:
    """Give copies of a generated database with all families' activities: one row is shown of, and five."""
    five = databases.named(generated.backend, f"{generated.name}_five")
    one = databases.named(generated.backend, f"{generated.name}_one")
    five.copy_from(generated)
    try:
        extracts = data.with_families(files, PART)
        say(f"{generated.backend}: loading the other families")
        for family in OTHERS:
            imports.take(five, extracts[family.key], files.shape.activities // PART)
        one.copy_from(five)
        engine = create_engine(databases.url_of(one))
        with engine.begin() as connection:
            connection.execute(text(OFF), {"off": " ".join(family.key for family in OTHERS)})
        engine.dispose()
        yield {"one row": one, "five rows": five}
    finally:
        five.drop()
        one.drop()
