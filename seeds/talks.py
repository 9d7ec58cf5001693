"""Transcripts, summaries and topics, put together from the talks in English and Japanese.

A transcript is plain text, one turn a line: ``Bot: …``, ``<visitor>: …``, ``<agent>: …``. The same random
source gives the same words, and a talk always has 6 to 20 turns.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import talks_en
import talks_ja

MAX_TURNS = 20
TIMES = ("09:30", "10:00", "11:00", "13:30", "14:00", "15:30", "16:00")

Turn = tuple[str, str]


@dataclass(frozen=True)
class Talk:
    """One subject: how it opens, what may follow, and how it is summed up."""

    topics: tuple[str, ...]
    summary: str
    opening: tuple[Turn, ...]
    exchanges: tuple[tuple[Turn, ...], ...]


@dataclass(frozen=True)
class Scene:
    """Who talks with whom about what, and how it ends (a key of ``ENDINGS``)."""

    lang: str
    subject: str
    visitor: str
    address: str
    ending: str
    agent: str
    live: bool = False
    """Whether the agent took over from the bot."""


@dataclass(frozen=True)
class Words:
    """What is logged of a finished conversation."""

    transcript: str
    summary: str
    topics: tuple[str, ...]


def speak(scene: Scene, rng: random.Random) -> Words:
    """Return the words of a finished conversation for ``scene``."""
    module = _module(scene.lang)
    talk = _talk(module.TALKS[scene.subject])
    slots = {
        "visitor": scene.address,
        "agent": scene.agent,
        "time": rng.choice(TIMES),
        "seats": str(rng.randint(12, 95)),
        "sites": str(rng.randint(2, 9)),
    }
    turns = _turns(scene, talk, module, rng)
    lines = [f"{_speaker(who, scene)}: {text.format_map(slots)}" for who, text in turns]
    summary = module.SENTENCE_GAP.join((talk.summary, module.OUTCOMES[scene.ending])).format_map(slots)
    topics = tuple(rng.sample(talk.topics, rng.randint(1, len(talk.topics))))
    return Words("\n".join(lines), summary, topics)


def _turns(scene: Scene, talk: Talk, module: ModuleType, rng: random.Random) -> list[Turn]:
    """Return opening, hand-over if any, some exchanges, and the ending."""
    ending = rng.choice(_groups(module.ENDINGS[scene.ending]))
    if scene.live and scene.ending != "meeting":  # there the bot speaks of the agent
        ending = _by_agent(ending)
    turns = list(talk.opening)
    if scene.live:
        turns += rng.choice(_groups(module.HANDOVER))
    for exchange in rng.sample(talk.exchanges, rng.randint(2, len(talk.exchanges))):
        if len(turns) + len(exchange) + len(ending) > MAX_TURNS:
            break
        turns += _by_agent(exchange) if scene.live else exchange
    return turns + list(ending)


def _by_agent(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Give the bot's turns to the agent."""
    return tuple(("A" if who == "B" else who, text) for who, text in turns)


def _speaker(who: str, scene: Scene) -> str:
    """Return the name in front of a turn."""
    return {"B": "Bot", "V": scene.visitor, "A": scene.agent}[who]


def _module(lang: str) -> ModuleType:
    """Return the talks in Japanese for ``ja``, those in English for everyone else."""
    return talks_ja if lang == "ja" else talks_en


def _talk(block: str) -> Talk:
    """Read one block of ``TALKS``."""
    head, _, body = block.strip().partition("\n\n")
    fields: Mapping[str, str] = dict(_field(line) for line in head.splitlines())
    opening, *exchanges = _groups(body)
    return Talk(tuple(fields["topics"].split(", ")), fields["summary"], opening, tuple(exchanges))


def _groups(text: str) -> list[tuple[Turn, ...]]:
    """Return the groups of turns, which blank lines part."""
    return [tuple(_field(line) for line in group.splitlines()) for group in text.strip().split("\n\n")]


def _field(line: str) -> tuple[str, str]:
    """Split ``name: value`` at the first colon."""
    name, _, value = line.partition(": ")
    return name, value
