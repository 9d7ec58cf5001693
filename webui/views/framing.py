"""What a page says of itself to its scripts and to the site that frames it."""

from dataclasses import dataclass

from flask import Flask, g, request
from flask_babel import gettext

from webui.access.canvas import Frame
from webui.access.grants import ADMIN, ALL, Grant, Opens
from webui.access.headers import framing_sites
from webui.access.visitors import IN_PAGE, Visitor
from webui.config import Settings
from webui.feeds import records
from webui.views.paths import path_of


@dataclass(frozen=True)
class Home:
    """The page that the link from the CRM opened, for pages that a rep reached from there."""

    path: str
    name: str


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
    """Give the templates ``framed()``, ``home()`` and ``may_configure()``."""
    app.add_template_global(home)
    app.add_template_global(may_configure)

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


def may_configure() -> bool:
    """Whether the viewer came in as an admin, and so needs a way to the configuration tab."""
    visitor: Visitor | None = g.get("visitor")
    return bool(visitor and visitor.session and any(grant.role == ADMIN for grant in visitor.grants))


def home() -> Home | None:
    """Return the page that a panel's session opened; None on that page, and for any other visitor."""
    grant = _granted()
    asked = request.view_args or {}
    if grant is None or g.get("address"):
        return None
    if grant.opens == ALL:
        is_there = request.path.startswith("/global")
        return None if is_there else Home("/global", gettext("Global Marketo tab"))
    if grant.opens == Opens(asked.get("panel", ""), asked.get("crm_id", "")):
        return None
    record = records.find(*grant.opens)
    return Home(path_of(*grant.opens), record.name) if record else None


def _granted() -> Grant | None:
    """Return the grant of a panel's session, even where it does not allow what was asked for."""
    visitor: Visitor | None = g.get("visitor")
    if visitor is None:
        in_page = [one for one in g.get("visitors", ()) if one.way == IN_PAGE]
        return in_page[0].grants[0] if in_page else None
    found: Grant | None = g.get("grant")
    return found if visitor.is_framed else None
