"""Texts as the search compares them, and the pairs of characters by which its index finds them.

A text is folded (NFKC, no difference of case): full and half width, upper and lower case are one. Its grams
are its characters and the pairs of neighbours within its words. So Japanese words of two characters, and of
one, are found as well as long ones. The index knows which grams a text has, not their order: whoever asks it
looks again at what it finds.
"""

from array import array
from operator import add
from unicodedata import normalize

NAME = "name"  # of every name, and of no other text: other grams are shorter
MOST_OF_A_WORD = 32


def folded(text: str) -> str:
    """Return a text as it is compared."""
    return text.lower() if text.isascii() else normalize("NFKC", normalize("NFKC", text).casefold())


def of_text(folded_text: str) -> str:
    """Return the grams of a folded text, apart by white space; many stand there more than once.

    Their order says nothing. To build them one by one takes four times as long as to copy the characters
    to their places.
    """
    words = "\n".join({*folded_text.split()})
    codec, unit = ("ascii", "B") if words.isascii() else ("utf-32-le", "I")
    blank, characters = (array(unit, text.encode(codec)) for text in (" ", words))
    spread = blank * (5 * len(characters))  # "abc" becomes "ab a bc b c  c "
    spread[0::5] = spread[3::5] = characters
    spread[1:-4:5] = characters[1:]
    return spread.tobytes().decode(codec)


def each_once(found: str) -> str:
    """Return grams as ``of_text`` does, each of them once, apart by blanks."""
    return " ".join({*found.split()})


def of_word(word: str) -> list[str]:
    """Return grams that every folded text with this folded word has."""
    return [word] if len(word) == 1 else list(map(add, word, word[1:]))[:MOST_OF_A_WORD]
