"""Adobe's side of I/O Events, over real HTTP: the host of public keys, the sender, the journal, tokens.

It does what Adobe's documents say: signs the raw body with two keys, tries again after 429 and 5xx
except 505 and after nothing else, delivers at least once and in no order. What it does wrong on demand
are plain attributes, for a test to change.

    adobe = Adobe()
    delivered = adobe.deliver(flask_client.post, [chat_event(), chat_event(leadId="502")])
    assert delivered.statuses == [200]
"""

import json
import random
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
CLIENT_SECRET = "p8e-secret-of-the-project"
ORG_ID = "0123456789ABCDEF@AdobeOrg"
HOOK = "/hooks/adobe-io"
EVENTS_AT_ONCE = 20

Event = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Post = Callable[..., Any]  # post(path, data=bytes, headers=dict), answering with a status_code


def chat_event(type_name: str = "Engaged with a Dialogue", type_id: int | None = 1001, **data: Any) -> Event:
    """Return an event of a chat activity, as in Adobe's documents; ``data`` goes over its data."""
    at = data.get("activityDate", "2031-04-02T08:15:30Z")
    activity = {
        "munchkinId": "123-ABC-456",
        "leadId": "501",
        "activityDate": at,
        "activityTypeId": type_id,
        "activityType": type_name,
        "activityLogItemId": 990017,
        "primaryAttributeValueId": 12,
        "primaryAttributeValue": "Pricing page greeter",
        "attributes": [
            {"name": "Page URL", "dataType": "string", "value": "https://www.acme.example/pricing"}
        ],
    }
    return {
        "specversion": "1.0",
        "type": f"com.adobe.platform.marketo.activity.standard.{type_name.lower().replace(' ', '')}",
        "source": "urn:marketo_activity_stream",
        "id": str(uuid4()),
        "eventid": str(uuid4()),
        "time": at,
        "datacontenttype": "application/json",
        "recipientclientid": CLIENT_ID,
        "data": {name: value for name, value in (activity | data).items() if value is not ...},
    }


def wrapped(event: Event) -> Event:
    """Return an event as older samples and journals have it."""
    inner = {name: value for name, value in event.items() if name != "recipientclientid"}
    recipient = event["recipientclientid"]
    return {"event_id": event["eventid"], "recipient_client_id": recipient, "event": inner}


@cache
def _made_key(number: int) -> RSAPrivateKey:
    """Return a key; made once, for RSA keys are slow to make."""
    return generate_private_key(65537, 2048)


@dataclass(frozen=True)
class SigningKey:
    """A key pair and the path of its public half."""

    path: str
    private: RSAPrivateKey

    def pem(self) -> bytes:
        """Return the public half."""
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, body: bytes) -> str:
        """Return the signature of a body, as the header has it."""
        return b64encode(self.private.sign(body, PKCS1v15(), SHA256())).decode()


@dataclass
class Delivered:
    """What became of some events: each attempt's answer, and the bodies that were given up."""

    answers: list[Any] = field(default_factory=list)
    given_up: list[bytes] = field(default_factory=list)

    @property
    def statuses(self) -> list[int]:
        """Return the status of each attempt."""
        return [one.status_code for one in self.answers]


class Adobe:
    """Adobe. ``address`` is where it answers: keys, tokens and the journal.

    The lies: ``statuses`` and ``delays`` are by path, ``passing`` statuses are answered once, ``redirects``
    sends a path elsewhere, ``bodies`` answers a path with something else. ``asked`` has the path of each
    request that came.
    """

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._numbers = count()
        self._paths = random.Random(20310402)
        self.be_honest()
        self._thread.start()

    def be_honest(self) -> None:
        """Forget every lie, request, token and journal."""
        self.keys = [self._new_key(), self._new_key()]
        self.published = {one.path: one.pem() for one in self.keys}
        self.statuses: dict[str, int] = {}
        self.passing: dict[str, int] = {}
        self.delays: dict[str, float] = {}
        self.redirects: dict[str, str] = {}
        self.bodies: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self._counting = threading.Lock()
        self.journal = Journal(self)

    def stop(self) -> None:
        """Answer nothing any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _new_key(self) -> SigningKey:
        name = UUID(int=self._paths.getrandbits(128), version=4)
        return SigningKey(f"/prod/keys/pub-key-{name}.pem", _made_key(next(self._numbers) % 4))

    def rotate(self) -> None:
        """Sign with a new key in the place of the older one, from now on."""
        self.keys = [self.keys[1], self._new_key()]
        self.published = {one.path: one.pem() for one in self.keys}

    # The sender

    def headers(self, body: bytes, **changes: str | None) -> dict[str, str]:
        """Return the headers of a delivery; ``changes`` by name with underscores, None leaves one out."""
        first, second = self.keys
        told = {
            "Content-Type": "application/json",
            "User-Agent": "Adobe/1.0",
            "x-adobe-delivery-id": str(uuid4()),
            "x-adobe-provider": "marketo_lead_activity_data_stream",
            "x-adobe-digital-signature-1": first.sign(body),
            "x-adobe-digital-signature-2": second.sign(body),
            "x-adobe-public-key1-path": first.path,
            "x-adobe-public-key2-path": second.path,
        }
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        return {name: value for name, value in (told | named).items() if value is not None}

    def deliver(
        self,
        post: Post,
        events: Iterable[Event] | Event | bytes,
        *,
        batch: int = 0,
        twice: bool = False,
        shuffled: bool = False,
        tries: int = 1,
        **changes: str | None,
    ) -> Delivered:
        """Send events to the hook, each until it is taken or given up; Adobe's waits are left out.

        ``batch``: so many to a delivery, 0 for a single list (one event: an object). ``bytes`` go as they
        are. ``twice`` sends each delivery again; ``tries`` is how often one is tried.
        """
        bodies = [events] if isinstance(events, bytes) else _bodies(events, batch)
        bodies = bodies * (2 if twice else 1)
        if shuffled:
            random.Random(7).shuffle(bodies)
        delivered = Delivered()
        for body in bodies:
            if not any(self._attempts(post, body, tries, delivered, changes)):
                delivered.given_up.append(body)
        return delivered

    def _attempts(
        self, post: Post, body: bytes, tries: int, into: Delivered, changes: dict[str, str | None]
    ) -> Iterable[bool]:
        for attempt in range(tries):
            again = {"x-adobe-retry-count": str(attempt)} if attempt else {}
            answer = post(HOOK, data=body, headers={**self.headers(body, **changes), **again})
            into.answers.append(answer)
            yield 200 <= answer.status_code < 300
            if not _is_tried_again(answer.status_code):
                return

    def challenge(self, get: Post, value: str | None = None) -> bool:
        """Ask the webhook as at registration; return whether Adobe would take the answer."""
        value = value or secrets.token_hex(16)
        answer = get(f"{HOOK}?{urlencode({'challenge': value})}")
        if answer.status_code != 200:
            return False
        if answer.mimetype == "text/plain":
            return bool(answer.get_data(as_text=True) == value)
        return bool(answer.mimetype == "application/json" and answer.get_json() == {"challenge": value})

    def ask_to_validate(self, post: Post, url: str | None = None) -> Any:
        """Post a validation URL, as Adobe does where the challenge failed; it is not signed."""
        url = url or "https://csm.adobe.io/csm/registrations/validate?id=1&challenge=2"
        body = json.dumps({"validationUrl": url}).encode()
        return post(HOOK, data=body, headers={"Content-Type": "application/json"})

    # What it answers

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        """Answer a request for ``target``."""
        url = urlsplit(target)
        with self._counting:
            self.asked.append(url.path)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            time.sleep(self.delays.get(url.path, self.delays.get("*", 0)))
            return self._answer(method, url.path, dict(parse_qsl(url.query)), headers, body)
        finally:
            with self._counting:
                self.at_once -= 1

    def _answer(self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes) -> Answer:
        status = self.passing.pop(path, self.statuses.get(path))
        if status is not None:
            return status, {}, b"an error page"
        if path in self.redirects:
            return 302, {"Location": self.redirects[path]}, b""
        if path in self.bodies or path in self.published:
            said = self.bodies.get(path) or self.published[path]
            return 200, {"Content-Type": "application/x-pem-file"}, said
        if (method, path) == ("POST", "/ims/token/v3"):
            return self.journal.token(dict(parse_qsl(body.decode())))
        if path == self.journal.path:
            return self.journal.page(query, headers)
        return 404, {}, b"nothing here"


@dataclass
class _Entry:
    position: str
    event: Event
    at: float


class Journal:
    """The registration's journal: every event of the last 7 days, by position.

    ``expired`` positions are too old (410). ``page_size`` is what one answer holds where no limit is
    asked for. ``expire_tokens`` makes every token invalid.
    """

    path = "/events/organizations/1/integrations/2/3b5b4c8d"
    page_size = 50

    def __init__(self, adobe: Adobe) -> None:
        self._adobe = adobe
        self._entries: list[_Entry] = []
        self._tokens: set[str] = set()
        self.expired: set[str] = set()
        self.retry_after = 2
        self.tokens_given = 0

    @property
    def address(self) -> str:
        """Return the journal's URL."""
        return self._adobe.address + self.path

    def record(self, *events: Event, seconds_ago: float = 0) -> list[str]:
        """Keep events in the journal; return their positions."""
        first = len(self._entries)
        at = time.time() - seconds_ago
        some = [
            _Entry(f"rabbit:{place:08x}.camel:{secrets.token_hex(4)}", event, at)
            for place, event in enumerate(events, first)
        ]
        self._entries += some
        return [one.position for one in some]

    def expire(self, count_of_oldest: int) -> None:
        """Forget the oldest events, as after 7 days."""
        self.expired |= {one.position for one in self._entries[:count_of_oldest]}
        del self._entries[:count_of_oldest]

    def expire_tokens(self) -> None:
        """Take no token that was given so far."""
        self._tokens.clear()

    def token(self, form: dict[str, str]) -> Answer:
        """Answer at the token's endpoint."""
        wanted = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        if {name: form.get(name) for name in wanted} != wanted or not form.get("scope"):
            return _json({"error": "invalid_client"}, 401)
        token = secrets.token_urlsafe(24)
        self._tokens.add(token)
        self.tokens_given += 1
        return _json({"access_token": token, "token_type": "bearer", "expires_in": 86399})

    def page(self, query: dict[str, str], headers: Any) -> Answer:
        """Answer with the events after ``since``, or from where ``seek`` or ``latest`` say."""
        refusal = self._refusal(query, headers)
        if refusal:
            return refusal
        start = self._start(query)
        if start is None:
            return _json({"message": "there is no such position"}, 400)
        found = self._entries[start : start + int(query.get("limit", self.page_size))]
        last = found[-1].position if found else query.get("since") or self._newest()
        next_query = {name: query[name] for name in ("limit",) if name in query} | {"since": last}
        link = f'<{self.path}?{urlencode(next_query)}>; rel="next"'
        if not found:
            return 204, {"retry-after": str(self.retry_after), "Link": link}, b""
        events = [{"position": one.position, "event": one.event} for one in found]
        body = {"events": events, "_page": {"last": last, "count": len(events)}}
        return 200, {"Content-Type": "application/json", "Link": link}, json.dumps(body).encode()

    def _refusal(self, query: dict[str, str], headers: Any) -> Answer | None:
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return _json({"error_code": "401013", "message": "Oauth token is not valid"}, 401)
        if headers.get("x-api-key") != CLIENT_ID or headers.get("x-ims-org-id") != ORG_ID:
            return _json({"error_code": "403000", "message": "Api Key is invalid"}, 403)
        if "since" in query and "seek" in query:
            return _json({"message": "since and seek cannot be combined"}, 400)
        if query.get("since") in self.expired:
            return _json({"message": "the position is too old"}, 410)
        return None

    def _newest(self) -> str:
        return self._entries[-1].position if self._entries else ""

    def _start(self, query: dict[str, str]) -> int | None:
        if "seek" in query:
            after = time.time() - _seconds(query["seek"])
            return next(
                (place for place, one in enumerate(self._entries) if one.at >= after), len(self._entries)
            )
        if query.get("latest") == "true":
            return len(self._entries)
        if not query.get("since"):
            return 0
        places = [place for place, one in enumerate(self._entries) if one.position == query["since"]]
        return places[0] + 1 if places else None


def _seconds(ago: str) -> float:
    """Return how many seconds a duration such as ``-PT2H30M`` reaches back."""
    units = {"H": 3600, "M": 60, "S": 1}
    total, digits = 0.0, ""
    for mark in ago.removeprefix("-PT"):
        if mark in units:
            total, digits = total + float(digits) * units[mark], ""
        else:
            digits += mark
    return total


def _bodies(events: Iterable[Event] | Event, batch: int) -> list[bytes]:
    """Write events as the bodies of deliveries."""
    if isinstance(events, dict):
        return [_written(events)]
    some: Sequence[Event] = list(events)
    if batch == 1:
        return [_written(one) for one in some]
    size = batch or max(len(some), 1)
    return [_written(some[start : start + size]) for start in range(0, max(len(some), 1), size)]


def _written(events: Any) -> bytes:
    return json.dumps(events, ensure_ascii=False, separators=(",", ":")).encode()


def _is_tried_again(status: int) -> bool:
    return status == 429 or (500 <= status <= 599 and status != 505)


def _json(said: dict[str, Any], status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(said).encode()


def _handler_of(adobe: Adobe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, said = adobe.answer(self.command, self.path, self.headers, body)
            try:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(said))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)
            except ConnectionError:
                pass  # who asked has stopped waiting

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    return Handler
