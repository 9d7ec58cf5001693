"""The pages on embedding say what the product does: claims, refusals, and samples as they were tried."""

import inspect
import re
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest
from flask import Flask

from tests.html.conftest import on_one_database
from webui.access import canvas, grants, links
from webui.views import refused_links
from webui.views.refused_links import NoRecordOfLink, refused_canvas, refused_link

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("embedding*.md"))
SAMPLES = sorted(path for path in (DOCS / "samples").iterdir() if path.is_file())
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def table(first_column: str) -> list[list[str]]:
    """Return the rows of the table of docs/embedding.md whose first heading this is, without code marks."""
    lines = iter((DOCS / "embedding.md").read_text(encoding="utf-8").splitlines())
    rows = takewhile(
        lambda line: line.startswith("|"),
        dropwhile(lambda line: not line.startswith(f"| {first_column} |"), lines),
    )
    found = [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]
    assert len(found) > 2
    return found[2:]


def reasons(module: object) -> list[str]:
    """Return the reasons for which a way in refuses: its constants that are words joined by hyphens."""
    own = {
        name: value for name, value in vars(module).items() if name.isupper() and not hasattr(grants, name)
    }
    return [value for name, value in own.items() if value == name.lower().replace("_", "-")]


def test_each_claim_that_is_read_stands_in_the_table_and_no_other():
    source = inspect.getsource(links)
    read = set(re.findall(r'claims(?:\.get\(|\[)"(\w+)"', source)) | set(links.REQUIRED)

    assert {row[0] for row in table("claim")} == read
    assert {row[0] for row in table("claim") if row[1] == "yes"} == set(links.REQUIRED)


@on_one_database
def test_each_refusal_of_a_way_in_stands_in_the_table_with_its_status(app: Flask):
    with app.test_request_context():
        refusals = [
            *(refused_link(reason) for reason in (*reasons(links), refused_links.MAY_NOT_ADMINISTER)),
            *(refused_canvas(reason) for reason in (*reasons(canvas), refused_links.MAY_NOT_OPEN_ALL)),
            NoRecordOfLink(),
        ]
        told = {(str(one.sentence), str(one.status)) for one in refusals}

    assert {(row[0], row[1]) for row in table("the panel says")} == told


def test_each_number_that_a_page_promises_is_the_products():
    said = (DOCS / "embedding.md").read_text(encoding="utf-8")

    assert f"at most {links.LONGEST_LIFE} after `iat`" in said
    assert f"Clocks may differ by {links.SKEW} seconds" in said
    assert f"from {links.FONT_SIZES[0]} to {links.FONT_SIZES[-1]}" in said
    assert f"below {links.LONGEST_TOKEN:,} characters" in said


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_page_shows_each_sample_as_it_was_tried(sample):
    text = sample.read_text(encoding="utf-8")
    shown = [page.name for page in PAGES if text in FENCED.findall(page.read_text(encoding="utf-8"))]

    assert shown
