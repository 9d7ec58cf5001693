"""Fragments that were rendered already, kept in the memory of this process.

A fragment is a function of what ``asked`` returns (the switch, who may see what, the language, the zone,
the day and the URL) and of what is stored. Each writer moves the content version in the transaction that it
writes in; while that stands, or has moved for others' activities alone (``feeds.versions``), the fragment is
the same. Who asks, the switch and the versions are settled in the database before anything is looked up here,
on each request. Only the clock is not among that: what depends on it, such as that a source is late, is up to
``FRESH`` seconds behind.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Headers

from webui import wording
from webui.access.visitors import is_renewed
from webui.database import storable
from webui.feeds import versions
from webui.feeds.health import Freshness
from webui.views.compression import WORTH_IT, gzipped
from webui.views.foot import freshness
from webui.views.fragments import wants_fragment

FRESH = 60.0
OVERHEAD = 2_000  # bytes: of headers, key and the objects around them
LONGEST_URL = 500  # characters: a longer one was made up, or will hardly be asked for again

View = Callable[..., Response]
Key = tuple[Any, ...]


class _Whole(Response):
    """An answer whose headers were sent before: Werkzeug need not look again for what they lack."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Return the headers, but for a 304, which has fewer."""
        return self.headers if self.status_code == 200 else super().get_wsgi_headers(environ)


class Kept:
    """A fragment as it was answered; it is packed once, when that is first asked for.

    ``version`` is the content version that it stands for.
    """

    def __init__(self, response: Response, version: int, freshness: Freshness | None) -> None:
        self.since = time.monotonic()
        self.version = version
        self.freshness = freshness
        self._body = response.get_data()
        self._headers = response.headers.to_wsgi_list()
        self._packed: bytes | None = None

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return len(self._body) * 5 // 4 + OVERHEAD

    def response(self) -> Response:
        """Return the answer anew, packed for a client that takes that."""
        if len(self._body) < WORTH_IT or not request.accept_encodings["gzip"]:
            return _Whole(self._body, headers=self._headers)
        if self._packed is None:
            self._packed = gzipped(self._body)
        response = _Whole(self._packed, headers=self._headers)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(self._packed))
        return response


class Memory:
    """What is kept: the fragments that were asked for last, ``room`` bytes of them."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> Kept | None:
        """Return what is kept under a key, if it is fresh."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or time.monotonic() - found.since > FRESH:
                return None
            self._kept.move_to_end(key)
            return found

    def keep(self, key: Key, one: Kept) -> None:
        """Keep one, and let go of those that were not asked for the longest."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = one
            self._taken += one.size - (before.size if before else 0)
            while self._taken > self._room:
                _, gone = self._kept.popitem(last=False)
                self._taken -= gone.size


def init_app(app: Flask, room_mib: int) -> None:
    """Let this process keep so many MiB of fragments; 0 keeps none."""
    app.extensions["chatpane_kept"] = Memory(room_mib * 2**20)


def kept(view: View) -> View:
    """Answer a fragment from memory where it would be the same; the gate and all hooks came before."""

    @wraps(view)
    def answered(**named: Any) -> Response:
        if not wants_fragment() or is_renewed():
            return view(**named)
        memory: Memory = current_app.extensions["chatpane_kept"]
        key = asked()
        found = memory.find(key)
        if found is None or not _stands(found, named):
            sources = _said_freshness(named)  # before what it vouches for, as the facts are
            response = view(**named)
            if response.status_code != 200 or g.get("sessions_in_page") or len(key[0]) > LONGEST_URL:
                return response
            found = Kept(response, g.facts.content_version, sources)
            memory.keep(key, found)
        return found.response()

    return answered


def _stands(found: Kept, named: dict[str, Any]) -> bool:
    """Whether a fragment says what is stored now: nothing was written since, or others' activities alone."""
    known = g.facts
    if found.version == known.content_version:
        return True
    changed = _changed(named)
    if changed is None or not changed <= found.version <= known.content_version:
        return False  # a version that is yet to come is one of before a standby took over
    if _said_freshness(named) != found.freshness:
        return False
    found.version = known.content_version
    return True


def _said_freshness(named: dict[str, Any]) -> Freshness | None:
    """Return what the foot says of the sources; a detail has no foot."""
    return None if "id_" in named else freshness()


def _changed(named: dict[str, Any]) -> int | None:
    """Return the version of what a URL's parameters name, None where each write may have changed it."""
    if "id_" in named:
        return versions.of_activity(named["id_"])
    return versions.of_record(named["panel"], storable(named["crm_id"])) if "panel" in named else None


def asked() -> Key:
    """Return all that a fragment depends on, but for narrow writes and the clock within a day."""
    words = wording.words()
    known = g.facts
    facts = known._replace(content_version=known.wide_writes, narrow_writes=0, next_activity_id=0)
    day = datetime.now(UTC).astimezone(known.weeks_zone).date()
    viewer = (words.language, words.zone.key, g.get("zone_is_known"), g.get("grant"))
    return (request.full_path, facts, wording.today(), day, viewer)
