"""The public keys with which Adobe signs events, fetched from its key host and kept for a day.

Anyone can name a key in a header, so a name is checked before anything is asked for, and keys that are
not known yet are fetched a few at once and a few a minute: nobody who proves nothing keeps us busy. Who
asks for a key that is being fetched waits for that.
"""

import re
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import httpx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask, current_app

from webui.config import Settings

PATH = re.compile(r"/prod/keys/pub-key-[0-9a-fA-F-]{1,64}\.pem", re.ASCII)
KEPT = 24 * 3600
KEYS = 32
NOT_ASKED_AGAIN_FOR = 3
WITHIN = 2.0  # seconds, both tries together
TRIES = 2
LARGEST = 10_000
AT_ONCE = 2
A_MINUTE = 10
LEAST_BITS = 2048

_Value = TypeVar("_Value")


class NoSuchKey(Exception):
    """A name can be no key's."""


class KeyUnavailable(Exception):
    """A key cannot be fetched now; the message says why."""


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its keys; none is fetched yet."""
    app.extensions["chatpane_adobe_keys"] = AdobeKeys(settings.adobe_keys_url)


def adobe_keys() -> "AdobeKeys":
    """Return the app's keys."""
    found: AdobeKeys = current_app.extensions["chatpane_adobe_keys"]
    return found


class AdobeKeys:
    """The keys of the host at ``address``, as this process knows them."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, RSAPublicKey]] = OrderedDict()
        self._fetching: dict[str, Future[RSAPublicKey]] = {}
        self._failed: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._asked: deque[float] = deque(maxlen=A_MINUTE)

    def key(self, path: str, may_ask: Callable[[], None] = lambda: None) -> RSAPublicKey:
        """Return the key of this path on the host; raise NoSuchKey or KeyUnavailable.

        ``may_ask`` is called before a key that is not known yet takes a turn; what it raises is raised.
        """
        if not PATH.fullmatch(path):
            raise NoSuchKey
        if not self._knows(path):
            may_ask()  # outside of the lock: it may ask another machine
        with self._lock:
            fetched_at, key = self._known.get(path, (0.0, None))
            now = time.monotonic()
            if key is not None and now - fetched_at < KEPT:
                return key
            waiting = self._fetching.get(path)
            if waiting is None:
                self._take_turn(path, now, is_known=key is not None)
                own = self._fetching[path] = Future()
        if waiting is not None:
            return _awaited(waiting)
        return self._fetch(path, own)

    def _knows(self, path: str) -> bool:
        with self._lock:
            return path in self._known

    def _take_turn(self, path: str, now: float, *, is_known: bool) -> None:
        """Note that a key is asked for; raise KeyUnavailable if it was just now, or too much is asked.

        A key that proved good before waits for no turn: strangers must not use up what it needs.
        """
        failed_at, why = self._failed.get(path, (-KEPT, ""))
        if now - failed_at < NOT_ASKED_AGAIN_FOR:
            raise KeyUnavailable(why)
        if is_known:
            return
        if len(self._fetching) >= AT_ONCE:
            raise KeyUnavailable("too many unknown keys are asked for at once")
        if len(self._asked) == A_MINUTE and now - self._asked[0] < 60:
            raise KeyUnavailable("too many unknown keys were asked for within a minute")
        self._asked.append(now)

    def _fetch(self, path: str, own: "Future[RSAPublicKey]") -> RSAPublicKey:
        try:
            key = _read(_fetched(self._address + path))
        except BaseException as error:
            failure = error if isinstance(error, KeyUnavailable) else KeyUnavailable(type(error).__name__)
            with self._lock:
                del self._fetching[path]
                _remember(self._failed, path, (time.monotonic(), str(failure)))
            own.set_exception(failure)
            raise failure from error
        with self._lock:
            del self._fetching[path]
            _remember(self._known, path, (time.monotonic(), key))
        own.set_result(key)
        return key


def _remember(kept: "OrderedDict[str, _Value]", path: str, value: _Value) -> None:
    kept[path] = value
    kept.move_to_end(path)
    while len(kept) > KEYS:
        kept.popitem(last=False)


def _awaited(waiting: "Future[RSAPublicKey]") -> RSAPublicKey:
    try:
        return waiting.result(WITHIN)
    except TimeoutError:
        raise KeyUnavailable("the key's host does not answer") from None


def _fetched(address: str) -> bytes:
    """Return what is at an address of the host, trying twice; raise KeyUnavailable."""
    until = time.monotonic() + WITHIN
    tries = TRIES
    while True:
        tries -= 1
        try:
            return _once(address, until)
        except (httpx.HTTPError, KeyUnavailable) as error:
            if not tries or time.monotonic() >= until:
                why = str(error) if isinstance(error, KeyUnavailable) else type(error).__name__
                raise KeyUnavailable(f"the key's host fails: {why}") from error


def _once(address: str, until: float) -> bytes:
    timeout = max(until - time.monotonic(), 0.05)
    plain = {"Accept-Encoding": "identity"}  # what is unpacked could be larger than what was sent
    with httpx.stream("GET", address, headers=plain, timeout=timeout, follow_redirects=False) as answer:
        if answer.status_code != 200:
            raise KeyUnavailable(f"it answers {answer.status_code}")
        body = b""
        for part in answer.iter_raw():
            body += part
            if len(body) > LARGEST:
                raise KeyUnavailable("its answer is too large for a key")
            if time.monotonic() > until:
                raise KeyUnavailable("it is too slow")
        return body


def _read(pem: bytes) -> RSAPublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnavailable("the key's host gives no key") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_BITS:
        raise KeyUnavailable("the key's host gives no RSA key that is safe")
    return key
