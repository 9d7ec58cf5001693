"""What somebody may see: grants, and how those of a browser's cookie are kept.

A grant opens one record, or everything. A panel's page carries one grant in its own session; a cookie
names a browser, whose grants are rows, so that two panels in one window add to each other.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from webui.database import db, insert, storable
from webui.models import CRM_ID_LENGTH, AccessGrant
from webui.vocabulary import PANELS

REP = "rep"
ADMIN = "admin"
ROLES = (REP, ADMIN)


class Opens(NamedTuple):
    """The record that a grant opens, by its panel and CRM id; panel ``all`` opens every record."""

    panel: str
    crm_id: str

    def __str__(self) -> str:
        return f"{self.panel}/{self.crm_id}" if self.crm_id else self.panel


ALL = Opens("all", "")


def parse_opens(text: str) -> Opens | None:
    """Read ``leads/<crm_id>``, ``contacts/…``, ``accounts/…``, ``opportunities/…`` or ``all``, else None."""
    if text == str(ALL):
        return ALL
    panel, _slash, crm_id = text.partition("/")
    if panel not in PANELS or not crm_id or len(crm_id) > CRM_ID_LENGTH or crm_id != storable(crm_id):
        return None
    return Opens(panel, crm_id)


class Grant(NamedTuple):
    """That somebody of a role may see what ``opens`` says."""

    role: str
    opens: Opens


class Look(NamedTuple):
    """How a viewer wants pages: language, time zone, accent colour (``#rrggbb``) and font size in pixels."""

    language: str | None = None
    zone: str | None = None
    accent: str | None = None
    font_size: int | None = None


def digest(text: str) -> str:
    """Return the digest under which a secret value is kept."""
    return sha256(text.encode()).hexdigest()


def add(session: str, viewer: str, grant: Grant, until: datetime) -> None:
    """Keep a browser's grant until a time, and forget those that ended; in the caller's transaction."""
    row = {
        "session": digest(session),
        "viewer": viewer,
        "role": grant.role,
        "panel": grant.opens.panel,
        "crm_id": grant.opens.crm_id,
        "until": until,
    }
    table = AccessGrant.__table__
    added = insert(table).values(row)
    key = [table.c.session, table.c.role, table.c.panel, table.c.crm_id]
    db.session.execute(added.on_conflict_do_update(index_elements=key, set_={"until": until}))
    db.session.execute(delete(AccessGrant).where(AccessGrant.until < datetime.now(UTC)))


def kept(session: str) -> tuple[Grant, ...]:
    """Return the grants of a browser that have not ended: one look-up by index."""
    rows = db.session.connection().execute(_KEPT, {"whose": digest(session), "now": datetime.now(UTC)})
    return tuple(Grant(role, Opens(panel, crm_id)) for role, panel, crm_id in rows)


_KEPT = select(AccessGrant.role, AccessGrant.panel, AccessGrant.crm_id).where(
    AccessGrant.session == bindparam("whose", type_=AccessGrant.session.type),
    AccessGrant.until > bindparam("now", type_=AccessGrant.until.type),
)


def kept_of_viewer(viewer: str) -> list[tuple[Grant, datetime]]:
    """Return the grants that a viewer has in any browser, with when they end, the longest first."""
    rows = (
        select(AccessGrant.role, AccessGrant.panel, AccessGrant.crm_id, AccessGrant.until)
        .where(AccessGrant.viewer == viewer, AccessGrant.until > datetime.now(UTC))
        .order_by(AccessGrant.until.desc())
    )
    return [
        (Grant(role, Opens(panel, crm_id)), until) for role, panel, crm_id, until in db.session.execute(rows)
    ]


def end(session: str) -> None:
    """Forget what a browser was granted. Commits."""
    db.session.execute(delete(AccessGrant).where(AccessGrant.session == digest(session)))
    db.session.commit()


def end_all() -> None:
    """Forget every grant, in the caller's transaction."""
    db.session.execute(delete(AccessGrant))
