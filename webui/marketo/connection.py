"""A connection to Marketo: signed in, within its limits, with another try where that helps.

All calls go through ``repeat``: it waits for its turn, renews a token that was refused, and tries again as
the failure's ``again`` says. What is left then is raised, one MarketoFailure for each thing to do.

The log has call, code, request id and attempt of what failed; never a query, a secret or a token.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import httpx
import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from webui import setting_values
from webui.config import BadSettings, Settings, not_set
from webui.marketo import envelope
from webui.marketo.envelope import Answer
from webui.marketo.failures import Again, BadCredentials, MarketoFailure, Unreachable
from webui.marketo.identity import Identity
from webui.marketo.pace import Clock, Limiter, Pace, Sleep

CONNECTING = 10.0  # seconds
USUAL_TIMEOUT = 35.0  # Marketo gives up on most calls after 30
LONGEST_QUERY = 7_000  # bytes; Marketo refuses an address over 8 KB
USUAL_PACE = Pace()

T = TypeVar("T")
log = structlog.get_logger()

# httpx tells the whole address of each request, and a question may name people.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Connection:
    """A connection of these settings, for a ``with`` statement; threads may share it.

    ``calls`` counts what was asked, which the day's quota counts too. ``clock_skew`` is Marketo's clock
    minus ours in seconds, None before the first answer. ``sleep`` is called for every wait; to stop a
    waiting connection, let it raise: what it raises goes through. Connections that follow each other in a
    process share a ``limiter``.

    Raises BadSettings if the settings cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        pace: Pace = USUAL_PACE,
        *,
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
        limiter: Limiter | None = None,
    ) -> None:
        if missing := settings.missing_for_rest():
            raise BadSettings(f"Marketo cannot be read: {not_set(missing)}")
        try:
            self._base = setting_values.marketo_url(settings.marketo_url)
        except ValueError as error:
            raise BadSettings(f"CHATPANE_MARKETO_URL: {error}") from None
        self.pace, self.calls = pace, 0
        self.clock_skew: float | None = None
        self._sleep, self._secret = sleep, settings.marketo_client_secret
        self._counting = threading.Lock()
        self._limiter = limiter or Limiter(pace, sleep, clock)
        self._client = httpx.Client(
            base_url=self._base,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Chatpane"},
            timeout=httpx.Timeout(USUAL_TIMEOUT, connect=CONNECTING),
            follow_redirects=False,  # the secret goes where the settings say
        )
        self._identity = Identity(settings, self._client, clock)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._client.close()

    def pause(self, seconds: float) -> None:
        """Wait, by the connection's ``sleep``."""
        self._sleep(seconds)

    def get(
        self, path: str, params: Mapping[str, object] | None = None, *, timeout: float = USUAL_TIMEOUT
    ) -> Answer:
        """Return the answer to a question; ``path`` begins with /rest or /bulk. Raises MarketoFailure.

        A question too long for an address goes in a form's body.
        """
        query = urlencode(params or {}, quote_via=quote, safe=",")
        if len(path) + len(query) <= LONGEST_QUERY:
            request: dict[str, Any] = {"method": "GET", "url": f"{path}?{query}" if query else path}
        else:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            request = {"method": "POST", "url": f"{path}?_method=GET", "content": query, "headers": form}
        return self._ask(f"GET {path}", request, timeout, paged="nextPageToken" in (params or {}))

    def post(self, path: str, body: object | None = None, *, timeout: float = USUAL_TIMEOUT) -> Answer:
        """Return the answer to a request with a JSON body, or with none. Raises MarketoFailure."""
        request: dict[str, Any] = {"method": "POST", "url": path}
        if body is not None:
            request["json"] = body
        return self._ask(f"POST {path}", request, timeout, paged=False)

    def repeat(self, call: str, once: Callable[[str], T]) -> T:
        """Return what ``once`` returns, which makes the call one time, with the access token it is given.

        What it raises as MarketoFailure is tried again as ``again`` says. Raises MarketoFailure.
        """
        retrying = Retrying(
            sleep=lambda seconds: self.pause(float(seconds)),
            retry=retry_if_exception_type(MarketoFailure),
            stop=lambda state: state.attempt_number >= self.pace.attempts_for(_failure(state).again),
            wait=lambda state: self.pace.wait(_failure(state).again, state.attempt_number),
            after=lambda state: _note(call, state),
            reraise=True,
        )
        return retrying(self._signed_in, once)

    @contextmanager
    def sent(self, token: str, call: str, request: Mapping[str, Any]) -> Iterator[httpx.Response]:
        """Send a request, and hold its answer open; the network's trouble is raised as Unreachable."""
        headers = {**request.get("headers", {}), "Authorization": f"Bearer {token}"}
        try:
            with self._limiter.place():
                with self._counting:
                    self.calls += 1
                with self._client.stream(**{**request, "headers": headers}) as response:
                    self._compare_clocks(response)
                    yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(call, type(error).__name__, again=Again.BACKED_OFF) from error

    def _ask(self, call: str, request: dict[str, Any], timeout: float, *, paged: bool) -> Answer:
        request["timeout"] = httpx.Timeout(timeout, connect=CONNECTING)

        def once(token: str) -> Answer:
            with self.sent(token, call, request) as response:
                body = response.read()
            return envelope.read(body, call=call, status=response.status_code, paged=paged)

        answer = self.repeat(call, once)
        for warned in answer.warnings:
            log.info("Marketo warns", call=call, code=warned.code, request_id=answer.request_id)
        return answer

    def _signed_in(self, once: Callable[[str], T]) -> T:
        token = ""
        try:
            token = self._identity.token()
            try:
                return once(token)
            except BadCredentials as refused:
                if refused.again is not Again.RENEWED:
                    raise
            token = self._identity.renewed(token)
            return once(token)
        except MarketoFailure as failure:
            failure.hide(token, self._secret)
            if failure.again in (Again.SLOWER, Again.SHORTLY):
                self._limiter.slow_down(failure.again)
            raise

    def _compare_clocks(self, response: httpx.Response) -> None:
        try:
            theirs = parsedate_to_datetime(response.headers["Date"])
            self.clock_skew = (theirs - datetime.now(UTC)).total_seconds()
        except (KeyError, ValueError, TypeError):
            pass


def _failure(state: RetryCallState) -> MarketoFailure:
    failure = state.outcome.exception() if state.outcome else None
    assert isinstance(failure, MarketoFailure)  # noqa: S101 - nothing else is tried again
    return failure


def _note(call: str, state: RetryCallState) -> None:
    failure = _failure(state)
    log.warning(
        "a call to Marketo failed",
        call=call,
        code=failure.code,
        failure=type(failure).__name__,
        request_id=failure.request_id,
        attempt=state.attempt_number,
    )
