"""Answers come compressed to browsers that take it; the secrets in them stay out of what is compressed."""

import gzip
import re
import zlib

from bs4 import BeautifulSoup

from tests.html.conftest import on_one_database
from tests.html.entering import enter, session_of
from tests.reading import HTMX
from webui.assets import asset
from webui.views.compression import gzipped

TAKES_GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}
PAGES = ("/leads/00Q1", "/leads/00Q1?tab=chat", "/global", "/config", "/", "/leads/nobody")
FRAGMENTS = ("/leads/00Q1/chat", "/accounts/001A/dashboard", "/global/chat")


def unpacked(answer):
    return gzip.decompress(answer.data).decode() if is_packed(answer) else answer.text


def is_packed(answer):
    return answer.headers.get("Content-Encoding") == "gzip"


@on_one_database
def test_pages_and_fragments_come_compressed_to_those_who_take_it(client, company):
    for url, headers in [*((page, {}) for page in PAGES[:3]), *((part, HTMX) for part in FRAGMENTS)]:
        plain, packed = client.get(url, headers=headers), client.get(url, headers=headers | TAKES_GZIP)

        assert not is_packed(plain), url
        assert is_packed(packed), url
        assert unpacked(packed) == plain.text, url
        assert len(packed.data) < len(plain.data) / 1.5, url
        assert packed.headers["Content-Length"] == str(len(packed.data)), url


@on_one_database
def test_every_answer_says_that_it_depends_on_what_the_browser_takes(client, company):
    for url in (*PAGES, *FRAGMENTS, asset("icons.svg")):
        for headers in ({}, TAKES_GZIP, HTMX):
            assert "accept-encoding" in client.get(url, headers=headers).headers["Vary"].lower(), url


@on_one_database
def test_a_packed_answer_that_the_browser_has_already_is_not_sent_again(client, company):
    for headers in (HTMX, HTMX | TAKES_GZIP):
        kept = client.get("/leads/00Q1/chat", headers=HTMX | TAKES_GZIP).headers["ETag"]
        again = client.get("/leads/00Q1/chat", headers=headers | {"If-None-Match": kept})

        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == kept
        assert kept.startswith("W/"), "two encodings of one content are not the same bytes"


@on_one_database
def test_the_icons_come_compressed_and_once(client, company):
    url = asset("icons.svg")
    packed = client.get(url, headers=TAKES_GZIP)

    assert unpacked(packed) == client.get(url).text
    again = client.get(url, headers=TAKES_GZIP | {"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


@on_one_database
def test_a_head_says_what_a_get_would(client, company):
    got, headed = (ask("/leads/00Q1/chat", headers=TAKES_GZIP) for ask in (client.get, client.head))

    assert headed.data == b""
    names = ("Content-Encoding", "Content-Length", "ETag", "Vary")
    assert [headed.headers[name] for name in names] == [got.headers[name] for name in names]


@on_one_database
def test_a_page_is_packed_around_the_session_that_it_carries(closed_app, company):
    """Whoever chooses a part of the page would see a shorter answer where they guessed well (BREACH)."""
    panel = enter(closed_app, "leads/00Q1")
    answer = panel.get("/leads/00Q1", **{"HX-Request-Type": "full"}, **TAKES_GZIP)
    session = session_of(BeautifulSoup(unpacked(answer), "html.parser"))

    assert is_packed(answer)
    assert session
    assert session.encode() in answer.data


@on_one_database
def test_the_token_of_a_form_stands_in_the_page_as_it_is(client, company):
    answer = client.get("/config", headers=TAKES_GZIP)
    token = re.search(r'name="csrf_token" value="([^"]+)"', unpacked(answer))

    assert is_packed(answer)
    assert token
    assert token[1].encode() in answer.data


def test_a_guess_beside_a_secret_makes_no_difference_to_the_length():
    secret = b"IjQ4NmY2ZmI3MGZhZDk2NjQ0N2E1"
    page = b"<html><p>%s</p><input name=csrf_token value='" + secret + b"'>" + b"<p>A row</p>" * 50
    good, bad = (gzipped(page % guess, [secret]) for guess in (secret[:20], b"ZXCVBNMASDFGHJKLQWER"))
    naive_good, naive_bad = (
        len(gzip.compress(page % guess)) for guess in (secret[:20], b"ZXCVBNMASDFGHJKLQWER")
    )

    assert gzip.decompress(good) == page % secret[:20]
    assert naive_good < naive_bad - 5, "what this guards against"
    assert abs(len(good) - len(bad)) <= 1
    assert zlib.decompress(good, 31) == gzip.decompress(good)
