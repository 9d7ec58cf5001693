"""Why a viewer may see something or may not: the rules of ``policy``, tried grant by grant.

Beside the viewers whom the audit trail names, one may ask for a link that nobody has made yet, by the
record that it would open.
"""

from datetime import datetime
from typing import NamedTuple

from webui.access import named, policy
from webui.access.grants import ADMIN, ALL, REP, Grant, kept_of_viewer, parse_opens
from webui.access.policy import Configuration, Everyone, OneActivity, OneRecord
from webui.config import Settings
from webui.database import LARGEST_ID
from webui.feeds import activity

WAYS = ("link", "canvas", "oidc", "admin-link")

Asked = OneRecord | OneActivity | Everyone | Configuration


class Tried(NamedTuple):
    """A grant and the rule by which it allows what was asked, None if none does.

    ``until`` is when the grant ends; a link that nobody has made yet has no end.
    """

    grant: Grant
    until: datetime | None
    rule: str | None


def parse_asked(text: str) -> Asked | None:
    """Read ``leads/<crm_id>`` and the like, ``activities/<id>``, ``global`` or ``config``, else None."""
    for whole in (Everyone(), Configuration()):
        if text == str(whole):
            return whole
    panel, _slash, id_ = text.partition("/")
    if panel == "activities":
        is_id = id_.isascii() and id_.isdigit() and len(id_) <= len(str(LARGEST_ID))
        return OneActivity(int(id_)) if is_id and int(id_) <= LARGEST_ID else None
    opens = parse_opens(text)
    return OneRecord(opens) if opens and opens != ALL else None


def as_stored(asked: Asked) -> Asked | None:
    """Return what is asked by the id under which it is stored, None if it is not there."""
    match asked:
        case OneRecord(opens):
            found = named.find(opens)
            return OneRecord(found.stored) if found else None
        case OneActivity(id_):
            return asked if activity.find(id_) else None
    return asked


def grants_of(viewer: str) -> list[tuple[Grant, datetime | None]]:
    """Return each grant of a viewer once, the longest first, or the one of a link not made yet.

    ``viewer`` is what a link opens (``accounts/<crm_id>``, ``all``), ``admin``, or a viewer of the audit
    trail; an id alone is that of a link's viewer. A link to a record that is not there grants nothing.
    """
    opens = parse_opens(viewer)
    if viewer == ADMIN:
        return [(Grant(ADMIN, ALL), None)]
    if opens == ALL:
        return [(Grant(REP, ALL), None)]
    if opens:
        found = named.find(opens)
        return [(Grant(REP, found.now), None)] if found else []
    longest: dict[Grant, datetime | None] = {}
    for grant, until in kept_of_viewer(name_of(viewer)):
        longest.setdefault(grant, until)
    return list(longest.items())


def name_of(viewer: str) -> str:
    """Return a viewer's name as the audit trail has it."""
    return viewer if viewer.partition(":")[0] in WAYS and ":" in viewer else f"link:{viewer}"


def tried(viewer: str, asked: Asked, settings: Settings) -> list[Tried]:
    """Try each grant of a viewer for what is asked, as it is stored."""
    return [Tried(grant, until, policy.allows(grant, asked, settings)) for grant, until in grants_of(viewer)]
