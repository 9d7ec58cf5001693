"""Whether a rejected row is about a person: by its fields where it can be read, else by any word."""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from webui.ingest.attributes import whole_number
from webui.ingest.records import one_line

_MARKETO_IDS = ("leadid", "marketoid", "marketoleadid")
_WITHIN_A_WORD = r"[\w@+-]"
_A_FIELD = re.compile(r'"(\w{1,40})"\s*:\s*"?\s*([0-9]{1,40})')


@dataclass(frozen=True)
class About:
    """A person by Marketo ids, CRM ids and e-mail address."""

    marketo_ids: Collection[int]
    crm_ids: Collection[str]
    email: str | None

    def names(self, source: str, header: str | None, body: str, reason: str) -> bool:
        """Whether a rejected row of a source names the person, or its reason does."""
        if self._has_word(reason, (*self.crm_ids, self.email)) or self._has_word(body, (self.email,)):
            return True
        fields = _fields(header, body)
        if fields is None:
            return self._has_word(body, self.crm_ids) or self._has_number(body)
        return any(self._is_theirs(source, name, value) for name, value in fields)

    def _is_theirs(self, source: str, name: str, value: str) -> bool:
        if one_line(value) in self.crm_ids:
            return True
        return _is_a_lead_id(source, name) and _number(value) in self.marketo_ids

    def _has_number(self, text: str) -> bool:
        numbers = "|".join(map(str, self.marketo_ids))
        pattern = rf"(?<!{_WITHIN_A_WORD})0*(?:{numbers})(?:\.0+)?(?!{_WITHIN_A_WORD}|\.\w)"
        return bool(numbers) and re.search(pattern, text) is not None

    def _has_word(self, text: str, words: Collection[str | None]) -> bool:
        wanted = [re.escape(word) for word in words if word]
        pattern = rf"(?<!{_WITHIN_A_WORD})(?:{'|'.join(wanted)})(?!{_WITHIN_A_WORD}|\.\w)"
        return bool(wanted) and re.search(pattern, text, re.IGNORECASE) is not None


def lead_ids(source: str, header: str | None, body: str) -> set[int]:
    """Return the Marketo ids of those whom a rejected row of a source is about, as far as it can be read.

    Of a broken row too: what stands in the column, or after the name, of a lead id.
    """
    fields = _fields(header, body)
    if fields is None:
        fields = _fields_of_broken(header, body)
    numbers = (_number(value) for name, value in fields if _is_a_lead_id(source, name))
    return {number for number in numbers if number}


def _is_a_lead_id(source: str, name: str) -> bool:
    key = re.sub("[^a-z]", "", name.lower())
    return key in _MARKETO_IDS or (key == "id" and source == "marketo-leads")


def _number(value: str) -> int | None:
    """Return the Marketo id that a text is, as the sources read it: ``" 501"`` and ``0501`` are 501."""
    return whole_number(value.strip())


def _fields(header: str | None, body: str) -> list[tuple[str, str]] | None:
    """Return names and values of a row or of JSON, None where it can be read as neither."""
    try:
        return list(_of_json("", msgspec.json.decode(body)))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    if not header:
        return None
    lines = [header, *body.splitlines(keepends=True)]
    try:
        names, *rows = csv.reader(lines, delimiter=_delimiter(header), strict=True)
    except (csv.Error, ValueError):
        return None
    if len(rows) != 1 or len(rows[0]) != len(names):
        return None
    return [(name.strip(), value.strip()) for name, value in zip(names, rows[0], strict=True)]


def _fields_of_broken(header: str | None, body: str) -> list[tuple[str, str]]:
    """Return names and values as they stand in a row or in JSON that is cut or badly quoted."""
    if not header:
        return _A_FIELD.findall(body)
    try:
        names, row = csv.reader([header, body.partition("\n")[0]], delimiter=_delimiter(header))
    except (csv.Error, ValueError):
        return []
    return [(name.strip(), value.strip()) for name, value in zip(names, row, strict=False)]


def _delimiter(header: str) -> str:
    return "\t" if "\t" in header else ","


def _of_json(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _of_json(str(key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_json(name, inner)
    elif isinstance(value, float) and value.is_integer():
        yield name, str(int(value))  # as the parser of activities takes it
    else:
        yield name, str(value)
