"""Interesting Moments: what a marketer wants sales to know. Marketo has one type; its kind is a value."""

from types import MappingProxyType
from typing import Any

from webui.vocabulary.kinds import ActivityType, Family, labels_of

MOMENTS = Family(
    "moments",
    labels_of("Interesting Moments", "興味深い瞬間"),
    icon="moment",
    columns=("activity-type", "description"),
    about="description",
    choice=None,
    is_global=True,
)


def _moment(key: str, en: str, ja: str, icon: str, **more: Any) -> ActivityType:
    return ActivityType(
        key=key,
        family="moments",
        labels=labels_of(en, ja),
        fields=("description", "source", "dated"),
        optional=frozenset(("dated",)),
        statuses=(),
        icon=icon,
        listed_globally=True,
        about=("description",),
        is_about_primary=False,
        told=MappingProxyType({"source": "source", "date": "dated"}),
        **{"names": (), **more},
    )


TYPES = (
    _moment(
        "moment",
        "Interesting Moment",
        "興味深い瞬間",
        "moment",
        names=("Interesting Moment",),
        classic_id=46,
        kinds=MappingProxyType(
            {"email": "email-moment", "milestone": "milestone-moment", "web": "web-moment"}
        ),
    ),
    _moment("email-moment", "Email", "メール", "mail"),
    _moment("milestone-moment", "Milestone", "マイルストーン", "goal"),
    _moment("web-moment", "Web", "Web", "web"),
)
