"""Rows of CSV and TSV: whatever a writer of the format writes comes back, and a broken row costs no other.

Files come from other people's systems. A row that is lost without a word is the worst that can happen.
"""

import csv
import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from webui.ingest.files import SourceFile, UnreadableFile
from webui.ingest.records import Rejection
from webui.ingest.rows import LONGEST_ROW, Rows

TEN_MEGABYTES = 10_000_000

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.text(
    st.sampled_from("\",\t\r\n;'\ufeff é高👍\u2028\x85"), max_size=8
)


@st.composite
def tables(draw):
    """A table of two to five columns whose cells hold anything but NUL."""
    width = draw(st.integers(2, 5))
    return draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8))


@effort(deadline=None, max_examples=200)
@given(
    table=tables(),
    delimiter=st.sampled_from(",\t"),
    style=st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL)]),
)
def test_any_rows_that_a_csv_writer_writes_come_back_from_the_lines_they_stood_in(table, delimiter, style):
    line_end, quoting = style
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow([f"column {number}" for number in range(len(table[0]))])
    starts = []
    for row in table:
        starts.append(1 + len(re.findall("\r\n|\r|\n", text.getvalue())))
        writer.writerow(row)

    read = list(Rows(StringIO(text.getvalue(), newline="")))

    assert [row for row, _ in read] == table
    assert [origin.line for _, origin in read] == starts
    assert "".join(origin.body for _, origin in read) == text.getvalue().partition(line_end)[2]


@pytest.fixture
def read(tmp_path):
    """Read accounts below their header; return the names by line, and the rejections by line."""

    def read_file(data: str | bytes) -> tuple[dict[int, str], dict[int, Rejection]]:
        raw = data.encode() if isinstance(data, str) else data
        path = tmp_path / "accounts.csv"
        path.write_bytes(b"crm_id,name\n" + raw)
        batches = list(SourceFile(path, {}))
        names = {origin.line: record.name for batch in batches for record, origin in batch.records}
        return names, {one.line: one for batch in batches for one in batch.rejections}

    return read_file


def test_an_unclosed_quote_costs_its_line_and_not_the_rest(read):
    names, rejected = read('A1,Larkspur\nA2,"Open\nA3,Teasel\nA4,"Quoted, and closed"\nA5,Yarrow\n')
    assert names == {2: "Larkspur", 4: "Teasel", 5: "Quoted, and closed", 6: "Yarrow"}
    assert [(line, one.body) for line, one in rejected.items()] == [(3, 'A2,"Open\n')]
    assert "cannot be read as CSV" in rejected[3].reason


def test_an_unclosed_quote_in_the_last_line_costs_that_line(read):
    names, rejected = read('A1,Larkspur\nA2,"Open')
    assert (names, list(rejected)) == ({2: "Larkspur"}, [3])


def test_a_quote_within_a_value_costs_its_line(read):
    names, rejected = read('A1,"Lark"spur\nA2,Teasel\n')
    assert (names, list(rejected)) == ({3: "Teasel"}, [2])


def test_a_row_with_more_or_fewer_columns_than_the_header_is_rejected(read):
    names, rejected = read("A1\nA2,Larkspur,more\nA3,Teasel\n")
    assert names == {4: "Teasel"}
    assert [one.reason for one in rejected.values()] == [
        "the row has 1 columns, the header has 2",
        "the row has 3 columns, the header has 2",
    ]


def test_blank_lines_are_no_rows_and_are_counted_as_lines(read):
    names, rejected = read("\nA1,Larkspur\n\r\n\nA2,\n")
    assert (list(names), rejected) == ([3, 6], {})


def test_a_last_line_without_a_line_end_is_a_row(read):
    assert read("A1,Larkspur\nA2,Teasel")[0] == {2: "Larkspur", 3: "Teasel"}


def test_a_row_that_is_not_utf8_is_kept_with_its_bytes_readable(read):
    names, rejected = read("A1,Café\n".encode("latin-1") + "A2,Café\n".encode())
    assert names == {3: "Café"}
    assert (rejected[2].reason, rejected[2].body) == ("the row is not UTF-8", "A1,Caf\\xe9\n")


@pytest.mark.parametrize("name", ["Lark\0spur", "高\0橋商事"])
def test_a_name_with_a_nul_goes_in_without_it_in_any_script(read, name):
    names, rejected = read(f"A1,{name}\nA2,Teasel\n")
    assert not rejected
    assert "\0" not in names[2]
    assert names[3] == "Teasel"


def test_ten_megabytes_in_one_field_are_rejected_with_their_size(read):
    names, rejected = read(f"A1,{'x' * TEN_MEGABYTES}\nA2,Teasel\n")
    assert names == {3: "Teasel"}
    assert (rejected[2].column, len(rejected[2].body)) == ("name", len("A1,\n") + TEN_MEGABYTES)
    assert str(TEN_MEGABYTES) in rejected[2].reason


def test_a_row_longer_than_memory_should_hold_is_rejected_with_its_beginning(read):
    names, rejected = read(f"A1,{'x' * (LONGEST_ROW + 5)}\nA2,Teasel\n")
    assert names == {3: "Teasel"}
    assert rejected[2].body.startswith("A1,xxx")
    assert "longer than" in rejected[2].reason


def test_an_overlong_line_below_an_unclosed_quote_costs_no_third_line(read):
    names, rejected = read(f'A1,"Open\nA2,{"x" * (LONGEST_ROW + 5)}\nA3,Teasel\nA4,Yarrow\n')
    assert (names, list(rejected)) == ({4: "Teasel", 5: "Yarrow"}, [2, 3])


def test_a_header_alone_is_a_file_without_rows(read):
    assert read("") == ({}, {})


@pytest.mark.parametrize(
    "text", ["", "\n", "\ufeff", "crm_id,crm_id,name\n", "a,b\n1,2\n", "\0\0\n", "%PDF-1.7"]
)
def test_a_file_of_another_kind_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "what.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"what\.csv: "):
        SourceFile(path, {})
