"""A file to import: what kind it is, by its header, and its rows in batches of records."""

import os
from collections.abc import Callable, Iterable, Iterator
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from webui.ingest import crm_files, extract
from webui.ingest.activity_types import TypeMap
from webui.ingest.records import BadRow, Batch, Origin, Record, Rejection
from webui.ingest.rows import Rows

BATCH_ROWS = 4_000
BATCH_CHARACTERS = 4_000_000

Parse = Callable[[list[str]], Record]


class UnreadableFile(Exception):
    """Nothing of a file can be read; the message says why and what to do."""


class SourceFile:
    """An open file of a known kind.

    ``kind`` is ``activities``, ``accounts``, ``people``, ``opportunities`` or ``roles``. Iterate over
    it for its batches, once. ``position`` is how many bytes have been read of it so far.
    """

    def __init__(self, path: Path, types: TypeMap) -> None:
        """Open ``path`` and read its header; raise UnreadableFile if it is none of ours."""
        self.path = path
        try:
            self._bytes: BinaryIO = path.open("rb")
        except OSError as error:
            raise UnreadableFile(f"{path}: {error.strerror or error}") from error
        text = TextIOWrapper(self._bytes, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._rows = Rows(text)
        try:
            self.kind, self._parse = _reader_for(self._rows.columns, types)
        except UnreadableFile as error:
            self._bytes.close()
            raise UnreadableFile(f"{path}: {error}") from None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._bytes.tell()

    def __iter__(self) -> Iterator[Batch]:
        with self._bytes:
            name = os.fsencode(self.path.name).decode("utf-8", "backslashreplace")
            yield from _batches(self.kind, name, self._rows, self._parse)


def again(kind: str, file: str, header: str, line: int, body: str, types: TypeMap) -> Batch:
    """Parse one row that was rejected before, from its ``body`` below its ``header``."""
    rows = Rows(StringIO(body, newline=""), header=header)
    try:
        _, parse = _reader_for(rows.columns, types)
    except UnreadableFile as error:
        return empty_batch(kind, file, header, [Rejection(line=line, body=body, reason=str(error))])
    batch = next(_batches(kind, file, rows, parse), None) or empty_batch(kind, file, header, [])
    batch.records = [(record, Origin(line, body)) for record, _ in batch.records]
    for rejection in batch.rejections:
        rejection.line, rejection.body = line, body
    return batch


def _reader_for(columns: list[str], types: TypeMap) -> tuple[str, Parse]:
    if not columns:
        raise UnreadableFile("the file is empty")
    if len(set(columns)) != len(columns):
        raise UnreadableFile("a column's name stands twice in the header")
    have = frozenset(columns)
    if have >= extract.REQUIRED:
        return "activities", extract.parser(columns, types)
    for kind, (required, make) in crm_files.KINDS.items():
        if have >= required:
            return kind, _by_name(columns, make)
    raise UnreadableFile(
        f"the header {','.join(columns)[:200]!r} is neither that of a Marketo activity extract "
        f"({','.join(extract.COLUMNS)}) nor of accounts, people, opportunities or roles"
    )


def _by_name(columns: list[str], make: Callable[[crm_files.Cells], Record]) -> Parse:
    return lambda row: make(dict(zip(columns, row, strict=True)))


def empty_batch(kind: str, file: str, header: str, rejections: list[Rejection]) -> Batch:
    """Return a batch of these rejections and nothing else."""
    return Batch(source=kind, file=file, header=header, rejections=rejections)


def _batches(kind: str, file: str, rows: Rows, parse: Parse) -> Iterator[Batch]:
    batch, read, characters = empty_batch(kind, file, rows.header, []), 0, 0
    for item in _parsed(rows, parse):
        match item:
            case (_, origin):
                batch.records.append(item)
                characters += len(origin.body)
            case Rejection():
                batch.rejections.append(item)
                characters += len(item.body)
            case str():
                batch.ignored[item] += 1
        read += 1
        if read >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, read, characters = empty_batch(kind, file, rows.header, []), 0, 0
    if read:
        yield batch


def _parsed(
    rows: Iterable[tuple[list[str], Origin] | Rejection], parse: Parse
) -> Iterator[tuple[Record, Origin] | Rejection | str]:
    """Give a record with its origin, the rejection of a row, or Marketo's name of a type that is not ours."""
    for item in rows:
        if isinstance(item, Rejection):
            yield item
            continue
        row, origin = item
        try:
            yield parse(row), origin
        except extract.NotShown as other:
            yield str(other)
        except BadRow as bad:
            yield Rejection.of(origin, bad)
