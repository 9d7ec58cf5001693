"""The condition that an activity has a word: in its names, dialogue, goal, document, agent or talk.

A word is found anywhere in a text, folded as ``webui.grams`` says, on both databases alike.
"""

from sqlalchemy import ColumnElement, func, select

from webui.database import db
from webui.models import Activity, SearchText, Subject

_IDS = {
    Subject.ACTIVITY: Activity.id,
    Subject.PERSON: Activity.person_id,
    Subject.ACCOUNT: Activity.account_id,
    Subject.DIALOGUE: Activity.dialogue_id,
}


def has(word: str) -> ColumnElement[bool]:
    """Return the condition that an activity has a folded word; for one row, a look-up of four texts."""
    keys = [id_ * len(Subject) + subject for subject, id_ in _IDS.items()]
    return select(SearchText.key).where(SearchText.key.in_(keys), is_in_text(word)).exists()


def is_in_text(word: str) -> ColumnElement[bool]:
    """Return the condition that a text of ``SearchText`` has a folded word."""
    place = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    found: ColumnElement[bool] = place(SearchText.folded, word) > 0
    return found
