"""The Nu HTML checker finds no error in any page or fragment. Needs Java."""

from pathlib import Path

import pytest

from tests.databases import skip
from tests.html import nu
from tests.html.conftest import on_one_database
from tests.html.walk import Seen


@pytest.fixture
def checker() -> None:
    """Skip where the checker cannot run."""
    missing = nu.missing()
    if missing:
        skip(missing)


@on_one_database
def test_no_page_and_no_fragment_has_an_error(checker: None, everything: list[Seen], tmp_path: Path):
    documents = [
        (f"{url} ({'page' if whole else 'fragment'})", page.source if whole else nu.whole(page.source))
        for url, whole, page in everything
    ]

    found = nu.complaints(documents, tmp_path)

    assert len(documents) > 50
    assert not found, "\n".join(found)


def test_an_error_would_be_found_and_the_names_of_htmx_are_none(checker: None, tmp_path: Path):
    wrong = nu.whole(
        '<p hx-get="/" hx-headers:inherited="{}" hx_get="/"><b id="a">Twice</b><b id="a"></b></p>'
    )

    found = nu.complaints([("/wrong", wrong)], tmp_path)

    assert len(found) == 2
    assert all(one.startswith("/wrong, line 1: ") for one in found)
    assert "hx_get" in "".join(found)
    assert "Duplicate ID" in "".join(found)


def test_a_row_is_checked_within_a_table():
    assert nu.whole("<tr><td>1</td></tr>").endswith(
        "<table><tbody><tr><td>1</td></tr></tbody></table></body></html>"
    )
    assert "<ul>\n<li>1</li></ul>" in nu.whole("\n<li>1</li>")
