"""What reads signed things from strangers: whatever comes, it is read or refused with a reason."""

import json
from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import API_KEY
from tests.html.canvas import SECRET, context, signed
from webui.access import canvas, links
from webui.access.grants import Grant, Opens, parse_opens
from webui.access.links import BadLink, Keys
from webui.access.salesforce_ids import forms, long_form
from webui.access.sessions import BROWSER, PAGE, Over, Sessions
from webui.config import Settings

KEYS = Keys((API_KEY.encode(),), ())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def part(value) -> str:
    """Return a value as a part of a token."""
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(st.text() | st.builds(lambda *parts: ".".join(map(part, parts)), JSON, JSON, JSON))
def test_whatever_comes_as_a_token_is_refused_with_a_reason(text):
    with pytest.raises(BadLink) as refused:
        links.read(text, KEYS)
    assert refused.value.reason


@given(
    st.fixed_dictionaries(
        {"opens": st.sampled_from(["leads/1", "all"]) | JSON, "role": st.just("rep") | JSON},
        optional=dict.fromkeys(("sub", "lang", "tz", "pkg", "name", "accent", "font_size", "nbf"), JSON),
    )
)
def test_whatever_our_own_key_signed_is_read_or_refused_with_a_reason(claims):
    opens, role = claims.pop("opens"), claims.pop("role")
    token = links.sign(opens, claims.pop("sub", "ann"), API_KEY.encode(), role=role, **claims)
    with suppress(BadLink):
        entry = links.read(token, KEYS)
        assert isinstance(entry.grant, Grant)
        assert entry.viewer.startswith("link:")


@given(st.text() | st.builds(signed, JSON))
def test_whatever_comes_as_a_signed_request_is_refused_with_a_reason(text):
    with pytest.raises(canvas.BadSignedRequest) as refused:
        canvas.read(text, (SECRET,), ())
    assert refused.value.reason


@given(st.sampled_from(["context", "client", "userId"]), JSON)
def test_a_signed_request_with_one_part_of_any_form_is_read_or_refused(name, value):
    with suppress(canvas.BadSignedRequest):
        assert canvas.read(signed({**context(), name: value}), (SECRET,), ()).viewer.startswith("canvas:")


@given(st.text())
def test_what_a_link_opens_is_a_record_or_all_or_nothing(text):
    opens = parse_opens(text)
    assert opens is None or str(opens) == text


SETTINGS = Settings.from_environment({})


@given(
    viewer=st.text(min_size=1),
    crm_id=st.text(min_size=1),
    generation=st.integers(min_value=0, max_value=2**40),
)
def test_a_session_is_read_as_it_was_written_and_by_nobody_elses_secret(viewer, crm_id, generation):
    ours, theirs = Sessions(SETTINGS, ("a" * 32,)), Sessions(SETTINGS, ("b" * 32,))
    begun = ours.begin(viewer, generation, links.Look("ja", "Asia/Tokyo", "#0a66c2", 14))
    session = replace(begun, grant=Grant("rep", Opens("leads", crm_id)))
    text = ours.write(PAGE, session)

    assert ours.read(PAGE, text, generation) == session
    others = (theirs, PAGE, generation), (ours, BROWSER, generation), (ours, PAGE, generation + 1)
    for sessions, kind, now in others:
        with pytest.raises(Over):
            sessions.read(kind, text, now)
    with pytest.raises(Over):
        ours.read(PAGE, ("A" if text[0] != "A" else "B") + text[1:], generation)


def test_a_session_of_the_secret_before_is_good_while_that_is_known():
    before = Sessions(SETTINGS, ("a" * 32,))
    now = Sessions(SETTINGS, ("b" * 32, "a" * 32))
    text = before.write(BROWSER, before.begin("ann", 0, links.Look()))

    assert now.read(BROWSER, text, 0).viewer == "ann"
    with pytest.raises(Over):
        before.read(BROWSER, now.write(BROWSER, now.begin("ann", 0, links.Look())), 0)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("001A0000006Vm9u", "001A0000006Vm9uIAC"),
        ("000000000000000", "000000000000000AAA"),
        ("AAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAA555"),
    ],
)
def test_the_long_form_of_a_salesforce_id(short, long):
    assert long_form(short) == long
    assert long_form(long) == long
    assert set(forms(short)) == set(forms(long)) == {short, long}


def test_ids_of_other_crms_are_as_they_are():
    for id_ in ("42", "123456789012345678", "a1b2c3d4-0000-0000-0000-000000000000", "x" * 17, ""):
        assert forms(id_) == (id_,)
        assert long_form(id_) == id_
