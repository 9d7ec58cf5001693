"""Adobe's journal of events: what was sent in the last 7 days, whether or not it arrived here.

Pages are followed by their ``Link`` header, as Adobe asks, and go through the same door as deliveries.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec
import structlog
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from webui.config import Settings
from webui.ingest import activity_types, adobe_io, store
from webui.ingest.adobe_io import NoneOurs, Us

KEPT = timedelta(days=7)
A_PAGE = 100
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
ATTEMPTS = 5
LONGEST_WAIT = 60.0  # seconds
TOO_MANY = 429
GONE = 410
AT_ITS_END = 204

Sleep = Callable[[float], None]

log = structlog.get_logger()


class JournalFailure(Exception):
    """The journal cannot be read; the message says why and what to do."""


class _Again(JournalFailure):
    """Another try may help."""


def replay(settings: Settings, since: datetime, sleep: Sleep = time.sleep) -> Counter[str]:
    """Read the journal from ``since`` to its end, store what is ours; return counts as ``store.save`` does.

    What is older than the journal cannot be had from it: it is read from its oldest event then, and the log
    says so. ``sleep`` is called for the waits before another try. Raises JournalFailure.
    """
    counts: Counter[str] = Counter()
    types = activity_types.load(settings.activity_types)
    us = Us(settings.adobe_client_id, settings.marketo_munchkin_id)
    for events in _pages(settings, since, sleep):
        try:
            counts += store.save(adobe_io.parse(b"[" + b",".join(events) + b"]", types, us))
        except NoneOurs:
            counts += {"read": len(events), "ignored": len(events)}
    return counts


def _pages(settings: Settings, since: datetime, sleep: Sleep) -> Iterator[list[bytes]]:
    """Give the events of each page, as they came."""
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client:
        headers = {
            "Authorization": f"Bearer {_token(client, settings, sleep)}",
            "x-api-key": settings.adobe_client_id,
            "x-ims-org-id": settings.adobe_org_id,
        }
        oldest = f"{settings.adobe_journal_url}?limit={A_PAGE}"
        address, asked = _begin(oldest, since), set[str]()
        while address is not None and address not in asked:  # else it would go round for ever
            asked.add(address)
            answer = _asked(client, address, headers, sleep)
            if answer.status_code == GONE:
                log.warning("the journal does not reach back that far: it is read from its oldest event")
                address = oldest
                continue
            if answer.status_code == AT_ITS_END:
                return
            yield _events(answer)
            address = _next(answer, settings.adobe_journal_url)


def _begin(oldest: str, since: datetime) -> str | None:
    ago = datetime.now(UTC) - since
    return oldest if ago >= KEPT else f"{oldest}&seek=-PT{max(1, ceil(ago.total_seconds()))}S"


def _token(client: httpx.Client, settings: Settings, sleep: Sleep) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": settings.adobe_client_id,
        "client_secret": settings.adobe_client_secret,
        "scope": settings.adobe_scopes,
    }
    answer = _tried(lambda: client.post(f"{settings.adobe_ims_url}/ims/token/v3", data=form), sleep)
    told = _object(answer) if answer.status_code == httpx.codes.OK else {}
    token = told.get("access_token")
    if not isinstance(token, str):
        raise JournalFailure(
            f"Adobe gives no token (HTTP {answer.status_code}): compare CHATPANE_ADOBE_CLIENT_ID, "
            "CHATPANE_ADOBE_CLIENT_SECRET and CHATPANE_ADOBE_SCOPES with the project's OAuth credential"
        )
    return token


def _asked(client: httpx.Client, address: str, headers: dict[str, str], sleep: Sleep) -> httpx.Response:
    answer = _tried(lambda: client.get(address, headers=headers), sleep)
    if answer.status_code in (httpx.codes.OK, AT_ITS_END, GONE):
        return answer
    raise JournalFailure(
        f"Adobe's journal cannot be read (HTTP {answer.status_code}): compare CHATPANE_ADOBE_JOURNAL_URL and "
        "CHATPANE_ADOBE_ORG_ID with the event registration"
    )


def _tried(send: Callable[[], httpx.Response], sleep: Sleep) -> httpx.Response:
    """Return an answer, trying again where the network or the server failed; raise JournalFailure."""

    def once() -> httpx.Response:
        try:
            answer = send()
        except httpx.HTTPError as error:
            raise _Again(f"Adobe cannot be reached: {type(error).__name__}") from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or answer.status_code == TOO_MANY:
            raise _Again(f"Adobe does not answer as it should: HTTP {answer.status_code}")
        return answer

    wait = wait_random_exponential(multiplier=1, max=LONGEST_WAIT)
    retrying = Retrying(
        sleep=sleep,
        retry=retry_if_exception_type(_Again),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait,
        reraise=True,
    )
    return retrying(once)


def _events(answer: httpx.Response) -> list[bytes]:
    """Return a page's events, taken out of what has their positions."""
    try:
        page = msgspec.json.decode(answer.content, type=_Page)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise JournalFailure("a page of Adobe's journal is not JSON with a list `events`") from None
    return [bytes(one.event) for one in page.events]


class _Placed(msgspec.Struct):
    event: msgspec.Raw


class _Page(msgspec.Struct):
    events: list[_Placed] = msgspec.field(default_factory=list)


def _next(answer: httpx.Response, base: str) -> str | None:
    """Return where the journal goes on: on the same host alone, for the token goes there."""
    link = answer.links.get("next", {}).get("url")
    if link is None:
        return None
    try:
        address = urljoin(str(answer.url), link)
    except ValueError:
        raise JournalFailure("Adobe's journal goes on at an address that is none") from None
    if urlsplit(address)[:2] != urlsplit(base)[:2]:
        raise JournalFailure("Adobe's journal goes on at another host, which is not followed")
    return address


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
