"""The index of the text search: what several batches of one transaction bring is written down at its end."""

import pytest
from sqlalchemy import text

from tests.ingest.files import chat_row, numbered
from webui.cli import imports
from webui.database import db
from webui.ingest import files, search_texts


def segments():
    """Return how many rows SQLite's index is made of."""
    return db.session.scalar(text("SELECT count(*) FROM search_gram_idx"))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # PostgreSQL's gathers by itself
def test_the_batches_of_a_transaction_become_one_segment_of_the_index(bring, extract, monkeypatch):
    rows = numbered(*(chat_row({"Conversation Transcript": f"Ann: {number}"}) for number in range(12)))
    search_texts.renew_all()  # what earlier tests left in the index may be merged meanwhile
    monkeypatch.setattr(files, "BATCH_ROWS", 3)
    monkeypatch.setattr(imports, "A_TURN", 60)

    bring(extract(*rows))
    together = segments()
    bring(extract(*({**row, "marketoGUID": f"h{row['marketoGUID']}"} for row in rows), name="more.csv"))

    assert segments() == together + 1
