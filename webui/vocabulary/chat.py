"""Chat: what Dynamic Chat logs."""

from webui.vocabulary.kinds import ActivityType, Family, Status, labels_of

CHAT = Family(
    "chat",
    labels_of("Chat", "チャット"),
    icon="speech",
    columns=("activity-type", "dialogue-name"),
    about="dialogue-name",
    choice="dialogue",
    is_global=True,
)

OPEN = "initiated"

_CONVERSATION = (
    Status(OPEN, labels_of("Initiated", "開始済み"), "open"),
    Status("dropped", labels_of("Dropped", "離脱済み"), "quiet"),
    Status("completed", labels_of("Completed", "完了済み"), "good"),
)
_MEETING = (
    Status("scheduled", labels_of("Scheduled", "スケジュール済み"), "good"),
    Status("rescheduled", labels_of("Rescheduled", "再スケジュール済み"), "open"),
    Status("cancelled", labels_of("Cancelled", "キャンセル済み"), "bad", ("canceled",)),
)
_DOCUMENT = (
    Status("opened", labels_of("Opened", "開封済み"), "open"),
    Status("downloaded", labels_of("Downloaded", "ダウンロード済み"), "good"),
)

APPOINTMENT = "scheduled-appointment"
DOCUMENT = "interacted-with-document"

TYPES = (
    ActivityType(
        key="engaged-dialogue",
        family="chat",
        labels=labels_of("Engaged Dialogue", "ダイアログにエンゲージ"),
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
        labels=labels_of("Engaged with an Agent", "エージェントにエンゲージ"),
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
        labels=labels_of("Scheduled Appointment", "予定をスケジュール"),
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
        labels=labels_of("Reached Goal", "目標を達成"),
        fields=("dialogue-name", "goal-name", "page-url"),
        statuses=(),
        icon="goal",
        listed_globally=True,
        names=("Reached Dialogue Goal", "Reached Conversational Flow Goal"),
    ),
    ActivityType(
        key=DOCUMENT,
        family="chat",
        labels=labels_of("Interacted with Document", "ドキュメントの操作"),
        fields=("dialogue-name", "document", "status"),
        statuses=_DOCUMENT,
        icon="document",
        listed_globally=False,
        names=("Interacted with Document in Dialogue", "Interacted with Document in Conversational Flow"),
    ),
)
