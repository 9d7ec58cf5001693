"""Activities, read on from where the last round stopped; and late news of recent conversations.

A conversation's status, transcript and summary arrive after its first record, under the same guid. So
engagements of the last hour are read again in each round, and those of the last days once an hour.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from webui.database import chunks
from webui.ingest import marketo_rest, rejected, store
from webui.installation import Touched, writing
from webui.marketo import calls
from webui.marketo.calls import MOST_TYPES, Page
from webui.sync import cursors
from webui.sync.following import Ask, follow, pages
from webui.sync.reading import Reading

ALL_LATE_NEWS = "late-news"
ALL_LATE_NEWS_EVERY = timedelta(hours=1)
LATEST_NEWS = timedelta(hours=1)
BEFORE_ANY = datetime.fromtimestamp(0, UTC)


def poll(reading: Reading) -> None:
    """Read all activities that are new since the last round. Raises as ``follow`` does."""
    for name, some in reading.questions:
        cursor = cursors.found(name, cursors.digest(some), reading.since)
        follow(cursor, reading.token, _asking(reading, some), partial(keep, reading))


def keep(reading: Reading, page: Page, zone: ZoneInfo, touched: Touched) -> None:
    """Store a page within the transaction, and note what that touched."""
    reading.counts += store.take(marketo_rest.batch_of(page.rows, reading.types), zone, touched)


def late_news(reading: Reading) -> None:
    """Read recent engagements again, for what was added to them. Raises MarketoFailure."""
    now = datetime.now(UTC)
    all_of_it = timedelta(hours=reading.settings.late_news_hours)
    cursor = cursors.found(ALL_LATE_NEWS, cursors.digest(ALL_LATE_NEWS), BEFORE_ANY)
    is_due = cursor.since <= now - ALL_LATE_NEWS_EVERY
    changing = [number for number in reading.type_ids if _may_change(reading, number)]
    # After an outage, what was recent when it began has changed since.
    last = cursor.since if cursor.since > BEFORE_ANY else now
    since = min(last, now) - all_of_it if is_due else now - min(LATEST_NEWS, all_of_it)
    for page in since_then(reading, since, changing):
        touched = Touched()
        with writing(touched=touched) as zone:
            batch = marketo_rest.batch_of(page.rows, reading.types)
            batch.rejections = rejected.not_kept(batch, batch.rejections)  # counted when they were read first
            reading.counts += store.take(batch, zone, touched)
    if is_due:
        with writing(touched=Touched()):
            cursors.move(cursor, None, now)


def _may_change(reading: Reading, number: int) -> bool:
    ours = reading.types[number].ours
    return ours is not None and ours.has_transcript


def again(reading: Reading, since: datetime, type_ids: Sequence[int]) -> None:
    """Read the activities of these types from ``since`` on, whether they are known or not."""
    for page in since_then(reading, since, type_ids):
        touched = Touched()
        with writing(touched=touched) as zone:
            keep(reading, page, zone, touched)


def since_then(reading: Reading, since: datetime, type_ids: Sequence[int]) -> Iterator[Page]:
    """Give the pages of these types' activities from ``since`` on, storing nothing."""
    for some in chunks(type_ids, MOST_TYPES):
        begin = partial(calls.paging_token, reading.connection, since)
        yield from pages(None, begin, _asking(reading, some))


def _asking(reading: Reading, type_ids: Sequence[int]) -> Ask:
    return lambda token: calls.activities(reading.connection, token, type_ids)
