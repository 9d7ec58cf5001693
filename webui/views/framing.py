"""What a page says of itself to its scripts and to the site that frames it."""

from dataclasses import dataclass

from flask import Flask, g

from webui.access.canvas import Frame
from webui.access.headers import framing_sites
from webui.access.visitors import Visitor
from webui.config import Settings


@dataclass(frozen=True)
class Framed:
    """The page in its frame.

    ``address`` is its clean URL where it was opened by another, ``origins`` are those of the sites that
    may frame it, ``canvas`` is Salesforce's own frame.
    """

    has_session: bool
    accent: str | None
    font_size: int | None
    address: str | None
    origins: tuple[str, ...]
    canvas: Frame | None

    def attributes(self) -> dict[str, str | int]:
        """Return what the root element says; what is not there is left out."""
        said = {
            "data-address": self.address,
            "data-font-size": self.font_size,
            "data-origins": " ".join(self.origins),
            "data-canvas-instance": self.canvas.instance if self.canvas else None,
            "data-canvas-origin": self.canvas.origin if self.canvas else None,
        }
        return {name: value for name, value in said.items() if value}


def init_app(app: Flask, settings: Settings) -> None:
    """Give the templates ``framed()``."""

    @app.template_global()
    def framed() -> Framed:
        visitor: Visitor | None = g.get("visitor")
        look = visitor.look if visitor else None
        return Framed(
            has_session=bool(visitor and visitor.is_framed),
            accent=look.accent if look else None,
            font_size=look.font_size if look else None,
            address=g.get("address"),
            origins=framing_sites(settings),
            canvas=g.get("canvas_frame"),
        )
