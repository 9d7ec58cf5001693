"""What the local Marketo answers: replies, refusals, and faults that a test asked for."""

import json
from dataclasses import dataclass, field
from typing import Any

PROXY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Problem(Exception):
    """A refusal by a code, with HTTP 200 around it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message


@dataclass
class Reply:
    """An answer as it goes out; ``cut``: the line breaks after so many bytes of the body, True: amid it."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(
        default_factory=lambda: {"Content-Type": "application/json;charset=UTF-8"}
    )
    cut: bool | int = False


@dataclass
class Asked:
    """A request that came, with the seconds (of ``time.monotonic``) in which it was answered."""

    at: float
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: Any = None
    until: float | None = None
    code: str = ""


@dataclass
class Fault:
    """What goes wrong with the next calls whose path has ``part`` in it."""

    part: str
    code: str | None
    message: str
    http: int | None
    body: bytes | None
    cut: bool | int
    slow: float
    spoil: bool
    times: int | None
    after: int

    def is_due(self, path: str) -> bool:
        """Count this call, and say whether it is one to go wrong."""
        if self.part not in path or self.times == 0:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def spoiled(self, reply: Reply) -> Reply:
        """Return a true reply as this fault lets it out."""
        if self.spoil:
            middle = len(reply.body) // 2
            reply.body = (
                reply.body[:middle] + bytes([reply.body[middle] ^ 1]) + reply.body[middle + 1 :]
            )  # as long as before
        reply.cut = self.cut
        return reply


def envelope(number: int, said: dict[str, Any]) -> Reply:
    """Return an answer of Marketo's, whose numbered request id is in it."""
    return Reply(json.dumps({"requestId": f"{number:04x}#19d{number:08x}", **said}).encode())


def refusal(number: int, code: str, message: str) -> Reply:
    """Return a failure of Marketo's."""
    return envelope(number, {"success": False, "errors": [{"code": code, "message": message}]})
