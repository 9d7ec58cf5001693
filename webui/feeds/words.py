"""Searching a list by words: names, dialogue, goal, document, agent, summary, topics and transcript.

Both databases answer alike, for the words are compared here: folded (NFKC, no difference of case), each word
anywhere in one of an activity's texts. A list is read whole for it, which bounds how long one may be.
"""

from unicodedata import normalize

from sqlalchemy import select

from webui.database import db
from webui.feeds.scopes import Scope, within
from webui.models import Account, Activity, ActivityDetail, Conversation, Dialogue, Person

SEARCHED_TO = 2_000


def folded(text: str) -> str:
    """Return a text as it is compared: full and half width, and upper and lower case, are one."""
    return normalize("NFKC", normalize("NFKC", text).casefold())


def matching(scope: Scope, words: str) -> tuple[int, ...]:
    """Return the ids of a scope's activities that have each of the words, which stand apart by spaces.

    The scope lists ``SEARCHED_TO`` activities at most. Cost: one statement that reads their long texts.
    """
    wanted = folded(words).split()
    texts = (
        Person.name,
        Account.name,
        Dialogue.name,
        ActivityDetail.goal_name,
        ActivityDetail.document_name,
        ActivityDetail.agent_name,
        ActivityDetail.agent_email,
        Conversation.summary,
        Conversation.transcript,
        Conversation.topics,
    )
    rows = db.session.execute(
        select(Activity.id, *texts)
        .join(ActivityDetail, ActivityDetail.activity_id == Activity.id)
        .outerjoin(Person, Person.id == Activity.person_id)
        .outerjoin(Account, Account.id == Activity.account_id)
        .outerjoin(Dialogue, Dialogue.id == Activity.dialogue_id)
        .outerjoin(Conversation, Conversation.activity_id == Activity.id)
        .where(*within(scope))
        .limit(SEARCHED_TO)
    )
    return tuple(id_ for id_, *told in rows if _has(told, wanted))


def _has(told: list[str | list[str] | None], wanted: list[str]) -> bool:
    # A line end between the texts, which no word has, keeps a word from being found across two of them.
    text = folded("\n".join("\n".join(one) if isinstance(one, list) else one for one in told if one))
    return all(word in text for word in wanted)
