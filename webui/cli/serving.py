"""chatpane serve and chatpane demo: the web server."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from webui import create_app
from webui import demo as company
from webui.access.secret import secrets_of
from webui.cli.address import port_option
from webui.cli.imports import import_files
from webui.cli.keys import settle_keys
from webui.cli.worker import BufferingWorker
from webui.config import Settings, shipped
from webui.database import db, map_files
from webui.feeds.records import none_are_there
from webui.installation import note_demo
from webui.operational_settings import shown
from webui.switch import history
from webui.vocabulary import PANELS

LOOPBACK = ("127.0.0.1", "localhost", "::1")

_host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_port = port_option("Port to listen on.")


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn around the app, with its options."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


@click.command()
@_host
@_port
@click.pass_obj
def serve(app: Flask, host: str, port: int) -> None:
    """Serve the pages.

    CHATPANE_DEMO=1 serves them without sign-in, to this machine only.
    """
    settings: Settings = app.extensions["chatpane"]
    _serve(settings, host, port)


@click.command()
@_host
@_port
@click.option("--load-only", is_flag=True, help="Load the demo company and stop.")
@click.pass_obj
def demo(app: Flask, host: str, port: int, load_only: bool) -> None:
    """Load the demo company and serve it.

    It goes into an empty database, moved to today, and the switch is turned on.
    """
    settings: Settings = replace(app.extensions["chatpane"], demo=True)
    _refuse_unsafe(settings, host)
    loaded_at = shown().demo_loaded_at
    if none_are_there() or (loaded_at is not None and not history(limit=1)):
        _load(settings)  # into an empty database, or again where loading was interrupted
    elif loaded_at is None:
        raise click.ClickException(
            "the database holds records that are not the demo's: name an empty one with "
            "CHATPANE_DATABASE_URL, or serve this one with `CHATPANE_DEMO=1 chatpane serve`"
        )
    elif (datetime.now(UTC) - loaded_at).days:
        click.echo(
            "The demo company was loaded on an earlier day; delete its database to move it to today.",
            err=True,
        )
    if not load_only:
        _say_where(host, port)
        _serve(settings, host, port)


def _load(settings: Settings) -> None:
    note_demo()
    with company.moved(datetime.now(UTC)) as files:
        totals, unread = import_files(files, settings)
    if unread or totals["rejected"]:
        raise click.ClickException("the seeds did not go in whole; see above")
    company.prepare_configuration(secrets_of(settings))


def _say_where(host: str, port: int) -> None:
    base = f"http://{_bound(host, port)}"
    first = {
        one["panel"]: one["crm_id"]
        for one in reversed(json.loads((shipped("seeds") / "showcase.json").read_text()))
    }
    click.echo(f"\nChatpane's demo is at {base}/\n")
    for panel in PANELS:
        click.echo(f"  {base}/{panel}/{first[panel]}?tab=chat")
    click.echo(f"  {base}/global\n  {base}/config\n  http://crm.localhost:{port}/demo/crm\n")


def _refuse_unsafe(settings: Settings, host: str) -> None:
    """Refuse to serve a demo to others, or anything else by a weak secret."""
    if settings.demo and host not in LOOPBACK:
        raise click.ClickException(
            f"demo mode serves without sign-in and so to this machine only, not on {host}"
        )
    weak = settings.weak_secret()
    if weak and not settings.demo:
        raise click.ClickException(
            f"{weak}: set it to at least 32 random bytes, such as the output of "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
        )


def _bound(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _serve(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped; refuse what would not be safe."""
    _refuse_unsafe(settings, host)
    settle_keys(settings)
    db.session.remove()
    db.engine.dispose()  # no transaction stays open while the workers serve
    map_files()
    options = {
        "bind": _bound(host, port),
        "workers": settings.workers,
        "worker_class": BufferingWorker,
        "threads": 4,
        "timeout": 60,
        "graceful_timeout": 10,
        "keepalive": 15,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    _Server(create_app(settings), options).run()
