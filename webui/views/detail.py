"""What the detail of an activity says, field by field, in the viewer's words.

The first list holds exactly the fields that the vocabulary gives for the type, in its order; a field
without a value stays, as a dash. What else is known comes after, folded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext

from webui import wording
from webui.feeds.activity import Whole
from webui.transcripts import is_bot, is_named, turns_of
from webui.views.paths import detail_path
from webui.vocabulary import APPOINTMENT, BY_KEY, CHAT, OPEN

ABOUT = ("page", "form-name", "subject", "score-name", "description")  # what an activity is about


@dataclass(frozen=True)
class Field:
    """A field of the first list: a text, a link, a time or a status; none of them is a dash.

    ``remark`` says what the value leaves open, such as a time whose zone nobody stated. ``host`` says where
    a link leads whose text does not.
    """

    key: str
    text: str | None = None
    href: str | None = None
    at: datetime | None = None
    status: str | None = None
    remark: str | None = None
    host: str | None = None


@dataclass(frozen=True)
class Said:
    """A turn of a conversation; ``by`` is bot, agent or visitor, or unknown where no name stands."""

    by: str
    speaker: str | None
    time: str | None
    text: str


@dataclass(frozen=True)
class Detail:
    """An activity's detail: ``facts`` are labelled texts, ``missing_transcript`` says why there is none.

    ``turns`` are the transcript's, none where it does not tell who spoke.
    """

    whole: Whole
    fields: tuple[Field, ...]
    facts: tuple[tuple[str, str], ...]
    summary: str | None
    transcript: str | None
    missing_transcript: str | None
    url: str
    turns: tuple[Said, ...] = ()
    has_appointment: bool = False


def describe(whole: Whole) -> Detail:
    """Return what the detail of an activity shows."""
    of_type = BY_KEY[whole.type_key]
    fields = tuple(_field(key, whole) for key in of_type.fields)
    shown = tuple(one for one in fields if one.key not in of_type.optional or _says_something(one))
    return Detail(
        whole=whole,
        fields=shown,
        facts=_facts(whole),
        summary=whole.values["summary"],
        transcript=whole.values["transcript"],
        missing_transcript=_missing_transcript(whole),
        url=detail_path(whole.type_key, whole.id),
        turns=said_in(whole),
        has_appointment=has_appointment(whole),
    )


def has_appointment(whole: Whole) -> bool:
    """Whether an activity is an appointment at a time that could be read."""
    return whole.type_key == APPOINTMENT and whole.values["scheduled_for"] is not None


def said_in(whole: Whole) -> tuple[Said, ...]:
    """Return the turns of an activity's transcript: a speaker neither bot nor agent is the visitor."""
    turns = turns_of(whole.values["transcript"] or "")
    return tuple(Said(_who(one.speaker, whole), one.speaker, one.time, one.text) for one in turns)


def _who(speaker: str | None, whole: Whole) -> str:
    if speaker is None:
        return "unknown"
    if is_bot(speaker):
        return "bot"
    is_visitor = is_named(speaker, whole.person_name)
    return "agent" if not is_visitor and is_named(speaker, whole.values["agent_name"]) else "visitor"


def _says_something(field: Field) -> bool:
    return any((field.text, field.at, field.status))


def _field(key: str, whole: Whole) -> Field:
    return _FIELDS.get(key, _told)(key, whole)


def _about(key: str, whole: Whole) -> Field:
    return Field(key, text=whole.dialogue_name)


def _page_url(key: str, whole: Whole) -> Field:
    address = whole.values["page_url"]
    return Field(key, text=address, href=web_address(address))


def _status(key: str, whole: Whole) -> Field:
    return Field(key, status=whole.status)


def _agent(key: str, whole: Whole) -> Field:
    named = (whole.values["agent_name"], whole.values["agent_email"])
    return Field(key, text=" · ".join(dict.fromkeys(one for one in named if one)) or None)


def _goal_name(key: str, whole: Whole) -> Field:
    return Field(key, text=whole.values["goal_name"])


def _document(key: str, whole: Whole) -> Field:
    name, address = whole.values["document_name"], whole.values["document_url"]
    href = web_address(address)
    host = urlsplit(href).hostname if href and name else None
    return Field(key, text=name or address, href=href, host=host)


def _scheduled_on(key: str, whole: Whole) -> Field:
    at, text = whole.values["scheduled_for"], whole.values["scheduled_text"]
    if at is None:
        remark = gettext("as Marketo wrote it; not a date that can be read") if text else None
        return Field(key, text=text, remark=remark)
    remark = gettext("Marketo stated no time zone; taken as UTC") if text else None
    return Field(key, at=at, remark=remark)


def _link(key: str, whole: Whole) -> Field:
    """Return the link that was clicked: what a clicked link is about, and a field of its own of an e-mail."""
    is_about = BY_KEY[whole.type_key].fields[0] == key
    address = whole.dialogue_name if is_about else _told_text(key, whole)
    return Field(key, text=address, href=web_address(address))


def _change(key: str, whole: Whole) -> Field:
    return Field(key, text=None if whole.score_change is None else wording.change(whole.score_change))


def _new_score(key: str, whole: Whole) -> Field:
    return Field(key, text=None if whole.new_score is None else wording.number(whole.new_score))


def _told(key: str, whole: Whole) -> Field:
    text = _told_text(key, whole)
    return Field(key, text=text, href=web_address(text))


def _told_text(key: str, whole: Whole) -> str | None:
    return (whole.values["told"] or {}).get(key)


_FIELDS: dict[str, Callable[[str, Whole], Field]] = {
    **dict.fromkeys(("dialogue-name", *ABOUT), _about),
    "link": _link,
    "change": _change,
    "new-score": _new_score,
    "page-url": _page_url,
    "status": _status,
    "agent": _agent,
    "goal-name": _goal_name,
    "document": _document,
    "scheduled-on": _scheduled_on,
}


def web_address(text: str | None) -> str | None:
    """Return ``text`` if it is an http or https address, and so may be a link; None otherwise."""
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def _facts(whole: Whole) -> tuple[tuple[str, str], ...]:
    values = whole.values
    score, topics = values["score"], values["topics"]
    found: list[tuple[str, str | None]] = [
        (gettext("Conversation score"), None if score is None else gettext("%(score)s of 3", score=score)),
        (gettext("Topics"), " · ".join(topics) if topics else None),
        (gettext("Routing queue"), values["routing_queue"]),
        (gettext("Where"), _where(whole)),
        *((name, str(value)) for name, value in (values["extra"] or {}).items()),
        (
            gettext("Date as written"),
            gettext("%(text)s; Marketo stated no time zone, it is taken as UTC", text=values["at_text"])
            if values["at_text"]
            else None,
        ),
        *([] if whole.person_crm_id is None else _ids(whole)),
    ]
    return tuple((name, text) for name, text in found if text)


def _where(whole: Whole) -> str | None:
    if BY_KEY[whole.type_key].family != CHAT.key:
        return None
    return gettext("conversational flow") if whole.values["is_flow"] else gettext("dialogue")


def _ids(whole: Whole) -> list[tuple[str, str | None]]:
    """Return for whom Marketo logged an activity, and as what; nobody is told of a deleted person."""
    values = whole.values
    return [
        (gettext("Marketo lead id"), str(whole.marketo_id)),
        (
            gettext("Logged for"),
            gettext("Marketo lead %(id)s, since merged into this one", id=values["merged_from"])
            if values["merged_from"]
            else None,
        ),
        (
            gettext("Came from"),
            gettext("lead %(crm_id)s, since converted", crm_id=whole.converted_from)
            if whole.converted_from
            else None,
        ),
    ]


def _missing_transcript(whole: Whole) -> str | None:
    if whole.values["transcript"] or not BY_KEY[whole.type_key].has_transcript:
        return None
    if whole.person_crm_id is None:
        return gettext("What was said was deleted with the person.")
    if whole.status == OPEN:
        return gettext("The conversation is not finished yet; its transcript comes when it is.")
    return gettext("No transcript was logged for this conversation.")
