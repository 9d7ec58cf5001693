"""Values of URL parameters that several pages take."""

from datetime import date

from flask_babel import gettext

from webui.views.errors import BadParameter

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


def monday(text: str | None) -> date | None:
    """Return the week that a parameter names, None if it is empty; raise BadParameter if it is no Monday."""
    if not text:
        return None
    found = day(text)
    if found is None or found.weekday() != 0:
        raise BadParameter(gettext("A week is named by its Monday, such as 2026-11-23."))
    return found
