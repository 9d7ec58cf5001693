"""Web Activity: pages, forms and links of the website."""

from types import MappingProxyType
from typing import Any

from webui.vocabulary.kinds import ActivityType, Family, labels_of, told_by

WEB = Family(
    "web",
    labels_of("Web Activity", "Web アクティビティ"),
    icon="web",
    columns=("activity-type", "page"),
    about="page",
    choice="page",
    is_global=True,
)

VISITED_PAGE, CLICKED_LINK = "visited-page", "clicked-link"
OF_ADDRESSES = (VISITED_PAGE, CLICKED_LINK)  # what they are about is one, in most cases

_TOLD = MappingProxyType(
    {
        "referrerurl": "referrer",
        "queryparameters": "query",
        "searchengine": "search-engine",
        "searchquery": "search-words",
        "useragent": "user-agent",
    }
)


def _visit(
    key: str, en: str, ja: str, icon: str, *always: str, optional: tuple[str, ...], **more: Any
) -> ActivityType:
    return ActivityType(
        key=key,
        family="web",
        labels=labels_of(en, ja),
        fields=(*always, *optional),
        optional=frozenset(optional),
        statuses=(),
        icon=icon,
        listed_globally=True,
        told=told_by(_TOLD, (*always, *optional)),
        **more,
    )


TYPES = (
    _visit(
        VISITED_PAGE,
        "Visited Web Page",
        "Web ページを訪問",
        "web",
        "page",
        "page-url",
        "referrer",
        optional=("query", "search-engine", "search-words", "user-agent"),
        names=("Visit Webpage", "Visit Web Page"),
        classic_id=1,
    ),
    _visit(
        "filled-out-form",
        "Filled Out Form",
        "フォームに入力",
        "form",
        "form-name",
        "referrer",
        optional=("page-url", "query", "user-agent"),
        names=("Fill Out Form",),
        classic_id=2,
    ),
    _visit(
        CLICKED_LINK,
        "Clicked Link",
        "リンクをクリック",
        "link",
        "link",
        "referrer",
        optional=("page-url", "query", "user-agent"),
        names=("Click Link", "Click Link on Webpage"),
        classic_id=3,
    ),
)
