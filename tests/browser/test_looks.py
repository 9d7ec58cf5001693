"""Nothing looks different from what somebody accepted: see ``tests.browser.looks``."""

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser import looks
from tests.browser.looks import ACCEPTED, LOOKS, Look, changed, fault, in_blocks, take
from tests.browser.states import BY_NAME, shown
from tests.browser.world import World

pytestmark = pytest.mark.browser

CHANGES = {
    "the tabs are gone": ".tabs { display: none; }",
    "a column moved": "[data-column=date] { position: relative; left: -24px; }",
    "an icon is missing": ".who .icon { visibility: hidden; }",
    "badges lost their colour": ".badge { background: none !important; border: 0 !important; }",
    "rows grew": "tr[data-activity] td { padding-bottom: 16px !important; }",
}


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_it_looks_as_it_was_accepted(browser: Browser, world: World, look: Look):
    wrong = fault(look, take(browser, world, look))

    assert wrong is None, wrong


def test_changes_of_the_stylesheet_are_found_and_a_second_picture_is_the_same(browser: Browser, world: World):
    with shown(browser, world, BY_NAME["detail-conversation"], "en", 1200) as page:
        was = in_blocks(page)
        again = changed(was, in_blocks(page))
        found = {}
        for name, rule in CHANGES.items():
            style = page.add_style_tag(content=rule)
            found[name] = changed(was, in_blocks(page))
            style.evaluate("node => node.remove()")

    assert again == 0
    assert {name: share for name, share in found.items() if share <= ACCEPTED} == {}


def test_a_fault_names_the_picture_its_share_and_a_drawing(tmp_path, monkeypatch):
    monkeypatch.setattr(looks, "BASELINES", tmp_path)
    monkeypatch.setattr(looks, "DIFFERENCES", tmp_path / "differences")
    look, white = Look("home", "en", "light", 40), Image.new("RGB", (10, 20), "white")
    assert "was never accepted" in (fault(look, white) or "")
    looks.accept(look, white)
    assert fault(look, white) is None

    taller = Image.new("RGB", (10, 25), "white")

    assert "home-en-light-40 looks different: 20.00% of it changed" in (fault(look, taller) or "")
    assert Image.open(tmp_path / "differences" / "home-en-light-40.png").size == (46, 25)


def test_every_accepted_picture_is_compared():
    assert {path.stem for path in looks.BASELINES.iterdir()} == {look.name for look in LOOKS}
