"""Answers go compressed over the wire, and no secret in them can be guessed by how long they became.

Compression finds what repeats: where a URL can choose a part of a page, its length would tell whether
that part is like a secret beside it (BREACH). So a page's secrets (its session, the token of its forms)
are put into the gzip stream as they are, and nothing is compared with them.
"""

import re
import struct
import zlib
from collections.abc import Iterable

from flask import Flask, Response, g, request

TYPES = ("text/html", "text/css", "text/javascript", "image/svg+xml")
WORTH_IT = 500  # bytes: less fits into one packet
LEVEL = 5  # a 42 kB table: 5 kB in 0.4 ms
NOT_AT_ALL = 0
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # of a gzip stream, without a time or a name


def init_app(app: Flask) -> None:
    """Compress whatever is worth it, after all else is done to an answer: call this before the others."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype not in TYPES or "Content-Encoding" in response.headers:
            return response
        if "Accept-Encoding" not in response.headers.get("Vary", ""):
            response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings["gzip"] > 0:
            _pack(response)
        return response


def _pack(response: Response) -> None:
    if response.is_streamed and not response.direct_passthrough:
        return
    response.direct_passthrough = False  # a static file
    content = response.get_data()
    if len(content) < WORTH_IT:
        return
    secrets = [one.encode() for one in _secrets()]
    if not all(one in content for one in secrets):
        return  # one that is written in another way would be compressed
    response.set_data(gzipped(content, secrets))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # as plain and packed are one to it


def _secrets() -> set[str]:
    token: str | None = g.get("csrf_token")  # Flask-WTF's
    return {*g.get("sessions_in_page", ()), *([token] if token else ())}


def gzipped(content: bytes, secrets: Iterable[bytes] = ()) -> bytes:
    """Return ``content`` as a gzip stream, in which each of ``secrets`` stands uncompressed and by itself."""
    spelt = b"|".join(re.escape(one) for one in secrets)
    parts = re.split(b"(" + spelt + b")", content) if spelt else [content]
    packed = [_deflated(part, LEVEL if place % 2 == 0 else NOT_AT_ALL) for place, part in enumerate(parts)]
    return b"".join((HEAD, *packed, _deflated(b"", LEVEL, zlib.Z_FINISH), _sums(content)))


def _deflated(part: bytes, level: int, end: int = zlib.Z_FULL_FLUSH) -> bytes:
    """Return a part of a stream that knows nothing of the parts before it, and ends at a whole byte."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(part) + packer.flush(end)


def _sums(content: bytes) -> bytes:
    return struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
