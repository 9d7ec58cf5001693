"""Web Activity: pages, forms and links of the website."""

from types import MappingProxyType
from typing import Any

from webui.vocabulary.kinds import ActivityType, Family, labels_of

WEB = Family(
    "web",
    labels_of("Web Activity", "Web アクティビティ"),
    icon="web",
    columns=("activity-type", "page"),
    about="page",
    choice="page",
    is_global=True,
)

_TOLD = MappingProxyType(
    {
        "referrerurl": "referrer",
        "queryparameters": "query",
        "searchengine": "search-engine",
        "searchquery": "search-words",
        "useragent": "user-agent",
    }
)


def _visit(key: str, en: str, ja: str, icon: str, **more: Any) -> ActivityType:
    optional = ("page-url", "referrer", "query", "search-engine", "search-words", "user-agent")
    return ActivityType(
        key=key,
        family="web",
        labels=labels_of(en, ja),
        optional=frozenset(optional) - {"referrer"},
        statuses=(),
        icon=icon,
        listed_globally=True,
        told=_TOLD,
        **{"fields": ("page", *optional), **more},
    )


TYPES = (
    _visit(
        "visited-page",
        "Visited Web Page",
        "Web ページを訪問",
        "web",
        names=("Visit Webpage", "Visit Web Page"),
        classic_id=1,
    ),
    _visit(
        "filled-out-form",
        "Filled Out Form",
        "フォームに入力",
        "form",
        names=("Fill Out Form",),
        classic_id=2,
        fields=("form-name", "page-url", "referrer", "query", "user-agent"),
    ),
    _visit(
        "clicked-link",
        "Clicked Link",
        "リンクをクリック",
        "link",
        names=("Click Link", "Click Link on Webpage"),
        classic_id=3,
        fields=("link", "page-url", "referrer", "query", "user-agent"),
    ),
)
