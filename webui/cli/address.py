"""Where the server is, as commands name it."""

from collections.abc import Callable
from typing import Any

import click

from webui.config import Settings


def port_option(explanation: str) -> Callable[[Any], Any]:
    """Return the option --port, which ``PORT`` stands for."""
    return click.option(
        "--port",
        default=8000,
        show_default=True,
        envvar="PORT",
        type=click.IntRange(1, 65535),
        help=explanation,
    )


def address_of(settings: Settings, port: int) -> str:
    """Return the address under which browsers reach the server: the public one, else this machine's."""
    return settings.public_url or f"http://127.0.0.1:{port}"
