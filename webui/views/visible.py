"""Which record a URL names, if it is there, and how much of it the viewer may see."""

from flask import current_app, g

from webui.access import policy
from webui.access.grants import Opens
from webui.database import storable
from webui.feeds import records
from webui.feeds.records import Record
from webui.views.errors import DeletedRecord, Moved, NoSuchRecord


def visible_record(panel: str, crm_id: str) -> Record:
    """Return the record of a panel's URL if it is there for the viewer; raise a Refusal otherwise.

    The URL of a converted or merged record leads to what it is now, whatever part was asked for.
    """
    crm_id = storable(crm_id)
    record = records.find(panel, crm_id)
    if record is not None:
        return record
    now = records.became(panel, crm_id)
    if now:
        raise Moved(*now)
    raise DeletedRecord if records.was_deleted(panel, crm_id) else NoSuchRecord


def may_show_account(record: Record) -> bool:
    """Whether the viewer may see the activities of a contact's whole account."""
    settings = current_app.extensions["chatpane"]
    return policy.may_show_account(g.grant, Opens(record.panel, record.crm_id), settings)
