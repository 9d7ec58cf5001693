"""A transcript as turns: who said what where the text tells, and never a word lost."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webui.transcripts import is_bot, is_named, turns_of


def said(text):
    return [(turn.speaker, turn.text) for turn in turns_of(text)]


def test_each_line_with_a_name_is_a_turn():
    assert said('Bot: Hi, "Ann"\nAnn: Hello') == [("Bot", 'Hi, "Ann"'), ("Ann", "Hello")]


def test_a_line_without_a_name_belongs_to_the_turn_before():
    assert said("Bot: Choose\n- a demo\n\nAnn Lee: A demo\nBot: Good") == [
        ("Bot", "Choose\n- a demo\n"),
        ("Ann Lee", "A demo"),
        ("Bot", "Good"),
    ]


def test_lines_before_the_first_name_are_kept():
    assert said("Chat begins\nBot: Hi\nAnn: Hello")[0] == (None, "Chat begins")


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("[10:15] Ann: Hello", "10:15"),
        ("10:15:30 Ann: Hello", "10:15:30"),
        ("(10:15 AM) Ann: Hello", "10:15 AM"),
        ("Ann (10:15): Hello", "10:15"),
        ("2026-03-02 10:15 - Ann: Hello", "2026-03-02 10:15"),
    ],
)
def test_a_time_beside_the_name_is_the_turns(line, time):
    [first, _second] = turns_of(f"{line}\nBot: Hi")

    assert (first.speaker, first.time, first.text) == ("Ann", time, "Hello")


def test_japanese_names_and_colons_are_read():
    assert said("ボット：こんにちは\n山田 花子：資料をください") == [
        ("ボット", "こんにちは"),
        ("山田 花子", "資料をください"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bot: Hi",
        "They talked\nabout prices\nBot: Hi\nAnn: Hello\nand more",
        "https://a.example\nhttps://b",
    ],
)
def test_a_text_that_does_not_tell_who_spoke_is_plain(text):
    assert turns_of(text) == ()


def test_the_bot_and_a_part_of_a_name_are_known():
    assert is_bot("Chatbot")
    assert not is_bot("Abbot")
    assert is_named("Ann", "Ann Lee")
    assert not is_named("Mia", "Ann Lee")
    assert not is_named("Mia", None)


LINES = st.lists(
    st.tuples(st.sampled_from(["", "Bot: ", "Ann:", "[10:15] Mia (9:01): ", "山田："]), st.text()), max_size=9
)


@given(LINES)
@example([("Bot: ", "a"), ("[10:15] Mia (9:01): ", "b")])
def test_no_word_of_the_text_is_lost(lines):
    text = "\n".join(name + words for name, words in lines)
    turns = turns_of(text)

    if turns:
        joined = [" ".join((turn.time or "", turn.speaker or "", turn.text)) for turn in turns]
        assert sorted(re.findall(r"\w", "".join(joined))) == sorted(re.findall(r"\w", text))


@pytest.mark.parametrize(
    "line", ["12:00" + " " * 100_000, "12:00]" + " " * 100_000 + "1", " " * 100_000, "A" + " " * 100_000]
)
def test_a_line_of_blanks_alone_is_read_at_once(line):
    assert said(f"Bot: Hi\n{line}\nAnn: Hello") == [("Bot", f"Hi\n{line}"), ("Ann", "Hello")]
