"""As of when a page's data are: the line at the foot of each panel and tab."""

from flask import g

from webui.config import in_force
from webui.feeds import health
from webui.feeds.health import Freshness


def freshness() -> Freshness | None:
    """Return how fresh the data are; None before there are any, and while the switch is off."""
    return health.freshness(in_force()) if g.facts.chat_enabled else None
