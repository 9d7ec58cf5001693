"""Whatever bytes Marketo, or somebody between, answers: an answer or a failure that is told."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webui.marketo import envelope
from webui.marketo.failures import MarketoFailure, Refused, Unreachable

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
problems = st.lists(st.fixed_dictionaries({"code": anything, "message": anything}) | anything, max_size=2)
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "requestId": anything,
        "success": st.booleans() | anything,
        "result": st.lists(anything) | anything,
        "errors": problems | anything,
        "warnings": problems | anything,
        "nextPageToken": anything,
        "moreResult": anything,
    },
)


def check(body: bytes, *, paged: bool) -> None:
    try:
        answer = envelope.read(body, call="GET /", paged=paged)
    except MarketoFailure as failure:
        str(failure)
    else:
        assert [msgspec.json.decode(row) for row in answer.rows] == (json.loads(body).get("result") or [])


@settings(deadline=None)
@given(envelopes | anything, st.booleans())
def test_any_json_is_an_answer_or_a_marketo_failure(said, paged):
    check(json.dumps(said).encode(), paged=paged)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_an_answer_or_a_marketo_failure(body):
    check(body, paged=False)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"success": true, "result": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"success": true, "moreResult": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"success": false, "errors": [{"code": ' + b"9" * 6_000 + b"}]}",
        b'{"success": true, "result": ["\xff"]}',
    ],
)
def test_hostile_bodies_are_failures_or_answers(body):
    with suppress(MarketoFailure):
        envelope.read(body, call="GET /")


def test_no_result_is_an_empty_one():
    assert envelope.read(b'{"requestId": "1", "success": true}', call="GET /").rows == []


def test_a_code_may_be_text_or_a_number():
    body = b'{"success": true, "warnings": [{"code": 702, "message": "nothing"}], "result": []}'
    assert envelope.read(body, call="GET /").warnings == (envelope.Warned("702", "nothing"),)


def test_rows_are_kept_as_they_came():
    row = b'{"id": 12345678901234567890123, "value": 1.10,  "new": {}}'
    answer = envelope.read(b'{"success": true, "result": [' + row + b"]}", call="GET /")
    assert [bytes(one) for one in answer.rows] == [row]


def test_a_failure_without_reason_is_refused():
    with pytest.raises(Refused, match="gave no reason"):
        envelope.read(b'{"success": false, "requestId": "a#1"}', call="GET /")


def test_json_that_is_no_envelope_is_not_marketos():
    with pytest.raises(Unreachable, match="not Marketo's"):
        envelope.read(b'{"status": "ok"}', call="GET /")
