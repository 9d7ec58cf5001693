"""Fixtures of the servers, for any folder of tests."""

from collections.abc import Iterator

import pytest

from tests.servers.marketo import CLIENT_ID, CLIENT_SECRET, Marketo
from webui.config import Settings
from webui.marketo.pace import Pace

# Marketo's pace, a thousand times as fast.
FAST = Pace(
    seconds=0.02,
    first_wait=0.001,
    longest_wait=0.004,
    wait_after_606=0.02,
    wait_after_615=0.002,
    wait_minutes=0.002,
    slow_for=0.6,
    bulk_poll=0.001,
)


@pytest.fixture(scope="session")
def running_marketo() -> Iterator[Marketo]:
    """The Marketo server, started once."""
    marketo = Marketo()
    yield marketo
    marketo.stop()


@pytest.fixture
def marketo(running_marketo: Marketo) -> Marketo:
    """A Marketo instance with nobody in it, where all is well."""
    running_marketo.reset()
    running_marketo.door.calls_per_window = 100_000  # the fast pace is no pace of Marketo's
    return running_marketo


@pytest.fixture
def marketo_variables(marketo: Marketo) -> dict[str, str]:
    """The variables with which Chatpane reads that instance."""
    return {
        "CHATPANE_MARKETO_URL": marketo.url,
        "CHATPANE_MARKETO_CLIENT_ID": CLIENT_ID,
        "CHATPANE_MARKETO_CLIENT_SECRET": CLIENT_SECRET,
    }


@pytest.fixture
def marketo_settings(marketo_variables: dict[str, str]) -> Settings:
    """The same as settings."""
    return Settings.from_environment(marketo_variables)
