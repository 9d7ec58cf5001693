"""Reading extracts in a second process, a batch ahead of the one that stores.

To parse, to clean and to make the words of the text search takes as long as to store, and a machine has
more than one core. The second process uses no database. It ends with the first, however that ends: there
is nobody left to send to.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from webui.ingest import search_texts
from webui.ingest.activity_types import TypeMap
from webui.ingest.files import SourceFile
from webui.ingest.records import ActivityRecord, Batch, Origin

WORTH_IT = 1_000_000  # bytes of an extract: a thousand rows or two
THE_END = b""


class ReadingBroke(Exception):
    """The second process ended before the files did."""


class _Extract(Batch):
    """A batch of activities, as ``msgspec`` can read it: records of any kind would not say which they are."""

    records: list[tuple[ActivityRecord, Origin]]  # type: ignore[assignment]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[int, _Extract], dec_hook=lambda kind, told: kind(told)).decode


class ReadAhead:
    """The batches of an extract that a second process reads. Iterate over it once, like ``SourceFile``."""

    def __init__(self, source: SourceFile, reader: Connection) -> None:
        self.path, self.kind, self.position = source.path, source.kind, source.position
        self._reader = reader

    def __iter__(self) -> Iterator[Batch]:
        while batch := self._next():
            yield batch
            del batch  # before the next one takes as much memory

    def _next(self) -> Batch | None:
        with _said(self.path):
            message = self._reader.recv_bytes()
        if message == THE_END:
            return None
        self.position, batch = _decode(message)
        return batch


class Reader:
    """The second process, which is started when there is something for it."""

    def __init__(self) -> None:
        self._process: Process | None = None

    def ahead(self, source: SourceFile, types: TypeMap) -> SourceFile | ReadAhead:
        """Return the source to be read ahead, or itself where that is not worth it: small, or a single core.

        What is read ahead is read in the order of these calls, and must be taken in that order.
        """
        is_large = source.kind == "activities" and source.path.stat().st_size >= WORTH_IT
        if not is_large or _cores() == 1:
            return source
        if self._process is None:
            self._connection, theirs = Pipe()
            self._process = Process(target=_read_all, args=(theirs, self._connection), daemon=True)
            self._process.start()
            theirs.close()
        with _said(source.path):
            self._connection.send((source.path, types))
        return ReadAhead(source, self._connection)

    def end(self) -> None:
        """End the second process, wherever it is."""
        if self._process is not None:
            self._connection.close()
            self._process.join()


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Raise ReadingBroke where nobody is there any more who reads the file at ``path``."""
    try:
        yield
    except (EOFError, ConnectionError):
        raise ReadingBroke(f"{path}: the process that read it was ended; import it again") from None


@contextmanager
def reader() -> Iterator[Reader]:
    """Give a reader, which ends with the block."""
    one = Reader()
    try:
        yield one
    finally:
        one.end()


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_all(asked: Connection, theirs: Connection) -> None:
    """Read the files that the first process asks for, until it is gone. An interruption is its business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    theirs.close()  # else this process itself would keep the connection open
    with suppress(EOFError, ConnectionError):
        while True:
            source = SourceFile(*asked.recv())
            for batch in source:
                for record, _ in batch.records:
                    if isinstance(record, ActivityRecord):
                        record.words = search_texts.words_of(record)
                asked.send_bytes(_encode((source.position, batch)))
            asked.send_bytes(THE_END)
