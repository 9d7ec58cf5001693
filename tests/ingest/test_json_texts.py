"""JSON cut into the texts of its parts, with one of them broken in whatever way."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, strategies

from webui.ingest import json_texts
from webui.ingest.json_texts import NotJson

DEEP = b"[" * 5_000 + b"]" * 5_000
BROKEN = [rb'"\ud800"', rb'{"a": "\x"}', b'{"a": NaN}', DEEP, b'"\xff"', b"9" * 6_000, b'{"a" 1}', b'"\x00"']

plain = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=10,
)
written = plain.map(lambda value: json.dumps(value).encode())


@pytest.mark.parametrize("broken", BROKEN)
@given(before=written, after=written)
def test_a_broken_element_leaves_its_neighbours_their_text(broken, before, after):
    text = b" [ " + before + b" ," + broken + b",\n" + after + b"]"
    assert json_texts.elements(text) == [before, broken, after]


@pytest.mark.parametrize("broken", BROKEN)
@given(name=strategies.text(), value=written)
def test_a_broken_member_leaves_its_neighbours_their_text(broken, name, value):
    text = b'{"broken" : ' + broken + b", " + json.dumps(name).encode() + b":" + value + b"}"
    assert json_texts.members(text) == {"broken": broken} | {name.encode("utf-8", "replace").decode(): value}


@given(some=strategies.lists(plain))
def test_the_parts_mean_what_the_whole_means(some):
    texts = json_texts.elements(json.dumps(some, indent=1).encode())
    assert [json_texts.value(one) for one in texts] == some


@given(text=strategies.binary() | strategies.text(alphabet='[]{},:"\\a1 ').map(str.encode))
def test_any_text_is_read_or_refused(text):
    for read in (json_texts.value, json_texts.elements, json_texts.members):
        with suppress(NotJson):
            read(text)


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[", b"[1", b"[1]]", b"[1] 2", b'["a]', b'[{"a":"\\ud800"', b"5"]
)
def test_what_is_no_list_has_no_elements(text):
    with pytest.raises(NotJson):
        json_texts.elements(text)


def test_what_a_text_means_can_be_stored():
    assert json_texts.value(rb'{"\ud800": ["\ud800", "\u0000"]}') == {"\ufffd": ["\ufffd", "\ufffd"]}
    assert json_texts.value(b'["\xff"]') == ["\ufffd"]
