"""The host's accent colour as a rule for the stylesheet: the security policy allows no style in a page.

The colour is made darker for light pages and lighter for dark ones until it can be read on them
(WCAG 2.2, contrast of 4.5 to 1), so that no host can make a panel illegible.
"""

from colorsys import hls_to_rgb, rgb_to_hls

Colour = tuple[float, float, float]

LIGHT_PAGE: Colour = (0xF1 / 255, 0xF3 / 255, 0xF9 / 255)  # the least light and the least dark grounds
DARK_PAGE: Colour = (0x22 / 255, 0x27 / 255, 0x33 / 255)  # of pane.css, those of hovered rows
LEAST_CONTRAST = 4.5
STEP = 0.02


def accent_css(accent: str) -> str:
    """Return the rule that sets an accent colour, ``#`` and six hexadecimal digits."""
    channels = [int(accent[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    chosen: Colour = (channels[0], channels[1], channels[2])
    light, dark = _hex(readable(chosen, LIGHT_PAGE)), _hex(readable(chosen, DARK_PAGE))
    return f":root {{ --accent: light-dark({light}, {dark}); }}\n"


def readable(colour: Colour, page: Colour) -> Colour:
    """Return the colour, as much darker or lighter as reading it on a page needs. Channels are 0 to 1."""
    hue, lightness, saturation = rgb_to_hls(*colour)
    step = -STEP if luminance(page) > 0.5 else STEP
    while contrast(colour, page) < LEAST_CONTRAST and 0 < lightness + step < 1:
        lightness += step
        colour = hls_to_rgb(hue, lightness, saturation)
    return colour


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    """Return a colour's relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colour)
