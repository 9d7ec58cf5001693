"""Marketo's envelope: what an answer's body says, whatever its HTTP status.

Failures come with HTTP 200, too. Whatever bytes come, they are an ``Answer`` or a MarketoFailure.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from webui.marketo.failures import Again, MarketoFailure, Refused, Unreachable, rule_of


@dataclass(frozen=True)
class Warned:
    """A warning of an answer that is good all the same."""

    code: str
    message: str


@dataclass(frozen=True)
class Answer:
    """A good answer. ``rows`` are the raw JSON of each result; ``next_token`` is None where none came."""

    rows: list[msgspec.Raw]
    request_id: str
    next_token: str | None
    more: bool
    warnings: tuple[Warned, ...]


def read(body: bytes, *, call: str, status: int = 200, paged: bool = False) -> Answer:
    """Return the answer that a body is; ``paged`` when the call had a paging token.

    Raises the MarketoFailure of the body's code. A body that is no envelope is Unreachable, and worth
    another try unless its status says that the call itself was wrong.
    """
    parts = _parts(body)
    success = _plain(parts.get("success")) if parts else None
    if not isinstance(success, bool):
        raise not_marketos(call, status)
    request_id = _text(_plain(parts.get("requestId")))
    if not success:
        return _refusal(_problems(parts.get("errors")), call, request_id, paged)
    token = _plain(parts.get("nextPageToken"))
    return Answer(
        rows=_rows(parts.get("result"), call, request_id),
        request_id=request_id,
        next_token=token if isinstance(token, str) and token else None,
        more=_plain(parts.get("moreResult")) is True,
        warnings=tuple(_problems(parts.get("warnings"))),
    )


def _refusal(problems: list[Warned], call: str, request_id: str, paged: bool) -> Answer:
    """Raise the failure that the first error is; return an empty answer if it says that nothing was found."""
    first = problems[0] if problems else Warned("", "it gave no reason")
    rule = rule_of(first.code, first.message, paged=paged)
    if rule.kind is None:
        return Answer([], request_id, None, False, (first,))
    raise rule.kind(call, first.message, code=first.code, request_id=request_id, again=rule.again)


def not_marketos(call: str, status: int) -> MarketoFailure:
    """Return the failure of an answer that is a proxy's, a login page's or nobody's."""
    is_final = 300 <= status < 500 and status not in (408, 429)  # a wrong address stays wrong
    again = Again.NEVER if is_final else Again.BACKED_OFF
    return Unreachable(call, "the answer is not Marketo's", code=f"HTTP {status}", again=again)


def _parts(body: bytes) -> dict[str, msgspec.Raw]:
    try:
        body.decode()  # a Raw is handed on unread
        return msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return {}


def _rows(part: msgspec.Raw | None, call: str, request_id: str) -> list[msgspec.Raw]:
    """Return the results, [] where there are none."""
    if part is None or bytes(part) == b"null":
        return []
    try:
        return msgspec.json.decode(part, type=list[msgspec.Raw])
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Refused(call, "`result` is not a list", request_id=request_id) from None


def _problems(part: msgspec.Raw | None) -> list[Warned]:
    found = _plain(part)
    if not isinstance(found, list):
        return []
    return [
        Warned(_text(one.get("code")), _text(one.get("message")))
        if isinstance(one, dict)
        else Warned("", _text(one))
        for one in found
    ]


def _plain(part: msgspec.Raw | None) -> Any:
    if part is None:
        return None
    try:
        return msgspec.json.decode(part)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _text(value: object) -> str:
    """Return a code or message as text: codes of warnings are typed as numbers."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
