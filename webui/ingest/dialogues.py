"""What activities are about: each thing once, for as long as an activity is about it.

A moment's description and a sales e-mail's subject are words to one person, so none outlives its activities.
The caller holds the write transaction.
"""

from collections.abc import Collection, Iterable
from hashlib import sha256

from sqlalchemy import delete, func, select

from webui.bulk import among
from webui.database import chunks, db, insert
from webui.ingest import search_texts
from webui.models import Activity, Dialogue, Subject

DialogueKey = tuple[str, str]  # Marketo's id of it (or nothing), its name

AT_ONCE = 2_000


def ids_of(keys: Iterable[DialogueKey]) -> dict[DialogueKey, int]:
    """Return the ids of these dialogues, adding those not yet there."""
    wanted = {key: _digest(key) for key in dict.fromkeys(keys)}
    if not wanted:
        return {}
    known = select(Dialogue.digest, Dialogue.id).where(among(Dialogue.digest, wanted.values()))
    found = dict(db.session.execute(known).all())
    new = [
        {"digest": digest, "name": name, "ref": ref or None}
        for (ref, name), digest in wanted.items()
        if digest not in found
    ]
    if new:
        added = insert(Dialogue.__table__).returning(Dialogue.digest, Dialogue.id)
        found |= dict(db.session.execute(added, new).all())
        search_texts.add(Subject.DIALOGUE, [(found[str(one["digest"])], [one["name"]]) for one in new])
    return {key: found[digest] for key, digest in wanted.items()}


def drop_unused(ids: Collection[int]) -> None:
    """Delete those of these dialogues that no activity is about any more, with their texts."""
    # The first by the index of a dialogue's activities: of one that thousands are about, no more is read.
    earliest = select(func.min(Activity.at)).where(Activity.dialogue_id == Dialogue.id).scalar_subquery()
    for some in chunks(sorted(ids), AT_ONCE):
        unused = db.session.scalars(
            select(Dialogue.id).where(among(Dialogue.id, some), earliest.is_(None))
        ).all()
        if unused:
            search_texts.drop(Subject.DIALOGUE, unused)
            table = Dialogue.__table__
            db.session.execute(delete(table).where(among(table.c.id, unused)))


def _digest(key: DialogueKey) -> str:
    return sha256("\n".join(key).encode()).hexdigest()
