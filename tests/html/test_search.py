"""Searching a Chat tab by words: one table of searches, for both databases and for lists of any length."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.html.pages import squeezed
from tests.reading import HTMX, one, soup
from webui import grams
from webui.feeds import search
from webui.ingest.records import AccountRecord

ROWS = "tr[data-activity]"

# Which chats a search finds. Each letter is a chat of ``told``.
SEARCHES = {
    "pricing": "A",
    "PRICING": "A",
    "ｐｒｉｃｉｎｇ": "A",
    "ricin": "A",
    "予定": "B",
    "資料": "BC",
    "カナ": "C",
    "ｶﾅ": "C",
    "strasse": "D",
    "STRASSE": "D",
    "hello ann": "A",
    "100%": "D",
    "100_": "",
    "%": "D",
    "_": "",
    '"': "C",
    "*": "",
    "🙂": "D",
    "mia": "B",
    "mia@larkspur.example": "B",
    "lee": "ABCD",
    "lee 資料": "BC",
    "pricing 資料": "",
    "pricingprice": "",
    "  資料  ": "BC",
    "資": "BC",
    "定": "B",
    "b": "ACD",
    "z": "",
    "資予": "",
    "LEE": "ABCD",
    "ﾖﾃｲ": "",
    "ǅ": "",
    "İstanbul": "D",
    "i̇stanbul": "D",
    "stage two": "A",
    "two stage": "A",
    "larkspur": "B",
    "\u3000資料\u3000": "BC",
    "'": "",
    "\\": "",
    "<script>": "C",
    "資料 を": "B",
}

# How long a list is, and how common a word, decides how it is searched, never what is found.
LENGTHS = {
    "short": (2_000, 20_000),
    "long, rare words": (-1, 20_000),
    "long, words of some": (-1, 1),
    "long, common words": (-1, -1),
}


@pytest.fixture(params=LENGTHS)
def length(request, monkeypatch):
    """Take the lists of the test for short or for long, and words for rare or for common ones."""
    short, few = LENGTHS[request.param]
    monkeypatch.setattr(search, "SHORT_LIST", short)
    monkeypatch.setattr(search, "FEW", few)
    return request.param


@pytest.fixture
def told(make_person, make_activities):
    """Four chats of Ann Lee, A to D, each told in another field, and one of somebody else."""
    make_person("00Q1", first_name="Ann", last_name="Lee")
    make_person("00Q2", first_name="Bo", last_name="Moe", marketo_id=502)
    ids = make_activities(
        [
            {
                "dialogue_name": "Pricing",
                "document_name": "Price list",
                "transcript": "Bot: Hello, Ann\nStage two",
            },
            {"dialogue_name": "予定の相談", "agent_email": "mia@larkspur.example", "summary": "資料を希望"},
            {"dialogue_name": "カナ", "goal_name": "資料請求", "transcript": 'Ann: the "best" <script>'},
            {"dialogue_name": "Straße", "topics": ["100% 🙂", "terms", "İstanbul"]},
        ]
    )
    make_activities([{"dialogue_name": "Pricing", "transcript": "pricing 資料 予定 lee"}], marketo_id=502)
    return dict(zip("ABCD", ids, strict=True))


def found(client, url: str, words: str, of: dict[str, int]) -> str:
    """Return the letters of the chats that a list shows for a search; ? for any other."""
    page = soup(client.get(url, query_string={"q": words}))
    letters = {str(id_): letter for letter, id_ in of.items()}
    return "".join(sorted(letters.get(row["data-activity"], "?") for row in page.select(ROWS)))


def test_words_are_found_in_every_text_of_a_chat(client, told, length):
    assert {words: found(client, "/leads/00Q1/chat", words, told) for words in SEARCHES} == SEARCHES


def test_names_are_found_in_the_lists_of_several_people(
    client, length, make_account, make_person, make_opportunity, make_activities
):
    make_account(name="Larkspur 商会")
    for number, name in enumerate(["Ann Lee", "佐藤 花子", "Lee Moe"], 1):
        first, last = name.split()
        make_person(
            f"003{number}",
            kind="contact",
            marketo_id=500 + number,
            first_name=first,
            last_name=last,
            account_crm_id="001A",
        )
    make_opportunity(people=("0031", "0032"))
    ids = make_activities({"marketo_id": 500 + number, "dialogue_name": None} for number in (1, 2, 3))
    of = dict(zip("ABC", ids, strict=True))

    assert found(client, "/accounts/001A/chat", "lee", of) == "AC"
    assert found(client, "/accounts/001A/chat", "佐藤", of) == "B"
    assert found(client, "/accounts/001A/chat", "商会 lee", of) == "AC"
    assert found(client, "/opportunities/006A/chat", "lee", of) == "A"
    assert found(client, "/global/chat", "ann", of) == "A"
    assert found(client, "/global/chat", "ＬＡＲＫ 花", of) == "B"


def test_names_that_look_alike_hide_none_of_what_has_a_word(
    client, monkeypatch, make_person, make_activities
):
    """The index names texts that may have a word; of these only so many are looked at."""
    monkeypatch.setattr(search, "SHORT_LIST", -1)
    monkeypatch.setattr(search, "FEW", 8)
    for number in range(6):
        make_person(f"00Q{number}", first_name="Nathan", last_name=f"Lee {number}", marketo_id=500 + number)
    make_activities({"marketo_id": 500, "dialogue_name": None, "agent_name": "Ana"} for _ in range(12))

    page = soup(client.get("/leads/00Q0/chat?q=ana"))

    assert len(page.select(ROWS)) == 12


def test_a_search_counts_goes_with_the_other_filters_and_is_a_chip(client, told, length):
    page = soup(client.get("/leads/00Q1/chat?q=資料&dialogue=カナ"))

    assert [row["data-activity"] for row in page.select(ROWS)] == [str(told["C"])]
    assert squeezed(one(page, ".count")).startswith("1 activity of 4")
    assert squeezed(one(page, "a[data-chip=q]")) == "“資料”"
    assert one(page, "form[data-filter] input[name=q]")["value"] == "資料"


def test_what_a_search_found_is_counted_for_each_choice_though_the_list_is_long(
    client, make_person, make_activities
):
    make_person()
    make_activities([{}] * 2_001)
    make_activities([{"dialogue_name": "Support", "transcript": "the 資料 please"}] * 3, guid="a")
    page = soup(client.get("/leads/00Q1/chat?q=資料"))

    labels = {option["value"]: squeezed(option) for option in page.select("select[name=dialogue] option")}
    assert labels["Support"] == "Support (1)"
    assert "Pricing" not in labels


def test_a_search_is_sorted_and_comes_in_pages_that_hold_each_row_once(
    client, length, make_person, make_activities
):
    make_person()
    make_activities({"transcript": "yes" if number % 2 else "no"} for number in range(240))
    ids = set()
    url = "/leads/00Q1/chat?q=yes&sort=date"
    while url:
        page = soup(client.get(url, headers=HTMX))
        rows = {row["data-activity"] for row in page.select(ROWS)}
        assert rows
        assert rows.isdisjoint(ids)
        ids |= rows
        more = page.select_one("[data-more]")
        url = more["href"] if more else None
    assert len(ids) == 120


def test_a_search_is_exported(client, told, length):
    lines = client.get("/leads/00Q1/chat.csv?q=資料").text.removeprefix("\ufeff")

    dialogues = [row["Dialogue Name"] for row in csv.DictReader(io.StringIO(lines))]
    assert sorted(dialogues) == ["カナ", "予定の相談"]


def test_news_of_a_search_are_those_that_have_its_words(client, told, length, make_activities):
    page = soup(client.get("/leads/00Q1/chat?q=資料", headers=HTMX))
    url = one(page, "[data-news]")["data-news"]
    new, _other = make_activities([{"summary": "資料"}, {"summary": "nothing"}])

    assert [row["data-activity"] for row in soup(client.get(url, headers=HTMX)).select(ROWS)] == [str(new)]


def test_a_search_without_a_word_chooses_everything(client, told):
    assert found(client, "/leads/00Q1/chat", "\u3000", told) == "ABCD"


def test_too_many_words_are_refused(client, told):
    one(soup(client.get("/leads/00Q1/chat", query_string={"q": "a" * 201}), 400), "[data-error]")


# What is searched follows what is stored.


def test_a_text_that_comes_later_is_found_and_one_that_is_gone_is_not(
    client, length, make_person, make_activity
):
    make_person()
    id_ = make_activity(guid="g", summary="before")
    make_activity(guid="g", summary="after", goal_name="Demo")

    assert [
        found(client, "/leads/00Q1/chat", words, {"A": id_}) for words in ("before", "after", "demo")
    ] == [
        "",
        "A",
        "A",
    ]


def test_a_person_and_an_account_are_found_by_the_name_that_they_have_now(
    client, length, save, make_account, make_person, make_activity
):
    make_account(name="Larkspur")
    make_person("003A", kind="contact", last_name="Lee", account_crm_id="001A")
    id_ = make_activity()
    make_person("003A", kind="contact", last_name="Moe", account_crm_id="001A")
    save(AccountRecord(crm_id="001A", name="Foxglove"))

    asked = ("lee", "moe", "larkspur", "foxglove")
    assert [found(client, "/global/chat", words, {"A": id_}) for words in asked] == ["", "A", "", "A"]


def test_chats_of_a_merged_person_are_found_by_the_name_of_the_one_who_stays(
    client, length, merge, make_person, make_activity
):
    make_person("00Q1", last_name="Lee", marketo_id=501)
    make_person("00Q2", last_name="Moe", marketo_id=502)
    id_ = make_activity(marketo_id=501)
    merge(501, into=502)

    assert [found(client, "/global/chat", words, {"A": id_}) for words in ("lee", "moe")] == ["", "A"]


def test_a_deleted_person_whose_chats_stay_is_found_neither_by_name_nor_by_words(
    client, length, delete, make_account, make_person, make_activity
):
    make_account()
    make_person("003A", kind="contact", first_name="Ann", last_name="Lee", account_crm_id="001A")
    id_ = make_activity(transcript="It is me", goal_name="Demo")
    delete(501, keep_activities=True)

    asked = ("ann", "lee", "it is me", "demo")
    assert [found(client, "/accounts/001A/chat", words, {"A": id_}) for words in asked] == ["", "", "", "A"]


@given(st.text(), st.data())
def test_each_part_of_a_word_has_none_but_grams_of_its_text(text, data):
    folded = grams.folded(text)
    there = grams.of_text(folded).split()
    for word in folded.split():
        start = data.draw(st.integers(0, len(word) - 1))
        part = word[start : data.draw(st.integers(start + 1, len(word)))]
        assert set(grams.of_word(part)) <= set(there)


@given(st.text())
def test_the_grams_of_a_text_are_its_characters_and_the_pairs_within_its_words(text):
    folded = grams.folded(text)
    pairs = {first + second for word in folded.split() for first, second in pairwise(word)}

    assert set(grams.of_text(folded).split()) == pairs | {*"".join(folded.split())}


def test_grams_may_be_had_each_once():
    found = grams.each_once(grams.of_text("abab 期間")).split(" ")

    assert sorted(found) == ["a", "ab", "b", "ba", "期", "期間", "間"]


@given(st.text())
def test_a_text_is_folded_once_and_for_all(text):
    assert grams.folded(grams.folded(text)) == grams.folded(text)
