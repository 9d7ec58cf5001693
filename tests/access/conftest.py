"""Fixtures of the access tests: production apps on the test's database, and a provider to sign in with."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.access.provider import CLIENT_ID, CLIENT_SECRET, SUBJECT, Provider
from webui import create_app
from webui.config import Settings

SECRET = "a-secret-of-enough-bytes-0123456789"

OpenApp = Callable[..., Flask]


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    """The provider's server, started once."""
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """An honest provider."""
    running_provider.be_honest()
    return running_provider


@pytest.fixture
def open_app(bare_app: Flask, settings: Settings, running_provider: Provider) -> OpenApp:
    """Start the app for production, its admin being the provider's user; give settings of one's own."""

    def start(**changes: Any) -> Flask:
        usual = {
            "demo": False,
            "secret_key": SECRET,
            "oidc_issuer": running_provider.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_subjects": (SUBJECT,),
        }
        return create_app(replace(settings, **{**usual, **changes}))

    return start


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the clock forward; calls add up."""
    real, ahead = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])

    def go_on(*, minutes: float) -> None:
        ahead[0] += minutes * 60

    return go_on
