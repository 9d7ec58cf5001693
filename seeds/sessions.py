"""Ordinary chats: a person opens a dialogue, and maybe reads, agrees, books, moves and cancels.

Each person has an own random source. A session has no id in the log; its activities only share the
person, the dialogue and the hour, as in a real one.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import chats
import website
from chats import Activity, Place, Value
from clock import NEWEST, appointment, visit_times
from people import Person
from talks import Scene, Words, speak
from website import Agent

FLOW_SHARE = 0.2
TRUE: tuple[Value, ...] = (True, "true", "yes", 1, "1")
"""The spellings of a document flag that is set."""
SUBJECT_DOCUMENTS = {
    "pricing": 0,
    "security": 1,
    "migration": 2,
    "product": 3,
    "demo": 4,
    "integration": 5,
    "event": 6,
    "support": 5,
    "trial": 3,
}


@dataclass(frozen=True)
class Visit:
    """One session of one person. ``lively`` sessions lead to more than a first click."""

    person: Person
    place: Place
    at: datetime
    agent: Agent
    rng: random.Random
    lively: bool = False


def of_person(person: Person) -> Iterator[Activity]:
    """Yield the activities of all ordinary sessions of a person."""
    if not person.marketo_ids:
        return
    rng = random.Random(f"visits-{person.key}")
    for at in visit_times(rng, person.offset, person.visits):
        yield from session(person, at, rng)


def session(person: Person, at: datetime, rng: random.Random, *, lively: bool = False) -> list[Activity]:
    """Return the activities of one session that begins at ``at``."""
    lang = website.for_language(person.lang)
    pool = website.FLOWS if rng.random() < FLOW_SHARE else website.DIALOGUES
    asset = rng.choice([asset for asset in pool if asset.lang == lang])
    page = None if rng.random() < 0.02 else rng.choice(asset.pages)
    place = Place(rng.choice(person.marketo_ids), asset, page, rng.choice(website.UI_TYPES))
    agent = rng.choice([agent for agent in website.AGENTS if agent.lang == lang])
    found = list(_session(Visit(person, place, at, agent, rng, lively)))
    return [_thinned(activity, rng) for activity in found if activity.at <= NEWEST]


def _session(visit: Visit) -> Iterator[Activity]:
    """Yield the engagement and what follows it."""
    rng, chance = visit.rng, 1.8 if visit.lively else 1.0
    status = rng.choices(("Initiated", "Dropped", "Completed"), (8 if visit.lively else 20, 28, 52))[0]
    if status == "Initiated":
        yield chats.engaged(visit.place, visit.at, _spelt(status, rng))
        return
    book = status == "Completed" and rng.random() < 0.27 * chance
    agree, read = rng.random() < 0.30 * chance, rng.random() < 0.27 * chance
    ending = "dropped" if status == "Dropped" else "meeting" if book else _ending(agree, read)
    words = _words(visit, ending) if rng.random() < 0.8 else None
    yield chats.engaged(visit.place, visit.at, _spelt(status, rng), words, _score(rng))
    if rng.random() < 0.17 * chance:
        yield _with_agent(visit, ending, status)
    if read:
        yield _document(visit)
    if agree:
        yield _goal(visit)
    if book:
        yield from _meetings(visit)


def _ending(agree: bool, read: bool) -> str:
    """Return how a completed talk ends that books nothing."""
    return "goal" if agree else "document" if read else "completed"


def _words(visit: Visit, ending: str, *, live: bool = False) -> Words:
    """Return the transcript of a session; the summary and the topics are not always there."""
    person, rng, asset = visit.person, visit.rng, visit.place.asset
    scene = Scene(asset.lang, asset.subject, person.name, person.address, ending, visit.agent.name, live)
    words = speak(scene, rng)
    return replace(
        words,
        summary=words.summary if rng.random() < 0.6 else "",
        topics=words.topics if rng.random() < 0.6 else (),
    )


def _with_agent(visit: Visit, ending: str, status: str) -> Activity:
    """Return the agent's part; dialogue, status and transcript are only sometimes known."""
    rng = visit.rng
    place = visit.place
    if rng.random() < 0.25:
        place = replace(place, asset=replace(place.asset, name="", id=None, renamed=None))
    known = rng.random() < 0.75
    agent = None if rng.random() < 0.04 else visit.agent
    words = _words(visit, ending, live=True) if known else None
    return chats.agent_engaged(
        place, _later(visit, 2, 6), agent, status if known else None, words, _score(rng)
    )


def _document(visit: Visit) -> Activity:
    """Return a document that was opened, downloaded, both, or only offered."""
    rng, asset = visit.rng, visit.place.asset
    own = [document for document in website.DOCUMENTS if document.lang == asset.lang]
    fitting = own[SUBJECT_DOCUMENTS.get(asset.subject, 0)]
    shown = fitting if rng.random() < 0.7 else rng.choice(own)
    kind = rng.choices(("opened", "downloaded", "both", "neither"), (45, 20, 28, 7))[0]
    opened = rng.choice(TRUE) if kind in {"opened", "both"} else rng.choice((False, None))
    downloaded = rng.choice(TRUE) if kind in {"downloaded", "both"} else rng.choice((False, None))
    return chats.document(visit.place, _later(visit, 3, 9), shown, opened, downloaded)


def _goal(visit: Visit) -> Activity:
    """Return a goal, most often the one that fits the subject."""
    rng, asset = visit.rng, visit.place.asset
    fitting = {"pricing": 0, "demo": 1, "trial": 2, "migration": 3, "event": 5}.get(asset.subject, 4)
    goals = website.GOALS[asset.lang]
    return chats.goal(
        visit.place, _later(visit, 4, 11), goals[fitting] if rng.random() < 0.6 else rng.choice(goals)
    )


def _meetings(visit: Visit) -> Iterator[Activity]:
    """Yield a booking, and maybe its being moved and cancelled, each an activity of its own."""
    rng, place, offset = visit.rng, visit.place, visit.person.offset
    agent = None if rng.random() < 0.04 else visit.agent
    at = _later(visit, 5, 14)
    due = appointment(rng, at, offset)
    yield chats.meeting(place, at, agent, _spelt("Scheduled", rng), _logged_time(due, visit))
    moved = rng.random() < 0.3
    if moved:
        at += timedelta(minutes=rng.randint(40, 2400), seconds=rng.randrange(60))
        due = appointment(rng, max(at, due - timedelta(days=1)), offset)
        yield chats.meeting(place, at, agent, _spelt("Rescheduled", rng), _logged_time(due, visit))
    if rng.random() < (0.35 if moved else 0.14):
        at += timedelta(minutes=rng.randint(60, 1500), seconds=rng.randrange(60))
        status = "Canceled" if rng.random() < 0.12 else _spelt("Cancelled", rng)
        yield chats.meeting(place, at, agent, status, _logged_time(due, visit))


def _logged_time(due: datetime, visit: Visit) -> str:
    """Write an appointment: mostly with the local offset, else in UTC with or without saying so."""
    style = visit.rng.choices(("local", "zulu", "bare", "words"), (72, 16, 11, 0.6))[0]
    if style == "words":
        return "来週の火曜日の午後" if visit.place.asset.lang == "ja" else "next Tuesday, after lunch"
    return written(
        due, visit.person.offset if style == "local" else None, zone="" if style == "bare" else "Z"
    )


def written(due: datetime, offset: int | None, *, zone: str = "Z") -> str:
    """Write a moment in ISO: at an offset in hours, or in UTC followed by ``zone``."""
    if offset is None:
        return due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + zone
    return (due + timedelta(hours=offset)).strftime("%Y-%m-%dT%H:%M:%S") + f"{offset:+03d}:00"


def _later(visit: Visit, low: int, high: int) -> datetime:
    """Return a moment some minutes into the session."""
    return visit.at + timedelta(minutes=visit.rng.randint(low, high), seconds=visit.rng.randrange(60))


def _score(rng: random.Random) -> int | None:
    """Return a conversation score, which half of the conversations have."""
    return rng.choice((0, 1, 1, 2, 2, 2, 3, 3)) if rng.random() < 0.5 else None


def _spelt(status: str, rng: random.Random) -> str:
    """Return a status, now and then in another case."""
    return rng.choices((status, status.upper(), status.lower()), (95, 3, 2))[0]


def _thinned(activity: Activity, rng: random.Random) -> Activity:
    """Sometimes log the dialogue's name among the attributes instead, or not at all."""
    chance = rng.random()
    if activity.primary is None or chance > 0.025:
        return activity
    if chance > 0.008:
        label = rng.choice(("Name", "Conversational Flow Name" if activity.is_flow else "Dialogue Name"))
        return replace(activity, primary=None, attributes={**activity.attributes, label: activity.primary})
    return replace(activity, primary=None, primary_id=None)
