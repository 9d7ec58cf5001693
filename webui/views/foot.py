"""The foot of each panel and tab: as of when its data are, what is not shown, and why."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import g

from webui import wording
from webui.config import in_force
from webui.feeds import footnotes, health
from webui.feeds.footnotes import Note
from webui.feeds.health import Freshness
from webui.feeds.records import Record
from webui.views.paths import root_of
from webui.views.visible import may_show_account
from webui.vocabulary import OPEN


class Said(NamedTuple):
    """A note with what its words need: the count as written, the list behind it, the account it speaks of."""

    key: str
    number: int
    written: str
    url: str | None = None
    account: str | None = None


class Foot(NamedTuple):
    """What the foot says. ``months`` is how long Marketo keeps activities."""

    freshness: Freshness | None = None
    notes: tuple[Said, ...] = ()
    months: int = 0


def foot(record: Record | None = None) -> Foot:
    """Return the foot of a record's panel, or the global tab's; while chats are off, without their notes."""
    settings, now = in_force(), datetime.now(UTC)
    of_people = footnotes.of_people(record) if record else ()
    if not g.facts.chat_enabled:
        return Foot(freshness(), tuple(_said(note) for note in of_people))
    may_end, kept = (
        wording.local_day(footnotes.may_end_since(settings, now)),
        footnotes.kept_since(settings, now),
    )
    since = footnotes.Since(wording.day_start(may_end), wording.day_start(kept))
    if record is None:
        notes, root = footnotes.of_everyone(since), "/global"
    else:
        of_chats = footnotes.of_record(record, may_show_account(record), since)
        notes, root = (*of_chats, *of_people), root_of(record)
    behind = {
        footnotes.OPEN_TALKS: f"{root}/chat?status={OPEN}&from={may_end}",
        footnotes.OLDER: f"{root}/chat?to={kept - timedelta(days=1)}",
    }
    account = record.account_name if record else None
    said = tuple(_said(note, behind.get(note.key), account) for note in notes)
    return Foot(freshness(), said, settings.marketo_months)


def freshness() -> Freshness | None:
    """Return how fresh the data are, as this request found when it first asked."""
    if "freshness" not in g:
        g.freshness = health.freshness(in_force())
    found: Freshness | None = g.freshness
    return found


def _said(note: Note, url: str | None = None, account: str | None = None) -> Said:
    written = f"{wording.number(note.number)}{'+' if note.is_least else ''}"
    return Said(note.key, note.number, written, url, account)
