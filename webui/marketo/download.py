"""The file of a bulk extract: brought in parts where the line is cut, and checked before anybody reads it.

Under the name that was asked for there is either the whole file or none: it grows as ``<name>.part``.
"""

import hashlib
import re
from io import BufferedRandom
from pathlib import Path
from typing import Any

import httpx

from webui.marketo import envelope
from webui.marketo.bulk import Export
from webui.marketo.connection import CONNECTING, Connection
from webui.marketo.failures import Again, DamagedFile, NotReady, Unreachable

BETWEEN_PARTS = 60.0  # seconds without a byte
CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


def download(connection: Connection, export: Export, path: Path) -> None:
    """Bring the file of a completed extract to ``path``, replacing what is there.

    Raises NotReady where Marketo has no file (yet, or any more), DamagedFile where size or checksum differ,
    another MarketoFailure where it cannot be had; no part is left then. OSError when the disk is full.
    """
    part = path.with_name(path.name + ".part")
    call = f"GET {export.path('file')}"
    try:
        with part.open("w+b") as file:
            connection.repeat(call, lambda token: _go_on(connection, export, file, token))
            _check(export, file, call)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _go_on(connection: Connection, export: Export, file: BufferedRandom, token: str) -> None:
    """Make one request for what is missing of the file, and write what comes."""
    have = file.seek(0, 2)
    if have and have == export.size:
        return
    call = f"GET {export.path('file')}"
    # Compressed parts could not be counted.
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    request: dict[str, Any] = {
        "method": "GET",
        "url": export.path("file"),
        "headers": headers | ({"Range": f"bytes={have}-"} if have else {}),
        "timeout": httpx.Timeout(BETWEEN_PARTS, connect=CONNECTING),
    }
    with connection.sent(token, call, request) as answer:
        _place(answer, file, have, call)
        for piece in answer.iter_raw():
            file.write(piece)


def _place(answer: httpx.Response, file: BufferedRandom, have: int, call: str) -> None:
    """Set the file to where the answer goes on; raise when the answer is no part of it."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code == 404 and "json" not in kind:
        raise NotReady(call, code="HTTP 404")
    if answer.status_code not in (200, 206) or "json" in kind:
        said = envelope.read(answer.read(), call=call, status=answer.status_code)
        raise NotReady(call, "Marketo answered without a file", request_id=said.request_id)
    if "html" in kind:
        raise envelope.not_marketos(call, answer.status_code)
    if answer.status_code == 200:
        file.seek(0)
        file.truncate()
        return
    at = CONTENT_RANGE.match(answer.headers.get("Content-Range", ""))
    if not have or at is None or int(at[1]) != have:
        file.truncate(0)
        raise Unreachable(call, "another part came than was asked for", again=Again.FEW_TIMES)


def _check(export: Export, file: BufferedRandom, call: str) -> None:
    size = file.seek(0, 2)
    if export.size is not None and size != export.size:
        raise DamagedFile(call, f"{size} bytes came instead of {export.size}")
    file.seek(0)
    if export.checksum is not None and hashlib.file_digest(file, "sha256").hexdigest() != export.checksum:
        raise DamagedFile(call, "the checksum differs")
