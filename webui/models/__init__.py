"""The tables, a module for each subject."""

from webui.database import Base
from webui.models.access import AccessGrant, AuditEntry, SpentLink
from webui.models.activities import (
    IS_BOOKED,
    IS_OPEN,
    AccountWeek,
    Activity,
    ActivityDetail,
    Conversation,
    Dialogue,
    InstallationWeek,
    OtherGuid,
    PersonWeek,
)
from webui.models.attention import FeedAddress, Hidden, Watched
from webui.models.columns import CRM_ID_LENGTH, GUID_LENGTH, VIEWER_LENGTH
from webui.models.installation import HIDDEN_DAYS, ConfigurationChange, Installation
from webui.models.records import (
    Account,
    FormerMarketoLead,
    FormerRecord,
    MarketoLead,
    Opportunity,
    OpportunityRole,
    Person,
    UnknownLead,
)
from webui.models.search import GRAM_INDEX, SearchText, Subject
from webui.models.sources import BulkExport, MarketoActivityType, Rejected, SourceDay, SourceState, SyncCursor

__all__ = [
    "CRM_ID_LENGTH",
    "GRAM_INDEX",
    "GUID_LENGTH",
    "HIDDEN_DAYS",
    "IS_BOOKED",
    "IS_OPEN",
    "VIEWER_LENGTH",
    "AccessGrant",
    "Account",
    "AccountWeek",
    "Activity",
    "ActivityDetail",
    "AuditEntry",
    "Base",
    "BulkExport",
    "ConfigurationChange",
    "Conversation",
    "Dialogue",
    "FeedAddress",
    "FormerMarketoLead",
    "FormerRecord",
    "Hidden",
    "Installation",
    "InstallationWeek",
    "MarketoActivityType",
    "MarketoLead",
    "Opportunity",
    "OpportunityRole",
    "OtherGuid",
    "Person",
    "PersonWeek",
    "Rejected",
    "SearchText",
    "SourceDay",
    "SourceState",
    "SpentLink",
    "Subject",
    "SyncCursor",
    "UnknownLead",
    "Watched",
]
