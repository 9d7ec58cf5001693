"""An appointment as a calendar file of one event, by RFC 5545."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOLDED_AT = 75  # octets of UTF-8, without the line end

# What may stand after mailto: as it is. Anything else is left out rather than mended.
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True)
class Event:
    """An appointment. ``at`` and ``stamped`` are aware.

    ``uid`` is the same for each state of it, and ``sequence`` counts these from 0: a calendar then moves or
    cancels the entry that it has.
    """

    uid: str
    at: datetime
    lasts: timedelta
    stamped: datetime
    summary: str
    description: str
    sequence: int = 0
    cancelled: bool = False
    organizer_name: str | None = None
    organizer_email: str | None = None


def calendar_of(event: Event) -> bytes:
    """Return the event as the content of an .ics file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chatpane//Chatpane//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(event.stamped)}",
        f"DTSTART:{_utc(event.at)}",
        f"DTEND:{_utc(event.at + event.lasts)}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        *_organizer(event),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _organizer(event: Event) -> list[str]:
    if not event.organizer_email or not _ADDRESS.fullmatch(event.organizer_email):
        return []
    name = re.sub(r'[\x00-\x1f\x7f"]', "", event.organizer_name or "")
    named = f';CN="{name}"' if name else ""
    return [f"ORGANIZER{named}:mailto:{event.organizer_email}"]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """Return a text escaped; of control characters only line breaks are left."""
    escaped = re.sub(r"([\\;,])", r"\\\1", text)
    return re.sub(r"[\x00-\x1f\x7f]", "", re.sub(r"\r\n|\r|\n", r"\\n", escaped))


def _folded(line: str) -> bytes:
    """Return a line in parts of at most FOLDED_AT octets, parted between characters."""
    parts, part = [], b""
    for character in line:
        octets = character.encode("utf-8", "replace")
        if len(part) + len(octets) > FOLDED_AT:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
