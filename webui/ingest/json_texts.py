"""JSON cut into the exact texts of its parts, however broken one of them is.

What arrives together is judged one by one, so each part keeps its own text, and one that no reader
takes (nested too deeply, half a surrogate pair, an escape that there is not) spoils none of its
neighbours. Texts are bytes; what is read from them holds no text that a database cannot.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from webui.database import storable

# What bounds the parts of a list or an object: strings are skipped whole, lest they hold a bracket.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},:"]', re.DOTALL)
_BLANK = b" \t\r\n"
_NESTED = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class NotJson(Exception):
    """A text is no JSON, or not of the kind that was asked for; the message says which."""


def value(text: bytes) -> Any:
    """Return what a text means; raise NotJson.

    Bytes that are no UTF-8 and half surrogate pairs are read as U+FFFD.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError):
        return _leniently(text)
    except RecursionError:
        raise NotJson("it is nested too deeply") from None


def elements(text: bytes) -> list[bytes]:
    """Return the texts of a list's elements; raise NotJson if the text is no list."""
    if not text.lstrip(_BLANK).startswith(b"["):
        raise NotJson("it is no list")
    try:
        return [bytes(one) for one in msgspec.json.decode(text, type=list[msgspec.Raw])]
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return [part for part, _ in _parts(text)]


def members(text: bytes) -> dict[str, bytes]:
    """Return the texts of an object's values by their names; raise NotJson if the text is no object."""
    if not text.lstrip(_BLANK).startswith(b"{"):
        raise NotJson("it is no object")
    try:
        found = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        return {name: bytes(one) for name, one in found.items()}
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pairs = [(part[:colon].strip(_BLANK), part[colon + 1 :]) for part, colon in _parts(text) if colon > 0]
        return {str(value(name)): one.strip(_BLANK) for name, one in pairs}


def _parts(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Cut the outermost brackets' content at its commas; give each part and where its first colon is.

    Raises NotJson where brackets or quotes do not close, or something follows them.
    """
    text = text.strip(_BLANK)
    depth, start, colon = 0, 1, -1
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        if mark == ord('"') and token.end() - token.start() == 1:
            raise NotJson("a quote is not closed")
        depth += _NESTED.get(mark, 0)
        is_end = depth == 0
        if depth == 1 and mark == ord(":") and colon < 0:
            colon = token.start() - start
        if is_end or (depth == 1 and mark == ord(",")):
            part = text[start : token.start()]
            if part.strip(_BLANK):
                yield part.strip(_BLANK), colon - (len(part) - len(part.lstrip(_BLANK)))
            start, colon = token.end(), -1
        if is_end:
            break
    if depth or start != len(text):
        raise NotJson("it does not end where it should")


def _leniently(text: bytes) -> Any:
    try:
        found = json.loads(text.decode("utf-8", "replace"), parse_constant=_no_number, parse_float=_finite)
        return _storable(found)
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except ValueError as error:
        raise NotJson(str(error)) from None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _storable(found: Any) -> Any:
    match found:
        case str():
            return storable(found)
        case list():
            return [_storable(one) for one in found]
        case dict():
            return {storable(name): _storable(one) for name, one in found.items()}
    return found
