"""What sources hand to the store: typed records, and rejections with their reason.

A field that a source does not have is ``UNSET`` and changes nothing; ``None`` is an explicit null
and clears. One-line texts are cleaned here, once, of characters that would break a line or turn its
direction; long texts keep their line breaks.
"""

import re
from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from webui.database import storable
from webui.installation import Touched
from webui.models import CRM_ID_LENGTH
from webui.vocabulary import PUSHED

LONGEST_FIELD = 1_000_000

Text = str | UnsetType | None

# C0 and C1 controls, line and paragraph separators, and the marks that override or isolate direction.
_BREAKS_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def one_line(text: str) -> str:
    """Return ``text`` as one line: controls and direction overrides gone, blanks at the ends too."""
    if text.isprintable():  # then it holds nothing of what is looked for below
        return text.strip()
    return storable(_BREAKS_A_LINE.sub(" ", text)).strip()


def long_text(text: str) -> str:
    """Return ``text`` with its lines, line ends as ``\\n``, without what a database cannot hold."""
    return storable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class ActivityRecord(msgspec.Struct, kw_only=True, gc=False):
    """One activity as a source tells it. ``at`` and ``scheduled_for`` are aware UTC.

    ``scheduled_text`` is the appointment's time as written, kept where it had no zone (then ``scheduled_for``
    takes it for UTC) or could not be read (then ``scheduled_for`` is None). So is ``at_text``, the activity's
    own time, where it had no zone. ``merged_from`` is the Marketo id that the source told, where the store
    knows that it was merged into ``marketo_id``. ``dialogue_name`` is what the activity is about, ``told``
    what is told of a family beside chat, by the detail's fields (None clears).
    """

    guid: str
    marketo_id: int
    at: datetime
    type_key: str
    is_flow: bool
    at_text: Text = UNSET
    merged_from: int | UnsetType = UNSET
    dialogue_ref: Text = UNSET
    dialogue_name: Text = UNSET
    status: Text = UNSET
    page_url: Text = UNSET
    agent_name: Text = UNSET
    agent_email: Text = UNSET
    goal_name: Text = UNSET
    document_name: Text = UNSET
    document_url: Text = UNSET
    scheduled_for: datetime | UnsetType | None = UNSET
    scheduled_text: Text = UNSET
    routing_queue: Text = UNSET
    summary: Text = UNSET
    transcript: Text = UNSET
    score: int | UnsetType | None = UNSET
    topics: list[str] | UnsetType | None = UNSET
    score_change: int | UnsetType | None = UNSET
    new_score: int | UnsetType | None = UNSET
    told: dict[str, str | None] | UnsetType = UNSET
    extra: dict[str, Any] | UnsetType = UNSET


class AccountRecord(msgspec.Struct, kw_only=True):
    """A row of accounts.csv."""

    crm_id: str
    name: Text = UNSET


class PersonRecord(msgspec.Struct, kw_only=True):
    """A person as a source tells it. ``is_deleted`` says that the record is no more."""

    kind: str
    crm_id: str
    marketo_id: int | None = None
    first_name: Text = UNSET
    last_name: Text = UNSET
    email: Text = UNSET
    account_crm_id: Text = UNSET
    owner: Text = UNSET
    is_deleted: bool = False


class OpportunityRecord(msgspec.Struct, kw_only=True):
    """A row of opportunities.csv."""

    crm_id: str
    name: Text = UNSET
    account_crm_id: Text = UNSET


class RoleRecord(msgspec.Struct, kw_only=True):
    """Somebody's role in an opportunity. ``is_deleted`` says that it is no more."""

    opportunity_crm_id: str
    person_crm_id: str
    role: str
    is_primary: bool
    is_deleted: bool = False


class LeadRole(NamedTuple):
    """A role as Marketo's REST API tells it, by its own id of the person."""

    marketo_id: int
    opportunity_crm_id: str
    role: str
    is_primary: bool


class MergeRecord(msgspec.Struct, frozen=True):
    """People in Marketo who are one from now on: the ``losers`` are ``winner``."""

    losers: tuple[int, ...]
    winner: int


class DeletionRecord(msgspec.Struct, frozen=True):
    """A person who was deleted in Marketo."""

    marketo_id: int


Record = (
    ActivityRecord
    | AccountRecord
    | PersonRecord
    | OpportunityRecord
    | RoleRecord
    | MergeRecord
    | DeletionRecord
)


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where a row stood: its line in the file (the first is 1) and its text.

    ``is_exact`` is False where the text is not what the file holds: what no database can store was
    written out, or it was cut. Such a text cannot be read again.
    """

    line: int
    body: str
    is_exact: bool = True


class Rejection(msgspec.Struct, kw_only=True):
    """A row that cannot be used: which column is wrong, and why, in a sentence."""

    line: int
    body: str
    reason: str
    is_exact: bool = True
    column: str | None = None
    guid: str | None = None

    @classmethod
    def of(cls, origin: Origin, bad: "BadRow") -> "Rejection":
        """Return the rejection of the row at ``origin`` because of ``bad``."""
        return cls(
            line=origin.line,
            body=origin.body,
            is_exact=origin.is_exact,
            reason=bad.reason,
            column=bad.column,
            guid=bad.guid,
        )


def crm_id(value: str, column: str) -> str:
    """Return a CRM id, which must be able to stand in a URL's path; raise BadRow if it cannot."""
    if len(value) > CRM_ID_LENGTH:
        raise BadRow(column, f"the id has {len(value)} characters, more than {CRM_ID_LENGTH}")
    if "/" in value or "\\" in value or value in (".", "..") or value != one_line(value):
        raise BadRow(column, f"{value!r} cannot be an id: it would not stand in a link")
    return value


class BadRow(Exception):
    """A row cannot become a record: ``column`` is wrong because of ``reason``."""

    def __init__(self, column: str | None, reason: str, guid: str | None = None) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
        self.guid = guid


# Sources that are no files, and the kind of records that each brings; a file's source is its kind.
KIND_OF = {
    "marketo-rest": "activities",
    "adobe-io": "activities",
    "marketo-activities": "activities",
    "marketo-leads": "people",
    "marketo-companies": "accounts",
    "marketo-opportunities": "opportunities",
    "marketo-roles": "roles",
    "marketo-merges": "merges",
    "marketo-deletions": "deletions",
}


class Outcome(msgspec.Struct):
    """How many records did what, and those that could not go in.

    ``touched`` is None where more than activities was written.
    """

    counts: Counter[str]
    rejections: list[Rejection]
    touched: Touched | None = None

    @property
    def stored(self) -> int:
        """How many records the store holds now, whether they were new or not."""
        return sum(self.counts[what] for what in ("added", "updated", "unchanged"))


class Batch(msgspec.Struct, kw_only=True):
    """What one transaction takes: records of one kind with their origins, rejections, and what was left out.

    ``source`` is a key of ``KIND_OF`` or the kind of file: ``activities``, ``accounts``, ``people``,
    ``opportunities`` or ``roles``. ``file`` is the file's name, or says in words what was read;
    ``header`` is a file's first line (to try a row again by). ``ignored`` counts what is not ours, by
    Marketo's name of its type, ``foreign`` what was meant for somebody else, ``of_deleted`` what could not
    be used and is about people who were deleted; ``warnings`` are sentences.
    """

    source: str
    file: str
    header: str = ""
    records: list[tuple[Record, Origin]] = msgspec.field(default_factory=list)
    rejections: list[Rejection] = msgspec.field(default_factory=list)
    ignored: Counter[str] = msgspec.field(default_factory=Counter)
    warnings: Counter[str] = msgspec.field(default_factory=Counter)
    foreign: int = 0
    of_deleted: int = 0

    @property
    def kind(self) -> str:
        """What the records are."""
        return KIND_OF.get(self.source, self.source)

    @property
    def is_pushed(self) -> bool:
        """Whether the records were sent to us, not read by us."""
        return self.source in PUSHED

    @property
    def read(self) -> int:
        """How many rows of the file this batch stands for."""
        left_out = self.ignored.total() + self.foreign + self.of_deleted
        return len(self.records) + len(self.rejections) + left_out
