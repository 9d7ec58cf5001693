"""Values of Marketo's attributes: how names are matched, and how values are read and written."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from webui.ingest.records import ActivityRecord, long_text

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1_000)
def bare(name: str) -> str:
    """Return an attribute's name without case, blanks and underscores, as it is matched."""
    return "".join(name.casefold().replace("_", " ").split())


def set_text(record: ActivityRecord, field: str, clean: Callable[[str], str], value: Any) -> None:
    """Set a text: null clears, an empty text says nothing (Marketo leaves empty attributes out)."""
    if value is None:
        setattr(record, field, None)
    elif text := clean(value if isinstance(value, str) else plain(value)):
        setattr(record, field, text)


def read_time(text: str) -> datetime | None:
    """Read an ISO 8601 date with time, aware or not, as written; None for others, or out of 1990 to 2100."""
    text = text.strip()
    if len(text) < 16 or text[10] not in "Tt ":
        return None
    try:
        at = datetime.fromisoformat(text.upper())
        beyond = not EARLIEST <= (at if at.tzinfo else at.replace(tzinfo=UTC)) < LATEST
    except (ValueError, OverflowError):
        return None
    return None if beyond else at


def plain(value: Any) -> str:
    """Write a JSON value as a text that can be shown."""
    return long_text(value) if isinstance(value, str) else long_text(msgspec.json.encode(value).decode())


def shown(text: str) -> str:
    """Quote a value in a reason, cut where it would drown the sentence."""
    return repr(text if len(text) <= 80 else text[:77] + "…")
