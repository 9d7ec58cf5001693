"""Which of Marketo's activity type ids is which of our types.

Ids differ between subscriptions, so they are resolved by name, from an answer of Get Activity Types (``GET
/rest/v1/activities/types.json``); those that are classic are known before it comes. The answer is kept, so
that rows rejected for an unknown id can be tried again and later files need not bring it along. What an admin
says on the configuration tab wins over any name, and an override of the settings over both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select, update

from webui import switch
from webui.config import BadSettings
from webui.database import db, insert
from webui.ingest.attributes import whole_number
from webui.ingest.records import one_line
from webui.ingest.type_names import CUSTOM_IDS_FROM, resembles, resolve
from webui.installation import writing
from webui.models import MarketoActivityType
from webui.vocabulary import BY_KEY, CHAT_KEYS, TYPES, ActivityType

WHAT = "activity-types"
AUTOMATIC = "automatic"
NONE = "none"
VALUES = (NONE, *BY_KEY, *(f"{key}:flow" for key in CHAT_KEYS))
CLASSIC = {one.classic_id: one for one in TYPES if one.classic_id is not None}


class UnreadableTypes(Exception):
    """A file is no answer of Get Activity Types; the message says why."""


@dataclass(frozen=True)
class KnownType:
    """What Marketo calls a type, and which of ours it is (None: not ours)."""

    name: str
    ours: ActivityType | None
    is_flow: bool


TypeMap = dict[int, KnownType]


def read(path: Path) -> list[tuple[int, str]]:
    """Return (id, name) of each type that an answer of Get Activity Types has; raise UnreadableTypes."""
    try:
        answer: Any = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeError) as error:
        raise UnreadableTypes(f"{path} cannot be read as JSON: {error}") from error
    result = answer.get("result") if isinstance(answer, dict) else answer
    if isinstance(answer, dict) and answer.get("success") is False:
        raise UnreadableTypes(
            f"{path} holds Marketo's refusal, not its activity types: {answer.get('errors')}"
        )
    if not isinstance(result, list) or not all(isinstance(one, dict) for one in result):
        raise UnreadableTypes(f"{path} is not an answer of Get Activity Types: it has no list `result`")
    types = [(whole_number(str(one.get("id"))), one.get("name")) for one in result]
    found = [(number, one_line(name)) for number, name in types if number and isinstance(name, str)]
    if len(found) < len(types):
        raise UnreadableTypes(f"{path}: a type has no `name`, or no `id` that is a positive whole number")
    return found


def learn(path: Path) -> None:
    """Store the types of an answer, as ``learn_types`` does; raise UnreadableTypes if it is none."""
    learn_types(read(path))


def learn_types(types: Sequence[tuple[int, str]]) -> None:
    """Store types as Marketo names them, replacing those of the same ids; what an admin said stays."""
    with writing():
        take(types)


def take(types: Sequence[tuple[int, str]]) -> None:
    """Do that within the caller's transaction."""
    table = MarketoActivityType.__table__
    for number, name in types:
        known = _known(number, name, {})
        values = {
            "id": number,
            "name": one_line(name),
            "type_key": known.ours.key if known.ours else None,
            "is_flow": known.is_flow,
        }
        statement = insert(table).values(values)
        db.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def check(overrides: dict[int, str]) -> None:
    """Raise BadSettings if an override names a type that the vocabulary does not have."""
    wrong = [value for value in overrides.values() if _override(value) is None]
    if wrong:
        known = ", ".join(BY_KEY)
        raise BadSettings(
            f"CHATPANE_ACTIVITY_TYPES: {', '.join(wrong)}: write one of {known}, or one with :flow"
        )


def _override(value: str) -> tuple[ActivityType, bool] | None:
    key, colon, _ = value.partition(":")
    return (BY_KEY[key], bool(colon)) if value in VALUES and value != NONE else None


def load(overrides: dict[int, str]) -> TypeMap:
    """Return the map that rows are read by: the settings' overrides win over the tab's, those over names."""
    stored = _stored()
    said = {number: override for number, _name, override in stored if override} | overrides
    names = {number: name for number, name, _override in stored}
    numbers = names.keys() | said.keys() | CLASSIC.keys()
    return {number: _known(number, names.get(number, ""), said) for number in numbers}


def is_told(overrides: dict[int, str]) -> bool:
    """Whether anybody has told what types Marketo has, beyond those that are the same everywhere."""
    return bool(overrides) or bool(_stored())


def _stored() -> list[tuple[int, str, str | None]]:
    one = MarketoActivityType
    rows = db.session.execute(select(one.id, one.name, one.override).order_by(one.id)).all()
    return [(row.id, row.name, row.override) for row in rows]


def _known(number: int, name: str, overrides: dict[int, str]) -> KnownType:
    said = overrides.get(number)
    if said is None:
        found = resolve(name) if number < CUSTOM_IDS_FROM else None
        if not name and number in CLASSIC:
            name, found = CLASSIC[number].names[0], (CLASSIC[number], False)
    else:
        found = _override(said)
        name = name or said
    return KnownType(name, *found) if found else KnownType(name, None, False)


@dataclass(frozen=True)
class Choice:
    """A type that an admin may have an opinion on: what it is taken for, and who said so.

    ``said`` is the override in force (None: its name decides), ``by_settings`` whether the settings say it.
    """

    id: int
    name: str
    taken_for: KnownType
    said: str | None
    by_settings: bool


def choices(overrides: dict[int, str]) -> list[Choice]:
    """Return the types that may be chat's, that are custom, or of which somebody said what they are.

    What is classic is beyond doubt.
    """
    types = load(overrides)
    said = {number: override for number, _name, override in _stored() if override} | overrides
    return [
        Choice(number, known.name, known, said.get(number), number in overrides)
        for number, known in sorted(types.items())
        if number in said or number >= CUSTOM_IDS_FROM or (number not in CLASSIC and _may_be_ours(known))
    ]


def _may_be_ours(known: KnownType) -> bool:
    return known.ours is not None or resembles(known.name)


def unresolved(overrides: dict[int, str]) -> list[ActivityType]:
    """Return the chat types that no id resolves to; none while Marketo's types are unknown."""
    if not is_told(overrides):
        return []
    found = {known.ours.key for known in load(overrides).values() if known.ours}
    return [BY_KEY[key] for key in CHAT_KEYS if key not in found]


def override(values: dict[int, str | None], who: str) -> int:
    """Let these ids be what an admin says: a value of ``VALUES``, None for what the name says.

    Returns how many changed. Ids that Marketo did not name are left alone. Raises ValueError for others.
    """
    if any(value is not None and value not in VALUES for value in values.values()):
        raise ValueError("no such type")
    changed = 0
    with writing():
        for number, name, was in _stored():
            wanted = values.get(number, was)
            if wanted != was:
                one = MarketoActivityType
                db.session.execute(update(one).where(one.id == number).values(override=wanted))
                before, after = (f"{name} ({number}): {value or AUTOMATIC}" for value in (was, wanted))
                switch.note(who, WHAT, before, after)
                changed += 1
    return changed
