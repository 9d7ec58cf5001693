"""A second process reads a large extract: what it hands over is what would have been read here."""

import os
import signal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.files import DOCUMENT, ENGAGED, GOAL, MEETING, TYPE_NAMES, chat_row, numbered
from webui.grams import Words
from webui.ingest import ahead, extract
from webui.ingest.activity_types import KnownType
from webui.ingest.ahead import ReadingBroke
from webui.ingest.files import SourceFile
from webui.ingest.records import BadRow, Batch, Origin, Rejection
from webui.vocabulary import resolve

TYPES = {number: KnownType(name, *(resolve(name) or (None, False))) for number, name in TYPE_NAMES.items()}
ROWS = numbered(
    chat_row({"Conversation Transcript": "Ann: 料金は?\nBot: 10", "Conversation Score": 3, "Odd": [1, None]}),
    chat_row({"Meeting Status": "Scheduled", "Scheduled For": "2031-04-09T10:00"}, activityTypeId=MEETING),
    chat_row(
        {"Discussed Topics": "Price, 導入", "Page URL": None}, activityDate="2031-04-02T08:15:30.25+09:00"
    ),
    chat_row(leadId="nobody"),
    chat_row(activityTypeId="1"),
    chat_row("no JSON"),
)


@pytest.fixture(autouse=True)
def every_extract_is_worth_it(monkeypatch):
    """Small files and a single core are read ahead here, too."""
    monkeypatch.setattr(ahead, "WORTH_IT", 1)
    monkeypatch.setattr(ahead, "_cores", lambda: 2)


def test_what_is_read_ahead_is_what_the_file_holds(extract):
    paths = [extract(*ROWS[:3], name="one.csv"), extract(*ROWS, name="two.csv")]

    with ahead.reader() as reader:
        sources = [reader.ahead(SourceFile(path, TYPES), TYPES) for path in paths]
        read = [list(source) for source in sources]

    here = [list(SourceFile(path, TYPES)) for path in paths]
    for batch in (batch for batches in read for batch in batches):
        for record, _ in batch.records:
            record.words = None
    assert [list(map(_told, batches)) for batches in read] == [list(map(_told, batches)) for batches in here]
    assert [source.position for source in sources] == [path.stat().st_size for path in paths]


def _told(batch: Batch) -> dict[str, object]:
    return {name: getattr(batch, name) for name in Batch.__struct_fields__}


def test_the_words_of_the_search_are_made_beforehand(extract):
    with ahead.reader() as reader:
        (batch,) = reader.ahead(SourceFile(extract(ROWS[0]), TYPES), TYPES)

    words = batch.records[0][0].words
    assert words.folded == "ann: 料金は?\nbot: 10"
    assert {"料", "料金", "an", "a"} <= {*words.grams.split()}


def test_an_import_is_the_same_with_a_second_process_and_without(
    bring, forget, extract, contents, monkeypatch
):
    path = extract(*ROWS, *(chat_row(marketoGUID=f"h{n}", activityTypeId=GOAL) for n in range(50)))
    counts = bring(path)
    read_ahead = contents()
    forget()
    monkeypatch.setattr(ahead, "_cores", lambda: 1)

    assert bring(path) == counts
    assert contents() == read_ahead


@pytest.mark.parametrize(("name", "value"), [("WORTH_IT", 10_000), ("_cores", lambda: 1)])
def test_a_small_file_or_a_single_core_needs_no_second_process(extract, monkeypatch, name, value):
    monkeypatch.setattr(ahead, name, value)
    source = SourceFile(extract(*ROWS), TYPES)

    with ahead.reader() as reader:
        assert reader.ahead(source, TYPES) is source


@pytest.fixture
def long_extract(extract):
    """An extract that is longer than what is on its way at a time."""
    return extract(*(chat_row(marketoGUID=f"g{number}") for number in range(9_000)))


def test_a_second_process_that_is_killed_is_missed(long_extract):
    with ahead.reader() as reader:
        source = reader.ahead(SourceFile(long_extract, TYPES), TYPES)
        os.kill(reader._process.pid, signal.SIGKILL)
        reader._process.join()

        with pytest.raises(ReadingBroke, match="import it again"):
            list(source)
        with pytest.raises(ReadingBroke, match="import it again"):
            reader.ahead(SourceFile(long_extract, TYPES), TYPES)


def test_the_second_process_ends_in_the_middle_of_a_file_that_nobody_wants_any_more(long_extract):
    with ahead.reader() as reader:
        next(iter(reader.ahead(SourceFile(long_extract, TYPES), TYPES)))

    assert reader._process.exitcode == 0


@given(
    attributes=st.dictionaries(
        st.sampled_from(("Page URL", "Conversation Transcript", "Topics", "Scheduled For", "Odd"))
        | st.text(),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
    ),
    cells=st.fixed_dictionaries(
        {}, optional={"leadId": st.text(), "activityDate": st.text(), "primaryAttributeValue": st.text()}
    ),
    type_id=st.sampled_from((ENGAGED, MEETING, GOAL, DOCUMENT)),
)
def test_whatever_a_row_holds_arrives_as_it_was_sent(attributes, cells, type_id):
    row = chat_row(attributes, activityTypeId=type_id, **cells)
    batch = Batch(source="activities", file="x.csv", header="a,b", foreign=1)
    batch.ignored["Visit Webpage"] = 2
    try:
        told = [row[name] for name in extract.COLUMNS[:-1]]
        record = extract.parser([*extract.COLUMNS], TYPES)([*told, msgspec.json.encode(attributes).decode()])
        record.words = Words("a b", "a b")
        batch.records.append((record, Origin(2, "body", is_exact=False)))
    except BadRow as bad:
        batch.rejections.append(Rejection.of(Origin(3, "body"), bad))

    position, arrived = ahead._decode(ahead._encode((77, batch)))

    assert (position, _told(arrived)) == (77, _told(batch))
