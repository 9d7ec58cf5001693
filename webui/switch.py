"""The switch Enable Dynamic Chat Data: one flag for the installation, its prerequisites, its history.

It hides and nothing else. It cannot be turned on while a prerequisite is unmet, nor can one be taken
away while it is on. Every change is kept with who made it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from packaging.version import InvalidVersion, Version
from sqlalchemy import select, update

from webui import audit
from webui.database import db
from webui.installation import writing
from webui.models import ConfigurationChange, Installation

LEAST_PACKAGE = Version("2.4.0")
WHAT = "switch"


class Prerequisite(NamedTuple):
    """Something that must be there before the switch can be on. ``key`` as in the HTML contract."""

    key: str
    met: bool


class Refused(Exception):
    """The switch stays as it is; ``unmet`` are the keys of the prerequisites that are missing."""

    def __init__(self, unmet: Sequence[str]) -> None:
        super().__init__("not met: " + ", ".join(unmet))
        self.unmet = tuple(unmet)


def package_suffices(version: str | None) -> bool:
    """Whether a Sales Insight package version is 2.4.0 or higher, compared as versions (2.10 > 2.4)."""
    try:
        return version is not None and Version(version) >= LEAST_PACKAGE
    except InvalidVersion:
        return False


def prerequisites(installation: Installation) -> tuple[Prerequisite, ...]:
    """Return the three prerequisites, in the order of the configuration tab."""
    return (
        Prerequisite("package-version", package_suffices(installation.package_version)),
        Prerequisite("dynamic-chat-connection", installation.connected_at is not None),
        Prerequisite("api-secret-key", installation.api_key is not None),
    )


def turn(on: bool, who: str) -> bool:
    """Turn the switch on or off for ``who``; return whether that changed anything. Raises Refused."""
    with writing():
        installation = db.session.execute(select(Installation)).scalar_one()
        unmet = [one.key for one in prerequisites(installation) if not one.met]
        if on and unmet:
            raise Refused(unmet)
        return flip(installation, on, who)


def flip(installation: Installation, on: bool, who: str) -> bool:
    """Set the flag and note the change, within the caller's transaction; return whether it was otherwise."""
    if installation.chat_enabled == on:
        return False
    note(who, WHAT, state(installation.chat_enabled), state(on))
    db.session.execute(update(Installation).values(chat_enabled=on))
    return True


def state(on: bool) -> str:
    """Return the word for the switch's position in the history."""
    return "on" if on else "off"


def note(who: str, what: str, was: str | None, became: str | None) -> None:
    """Add a line to the configuration's history and to the audit trail, within the caller's transaction."""
    db.session.add(ConfigurationChange(at=datetime.now(UTC), who=who, what=what, was=was, became=became))
    audit.note(audit.CHANGED, what, viewer=who, why=f"{was or '–'} → {became or '–'}")


class Change(NamedTuple):
    """A line of the history. ``at`` is aware UTC."""

    at: datetime
    who: str
    what: str
    was: str | None
    became: str | None


def history(*, what: str | None = None, limit: int = 50) -> list[Change]:
    """Return the newest changes of the configuration, or of ``what`` alone, newest first."""
    one = ConfigurationChange
    newest = select(one.at, one.who, one.what, one.was, one.became).order_by(one.id.desc()).limit(limit)
    if what is not None:
        newest = newest.where(one.what == what)
    return [Change(*row) for row in db.session.execute(newest)]
