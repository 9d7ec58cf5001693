"""Three readers of HTML: what a rep would read, by the hooks of the HTML contract."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

HTMX = {"HX-Request": "true"}


def soup(response: TestResponse, status: int = 200) -> BeautifulSoup:
    """Return the parsed body of an answer that must have ``status``; ``source`` is its markup as it came."""
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    source = response.get_data(as_text=True)
    page = parsed(source)
    page.source = source
    return page


def parsed(source: str | bytes) -> BeautifulSoup:
    """Return a parsed page."""
    with not_collecting():
        page = BeautifulSoup(source, "html.parser")
    for template in page.find_all("template"):  # its content is none of the page's; older parsers count it
        template.clear()
    return page


@contextmanager
def not_collecting() -> Iterator[None]:
    """Look for no garbage in this block: a page in the making is all cycles, and none of them is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def one(node: Tag, css: str) -> Tag:
    """Return the one element that ``css`` selects; fail, printing the markup, unless there is exactly one."""
    found = node.select(css)
    assert len(found) == 1, f"{len(found)} of {css} in:\n{node}"
    return found[0]


def texts(node: Tag, css: str) -> list[str]:
    """Return the squeezed text of each element that ``css`` selects, in page order."""
    return [" ".join(found.get_text(" ", strip=True).split()) for found in node.select(css)]
