"""Fixtures of the Marketo tests: connections to the local Marketo, at a pace of milliseconds."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from tests.servers.fixtures import FAST
from tests.servers.marketo import Marketo
from webui.config import Settings
from webui.marketo.connection import Connection

Connect = Callable[..., Connection]


@pytest.fixture
def connect(marketo: Marketo, marketo_settings: Settings) -> Iterator[Connect]:
    """Open a connection that lives in Marketo's time; fields of the pace can be given."""
    with ExitStack() as open_ones:

        def start(settings: Settings = marketo_settings, sleep: Any = None, **pace: Any) -> Connection:
            more = {"sleep": sleep} if sleep else {}
            fast = replace(FAST, **pace)
            return open_ones.enter_context(Connection(settings, fast, clock=marketo.monotonic, **more))

        yield start


@pytest.fixture
def connection(connect: Connect) -> Connection:
    """A connection."""
    return connect()
