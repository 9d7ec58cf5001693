"""Comparing how pages look with how they looked when somebody last accepted it.

A picture is taken at a fixed moment (``world``) and in a font of blocks: each letter is a bar of the same
width (``vendor/blocks.ttf``, four glyphs of our own), so no machine's fonts change it, and lines break alike
everywhere. It is kept at a quarter of its size in ``baselines/``. A point counts as changed where any of its
colours differs by more than SENSED of 255; at most ACCEPTED, a share of all points, may.

``make screenshots ARGS=--accept`` takes them anew.
"""

import base64
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from tests.browser.states import BY_NAME, shown
from tests.browser.world import World

HERE = Path(__file__).parent
BASELINES = HERE / "baselines"
DIFFERENCES = HERE.parents[1] / "build" / "differences"
SCALE = 4
TALLEST = 1400
SENSED = 12
ACCEPTED = 0.0005

_FONT = base64.b64encode((HERE / "vendor" / "blocks.ttf").read_bytes()).decode()
BLOCKS = f"""
@font-face {{ font-family: Blocks; src: url(data:font/ttf;base64,{_FONT}); }}
*, ::before, ::after {{ font-family: Blocks !important; font-weight: 400 !important; }}
"""


@dataclass(frozen=True)
class Look:
    """A picture to compare: a state, in a language, a theme and a width."""

    state: str
    language: str
    scheme: str
    width: int

    @property
    def name(self) -> str:
        """Return the name of its file."""
        return f"{self.state}-{self.language}-{self.scheme}-{self.width}"


LOOKS = (
    Look("home", "en", "light", 1200),
    Look("dashboard-week", "en", "light", 1200),
    Look("dashboard-week", "ja", "dark", 320),
    Look("dashboard-account", "ja", "light", 768),
    Look("chat-account", "en", "dark", 1200),
    Look("chat-account", "ja", "light", 320),
    Look("detail-conversation", "ja", "light", 1200),
    Look("detail-appointment", "en", "light", 320),
    Look("global", "ja", "light", 768),
    Look("configuration", "en", "light", 768),
    Look("loading", "en", "light", 768),
    Look("connection-cut", "en", "dark", 320),
    Look("off-midway", "ja", "light", 320),
    Look("sign-in", "en", "light", 768),
)


def picture(page: Page) -> bytes:
    """Return a PNG of the page from its top, at most TALLEST pixels of it."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    return page.screenshot(
        full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}, animations="disabled"
    )


def in_blocks(page: Page) -> Image.Image:
    """Return what a page looks like in the font of blocks, small."""
    page.add_style_tag(content=BLOCKS)
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.mouse.move(0, 0)
    return small(picture(page))


def small(png: bytes) -> Image.Image:
    """Return a picture at a quarter of its size."""
    image = Image.open(BytesIO(png)).convert("RGB")
    return image.resize((-(-image.width // SCALE), -(-image.height // SCALE)), Image.Resampling.BOX)


def take(browser: Browser, world: World, look: Look) -> Image.Image:
    """Return the picture of a look as it is now."""
    with shown(
        browser, world, BY_NAME[look.state], look.language, look.width, color_scheme=look.scheme
    ) as page:
        return in_blocks(page)


def baseline(look: Look) -> Path:
    """Return the file of a look as it was accepted."""
    return BASELINES / f"{look.name}.png"


def accept(look: Look, image: Image.Image) -> None:
    """Keep a picture as the one to compare with; one that is alike stays as it is."""
    path = baseline(look)
    if not path.exists() or changed(Image.open(path).convert("RGB"), image) > 0:
        BASELINES.mkdir(exist_ok=True)
        image.save(path, optimize=True)


def changed(was: Image.Image, now: Image.Image) -> float:
    """Return the share of points that changed, from 0 to 1; what only one of them covers has changed."""
    size = max(was.width, now.width), max(was.height, now.height)
    both = min(was.width, now.width), min(was.height, now.height)
    beyond = size[0] * size[1] - both[0] * both[1]
    points = _difference(was.crop((0, 0, *both)), now.crop((0, 0, *both))).histogram()[255]
    return (points + beyond) / (size[0] * size[1])


def _difference(was: Image.Image, now: Image.Image) -> Image.Image:
    """Return white where two pictures of one size differ, black elsewhere."""
    red, green, blue = ImageChops.difference(was, now).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(lambda value: 255 if value > SENSED else 0)


def fault(look: Look, now: Image.Image) -> str | None:
    """Return what is wrong where a picture is not as it was accepted; draws both, and where they differ."""
    path = baseline(look)
    if not path.exists():
        return f"{look.name} was never accepted: make screenshots ARGS=--accept"
    was = Image.open(path).convert("RGB")
    share = changed(was, now)
    if share <= ACCEPTED:
        return None
    drawn = _side_by_side(look, was, now)
    return (
        f"{look.name} looks different: {share:.2%} of it changed, see {drawn} (accepted, now, where). "
        "If that is wanted: make screenshots ARGS=--accept"
    )


def _side_by_side(look: Look, was: Image.Image, now: Image.Image) -> Path:
    width, height = max(was.width, now.width), max(was.height, now.height)
    both = [Image.new("RGB", (width, height), "#888") for _ in range(2)]
    for canvas, image in zip(both, (was, now), strict=True):
        canvas.paste(image)
    sheet = Image.new("RGB", (3 * width + 16, height), "#f0f")
    for place, part in enumerate((*both, _difference(*both).convert("RGB"))):
        sheet.paste(part, (place * (width + 8), 0))
    DIFFERENCES.mkdir(parents=True, exist_ok=True)
    path = DIFFERENCES / f"{look.name}.png"
    sheet.save(path)
    return path
