"""axe-core finds nothing, in any state, language, theme and width.

What it looks for is WCAG 2.2 A and AA and its own best practices. Markup does not depend on the theme, nor do
colours on the language, nor what is shown at a width: each width is looked at in one of the two languages,
with all rules in one theme, and with those about colours in the other.
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
WIDTHS = {"en": 1200, "ja": 360}
THEMES = {"en": ("light", "dark"), "ja": ("dark", "light")}
TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# More of the same rows, taken away before: to look at each takes most of the time.
ALIKE = "tbody:nth-of-type(n+9), li[data-activity]:nth-of-type(n+8)"

_RUN = """(rules) => axe.run(document, {
  runOnly: rules, resultTypes: ["violations"], iframes: false,
})"""


def found(page: Page, rules: dict[str, Any]) -> Iterator[str]:
    """Give a line for each element that a rule is not content with: rule, selector, markup, and why."""
    result: dict[str, Any] = page.evaluate(_RUN, rules)
    for violation in result["violations"]:
        for node in violation["nodes"]:
            why = " ".join(node["failureSummary"].split())
            yield f"{violation['id']}: {node['target']} {node['html'][:200]}\n    {why}"


def complaints(page: Page, language: str) -> list[str]:
    """Return what axe-core finds on a page, at the width of its language and in each theme."""
    page.locator(ALIKE).evaluate_all("more => more.forEach((one) => one.remove())")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.set_viewport_size({"width": WIDTHS[language], "height": 900})
    all_found = []
    for scheme, rules in zip(THEMES[language], (TAGS, COLOURS), strict=True):
        page.emulate_media(color_scheme=scheme)
        all_found += [f"{scheme}: {one}" for one in found(page, rules)]
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

    assert any(one.startswith("light: image-alt") for one in all_found)
    assert [one[:20] for one in all_found if "color-contrast" in one] == ["dark: color-contrast"]
