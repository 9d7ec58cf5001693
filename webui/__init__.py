"""Chatpane: what a person did in the website's chat, inside the CRM record that is open."""

import os
from collections.abc import Callable, MutableMapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, Request
from flask.templating import Environment
from flask_babel import Babel
from jinja2 import StrictUndefined
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import cached_property

from webui import assets, database, logs, wording
from webui.access import adobe_keys, gate, headers, limits, oidc, trail, viewer, visitors
from webui.access.first_party import FirstPartySessions
from webui.access.secret import secrets_of
from webui.config import Settings, shipped
from webui.database import engine_options
from webui.ingest import activity_types
from webui.views import (
    best_bets,
    chat,
    compression,
    config_families,  # noqa: F401  its routes are the configuration tab's
    config_tab,
    dashboard,
    demo_crm,
    embed,
    errors,
    fragments,
    framing,
    global_tab,
    health,
    home,
    hooks,
    kept,
    lead_feed,
    metrics,
    news,
    others,
    page_files,
    panels,
    parts,
    paths,
    patterns,
    rows,
    sign_in,
    talks,  # noqa: F401  its routes are the chat blueprint's
    watch_list,
)

try:
    __version__ = version("chatpane")
except PackageNotFoundError:  # a bare checkout on the path
    __version__ = "0"

LARGEST_FORM = 64_000
BLUEPRINTS = (
    home.bp,
    panels.bp,
    chat.bp,
    others.bp,
    dashboard.bp,
    global_tab.bp,
    best_bets.bp,
    lead_feed.bp,
    watch_list.bp,
    config_tab.bp,
    sign_in.bp,
    embed.bp,
    hooks.bp,
    page_files.bp,
    demo_crm.bp,
    health.bp,
    metrics.bp,
)


class Asked(Request):
    """A request; what is not there is not looked for among all of its headers."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """The cookies."""
        return super().cookies if "HTTP_COOKIE" in self.environ else ImmutableMultiDict()


class Templates(Environment):
    """The templates. Their globals are settled when they are loaded: a chain of maps is slow to read."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template, ``d`` over those of all."""
        return {**self.globals, **(d or {})}


class Chatpane(Flask):
    """The app. Flask asks of every hook, on every request, whether it is a coroutine: none of ours is."""

    request_class = Asked
    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app of these settings (default: the environment's); raise BadSettings if they are no good."""
    settings = settings or Settings.from_environment(os.environ)
    activity_types.check(settings.activity_types)
    signing = secrets_of(settings)
    logs.configure()
    app = Chatpane(
        "webui",
        template_folder=str(shipped("templates")),
        static_folder=str(shipped("static")),
        instance_path=str(settings.instance),
    )
    app.extensions["chatpane"] = settings
    app.extensions["chatpane_release"] = assets.release(__version__)
    app.config.update(
        SECRET_KEY=signing[0],
        SECRET_KEY_FALLBACKS=list(signing[1:]),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        SESSION_COOKIE_SAMESITE="Lax",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.session_interface = FirstPartySessions()
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    database.init_app(app)
    compression.init_app(app)
    visitors.init_app(app, settings)
    viewer.init_app(app, settings)
    limits.init_app(app, settings)
    trail.init_app(app, settings)
    gate.init_app(app, settings)
    oidc.init_app(app, settings)
    adobe_keys.init_app(app, settings)
    Babel(app, locale_selector=lambda: wording.words().language)
    headers.init_app(app, settings)
    wording.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    paths.init_app(app)
    patterns.init_app(app)
    rows.init_app(app)
    news.init_app(app)
    framing.init_app(app, settings)
    fragments.init_app(app)
    kept.init_app(app, settings.kept_mib)
    parts.init_app(app, settings.kept_mib)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app
