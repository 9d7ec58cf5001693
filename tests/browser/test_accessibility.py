"""axe-core finds nothing, in any state, language, theme and width.

What it looks for is WCAG 2.2 A and AA and its own best practices. Markup does not depend on the theme, nor do
colours on the language: the two languages share the four pairs of width and theme.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.states import BY_NAME, LANGUAGES, STATES, State, settle, shown
from tests.browser.world import World

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
SEEN_AT = {"en": ((1200, "light"), (360, "dark")), "ja": ((1200, "dark"), (360, "light"))}
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# More of the same rows, taken away before: to look at each takes most of the time.
ALIKE = "tbody:nth-of-type(n+9), li[data-activity]:nth-of-type(n+8)"

_RUN = """(tags) => axe.run(document, {
  runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], iframes: false,
})"""


def found(page: Page) -> Iterator[str]:
    """Give a line for each element that a rule is not content with: rule, selector, markup, and why."""
    result: dict[str, Any] = page.evaluate(_RUN, TAGS)
    for violation in result["violations"]:
        for node in violation["nodes"]:
            why = " ".join(node["failureSummary"].split())
            yield f"{violation['id']}: {node['target']} {node['html'][:200]}\n    {why}"


def complaints(page: Page, language: str) -> list[str]:
    """Return what axe-core finds on a page, at each width and in each theme of a language."""
    page.locator(ALIKE).evaluate_all("more => more.forEach((one) => one.remove())")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    all_found = []
    for width, scheme in SEEN_AT[language]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        all_found += [f"{width} px, {scheme}: {one}" for one in found(page)]
    return all_found


def test_axe_is_the_file_that_was_vendored():
    assert sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_axe_finds_nothing(browser: Browser, world: World, state: State, language: str):
    with shown(browser, world, state, language) as page:
        assert page.locator("html").get_attribute("lang") == language

        all_found = complaints(page, language)

    assert not all_found, "\n".join(all_found)


def test_axe_would_find_what_is_wrong(browser: Browser, world: World):
    with shown(browser, world, BY_NAME["home"], "en") as page:
        page.evaluate("document.querySelector('nav').innerHTML = '<img src=/static/icon.svg>'")
        page.add_style_tag(content="@media (prefers-color-scheme: dark) { h1 { color: #222 !important; } }")
        settle(page)

        all_found = complaints(page, "en")

    assert any("light: image-alt" in one for one in all_found)
    assert {one.partition(":")[0] for one in all_found if "color-contrast" in one} == {"360 px, dark"}
