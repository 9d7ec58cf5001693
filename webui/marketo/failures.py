"""What can go wrong with Marketo: a class for each thing that an admin has to do, and a table of its codes.

The text of a failure is for an admin: what happened, in which call, what to do, and the request id that
Marketo's support asks for. It holds no secret, no token and no query, for a query may name people.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

MARKETO_MIDNIGHT = ZoneInfo("America/Chicago")
LONGEST_MESSAGE = 300


class Again(Enum):
    """Whether a call that failed is made again, and after which wait; ``Pace`` has the seconds."""

    NEVER = auto()
    RENEWED = auto()  # once, with a new token
    BACKED_OFF = auto()
    FEW_TIMES = auto()
    SLOWER = auto()
    SHORTLY = auto()
    IN_MINUTES = auto()


class MarketoFailure(Exception):
    """Marketo did not do what was asked.

    ``call`` is method and path, ``code`` Marketo's code as text ("" when there is none, such as ``HTTP 404``
    when no answer of Marketo's came), ``message`` its own words on one line, ``again`` whether the
    connection tries again by itself.
    """

    happened = "Marketo failed"
    advice = "Try again later; if it stays so, give Marketo's support the request id."

    def __init__(
        self,
        call: str,
        message: str = "",
        *,
        code: str = "",
        request_id: str = "",
        again: Again = Again.NEVER,
    ) -> None:
        super().__init__(call)
        self.call, self.again = call, again
        self.message, self.code, self.request_id = (_line(one) for one in (message, code, request_id))

    def hide(self, *secrets: str) -> None:
        """Take secrets out of Marketo's words, which might repeat what was sent."""
        for secret in filter(None, secrets):
            self.message = self.message.replace(secret, "…")

    def __str__(self) -> str:
        said = ": ".join(filter(None, (self.code, self.message)))
        request = f" Request id {self.request_id}." if self.request_id else ""
        return f"{self.happened} ({self.call}{f', {said}' if said else ''}). {self.advice}{request}"


class BadCredentials(MarketoFailure):
    happened = "Marketo does not accept the credentials"
    advice = (
        "Compare CHATPANE_MARKETO_CLIENT_ID and CHATPANE_MARKETO_CLIENT_SECRET with the LaunchPoint service, "
        "and CHATPANE_MARKETO_URL with the REST endpoint under Admin, Web Services."
    )


class AccessDenied(MarketoFailure):
    happened = "Marketo denies access to this call"
    advice = (
        "Give the API-only user's role the read-only permissions for activities, people, companies and "
        "opportunities, and put this server's address on Marketo's allowlist if there is one."
    )


class _UntilMidnight(MarketoFailure):
    def __init__(self, call: str, message: str = "", **told: Any) -> None:
        self.until = next_midnight(datetime.now(UTC))
        super().__init__(call, message, **told)

    def __str__(self) -> str:
        return f"{super().__str__()} The quota begins anew at {self.until:%Y-%m-%d %H:%M} UTC."


class QuotaUsedUp(_UntilMidnight):
    """The calls of the day are used up, by all integrations together; ``until`` is aware UTC."""

    happened = "Marketo's calls of the day are used up"
    advice = (
        "What is stored stays readable. If it happens often, look in Marketo which integration calls most."
    )


class BulkQuotaUsedUp(_UntilMidnight):
    """The megabytes of the day are used up; ``until`` is aware UTC."""

    happened = "Marketo's bulk extract megabytes of the day are used up"
    advice = "The extract can be queued again after that."


class NotAvailable(MarketoFailure):
    happened = "This Marketo subscription does not have what was asked"
    advice = "Chatpane does without it; nothing else is affected."


class StaleCursor(MarketoFailure):
    happened = "Marketo does not accept the paging token any more"
    advice = "Reading has to begin again from the last date that was read."


class TooMany(MarketoFailure):
    happened = "More matches than Marketo gives for one question"
    advice = "The question has to be narrower."


class QueueFull(MarketoFailure):
    happened = "Marketo's queue of bulk extracts is full"
    advice = "Wait until other extracts have ended, or cancel one in Marketo."


class AlreadyQueued(MarketoFailure):
    happened = "This bulk extract is in the queue already"
    advice = "Ask for its status."


class NotReady(MarketoFailure):
    happened = "The file of this bulk extract is not ready, or gone"
    advice = "Files are kept for 7 days; after that the extract has to be made again."


class DamagedFile(MarketoFailure):
    happened = "The file of this bulk extract did not arrive as Marketo made it, and was deleted"
    advice = "Download it again; if it stays so, make the extract again."


class Unreachable(MarketoFailure):
    happened = "Marketo does not answer as it should"
    advice = (
        "Check the network and CHATPANE_MARKETO_URL, or wait: it may be busy. Nothing that is stored is lost."
    )


class TookTooLong(Unreachable):
    happened = "Marketo took too long over this call"
    advice = "A smaller question may work."


class TooFast(Unreachable):
    happened = "Marketo has more calls than it allows at a time"
    advice = "Chatpane has slowed down; other integrations share this limit, and one of them may not have."


class Refused(MarketoFailure):
    happened = "Marketo refused the call"
    advice = "This may be a fault of Chatpane: report it with the code."


def _line(text: str) -> str:
    printable = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(printable.split())[:LONGEST_MESSAGE]


@dataclass(frozen=True)
class Rule:
    """What a code means (``kind``; None: nothing was found, which is no failure) and whether to try again."""

    kind: type[MarketoFailure] | None
    again: Again = Again.NEVER


RULES: dict[str, Rule] = {
    "502": Rule(Unreachable, Again.BACKED_OFF),
    "601": Rule(BadCredentials, Again.RENEWED),
    "602": Rule(BadCredentials, Again.RENEWED),
    "603": Rule(AccessDenied),
    "604": Rule(TookTooLong, Again.FEW_TIMES),
    "606": Rule(TooFast, Again.SLOWER),
    "607": Rule(QuotaUsedUp),
    "608": Rule(Unreachable, Again.IN_MINUTES),
    "609": Rule(Refused),
    "610": Rule(NotAvailable),
    "611": Rule(Unreachable, Again.FEW_TIMES),
    "612": Rule(Refused),
    "613": Rule(Refused),
    "614": Rule(Unreachable, Again.IN_MINUTES),
    "615": Rule(TooFast, Again.SHORTLY),
    "616": Rule(NotAvailable),
    "702": Rule(None),
    "703": Rule(NotAvailable),
    "713": Rule(Unreachable, Again.IN_MINUTES),
    "1004": Rule(None),  # deleted, or merged away
    "1008": Rule(AccessDenied),
    "1013": Rule(None),
    "1018": Rule(NotAvailable),
    "1035": Rule(NotAvailable),
}
UNKNOWN = Rule(Refused)
UNKNOWN_OF_SERVER = Rule(Unreachable, Again.FEW_TIMES)  # 6xx

STALE = frozenset({"701", "704", "1003"})
# The same code for three things, which Marketo's message alone tells apart.
EXPORT_MESSAGES: tuple[tuple[str, type[MarketoFailure]], ...] = (
    ("quota", BulkQuotaUsedUp),
    ("already", AlreadyQueued),
    ("queue", QueueFull),
)


def rule_of(code: str, message: str, *, paged: bool) -> Rule:
    """Return what a code means in a call; ``paged`` when the call had a paging token."""
    said = message.casefold()
    if code == "1029":
        return Rule(next((kind for word, kind in EXPORT_MESSAGES if word in said), Refused))
    if code == "1003" and "too many" in said:
        return Rule(TooMany)
    if code in STALE and paged:
        return Rule(StaleCursor)
    is_of_server = len(code) == 3 and code.startswith("6")
    return RULES.get(code, UNKNOWN_OF_SERVER if is_of_server else UNKNOWN)


def next_midnight(now: datetime) -> datetime:
    """Return the time, in UTC, when Marketo next begins a day; ``now`` is aware."""
    tomorrow = now.astimezone(MARKETO_MIDNIGHT).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), MARKETO_MIDNIGHT).astimezone(UTC)
