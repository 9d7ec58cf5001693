"""An appointment as a calendar file: lines that no text from outside can break."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webui.calendar_event import Event, calendar_of


def lines(**fields):
    event = {
        "uid": "abc@pane",
        "at": datetime(2026, 12, 1, 15, 30, tzinfo=UTC),
        "lasts": timedelta(minutes=30),
        "stamped": datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        "summary": "Demo",
        "description": "",
        **fields,
    }
    return calendar_of(Event(**event)).decode().replace("\r\n ", "").split("\r\n")


def test_an_event_says_when_it_is_in_utc_and_how_it_stands():
    found = lines(organizer_name="Mia", organizer_email="mia@larkspur.example")

    assert {"DTSTART:20261201T153000Z", "DTEND:20261201T160000Z", "STATUS:CONFIRMED"} <= set(found)
    assert 'ORGANIZER;CN="Mia":mailto:mia@larkspur.example' in found
    assert "STATUS:CANCELLED" in lines(cancelled=True)


def test_an_address_that_is_none_is_left_out():
    assert not [line for line in lines(organizer_email="mia\r\nATTACH:x@y") if "ORGANIZER" in line]


def test_texts_are_escaped():
    assert r"SUMMARY:a\, b\; c\\d\ne" in lines(summary="a, b; c\\d\ne")


@given(st.text(max_size=300), st.text(max_size=90))
def test_no_text_adds_a_line_and_none_is_too_long(text, name):
    event = lines(summary=text, description=text, organizer_name=name, organizer_email="a@b.example")
    assert len(event) == len(lines()) + 1
    whole = Event(
        "u", datetime(2026, 1, 1, tzinfo=UTC), timedelta(0), datetime(2026, 1, 1, tzinfo=UTC), text, text
    )
    assert all(len(line) <= 75 for line in calendar_of(whole).split(b"\r\n"))
