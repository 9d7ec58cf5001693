"""Following a query of Marketo page by page, each stored together with how far it was read."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from webui.installation import Touched, writing
from webui.marketo.calls import Page
from webui.marketo.failures import StaleCursor
from webui.sync.cursors import Cursor, move

# Where to begin anew after a refused token: this long before the last time that all was read.
OVERLAP = timedelta(hours=1)

Ask = Callable[[str], Page]
Begin = Callable[[datetime], str]
Keep = Callable[[Page, ZoneInfo, Touched], None]


def follow(cursor: Cursor, begin: Begin, ask: Ask, keep: Keep) -> None:
    """Read a query on from its cursor to its end; ``keep`` stores a page within the transaction, and
    notes what that touched.

    A token that Marketo does not accept any more is replaced once by a new one from ``cursor.since``.
    Raises MarketoFailure and MovedElsewhere; what was stored until then stays, and the next call reads on.
    """
    began = datetime.now(UTC)
    first = cursor.since
    for page in pages(cursor.token, lambda: begin(first), ask):
        since = first if page.more else max(first, began - OVERLAP)
        touched = Touched()
        with writing(touched=touched) as zone:
            keep(page, zone, touched)
            cursor = move(cursor, page.next_token, since)


def pages(token: str | None, begin: Callable[[], str], ask: Ask) -> Iterator[Page]:
    """Give the pages from a token on (None: a new one) until there is no more.

    A page may be short or empty while there is more.
    """
    may_begin_anew = token is not None
    asked = token or begin()
    while True:
        try:
            page = ask(asked)
        except StaleCursor:
            if not may_begin_anew:
                raise
            may_begin_anew, asked = False, begin()
            continue
        yield page
        if not page.more:
            return
        asked = page.next_token
