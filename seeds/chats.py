"""One activity of the log, and a builder for each of the five chat families.

Builders take what is known and leave out what is not, as the log does. They choose nothing at random.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import activity_types as types
from talks import Words
from website import Agent, Asset, Document

Value = str | int | bool | list[str]


@dataclass(frozen=True)
class Activity:
    """One row of an extract, still without its guid."""

    at: datetime
    lead_id: int
    type_id: int
    primary: str | None = None
    primary_id: int | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    campaign_id: int | None = None

    @property
    def is_flow(self) -> bool:
        """Return whether this happened in a conversational flow."""
        return types.DOCUMENT < self.type_id <= types.DOCUMENT + types.FLOW


@dataclass(frozen=True)
class Place:
    """Whose chat, in which dialogue or flow, on which page, in which kind of window."""

    lead_id: int
    asset: Asset
    page: str | None
    ui_type: str = "chatbot"


def engaged(
    place: Place, at: datetime, status: str, words: Words | None = None, score: int | None = None
) -> Activity:
    """Return an engagement; ``words`` only if it is completed or dropped."""
    return _chat(types.ENGAGED, place, at, {"Conversation Status": status} | _logged(words, score))


def agent_engaged(
    place: Place,
    at: datetime,
    agent: Agent | None,
    status: str | None = None,
    words: Words | None = None,
    score: int | None = None,
) -> Activity:
    """Return a conversation with an agent, who may be unknown."""
    state: dict[str, Value] = {"Conversation Status": status} if status else {}
    return _chat(types.AGENT, place, at, _known(agent) | state | _logged(words, score))


def meeting(place: Place, at: datetime, agent: Agent | None, status: str, scheduled_for: str) -> Activity:
    """Return a step of an appointment; ``scheduled_for`` is the text that is logged."""
    when: dict[str, Value] = {"Meeting Status": status, "Scheduled For": scheduled_for}
    return _chat(types.MEETING, place, at, _known(agent) | when)


def goal(place: Place, at: datetime, name: str) -> Activity:
    """Return a reached goal."""
    return _chat(types.GOAL, place, at, {"Goal Name": name})


def document(
    place: Place, at: datetime, shown: Document, opened: Value | None, downloaded: Value | None
) -> Activity:
    """Return what somebody did with a document; None leaves a flag out."""
    flags = {"Document Opened": opened, "Document Downloaded": downloaded}
    what: dict[str, Value] = {"Document Name": shown.name, "Document URL": shown.url}
    return _chat(
        types.DOCUMENT, place, at, what | {key: flag for key, flag in flags.items() if flag is not None}
    )


def _chat(family: int, place: Place, at: datetime, attributes: dict[str, Value]) -> Activity:
    """Return the activity of a family, in its dialogue or flow variant."""
    asset = place.asset
    if place.page is not None:
        attributes["Page URL"] = place.page
    if asset.flow:
        source_name, source_type = asset.source
        attributes |= {"Source Name": source_name, "Source Type": source_type, "UI Type": place.ui_type}
    type_id = family + (types.FLOW if asset.flow else 0)
    return Activity(at, place.lead_id, type_id, asset.name_at(at) or None, asset.id, attributes)


def _logged(words: Words | None, score: int | None) -> dict[str, Value]:
    """Return what is logged of a finished conversation."""
    found: dict[str, Value] = {} if score is None else {"Conversation Score": score}
    if words is None:
        return found
    texts = {"Conversation Summary": words.summary, "Conversation Transcript": words.transcript}
    found |= {name: text for name, text in texts.items() if text}
    return found | ({"Discussed Topics": list(words.topics)} if words.topics else {})


def _known(agent: Agent | None) -> dict[str, Value]:
    """Return an agent's name, address and queue."""
    if agent is None:
        return {}
    return {"Agent Name": agent.name, "Agent Email": agent.email, "Routing Queue Name": agent.queue}
