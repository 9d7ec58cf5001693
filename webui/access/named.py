"""The record that a link or an operator names: as it is stored, and as it is now."""

from typing import NamedTuple

from webui.access.grants import Opens
from webui.access.salesforce_ids import forms
from webui.feeds import records


class Named(NamedTuple):
    """A record by the CRM id that is ``stored``; ``now`` is another where that was converted or merged."""

    stored: Opens
    now: Opens


def find(opens: Opens) -> Named | None:
    """Return the record that is named, in whichever form of its id it is stored; None if it is not there."""
    for crm_id in forms(opens.crm_id):
        stored = Opens(opens.panel, crm_id)
        if records.find(*stored):
            return Named(stored, stored)
        became = records.became(*stored)
        if became:
            return Named(stored, Opens(*became))
    return None
