"""What an admin says of tabs and families: which there are, in which order, and how long they are kept.

Each change takes the writer's turn and is noted in the history, by keys; what would change nothing is not.
Nothing here deletes: what is stored of a family that is off comes back with it, what is older than it is
kept goes by ``ingest.prune``.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select

from webui import switch
from webui.database import db
from webui.installation import writing
from webui.models import Installation
from webui.setting_values import BadValue
from webui.vocabulary import CHAT, FAMILIES, FAMILY, OTHERS
from webui.vocabulary.tabs import OF_GLOBAL, OF_PANELS, in_order

PANELS, GLOBAL = "panel-tabs", "global-tabs"
FAMILIES_ON, KEPT, HIDDEN = "families", "kept-days", "hidden-days"
THERE = {PANELS: OF_PANELS, GLOBAL: OF_GLOBAL}

LEAST_KEPT, MOST_KEPT = 31, 36_500  # days
LEAST_HIDDEN, MOST_HIDDEN = 1, 365

NO_SUCH_TAB = "no-such-tab"
NO_TAB_LEFT = "no-tab-left"
NO_SUCH_FAMILY = "no-such-family"
NOT_KEPT_SO_LONG = "not-kept-so-long"
NOT_HIDDEN_SO_LONG = "not-hidden-so-long"


class Chosen(NamedTuple):
    """What an admin said: of tabs None where they are as at first, of families those that are off."""

    panel_tabs: str | None
    global_tabs: str | None
    families_off: frozenset[str]
    kept_days: dict[str, int]
    hidden_days: int


def chosen() -> Chosen:
    """Return what an admin said."""
    return _of(_row())


def set_tabs(of: str, keys: Iterable[str], who: str) -> None:
    """Let pages have these tabs, in this order; ``of`` is PANELS or GLOBAL.

    Chat has its own switch: without a place among them it is the last one. Raises BadValue: NO_SUCH_TAB, or
    NO_TAB_LEFT where panels would have no other tab than Chat.
    """
    there = THERE[of]
    keys = tuple(dict.fromkeys(keys))
    if not set(keys) <= set(there):
        raise BadValue(of, NO_SUCH_TAB)
    wanted = in_order(" ".join(keys), there)
    name = of.replace("-", "_")
    with writing():
        row = _row()
        if of == PANELS and not _left(wanted, _of(row).families_off):
            raise BadValue(of, NO_TAB_LEFT)
        was = in_order(getattr(row, name), there)
        if was != wanted:
            switch.note(who, of, " ".join(was), " ".join(wanted))
            setattr(row, name, " ".join(wanted) if wanted != there else None)


def set_families(
    who: str,
    *,
    on: Collection[str] | None = None,
    kept_days: Mapping[str, str] | None = None,
    hidden_days: str | None = None,
) -> None:
    """Say which families beside Chat are taken in and shown, and how long what is kept; None lets it be.

    ``kept_days`` are days by family, each as it was written, empty is for ever; one that it does not name is
    kept as before. All of it is changed or nothing. Raises BadValue: NO_SUCH_FAMILY, NO_TAB_LEFT (see
    ``set_tabs``), NOT_KEPT_SO_LONG (of the setting ``kept-days-<family>``), NOT_HIDDEN_SO_LONG.
    """
    off = None if on is None else _off(on)
    kept = {family: _kept(family, days) for family, days in (kept_days or {}).items()}
    hidden = None if hidden_days is None else _days(hidden_days, LEAST_HIDDEN, MOST_HIDDEN)
    if hidden_days is not None and hidden is None:
        raise BadValue(HIDDEN, NOT_HIDDEN_SO_LONG)
    with writing():
        row = _row()
        was = _of(row)
        if off is not None and off != was.families_off:
            if not _left(in_order(was.panel_tabs, OF_PANELS), off):
                raise BadValue(FAMILIES_ON, NO_TAB_LEFT)
            switch.note(who, FAMILIES_ON, _others_but(was.families_off), _others_but(off))
            row.families_off = " ".join(sorted(off)) or None
        days = {family: n for family, n in {**was.kept_days, **kept}.items() if n is not None}
        if days != was.kept_days:
            switch.note(who, KEPT, _written(was.kept_days), _written(days))
            row.kept_days = days or None
        if hidden is not None and hidden != was.hidden_days:
            switch.note(who, HIDDEN, str(was.hidden_days), str(hidden))
            row.hidden_days = hidden


def _row() -> Installation:
    return db.session.execute(select(Installation)).scalar_one()


def _of(row: Installation) -> Chosen:
    off = frozenset((row.families_off or "").split())
    return Chosen(row.panel_tabs, row.global_tabs, off, dict(row.kept_days or {}), row.hidden_days)


def _left(keys: Iterable[str], off: Collection[str]) -> bool:
    """Whether a panel keeps a tab whatever the switch says."""
    return any(key not in off and key != CHAT.key for key in keys)


def _off(on: Collection[str]) -> frozenset[str]:
    """Return the families that are off where these are on; Chat, which has its own switch, may be named."""
    if not set(on) <= FAMILY.keys():
        raise BadValue(FAMILIES_ON, NO_SUCH_FAMILY)
    return frozenset(one.key for one in OTHERS if one.key not in on)


def _others_but(off: Collection[str]) -> str | None:
    return " ".join(one.key for one in OTHERS if one.key not in off) or None


def _kept(family: str, text: str) -> int | None:
    if family not in FAMILY:
        raise BadValue(KEPT, NO_SUCH_FAMILY)
    days = _days(text, LEAST_KEPT, MOST_KEPT)
    if days is None and text.strip():
        raise BadValue(f"{KEPT}-{family}", NOT_KEPT_SO_LONG)
    return days


def _days(text: str, least: int, most: int) -> int | None:
    """Return the days that a text says, None if it says none of ``least`` to ``most``."""
    text = text.strip()
    days = int(text) if text.isdecimal() and len(text) < 9 else 0
    return days if least <= days <= most else None


def _written(kept: Mapping[str, int]) -> str | None:
    return " ".join(f"{one.key}={kept[one.key]}" for one in FAMILIES if one.key in kept) or None
