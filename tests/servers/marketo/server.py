"""The local Marketo as tests use it: fill it, let time go by, let things go wrong, look at what was asked."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.marketo.answers import PROXY_PAGE, Asked, Fault, Problem, Reply, envelope, refusal
from tests.servers.marketo.bulk import Bulk
from tests.servers.marketo.door import Door
from tests.servers.marketo.records import DELETE, MERGE, Records, written
from tests.servers.marketo.rest import Rest
from tests.servers.marketo.wire import Wire

CLIENT_ID = "5d1c0d3e-chatpane"
CLIENT_SECRET = "secret-of-the-api-only-user"
ENGAGED = 1001
IDENTITY = "/identity/oauth/token"


class Marketo:
    """A Marketo instance at ``url``.

    ``asked`` has every call but identity's, ``identified`` those. ``door``, ``rest`` and ``bulk`` have what
    can be set: limits, ``rest.native_sync``, ``rest.page_sizes``, ``bulk.refresh`` and so on.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.reset()
        self._wire = Wire(self._answer, self.now)
        self.url = f"http://127.0.0.1:{self._wire.server_port}"
        self._thread = threading.Thread(target=self._wire.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Become a new instance: nobody in it, nothing asked, all well."""
        with self._lock:
            self._ahead = timedelta()
            self._number = 0
            self._faults: list[Fault] = []
            self.asked: list[Asked] = []
            self.identified: list[Asked] = []
            self.records = Records()
            self.door = Door(CLIENT_ID, CLIENT_SECRET)
            self.rest = Rest(self.records, self.door, self.now)
            self.bulk = Bulk(self.records, self.door, self.now)

    def stop(self) -> None:
        """Answer nothing any more."""
        self._wire.shutdown()
        self._wire.server_close()
        self._thread.join()

    # Time

    def now(self) -> datetime:
        """Return the server's time."""
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        """Return seconds that ``forward`` moves, too: the clock of a client that lives in the same time."""
        return time.monotonic() + self._ahead.total_seconds()

    def forward(self, **by: float) -> None:
        """Let time go by: ``forward(minutes=59)``."""
        self._ahead += timedelta(**by)

    # What it holds

    def add_type(self, type_id: int, name: str, *, attributes: tuple[str, ...] = ()) -> int:
        """Add an activity type; return its id."""
        listed = [{"name": one, "dataType": "string"} for one in attributes]
        primary = {"name": "Name", "dataType": "string"}
        self.records.types.append(
            {"id": type_id, "name": name, "primaryAttribute": primary, "attributes": listed}
        )
        return type_id

    def add_lead(self, **fields: Any) -> int:
        """Add a person with these REST fields; return the id. A field that is new becomes searchable."""
        with self._lock:
            number = fields.pop("id", None) or max(self.records.leads, default=500) + 1
            at = written(self.now())
            for name in fields.keys() - self.records.lead_fields.keys():
                self.records.lead_fields[name] = "string"
                self.records.lead_searchable.add(name)
            self.records.leads[number] = {"createdAt": at, "updatedAt": at, **fields, "id": number}
            return number

    def change(self, lead_id: int, **fields: Any) -> None:
        """Change fields of a person."""
        self.records.leads[lead_id] |= {"updatedAt": written(self.now()), **fields}

    def delete_lead(self, lead_id: int, *, at: datetime | None = None) -> str:
        """Delete a person, and their activities; return the guid of the deletion."""
        with self._lock:
            lead = self.records.leads.pop(lead_id)
            self._drop(lambda one: one.lead_id == lead_id)
            name = f"{lead.get('firstName', '')} {lead.get('lastName', '')}".strip()
            return self.add_activity(
                lead_id, DELETE, at=at, primary=name, attributes={"Remove From CRM": False}
            )

    def merge(self, loser: int, winner: int, *, at: datetime | None = None, moves: bool = True) -> str:
        """Merge one person into another; return the guid of the activity that says so.

        ``moves``: the loser's activities now name the winner.
        """
        with self._lock:
            del self.records.leads[loser]
            for one in self.records.activities:
                if one.lead_id == loser and moves:
                    one.lead_id = winner
            said = {"Merge IDs": f"[{loser}]", "Master Updated": True, "Merge Source": "Web Service API"}
            return self.add_activity(winner, MERGE, at=at, attributes={**said, "Merged in Sales": False})

    def add_activity(
        self,
        lead_id: int,
        type_id: int = ENGAGED,
        *,
        at: datetime | None = None,
        created: datetime | None = None,
        guid: str | None = None,
        primary: str | None = None,
        primary_id: int | None = None,
        campaign_id: int | None = None,
        attributes: dict[str, Any] | None = None,
        date_form: str = "Z",
        has_id: bool = True,
    ) -> str:
        """Add an activity; return its guid.

        ``at`` is its date (now unless given), ``created`` when Marketo stored it (its date unless given).
        """
        with self._lock:
            at = at or self.now()
            stored = self.records.store(
                guid=guid,
                lead_id=lead_id,
                type_id=type_id,
                at=at,
                created=created or at,
                primary=primary,
                primary_id=primary_id,
                campaign_id=campaign_id,
                attributes=attributes or {},
                date_form=date_form,
                has_id=has_id,
            )
            return stored.guid

    def change_activity(self, guid: str, **attributes: Any) -> None:
        """Change attributes of an activity in its place, as a conversation that goes on may."""
        for one in self.records.activities:
            if one.guid == guid:
                one.attributes |= attributes

    def purge(self, before: datetime) -> None:
        """Forget the activities of before that time."""
        with self._lock:
            self._drop(lambda one: one.at < before)

    def add_company(self, **fields: Any) -> None:
        """Add a company, with ``externalCompanyId``."""
        self._add("companies", fields)

    def add_opportunity(self, **fields: Any) -> None:
        """Add an opportunity, with ``externalOpportunityId``."""
        self._add("opportunities", fields)

    def add_role(self, **fields: Any) -> None:
        """Add a role, with ``externalOpportunityId``, ``leadId`` and ``role``."""
        self._add("opportunities/roles", fields)

    def _add(self, thing: str, fields: dict[str, Any]) -> None:
        rows = self.records.things[thing]
        number = len(rows) + 1
        own = {"id": number} if thing == "companies" else {"marketoGUID": f"guid-{thing[:4]}-{number} "}
        rows.append({**own, "createdAt": written(self.now()), "updatedAt": written(self.now()), **fields})

    def _drop(self, unwanted: Any) -> None:
        self.records.activities[:] = [one for one in self.records.activities if not unwanted(one)]

    # What goes wrong

    def fail_next(
        self,
        path_part: str = "/",
        *,
        code: str | None = None,
        message: str = "said by a test",
        http: int | None = None,
        body: bytes | None = None,
        cut: bool | int = False,
        slow: float = 0.0,
        spoil: bool = False,
        times: int | None = 1,
        after: int = 0,
    ) -> None:
        """Let the next calls whose path has ``path_part`` in it go wrong; ``times`` None: from now on.

        ``code``: refused by it, in HTTP 200. ``http``: a proxy's page with that status. ``body``: these bytes
        instead. ``cut``: the line breaks amid the body, or after so many bytes. ``slow``: seconds before
        the answer. ``spoil``: a bit of the true answer is flipped. ``after``: so many calls go well before.
        """
        fault = Fault(path_part, code, message, http, body, cut, slow, spoil, times, after)
        with self._lock:
            self._faults.append(fault)

    def be_well(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._faults.clear()

    def end_token(self) -> None:
        """End the access token before its time (602)."""
        with self._lock:
            self.door.end_token()

    def forget_paging_tokens(self) -> None:
        """Make every paging token stale."""
        with self._lock:
            self.rest.cursors.clear()

    # What was asked

    def asked_for(self, path_part: str) -> list[Asked]:
        """Return the calls whose path has that in it."""
        return [one for one in self.asked if path_part in one.path]

    def most_in(self, seconds: float) -> int:
        """Return the most calls that came within any so many seconds."""
        times = sorted(one.at for one in self.asked)
        return max((sum(at <= one < at + seconds for one in times) for at in times), default=0)

    # How it answers

    def _answer(self, asked: Asked) -> Reply:
        asked.at = time.monotonic()
        is_identity = asked.path == IDENTITY
        with self._lock:
            self._number += 1
            number = self._number
            (self.identified if is_identity else self.asked).append(asked)
            fault = next((one for one in self._faults if one.is_due(asked.path)), None)
            if not is_identity:
                self.door.running += 1
                self.door.most_at_once = max(self.door.most_at_once, self.door.running)
        try:
            if fault is not None and fault.slow:
                time.sleep(fault.slow)
            with self._lock:
                return self._reply(asked, number, fault)
        finally:
            with self._lock:
                self.door.running -= not is_identity
                asked.until = time.monotonic()

    def _reply(self, asked: Asked, number: int, fault: Fault | None) -> Reply:
        if fault is not None and (fault.http is not None or fault.body is not None):
            return fault.spoiled(
                Reply(fault.body or PROXY_PAGE, fault.http or 200, {"Content-Type": "text/html"})
            )
        try:
            if asked.path == IDENTITY:
                reply = self.door.identify(asked.params, self.now())
            else:
                self.door.check(asked.headers.get("authorization", ""), self.now())
                self.door.count(self.now())
                if fault is not None and fault.code is not None:
                    raise Problem(fault.code, fault.message)
                reply = self._true_reply(asked, number)
        except Problem as problem:
            asked.code = problem.code
            return refusal(number, problem.code, problem.message)
        return fault.spoiled(reply) if fault is not None else reply

    def _true_reply(self, asked: Asked, number: int) -> Reply:
        if asked.path.startswith("/bulk/"):
            said = self.bulk.answer(asked.path, asked.params, asked.body, asked.headers.get("range", ""))
        else:
            said = self.rest.answer(asked.path, asked.params)
        return said if isinstance(said, Reply) else envelope(number, {"success": True, **said})
