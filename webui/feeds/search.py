"""Searching a list by words, or everyone's by a dialogue, without looking at all of it.

The index names the activities that may have a rare word, and these few are looked at. Common words fit so
many rows that these are looked at in the list's own order, until a page is full.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import BigInteger, Select, Text, column, select, table
from sqlalchemy.dialects.postgresql import ARRAY

from webui import grams
from webui.bulk import among
from webui.database import db
from webui.feeds.names import is_named
from webui.feeds.pages import Filter
from webui.feeds.scopes import OfEveryone, Scope, within
from webui.feeds.words import is_in_text
from webui.models import GRAM_INDEX, Activity, Dialogue, SearchText, Subject

SHORT_LIST = 2_000
FEW = 20_000  # rows to look at: about as long as common words take to fill a count of 1,000
FEW_NAMES = 2_000

EXPLAIN = "EXPLAIN (FORMAT JSON) SELECT key FROM search_gram WHERE grams @> %s::text[]"

_FTS5 = table(GRAM_INDEX, column("rowid", BigInteger), column(GRAM_INDEX, Text))
_GIN = table(GRAM_INDEX, column("key", BigInteger), column("grams", ARRAY(Text)))


def narrowed(scope: Scope, wanted: Filter, total: int) -> Filter:
    """Return a filter that chooses the same of a scope, which lists ``total`` activities, and costs less.

    Where the list is short, or a word is rare, the ids of what has the words are found now; in everyone's
    list those of the dialogues, too.
    """
    if wanted.dialogue is not None and isinstance(scope, OfEveryone):
        named = db.session.scalars(select(Dialogue.id).where(is_named(wanted.dialogue)))
        wanted = replace(wanted, dialogues=tuple(named))
    if not wanted.words:
        return wanted
    conditions = [*within(scope), *Filter(words=wanted.words).conditions()]
    if total > SHORT_LIST:
        some = _may_have(wanted.words)
        if some is None:
            return wanted
        conditions.append(among(Activity.id, some))
    ids = db.session.scalars(select(Activity.id).where(*conditions)).all()
    return replace(wanted, words=(), ids=tuple(ids))


def _may_have(words: Sequence[str]) -> set[int] | None:
    """Return ids of activities, among them all that have these words; None where that would be too many."""
    named = {word: _named(word) for word in words}
    if own := [word for word in words if not named[word]]:  # nothing but texts of the activity has them
        return _by_texts(own)
    for word, keys in named.items():
        if len(keys) <= FEW_NAMES:
            told = _by_texts([word])
            ids = None if told is None else told | _by_names(keys)
            if ids is not None and len(ids) <= FEW:
                return ids
    return None


def _named(word: str) -> Sequence[int]:
    """Return the keys of names that have a word; of very many only some."""
    keys = _indexed([*grams.of_word(word), grams.NAME]).subquery()
    rows = select(SearchText.key).join(keys, keys.c.key == SearchText.key)
    return db.session.scalars(rows.where(is_in_text(word)).limit(FEW_NAMES + 1)).all()


def _by_texts(words: Collection[str]) -> set[int] | None:
    """Return ids of activities that may have the words in texts of their own.

    None where too many texts do, names among them, or PostgreSQL expects so: it would look at all of them.
    """
    asked = {gram for word in words for gram in grams.of_word(word)}
    if _expected(asked) > FEW:
        return None
    keys = db.session.scalars(_indexed(asked).limit(FEW + 1)).all()
    if len(keys) > FEW:
        return None
    return {id_ for id_, subject in (divmod(key, len(Subject)) for key in keys) if not subject}


def _by_names(keys: Collection[int]) -> set[int]:
    """Return the ids of activities of named people, accounts and dialogues; of very many only some."""
    found: set[int] = set()
    for subject, of in (
        (Subject.PERSON, Activity.person_id),
        (Subject.ACCOUNT, Activity.account_id),
        (Subject.DIALOGUE, Activity.dialogue_id),
    ):
        ids = [key // len(Subject) for key in keys if key % len(Subject) == subject]
        if ids:
            found.update(db.session.scalars(select(Activity.id).where(among(of, ids)).limit(FEW + 1)))
    return found


def _expected(asked: Collection[str]) -> int:
    """Return how many texts PostgreSQL expects to have these grams, by its statistics; 0 on SQLite."""
    if db.engine.dialect.name == "sqlite":
        return 0
    connection = db.session.connection()
    plan = connection.exec_driver_sql(EXPLAIN, (list(asked),)).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])


def _indexed(asked: Collection[str]) -> Select[int]:
    """Return the query of the keys of texts with all of these grams."""
    if db.engine.dialect.name == "sqlite":
        quoted = " ".join('"' + gram.replace('"', '""') + '"' for gram in asked)
        return select(_FTS5.c.rowid.label("key")).where(_FTS5.c[GRAM_INDEX].op("MATCH")(quoted))
    return select(_GIN.c.key).where(_GIN.c.grams.contains(list(asked)))
