"""Which of Marketo's activity type ids is which of our types.

Ids differ between subscriptions, so they are resolved by name, from an answer of Get Activity Types
(``GET /rest/v1/activities/types.json``). The answer is kept, so that rows rejected for an unknown id
can be tried again and later files need not bring it along. An override of the settings wins over
any name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from webui.config import BadSettings
from webui.database import db, insert
from webui.ingest.attributes import whole_number
from webui.ingest.records import one_line
from webui.installation import writing
from webui.models import MarketoActivityType
from webui.vocabulary import BY_KEY, CUSTOM_IDS_FROM, ActivityType, resolve


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
    """Store the types of an answer, replacing those of the same ids; raise UnreadableTypes if it is none."""
    learn_types(read(path))


def learn_types(types: Iterable[tuple[int, str]]) -> None:
    """Store types, given as (id, name), replacing those of the same ids."""
    table = MarketoActivityType.__table__
    with writing():
        for number, name in types:
            known = _known(number, name, {})
            values = {
                "id": number,
                "name": name,
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
    key, colon, variant = value.partition(":")
    return (BY_KEY[key], bool(colon)) if key in BY_KEY and variant == ("flow" if colon else "") else None


def load(overrides: dict[int, str]) -> TypeMap:
    """Return the map that rows are read by: the stored types under the settings' overrides."""
    stored = db.session.execute(select(MarketoActivityType.id, MarketoActivityType.name)).all()
    names: dict[int, str] = dict(stored)
    return {
        number: _known(number, names.get(number, ""), overrides) for number in names.keys() | overrides.keys()
    }


def _known(number: int, name: str, overrides: dict[int, str]) -> KnownType:
    if number in overrides:
        found = _override(overrides[number])
        name = name or overrides[number]
    else:
        found = resolve(name) if number < CUSTOM_IDS_FROM else None
    return KnownType(name, *found) if found else KnownType(name, None, False)
