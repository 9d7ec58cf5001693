"""The one table of activity types: what each is called, shows and may say.

Parsing, storing, filtering, the detail and the tests all read it. Each family is a module: to add a type is
to add a row to its ``TYPES``. Data and look-ups only; nothing here touches a request, a database or a file.

Labels are the field's words (Marketo Sales Insight), in each language of ``LANGUAGES``. Statuses are
in the order in which they may follow each other: an activity never goes back to an earlier one.
"""

from types import MappingProxyType

from webui.vocabulary import chat, email, moments, score, web
from webui.vocabulary.chat import APPOINTMENT, CHAT, DOCUMENT, OPEN
from webui.vocabulary.email import CLICKS, DONE_WITH_EMAILS, EMAIL, OPENINGS
from webui.vocabulary.kinds import LANGUAGES, ActivityType, Family, Labels, Status
from webui.vocabulary.labels import COLUMNS, FIELDS, PANELS, PARTS, PUSHED, SOURCES
from webui.vocabulary.moments import MOMENTS
from webui.vocabulary.score import CHANGED_SCORE, MAIN_SCORES, NUMBERS, SCORE, is_main_score
from webui.vocabulary.web import OF_ADDRESSES, WEB

__all__ = [
    "APPOINTMENT",
    "BY_KEY",
    "CHANGED_SCORE",
    "CHAT",
    "CHAT_KEYS",
    "CLICKS",
    "COLUMNS",
    "DOCUMENT",
    "DONE_WITH_EMAILS",
    "EMAIL",
    "FAMILIES",
    "FAMILY",
    "FIELDS",
    "LANGUAGES",
    "MAIN_SCORES",
    "MOMENTS",
    "NUMBERS",
    "OF_ADDRESSES",
    "OPEN",
    "OPENINGS",
    "OTHERS",
    "PANELS",
    "PARTS",
    "PUSHED",
    "SCORE",
    "SOURCES",
    "TALKS",
    "TYPES",
    "WEB",
    "ActivityType",
    "Family",
    "Labels",
    "Status",
    "global_keys_of",
    "is_main_score",
    "keys_of",
]

FAMILIES = (MOMENTS, WEB, EMAIL, SCORE, CHAT)  # in the order of the tabs
OTHERS = tuple(one for one in FAMILIES if one is not CHAT)
FAMILY = MappingProxyType({one.key: one for one in FAMILIES})

TYPES = (*chat.TYPES, *moments.TYPES, *web.TYPES, *email.TYPES, *score.TYPES)
BY_KEY = MappingProxyType({one.key: one for one in TYPES})
TALKS = tuple(one.key for one in TYPES if one.has_transcript)


def keys_of(family: str) -> tuple[str, ...]:
    """Return the keys of a family's types."""
    return _KEYS[family]


def global_keys_of(family: str) -> tuple[str, ...]:
    """Return the keys of those of a family's types that the global tab lists."""
    return _GLOBAL_KEYS[family]


_KEYS = MappingProxyType({of.key: tuple(one.key for one in TYPES if one.family == of.key) for of in FAMILIES})
_GLOBAL_KEYS = MappingProxyType(
    {key: tuple(one for one in keys if BY_KEY[one].listed_globally) for key, keys in _KEYS.items()}
)
CHAT_KEYS = keys_of("chat")
