"""Values of URL parameters that several pages take."""

from datetime import date

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)


def day(text: str) -> date | None:
    """Return the day that ``text`` writes as ``2026-11-23``, None if it is none or out of bounds."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
