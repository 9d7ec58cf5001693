"""Email: what became of Marketo's e-mails, and of those that sales sent with Sales Insight."""

from types import MappingProxyType
from typing import Any

from webui.vocabulary.kinds import ActivityType, Family, Labels, labels_of, told_by

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
REPLIED_SALES_EMAIL = "replied-sales-email"
OPENINGS = (OPENED_EMAIL, OPENED_SALES_EMAIL)
CLICKS = (CLICKED_EMAIL, CLICKED_SALES_EMAIL)
DONE_WITH_EMAILS = (*OPENINGS, *CLICKS, REPLIED_SALES_EMAIL)  # by people; others are what was sent to them

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


def _mail(
    key: str,
    en: str,
    ja: str,
    icon: str,
    *fields: str,
    always: tuple[str, ...] = (),
    told: Labels | None = None,
    **more: Any,
) -> ActivityType:
    """Return a type whose detail shows the subject and ``always`` in any case, others when known."""
    return ActivityType(
        key=key,
        family="email",
        labels=labels_of(en, ja),
        fields=("subject", *always, *fields),
        told=told_by(told or _TOLD, (*always, *fields)),
        optional=frozenset(fields),
        statuses=(),
        icon=icon,
        listed_globally=False,
        about=("emailsubject", "subject"),
        **more,
    )


def _sales_mail(
    key: str, en: str, ja: str, icon: str, *, always: tuple[str, ...] = (), **more: Any
) -> ActivityType:
    fields = ("received-by", "address", "template", "campaign", "source")
    return _mail(key, en, ja, icon, *fields, always=("sent-by", *always), told=_SOLD, **more)


TYPES = (
    _mail("sent-email", "Sent", "送信", "mail", names=("Send Email",), classic_id=6),
    _mail("delivered-email", "Delivered", "配信", "mail", names=("Email Delivered",), classic_id=7),
    _mail(
        "bounced-email",
        "Bounced",
        "バウンス",
        "missing",
        "subcategory",
        "address",
        always=("category", "reason"),
        names=("Email Bounced",),
        classic_id=8,
        told=_BOUNCED,
    ),
    _mail(
        "soft-bounced-email",
        "Soft Bounced",
        "ソフトバウンス",
        "late",
        "subcategory",
        "address",
        always=("category", "reason"),
        names=("Email Bounced Soft",),
        classic_id=27,
        told=_BOUNCED,
    ),
    _mail(
        OPENED_EMAIL,
        "Opened",
        "開封",
        "opened",
        "device",
        "platform",
        "user-agent",
        names=("Open Email",),
        classic_id=10,
    ),
    _mail(
        CLICKED_EMAIL,
        "Clicked",
        "クリック",
        "link",
        "device",
        "platform",
        "user-agent",
        always=("link",),
        names=("Click Email",),
        classic_id=11,
    ),
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
        always=("link",),
        names=("Click Sales Email",),
        classic_id=41,
    ),
    _sales_mail(
        REPLIED_SALES_EMAIL,
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
        always=("reason",),
        names=("Sales Email Bounced",),
        classic_id=48,
    ),
)
