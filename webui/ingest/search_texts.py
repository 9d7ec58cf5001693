"""What text search looks in: kept by the write door, in the transaction that writes what it is made of.

The texts of activities are goal, document, agent, summary, transcript and topics; of people, accounts and
dialogues the name. Nothing is kept of a subject without words, nor of a person who was deleted.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select

from webui import grams
from webui.bulk import among, insert_columns
from webui.database import chunks, db
from webui.installation import writing
from webui.models import (
    Account,
    Activity,
    ActivityDetail,
    Conversation,
    Dialogue,
    Person,
    SearchText,
    Subject,
)

ACTIVITY_TEXTS = (
    "goal_name",
    "document_name",
    "agent_name",
    "agent_email",
    "summary",
    "transcript",
    "topics",
)
READ = frozenset(ACTIVITY_TEXTS)
AT_ONCE = 2_000

INDEX_SQLITE = "INSERT INTO search_gram (rowid, grams) VALUES (?, ?)"
INDEX_POSTGRESQL = (
    "INSERT INTO search_gram (key, grams) "
    "SELECT key, string_to_array(grams, ' ') FROM unnest(%s::bigint[], %s::text[]) AS given (key, grams)"
)
# An FTS5 table without contents must be told what to forget: https://www.sqlite.org/fts5.html
FORGET = "INSERT INTO search_gram (search_gram, rowid, grams) VALUES ('delete', ?, ?)"
FORGET_ALL = "INSERT INTO search_gram (search_gram) VALUES ('delete-all')"

Told = Sequence[str | list[str] | None]

_ACTIVITY_COLUMNS = [
    getattr(ActivityDetail if hasattr(ActivityDetail, name) else Conversation, name)
    for name in ACTIVITY_TEXTS
]
_IDS = {
    Subject.ACTIVITY: Activity.id,
    Subject.PERSON: Person.id,
    Subject.ACCOUNT: Account.id,
    Subject.DIALOGUE: Dialogue.id,
}


def add(subject: Subject, told: Iterable[tuple[int, Told]]) -> None:
    """Keep the texts of subjects that have none yet: (id, texts) of each."""
    rows = [(_key(subject, id_), text) for id_, texts in told if (text := _joined(texts))]
    if not rows:
        return
    keys, folded = map(list, zip(*rows, strict=True))
    insert_columns(SearchText.__table__, {"key": keys, "folded": folded})
    db.session.connection().exec_driver_sql(*_indexing(rows))


def renew(subject: Subject, ids: Collection[int]) -> None:
    """Keep the texts of these subjects as they are stored now; of those that are gone, nothing."""
    for some in chunks(sorted(ids), AT_ONCE):
        there = dict(db.session.execute(_kept(subject, some)).all())
        now = {id_: texts for id_, *texts in db.session.execute(_stored(subject, some))}
        changed = [id_ for id_ in some if _joined(now.get(id_, ())) != there.get(_key(subject, id_), "")]
        drop(subject, changed)
        add(subject, ((id_, now[id_]) for id_ in changed if id_ in now))


def drop(subject: Subject, ids: Collection[int]) -> None:
    """Keep nothing of these subjects."""
    for some in chunks(sorted(ids), AT_ONCE):
        rows = db.session.execute(_kept(subject, some)).all()
        if rows and _is_sqlite():  # on PostgreSQL the index follows by itself
            forgotten = [(key, _grams(key, text)) for key, text in rows]
            db.session.connection().exec_driver_sql(FORGET, forgotten)
        db.session.execute(delete(SearchText.__table__).where(among(SearchText.key, _keys(subject, some))))


def renew_all() -> int:
    """Write everything anew from what is stored, in turns of its own; return how many texts are kept.

    On PostgreSQL a few at a time: others write in between, and what is not due yet is found as before.
    SQLite's index can only forget all at once what somebody changed by hand.
    """
    if _is_sqlite():
        with writing():
            db.session.connection().exec_driver_sql(FORGET_ALL)
            db.session.execute(delete(SearchText.__table__))
            return sum(_add_stored(subject, ids) for subject, ids in _everything())
    count = 0
    for subject, ids in _everything():
        with writing():
            drop(subject, ids)
            count += _add_stored(subject, ids)
    with writing():
        for subject, id_ in _IDS.items():
            of_this = SearchText.key % len(Subject) == int(subject)
            is_there = select(id_).where(id_ == SearchText.key // len(Subject)).exists()
            db.session.execute(delete(SearchText).where(of_this, ~is_there))
    return count


def _everything() -> Iterator[tuple[Subject, Sequence[int]]]:
    """Give all subjects that are stored by now, ``AT_ONCE`` ids at a time."""
    for subject, id_ in _IDS.items():
        last, newest = 0, db.session.scalar(select(func.max(id_))) or 0
        some = select(id_).where(id_ <= newest).order_by(id_).limit(AT_ONCE)
        while ids := db.session.scalars(some.where(id_ > last)).all():
            yield subject, ids
            last = ids[-1]


def _add_stored(subject: Subject, ids: Sequence[int]) -> int:
    """Keep the texts of subjects that have none yet, as they are stored; return how many have any."""
    told = [(one, _joined(texts)) for one, *texts in db.session.execute(_stored(subject, ids))]
    add(subject, ((one, [text]) for one, text in told))
    return sum(bool(text) for _, text in told)


def _key(subject: Subject, id_: int) -> int:
    return id_ * len(Subject) + subject


def _keys(subject: Subject, ids: Collection[int]) -> list[int]:
    return [_key(subject, id_) for id_ in ids]


def _joined(texts: Told) -> str:
    """Return texts as one, folded. A line end, which no word has, keeps a word from running across two."""
    lines = ("\n".join(one) if isinstance(one, list) else one for one in texts if one)
    return grams.folded("\n".join(lines))


def _kept(subject: Subject, ids: Sequence[int]) -> Select[int, str]:
    rows = select(SearchText.key, SearchText.folded)
    return rows.where(among(SearchText.key, _keys(subject, ids)))


def _stored(subject: Subject, ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Return the query of (id, texts …) of those of these subjects that are there."""
    match subject:
        case Subject.ACTIVITY:
            rows: Select[*tuple[Any, ...]] = select(ActivityDetail.activity_id, *_ACTIVITY_COLUMNS).outerjoin(
                Conversation, Conversation.activity_id == ActivityDetail.activity_id
            )
            return rows.where(among(ActivityDetail.activity_id, ids))
        case Subject.PERSON:
            return _names(Person, ids).where(Person.is_nameless.is_(False))
        case Subject.ACCOUNT:
            return _names(Account, ids)
        case Subject.DIALOGUE:
            return _names(Dialogue, ids)


def _names(model: type[Person] | type[Account] | type[Dialogue], ids: Collection[int]) -> Any:
    condition: ColumnElement[bool] = among(model.id, ids)
    return select(model.id, model.name).where(condition)


def _grams(key: int, text: str) -> str:
    """Return the grams of a text, and that of names if it is one."""
    found = grams.of_text(text)
    return found if key % len(Subject) == Subject.ACTIVITY else f"{found} {grams.NAME}"


def _indexing(rows: list[tuple[int, str]]) -> tuple[str, Any]:
    """Return what takes these (key, text) up into the index: a statement and its parameters."""
    written = [(key, _grams(key, text)) for key, text in rows]
    if _is_sqlite():
        return INDEX_SQLITE, written
    keys, found = zip(*written, strict=True)
    return INDEX_POSTGRESQL, (list(keys), list(map(grams.each_once, found)))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
