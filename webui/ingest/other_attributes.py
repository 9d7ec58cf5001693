"""Marketo's attributes of an activity of the families beside chat, by what the vocabulary says of its type.

What has no place of its own is kept under Marketo's name in ``extra``; the address of a visitor's machine is
not kept at all: who sells needs it for nothing.
"""

import re
from typing import Any

from webui.ingest.attribute_values import bare, plain, set_text
from webui.ingest.records import ActivityRecord, one_line
from webui.vocabulary import CHANGED_SCORE, ActivityType

NOT_KEPT = "clientipaddress"
PAGE_URL = "webpageurl"

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.0+)?")


def tell(
    record: ActivityRecord,
    of_type: ActivityType,
    primary_value: str | None,
    primary_ref: str | None,
    attributes: dict[str, Any],
) -> None:
    """Tell a record what the attributes say."""
    told: dict[str, str | None] = {}
    extra: dict[str, Any] = {}
    by_name = {bare(name): value for name, value in attributes.items()}
    for name, value in attributes.items():
        known = bare(name)
        if known == PAGE_URL:
            set_text(record, "page_url", one_line, value)
        elif field := of_type.told.get(known):
            _tell(told, field, value)
        elif known not in (*of_type.about, NOT_KEPT, *_SCORES) and value not in ("", None):
            extra[one_line(name)] = plain(value)
    about = next((by_name[name] for name in of_type.about if by_name.get(name)), None)
    if about is None and of_type.is_about_primary:
        about = primary_value
        if primary_ref and about:
            record.dialogue_ref = one_line(primary_ref)
    if of_type.kinds and primary_value:  # a kind that the vocabulary does not have
        extra["Type"] = one_line(primary_value)
    is_null = not about and any(by_name.get(name, "") is None for name in of_type.about)
    set_text(record, "dialogue_name", one_line, None if is_null else about or "")
    if of_type.key == CHANGED_SCORE:
        _tell_score(record, by_name)
    if told:
        record.told = told
    if extra:
        record.extra = extra


def _tell(told: dict[str, str | None], field: str, value: Any) -> None:
    """Note a field: null clears, an empty text says nothing."""
    if value is None:
        told[field] = None
    elif text := one_line(value if isinstance(value, str) else plain(value)):
        told[field] = text


_SCORES = ("changevalue", "newvalue")


def _tell_score(record: ActivityRecord, by_name: dict[str, Any]) -> None:
    """Note the new score and by how much it changed, which Marketo may leave to be told from the old one.

    What is no whole number says nothing; null clears.
    """
    new, old = _number(by_name.get("newvalue")), _number(by_name.get("oldvalue"))
    change = _number(by_name.get("changevalue"))
    if change is None and new is not None and old is not None:
        change = new - old
    if new is not None or by_name.get("newvalue", "") is None:
        record.new_score = new
    if change is not None or by_name.get("changevalue", "") is None:
        record.score_change = change


def _number(value: Any) -> int | None:
    text = str(value).strip()
    return int(text.partition(".")[0]) if _NUMBER.fullmatch(text) else None
