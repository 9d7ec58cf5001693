"""The keys of the tabs that pages may have, in the order that they have them at first."""

from webui.vocabulary import CHAT, FAMILIES, OTHERS

DASHBOARD = "dashboard"
BEST_BETS, WATCH_LIST = "best-bets", "watch-list"
OF_PANELS = (DASHBOARD, *(one.key for one in FAMILIES))
OF_GLOBAL = (
    CHAT.key,
    BEST_BETS,
    WATCH_LIST,
    *(one.key for one in reversed(OTHERS) if one.is_global),  # web, then moments
)


def in_order(chosen: str | None, there: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys that an admin chose, in that order, always with Chat: its switch alone hides it."""
    keys = tuple(key for key in chosen.split() if key in there) if chosen is not None else there
    return keys if CHAT.key in keys else (*keys, CHAT.key)
