"""The host's accent colour, made legible."""

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.html.conftest import browser, on_one_database
from webui.assets import script_url, stylesheet_url
from webui.views.theme import DARK_PAGE, LEAST_CONTRAST, LIGHT_PAGE, contrast, readable

channel = st.floats(min_value=0, max_value=1)


@given(st.tuples(channel, channel, channel), st.sampled_from([LIGHT_PAGE, DARK_PAGE]))
def test_every_accent_can_be_read_on_light_and_dark_pages(colour, page):
    assert contrast(readable(colour, page), page) >= LEAST_CONTRAST


def test_an_accent_that_can_be_read_stays_as_it_is():
    blue = (0x0A / 255, 0x46 / 255, 0x92 / 255)

    assert readable(blue, LIGHT_PAGE) == blue


@on_one_database
def test_the_stylesheet_names_a_colour_for_light_and_one_for_dark(closed_app, bare_app):
    answer = browser(closed_app).get(stylesheet_url("#0a66c2"))

    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    light, dark = re.search(
        r"--accent: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\); }\s*$", answer.text
    ).groups()
    assert light != dark


@on_one_database
@pytest.mark.parametrize("accent", ["red", "0a66c", "0a66c2;}", "0a66c2ff", "gggggg"])
def test_what_is_no_colour_has_no_stylesheet(closed_app, bare_app, accent):
    assert browser(closed_app).get(f"/pane/0-{accent}.css").status_code == 404


@on_one_database
def test_an_address_of_another_release_gets_what_there_is_now_and_is_not_kept(closed_app, bare_app):
    answer = browser(closed_app).get("/pane/0123456789ab.css")

    assert answer.text == browser(closed_app).get(stylesheet_url()).text
    assert answer.headers["Cache-Control"] == "no-cache"


@on_one_database
def test_the_script_and_the_stylesheet_come_compressed_to_those_who_take_it(closed_app, bare_app):
    for url in (script_url(), stylesheet_url()):
        plain, packed = (
            browser(closed_app).get(url, headers={"Accept-Encoding": encoding})
            for encoding in ("", "br, gzip")
        )
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data) / 2
