"""Texts as the search compares them, and the pairs of characters by which its index finds them.

A text is folded (NFKC, no difference of case): full and half width, upper and lower case are one. Its grams
are its characters and the pairs of neighbours within its words. So Japanese words of two characters, and of
one, are found as well as long ones. The index knows which grams a text has, not their order: whoever asks it
looks again at what it finds.
"""

from operator import add
from unicodedata import normalize

NAME = "name"  # of every name, and of no other text: other grams are shorter
MOST_OF_A_WORD = 32


def folded(text: str) -> str:
    """Return a text as it is compared."""
    return text.lower() if text.isascii() else normalize("NFKC", normalize("NFKC", text).casefold())


def of_text(folded_text: str) -> str:
    """Return the grams of a folded text, apart by blanks; some may stand there more than once."""
    words = "\n".join({*folded_text.split()})
    # Of a pair with the line end between two words a character is left, which is a gram as well.
    return " ".join({*map(add, words, words[1:]), *words}).replace("\n", "")


def of_word(word: str) -> list[str]:
    """Return grams that every folded text with this folded word has."""
    return [word] if len(word) == 1 else list(map(add, word, word[1:]))[:MOST_OF_A_WORD]
