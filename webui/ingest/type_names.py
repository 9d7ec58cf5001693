"""Which of our types Marketo means by a name.

The names that Marketo gives its types vary between subscriptions, so ``words_of`` reduces a name to the set
of words that matter and ``resolve`` compares sets, never substrings.
"""

import re
from types import MappingProxyType

from webui.vocabulary import TYPES, ActivityType

# A custom type of a customer may bear a similar name: from here up only an override makes it ours.
CUSTOM_IDS_FROM = 100_000

_STEMS = (
    ("engag", "engage"),
    ("interact", "interact"),
    ("reach", "reach"),
    ("schedul", "schedule"),
    ("visit", "visit"),
    ("fill", "fill"),
    ("click", "click"),
    ("sen", "send"),
    ("open", "open"),
    ("deliver", "deliver"),
    ("bounc", "bounce"),
    ("receiv", "receive"),
    ("repl", "reply"),
    ("chang", "change"),
)
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
    """Whether Marketo's name of a type sounds like one of chat's, whatever ``resolve`` makes of it."""
    return bool(words_of(name) & _TELLING)


def resolve(name: str) -> tuple[ActivityType, bool] | None:
    """Return the type that Marketo calls ``name`` and whether it is the conversational flow's variant.

    None when the vocabulary does not have it. Words are compared as whole sets: "Engaged with an
    Agent in Dialogue" contains the words of another type.
    """
    words = words_of(name)
    found = _BY_WORDS.get(words)
    return None if found is None else (found, "flow" in words)
