"""Which of Marketo's activity type ids are ours: asked by name once a day, as ids differ everywhere."""

from datetime import UTC, datetime, timedelta

from webui.database import db
from webui.ingest import activity_types
from webui.installation import unwanted_families, writing
from webui.marketo import calls
from webui.sync import cursors
from webui.sync.reading import Reading
from webui.vocabulary import BY_KEY, CHAT_KEYS

NAME = "activity-types"
KEPT = timedelta(days=1)


class NothingToAsk(Exception):
    """None of Marketo's activity types is one that Chatpane takes in."""

    def __init__(self) -> None:
        super().__init__(
            "Marketo names no activity type of Dynamic Chat, and no other activities are taken in. Set "
            "Dynamic Chat up in Marketo, or say on the configuration tab (or in "
            "CHATPANE_ACTIVITY_TYPES) which types are its, or which other activities are taken in."
        )


def learn(reading: Reading) -> None:
    """Set the round's types, asking Marketo for their names if that was not done today.

    Raises MarketoFailure, and NothingToAsk if none of them is wanted.
    """
    cursor = cursors.found(NAME, cursors.digest(NAME), datetime.fromtimestamp(0, UTC))
    now = datetime.now(UTC)
    reading.types = activity_types.load(reading.settings.activity_types)
    reading.unwanted = unwanted_families()
    db.session.rollback()  # nothing stays open while Marketo is asked
    if cursor.since <= now - KEPT or not reading.type_ids:
        named = calls.activity_types(reading.connection)
        activity_types.learn_types(named)
        with writing():
            cursors.move(cursor, None, now)
        reading.types = activity_types.load(reading.settings.activity_types)
    if not reading.type_ids:
        raise NothingToAsk
    found = {known.ours.key for known in reading.types.values() if known.ours}
    for missing in (BY_KEY[key] for key in CHAT_KEYS if key not in found):
        reading.remarks.append(f"Marketo has no activity type for {missing.labels['en']}.")
