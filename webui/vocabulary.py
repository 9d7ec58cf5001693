"""The one table of chat activity types: what each is called, shows and may say.

Parsing, storing, filtering, the detail and the tests all read it. To add a type is to add a row to
``TYPES``. Data and look-ups only; nothing here touches a request, a database or a file.

Labels are the field's words (Marketo Sales Insight), in each language of ``LANGUAGES``. Statuses are
in the order in which they may follow each other: an activity never goes back to an earlier one.
The names Marketo gives its types vary between subscriptions, so ``words_of``
reduces a name to the set of words that matter and ``resolve`` compares sets, never substrings.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

Labels = MappingProxyType[str, str]

LANGUAGES = ("en", "ja")


def _labels(en: str, ja: str) -> Labels:
    return MappingProxyType({"en": en, "ja": ja})


@dataclass(frozen=True)
class Status:
    """A value of a status attribute: its key, its labels and other spellings that mean it."""

    key: str
    labels: Labels
    tone: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActivityType:
    """A type of activity.

    ``fields`` are keys of ``FIELDS``, in the order of the detail. ``names`` are Marketo's names,
    ``status_attribute`` its attribute that holds the status (lower case, without blanks); ``optional``
    fields show only when known.
    """

    key: str
    family: str
    labels: Labels
    fields: tuple[str, ...]
    statuses: tuple[Status, ...]
    icon: str
    listed_globally: bool
    names: tuple[str, ...]
    status_attribute: str | None = None
    has_transcript: bool = False
    optional: frozenset[str] = frozenset()

    def status(self, text: str) -> Status | None:
        """Return the status that ``text`` spells, whatever its case; None if the type has no such one."""
        return self._by_spelling.get(text.strip().casefold())

    @cached_property
    def _by_spelling(self) -> dict[str, Status]:
        return {spelling: one for one in self.statuses for spelling in (one.key, *one.spellings)}

    def rank(self, status: str | None) -> int:
        """Return how far along ``status`` is, -1 for none: a later one replaces an earlier one."""
        return next((place for place, one in enumerate(self.statuses) if one.key == status), -1)


@dataclass(frozen=True)
class Family:
    """A family of activities: one row of the dashboard's grid."""

    key: str
    labels: Labels
    icon: str


CHAT = Family("chat", _labels("Chat", "チャット"), icon="speech")
FAMILIES = (CHAT,)

OPEN = "initiated"

_CONVERSATION = (
    Status(OPEN, _labels("Initiated", "開始済み"), "open"),
    Status("dropped", _labels("Dropped", "離脱済み"), "quiet"),
    Status("completed", _labels("Completed", "完了済み"), "good"),
)
_MEETING = (
    Status("scheduled", _labels("Scheduled", "スケジュール済み"), "good"),
    Status("rescheduled", _labels("Rescheduled", "再スケジュール済み"), "open"),
    Status("cancelled", _labels("Cancelled", "キャンセル済み"), "bad", ("canceled",)),
)
_DOCUMENT = (
    Status("opened", _labels("Opened", "開封済み"), "open"),
    Status("downloaded", _labels("Downloaded", "ダウンロード済み"), "good"),
)

APPOINTMENT = "scheduled-appointment"
DOCUMENT = "interacted-with-document"

TYPES = (
    ActivityType(
        key="engaged-dialogue",
        family="chat",
        labels=_labels("Engaged Dialogue", "ダイアログにエンゲージ"),
        fields=("dialogue-name", "page-url", "status"),
        statuses=_CONVERSATION,
        icon="speech",
        listed_globally=True,
        names=("Engaged with a Dialogue", "Engaged with a Conversational Flow"),
        status_attribute="conversationstatus",
        has_transcript=True,
    ),
    ActivityType(
        key="agent-engaged",
        family="chat",
        labels=_labels("Engaged with an Agent", "エージェントにエンゲージ"),
        fields=("dialogue-name", "agent", "page-url", "status"),
        statuses=_CONVERSATION,
        icon="agent",
        listed_globally=False,
        names=("Engaged with an Agent in Dialogue", "Engaged with an Agent in Conversational Flow"),
        status_attribute="conversationstatus",
        has_transcript=True,
        optional=frozenset(("dialogue-name", "agent", "page-url", "status")),
    ),
    ActivityType(
        key=APPOINTMENT,
        family="chat",
        labels=_labels("Scheduled Appointment", "予定をスケジュール"),
        fields=("dialogue-name", "agent", "page-url", "scheduled-on", "status"),
        statuses=_MEETING,
        icon="calendar",
        listed_globally=True,
        names=("Scheduled Meeting in Dialogue", "Scheduled Meeting in Conversational Flow"),
        status_attribute="meetingstatus",
    ),
    ActivityType(
        key="reached-goal",
        family="chat",
        labels=_labels("Reached Goal", "目標を達成"),
        fields=("dialogue-name", "goal-name", "page-url"),
        statuses=(),
        icon="goal",
        listed_globally=True,
        names=("Reached Dialogue Goal", "Reached Conversational Flow Goal"),
    ),
    ActivityType(
        key=DOCUMENT,
        family="chat",
        labels=_labels("Interacted with Document", "ドキュメントの操作"),
        fields=("dialogue-name", "document", "status"),
        statuses=_DOCUMENT,
        icon="document",
        listed_globally=False,
        names=("Interacted with Document in Dialogue", "Interacted with Document in Conversational Flow"),
    ),
)

BY_KEY = MappingProxyType({one.key: one for one in TYPES})
TALKS = tuple(one.key for one in TYPES if one.has_transcript)
GLOBAL_KEYS = tuple(one.key for one in TYPES if one.listed_globally)

FIELDS = MappingProxyType(
    {
        "dialogue-name": _labels("Dialogue Name", "ダイアログ名"),
        "page-url": _labels("Page URL", "ページ URL"),
        "status": _labels("Status", "ステータス"),
        "agent": _labels("Agent", "エージェント"),
        "scheduled-on": _labels("Scheduled on", "スケジュール日"),
        "goal-name": _labels("Goal Name", "目標名"),
        "document": _labels("Document", "ドキュメント"),
    }
)

COLUMNS = MappingProxyType(
    {
        "person": _labels("Person", "人物"),
        "account": _labels("Account", "アカウント"),
        "name": _labels("Name", "名前"),
        "activity-type": _labels("Activity Type", "アクティビティタイプ"),
        "dialogue-name": FIELDS["dialogue-name"],
        "date": _labels("Date", "日付"),
        "date-and-time": _labels("Date and Time", "日時タイムスタンプ"),
    }
)

PANELS = MappingProxyType(
    {
        "leads": (_labels("Lead", "リード"), _labels("Leads", "リード")),
        "contacts": (_labels("Contact", "取引先責任者"), _labels("Contacts", "取引先責任者")),
        "accounts": (_labels("Account", "アカウント"), _labels("Accounts", "アカウント")),
        "opportunities": (_labels("Opportunity", "商談"), _labels("Opportunities", "商談")),
    }
)

PARTS = MappingProxyType(
    {
        "smart-grid": _labels("smart grid", "スマートグリッド"),
        "weekly-list": _labels("weekly list view", "週別リスト表示"),
    }
)

# Where activities come from. Pushed ones are sent to us; all others are read.
SOURCES = MappingProxyType(
    {
        "marketo-rest": _labels("Marketo REST API", "Marketo REST API"),
        "adobe-io": _labels("Adobe I/O Events", "Adobe I/O Events"),
        "marketo-activities": _labels("Marketo activity push", "Marketo アクティビティプッシュ"),
        "files": _labels("Imported files", "インポートしたファイル"),
    }
)
PUSHED = ("adobe-io", "marketo-activities")

PERSON_COLUMNS = ("activity-type", "dialogue-name", "date")
GROUP_COLUMNS = ("name", "activity-type", "dialogue-name", "date")
GLOBAL_COLUMNS = ("person", "account", "activity-type", "dialogue-name", "date")

# A custom type of a customer may bear a similar name: from here up only an override makes it ours.
CUSTOM_IDS_FROM = 100_000

_STEMS = (("engag", "engage"), ("interact", "interact"), ("reach", "reach"), ("schedul", "schedule"))
_SAME = MappingProxyType({"dialog": "dialogue", "appointment": "meeting"})
_DROPPED = frozenset(("a", "an", "the", "in", "with"))


def words_of(name: str) -> frozenset[str]:
    """Reduce a Marketo type's name to the words that tell it apart, so that spellings of one type agree.

    Lower case, punctuation gone, articles dropped, verbs by stem, dialog = dialogue, appointment =
    meeting, conversation(al) form or flow = flow.
    """
    words = re.sub(r"[\W_]+", " ", name.lower()).split()
    talk = any(word.startswith("conversation") for word in words)
    kept = set()
    for word in words:
        if word in _DROPPED or (talk and word in ("conversation", "conversational")):
            continue
        if talk and word in ("flow", "form", "flows", "forms"):
            kept.add("flow")
            continue
        stem = next((full for start, full in _STEMS if word.startswith(start)), word)
        kept.add(_SAME.get(stem, stem))
    return frozenset(kept)


_BY_WORDS = MappingProxyType({words_of(name): one for one in TYPES for name in one.names})


_TELLING = frozenset(("dialogue", "flow", "chat", "agent", "conversation", "conversational"))


def resembles(name: str) -> bool:
    """Whether Marketo's name of a type sounds like one of ours, whatever ``resolve`` makes of it."""
    return bool(words_of(name) & _TELLING)


def resolve(name: str) -> tuple[ActivityType, bool] | None:
    """Return the type that Marketo calls ``name`` and whether it is the conversational flow's variant.

    None when the vocabulary does not have it. Words are compared as whole sets: "Engaged with an
    Agent in Dialogue" contains the words of another type.
    """
    words = words_of(name)
    found = _BY_WORDS.get(words)
    return None if found is None else (found, "flow" in words)
