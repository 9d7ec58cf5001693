"""Fixtures of the sync's tests: the app on both databases, a local Marketo, and rounds between them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.servers.fixtures import FAST
from tests.servers.marketo import CLIENT_ID, CLIENT_SECRET, Marketo
from webui.config import Settings
from webui.database import db
from webui.marketo.connection import Connection
from webui.sync import round as rounds
from webui.sync.round import Parts, Round

Rounds = Callable[..., Round]

NAMES = {
    1001: "Engage with a Dialogue",
    1002: "Engage with an Agent in Dialogue",
    1003: "Schedule Meeting in Dialogue",
    1004: "Reach Dialogue Goal",
    1005: "Interact with Document in Dialogue",
}


@pytest.fixture
def instance(marketo: Marketo) -> Marketo:
    """A Marketo instance in which Dynamic Chat logs, with one lead: 501, whom the CRM calls 00Q1."""
    for number, name in NAMES.items():
        marketo.add_type(number, name)
    marketo.add_lead(id=501, firstName="Ann", lastName="Lee", email="ann@larkspur.example", sfdcLeadId="00Q1")
    return marketo


@pytest.fixture
def live(app: Flask, instance: Marketo) -> Iterator[Settings]:
    """The app's settings, with that instance's credentials."""
    before: Settings = app.extensions["chatpane"]
    settings = replace(
        before,
        marketo_url=instance.url,
        marketo_client_id=CLIENT_ID,
        marketo_client_secret=CLIENT_SECRET,
    )
    app.extensions["chatpane"] = settings
    yield settings
    app.extensions["chatpane"] = before


@pytest.fixture
def sync(app: Flask, live: Settings) -> Rounds:
    """Read Marketo once, as ``chatpane sync`` does; what is to be otherwise is named."""

    def once(parts: Parts = rounds.PARTS, **otherwise: Any) -> Round:
        app.extensions["chatpane"] = settings = replace(live, **otherwise)
        with Connection(settings, FAST) as connection:
            return rounds.run(settings, connection, parts)

    return once


@pytest.fixture
def stored() -> Callable[..., list[tuple[Any, ...]]]:
    """Ask the database."""

    def ask(sql: str, **values: Any) -> list[tuple[Any, ...]]:
        db.session.rollback()
        rows = db.session.execute(db.text(sql), values).all()
        db.session.rollback()
        return [tuple(row) for row in rows]

    return ask


@pytest.fixture
def execute() -> Callable[..., None]:
    """Change the database: it is another day, or an operator did something."""

    def change(*statements: str, **values: Any) -> None:
        db.session.rollback()
        for sql in statements:
            db.session.execute(db.text(sql), values)
        db.session.commit()

    return change
