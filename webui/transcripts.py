"""A transcript as turns: who said what, as far as the text tells.

Marketo documents no layout. Most are lines such as ``Bot: Hello``, some with a time before or after the
name. What does not read so stays plain text; of what does, no word is lost. The text is a stranger's: it
comes out as it went in, and whoever shows it escapes it.
"""

import re
from dataclasses import dataclass

FEWEST_TURNS = 2
LONGEST_NAME = 40
BOTS = frozenset(("bot", "chatbot", "chat bot", "assistant", "virtual assistant", "ボット", "チャットボット"))

_TIME = r"(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]\s?)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?Z?"
# Possessive (*+): a line of blanks alone is looked at once, not once for each blank.
_LINE = re.compile(
    rf"\s*+(?:[\[(]?(?P<before>{_TIME})[\])]?[\s\-–]*+)?"
    rf"(?P<speaker>[^\W\d_][^:：\n\[\]<>]{{0,{LONGEST_NAME - 1}}}?)\s*+"
    rf"(?:[\[(](?P<after>{_TIME})[\])]\s*+)?"
    r"[:：](?!//)\s*(?P<text>.*)"
)


@dataclass(frozen=True)
class Turn:
    """What one speaker said at once, with its line breaks.

    ``speaker`` is None of lines before the first name; ``time`` is the text that stood there, unread.
    """

    speaker: str | None
    time: str | None
    text: str


def turns_of(text: str) -> tuple[Turn, ...]:
    """Return the turns of a transcript; none where it does not tell who spoke, and so is plain text.

    A line without a name belongs to the turn before. A text is plain with fewer than two named turns, or
    where most of its lines have no name.
    """
    begun: list[tuple[str | None, str | None, list[str]]] = []
    named = unnamed = 0
    for line in text.splitlines():
        begins = _LINE.fullmatch(line)
        if begins:
            named += 1
            time = " ".join(one for one in (begins["before"], begins["after"]) if one) or None
            begun.append((begins["speaker"], time, [begins["text"]]))
            continue
        unnamed += bool(line.strip())
        if begun:
            begun[-1][2].append(line)
        else:
            begun.append((None, None, [line]))
    if named < FEWEST_TURNS or unnamed > named:
        return ()
    found = (Turn(speaker, time, "\n".join(lines)) for speaker, time, lines in begun)
    return tuple(one for one in found if one.speaker or one.text.strip())


def is_bot(speaker: str) -> bool:
    """Whether a name is a chatbot's."""
    return speaker.strip().casefold() in BOTS


def is_named(speaker: str, name: str | None) -> bool:
    """Whether a speaker's name is a person's, or a part of it, such as the first name alone."""
    said, whole = speaker.casefold().split(), (name or "").casefold()
    return bool(said) and bool(whole) and (" ".join(said) in whole or said[0] in whole.split())
