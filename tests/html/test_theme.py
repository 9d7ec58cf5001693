"""The host's accent colour, made legible."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.html.conftest import browser, on_one_database
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
    answer = browser(closed_app).get("/theme/0a66c2.css")

    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    light, dark = re.search(r"--accent: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", answer.text).groups()
    assert light != dark


@on_one_database
@pytest.mark.parametrize("accent", ["red", "0a66c", "0a66c2;}", "0a66c2ff", "gggggg"])
def test_what_is_no_colour_has_no_stylesheet(closed_app, bare_app, accent):
    assert browser(closed_app).get(f"/theme/{accent}.css").status_code == 404
