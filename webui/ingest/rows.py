"""Rows of a CSV or TSV file, each with where it stood, however broken its neighbours are.

The format is RFC 4180 in UTF-8, as Marketo and CRMs write it: quotes doubled, line ends inside
quotes allowed. Memory holds one row at a time. A row that cannot be read comes out as a Rejection,
and reading goes on with the line after the one it began on: an unclosed quote costs one line, not
the rest of the file.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

from webui.ingest.records import Origin, Rejection

LONGEST_ROW = 16_000_000
KEPT_OF_A_LONGER_ONE = 100_000

csv.field_size_limit(LONGEST_ROW + 1)


class _RowTooLong(Exception):
    pass


class _Lines:
    """The lines of a file, remembering those taken since ``begin``, so that they can be given back."""

    def __init__(self, stream: TextIO, number: int) -> None:
        self._stream = stream
        self._given_back: deque[str] = deque()
        self._size = 0
        self.number = number
        self.taken: list[str] = []

    def begin(self) -> None:
        self.taken = []
        self._size = 0

    def give_back(self) -> None:
        """Give back all lines taken but the first."""
        self._given_back.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        del self.taken[1:]

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else self._stream.readline(LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if self._size > LONGEST_ROW:
            self.taken.append(self._without_its_rest(line))
            raise _RowTooLong
        self.taken.append(line)
        return line

    def _without_its_rest(self, line: str) -> str:
        """Skip what is left of a line that was read in part; return it ended, lest it be skipped again."""
        if line.endswith("\n") or len(line) <= LONGEST_ROW:
            return line
        rest = line
        while rest and not rest.endswith("\n"):
            rest = self._stream.readline(LONGEST_ROW + 1)
        return line + "\n"


class Rows:
    """The rows below a header. ``header`` is its line as it stood, ``columns`` its names."""

    def __init__(self, stream: TextIO, *, header: str | None = None) -> None:
        """Read the header from ``stream``; or take ``header``, when the stream holds bare rows."""
        line = stream.readline(LONGEST_ROW) if header is None else header
        self.header = _storable(line.lstrip("\ufeff").rstrip("\r\n"))
        self.delimiter = "\t" if "\t" in self.header else ","
        first = next(csv.reader([self.header], delimiter=self.delimiter), [])
        self.columns = [name.strip() for name in first]
        self._lines = _Lines(stream, number=1 if header is None else 0)

    def __iter__(self) -> Iterator[tuple[list[str], Origin] | Rejection]:
        """Give each row that has the header's columns, or the Rejection of a line that makes no such row."""
        lines, width = self._lines, len(self.columns)
        reader = self._reader()
        while True:
            lines.begin()
            first_line = lines.number + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except (csv.Error, _RowTooLong) as error:
                lines.give_back()
                yield _unreadable(first_line, lines.taken[0], error)
                reader = self._reader()
                continue
            if not row:
                continue
            text = lines.taken[0] if len(lines.taken) == 1 else "".join(lines.taken)
            is_utf8 = text.isascii() or _is_utf8(text)
            if len(row) == width and is_utf8 and "\x00" not in text:
                yield row, Origin(first_line, text)
                continue
            origin = Origin(first_line, _storable(text), is_exact=is_utf8 and "\x00" not in text)
            if len(row) != width:
                yield _rejected(origin, f"the row has {len(row)} columns, the header has {width}")
            elif not is_utf8:
                yield _rejected(origin, "the row is not UTF-8")
            else:
                yield row, origin

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self.delimiter, strict=True)


def _unreadable(line: int, text: str, error: Exception) -> Rejection:
    if not isinstance(error, _RowTooLong):
        stored = _storable(text)
        return _rejected(
            Origin(line, stored, is_exact=stored == text), f"the row cannot be read as CSV: {error}"
        )
    cut = text[:KEPT_OF_A_LONGER_ONE]
    return _rejected(
        Origin(line, _storable(cut), is_exact=False),
        f"the row that begins here is longer than {LONGEST_ROW} characters: a quote is not closed, or a "
        f"value is too large; at most its first {KEPT_OF_A_LONGER_ONE} characters are kept",
    )


def _rejected(origin: Origin, reason: str) -> Rejection:
    return Rejection(line=origin.line, body=origin.body, is_exact=origin.is_exact, reason=reason)


def _is_utf8(text: str) -> bool:
    """Whether every byte of the file's text was UTF-8; others were read as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _storable(text: str) -> str:
    """Write bytes that were no UTF-8 as ``\\xNN``, and NUL so too: every database can hold the answer."""
    raw = text.encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
