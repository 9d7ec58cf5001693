"""The activity types of the demo's Marketo subscription, as Get Activity Types answers them.

The ids of the chat types are inventions (they differ in every subscription); those of the classic types
are the usual ones.
"""

import json
from typing import Any

ENGAGED, AGENT, MEETING, GOAL, DOCUMENT = range(1001, 1006)
"""The chat types in a dialogue; in a conversational flow each has ``FLOW`` added."""
FLOW = 5
LINK_CLICKED = 1011

MEETING_IN_FLOW = MEETING + FLOW

VISIT, FORM, CLICK_LINK = 1, 2, 3
SEND_EMAIL, EMAIL_DELIVERED, EMAIL_BOUNCED, OPEN_EMAIL, CLICK_EMAIL, EMAIL_SOFT_BOUNCED = 6, 7, 8, 10, 11, 27
SEND_SALES, OPEN_SALES, CLICK_SALES, RECEIVE_SALES, SALES_BOUNCED = 39, 40, 41, 45, 48
SCORE, MERGE, MOMENT = 22, 32, 46

NAMES = {
    ENGAGED: ("Engage with a Dialogue", "Engage with a Conversational Flow"),
    AGENT: ("Engage with an Agent in Dialogue", "Engage with an Agent in Conversational Flow"),
    MEETING: ("Schedule Meeting in Dialogue", "Schedule Meeting in Conversational Flow"),
    GOAL: ("Reach Dialogue Goal", "Reach Goal in Conversational Flow"),
    DOCUMENT: ("Interact with Document in Dialogue", "Interact with Document in Conversational Flow"),
}
CONVERSATION = (
    "Conversation Score:integer|Conversation Summary:text|Conversation Transcript:text|Discussed Topics:text"
)
ATTRIBUTES = {
    ENGAGED: f"Conversation Status|{CONVERSATION}|Page URL",
    AGENT: f"Agent Email|Agent Name|Conversation Status|{CONVERSATION}|Page URL|Routing Queue Name",
    MEETING: "Agent Email|Agent Name|Meeting Status|Page URL|Routing Queue Name|Scheduled For:datetime",
    GOAL: "Goal Name|Page URL",
    DOCUMENT: "Document Downloaded:boolean|Document Name|Document Opened:boolean|Document URL|Page URL",
}
FLOW_ATTRIBUTES = "|Source Name|Source Type|UI Type"

BROWSER = "Client IP Address|Query Parameters|Referrer URL"
RUN = "Campaign Run ID:integer"
STEP = f"{RUN}|Choice Number:integer|Step ID:integer"
BOUNCE = f"{RUN}|Category|Details|Email|Subcategory"
DEVICE = "Device|Is Mobile Device:boolean|Platform|User Agent"
SALES = "Email Subject|Sales Template Name|Sales Template URL|Sent By|Source|Template ID:integer"

CLASSIC = (
    (
        VISIT,
        "Visit Webpage",
        "Webpage ID",
        f"{BROWSER}|Search Engine|Search Query|User Agent|Webpage URL",
    ),
    (FORM, "Fill Out Form", "Webform ID", f"{BROWSER}|Form Fields:text|User Agent|Webpage ID:integer"),
    (CLICK_LINK, "Click Link", "Link ID", f"{BROWSER}|Webpage ID:integer"),
    (SEND_EMAIL, "Send Email", "Mailing ID", STEP),
    (EMAIL_DELIVERED, "Email Delivered", "Mailing ID", STEP),
    (EMAIL_BOUNCED, "Email Bounced", "Mailing ID", BOUNCE),
    (OPEN_EMAIL, "Open Email", "Mailing ID", DEVICE),
    (CLICK_EMAIL, "Click Email", "Mailing ID", f"{DEVICE}|Link|Link ID:integer"),
    (12, "New Lead", "Source Type", "Form Name|List Name|SFDC Type"),
    (13, "Change Data Value", "Attribute Name", "New Value|Old Value|Reason|Source"),
    (SCORE, "Change Score", "Score Name", "Change Value|New Value:integer|Old Value:integer|Reason"),
    (EMAIL_SOFT_BOUNCED, "Email Bounced Soft", "Mailing ID", BOUNCE),
    (
        MERGE,
        "Merge Leads",
        "Lead ID",
        "Master Updated:boolean|Merge IDs|Merge Source|Merged in Sales:boolean",
    ),
    (37, "Delete Lead", "Lead ID", "Campaign|Remove From CRM:boolean"),
    (SEND_SALES, "Send Sales Email", "Artifact ID", SALES),
    (OPEN_SALES, "Open Sales Email", "Artifact ID", SALES),
    (CLICK_SALES, "Click Sales Email", "Artifact ID", f"{SALES}|Link"),
    (RECEIVE_SALES, "Receive Sales Email", "Artifact ID", f"{SALES}|Received By"),
    (MOMENT, "Interesting Moment", "Type", "Date:datetime|Description:text|Source"),
    (SALES_BOUNCED, "Sales Email Bounced", "Artifact ID", f"{SALES}|Details|Email"),
    (LINK_CLICKED, "Click Link in Chat in Dialogue", "Name", "Link URL|Page URL"),
)


def answer() -> str:
    """Return the whole answer as JSON."""
    chats = [
        _type(
            number + FLOW * flow,
            NAMES[number][flow],
            "Name",
            ATTRIBUTES[number] + (FLOW_ATTRIBUTES if flow else ""),
        )
        for flow in (False, True)
        for number in NAMES
    ]
    result = sorted([_type(*classic) for classic in CLASSIC] + chats, key=lambda entry: int(entry["id"]))
    envelope = {"requestId": "5f2c#19d30a7be41", "success": True, "result": result}
    return json.dumps(envelope, ensure_ascii=False, indent=2) + "\n"


def _type(number: int, name: str, primary: str, attributes: str) -> dict[str, Any]:
    """Return one type; ``attributes`` is ``name:type`` parted by bars, of type string where not said."""
    fields = [field.partition(":") for field in attributes.split("|")]
    return {
        "id": number,
        "name": name,
        "description": f"{name} (demo)",
        "primaryAttribute": {"name": primary, "dataType": "integer" if primary.endswith(" ID") else "string"},
        "attributes": [{"name": field, "dataType": kind or "string"} for field, _, kind in fields],
    }
