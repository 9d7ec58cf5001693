"""The activities that are there already, found by their guids."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from webui.bulk import among
from webui.database import db
from webui.models import Activity, Dialogue, OtherGuid

Known = dict[str, Row[*tuple[Any, ...]]]

_COLUMNS = (
    Activity.guid,
    Activity.id,
    Activity.marketo_id,
    Activity.person_id,
    Activity.account_id,
    Activity.type_key,
    Activity.at,
    Activity.week,
    Activity.status,
    Activity.dialogue_id,
    Activity.score_change,
    Activity.new_score,
    Dialogue.name.label("dialogue_name"),
)


def known_activities(guids: list[str]) -> Known:
    """Return the list rows of those of these guids that are known, by guid; also by their other one."""
    found: Known = {row.guid: row for row in db.session.execute(list_rows(among(Activity.guid, guids)))}
    others = [guid for guid in guids if guid not in found]
    if others and db.session.execute(select(OtherGuid.guid).limit(1)).first():
        named = dict(
            db.session.execute(
                select(OtherGuid.activity_id, OtherGuid.guid).where(among(OtherGuid.guid, others))
            ).all()
        )
        for row in db.session.execute(list_rows(among(Activity.id, named))):
            found[named[row.id]] = row
    return found


def list_rows(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select the list rows that an update needs to know."""
    return select(*_COLUMNS).outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id).where(condition)
