"""Email: what became of Marketo's e-mails, and of those that sales sent with Sales Insight."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from webui.vocabulary.kinds import ActivityType, Family, labels_of

EMAIL = Family(
    "email",
    labels_of("Email", "メール"),
    icon="mail",
    columns=("activity-type", "subject", "opened", "clicked"),
    about="subject",
    choice="subject",
    is_global=False,
)

OPENED_EMAIL, CLICKED_EMAIL = "opened-email", "clicked-email"
OPENED_SALES_EMAIL, CLICKED_SALES_EMAIL = "opened-sales-email", "clicked-sales-email"
OPENINGS = (OPENED_EMAIL, OPENED_SALES_EMAIL)
CLICKS = (CLICKED_EMAIL, CLICKED_SALES_EMAIL)

_TOLD = MappingProxyType(
    {"device": "device", "platform": "platform", "useragent": "user-agent", "link": "link"}
)
_BOUNCED = MappingProxyType(
    {"category": "category", "details": "reason", "email": "address", "subcategory": "subcategory"}
)
_SOLD = MappingProxyType(
    {
        "sentby": "sent-by",
        "receivedby": "received-by",
        "source": "source",
        "salestemplatename": "template",
        "salescampaignname": "campaign",
        "link": "link",
        "details": "reason",
        "email": "address",
    }
)


def _mail(key: str, en: str, ja: str, icon: str, **more: Any) -> ActivityType:
    fields = ("subject", "link", "category", "reason", "address", "device", "platform")
    return ActivityType(
        key=key,
        family="email",
        labels=labels_of(en, ja),
        fields=fields,
        optional=frozenset(fields[1:]),
        statuses=(),
        icon=icon,
        listed_globally=False,
        about=("emailsubject", "subject"),
        **{"told": _TOLD, **more},
    )


def _sales_mail(key: str, en: str, ja: str, icon: str, **more: Any) -> ActivityType:
    fields = (
        "subject",
        "sent-by",
        "received-by",
        "link",
        "reason",
        "address",
        "template",
        "campaign",
        "source",
    )
    return replace(
        _mail(key, en, ja, icon, told=_SOLD, **more), fields=fields, optional=frozenset(fields[1:])
    )


TYPES = (
    _mail("sent-email", "Sent", "送信", "mail", names=("Send Email",), classic_id=6),
    _mail("delivered-email", "Delivered", "配信", "mail", names=("Email Delivered",), classic_id=7),
    _mail(
        "bounced-email",
        "Bounced",
        "バウンス",
        "missing",
        names=("Email Bounced",),
        classic_id=8,
        told=_BOUNCED,
    ),
    _mail(
        "soft-bounced-email",
        "Soft Bounced",
        "ソフトバウンス",
        "late",
        names=("Email Bounced Soft",),
        classic_id=27,
        told=_BOUNCED,
    ),
    _mail(OPENED_EMAIL, "Opened", "開封", "opened", names=("Open Email",), classic_id=10),
    _mail(CLICKED_EMAIL, "Clicked", "クリック", "link", names=("Click Email",), classic_id=11),
    _sales_mail(
        "sent-sales-email",
        "Sent by Sales",
        "営業から送信",
        "sales",
        names=("Send Sales Email",),
        classic_id=39,
    ),
    _sales_mail(
        OPENED_SALES_EMAIL,
        "Opened, from Sales",
        "営業メールを開封",
        "sales",
        names=("Open Sales Email",),
        classic_id=40,
    ),
    _sales_mail(
        CLICKED_SALES_EMAIL,
        "Clicked, from Sales",
        "営業メールをクリック",
        "sales",
        names=("Click Sales Email",),
        classic_id=41,
    ),
    _sales_mail(
        "replied-sales-email",
        "Replied to Sales",
        "営業メールに返信",
        "sales",
        names=("Receive Sales Email", "Replied to Sales Email"),
        classic_id=45,
    ),
    _sales_mail(
        "bounced-sales-email",
        "Bounced, from Sales",
        "営業メールがバウンス",
        "sales-bounced",
        names=("Sales Email Bounced",),
        classic_id=48,
    ),
)
