"""Settings that cannot be used, ``chatpane migrate``, ``recount`` and ``reindex``."""

import re

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask_migrate import downgrade
from sqlalchemy import create_engine, text

from tests.cli.conftest import Chatpane, refused
from webui import schema
from webui.database import db


def test_settings_that_cannot_be_used_are_named_all_at_once(chatpane):
    run = chatpane(
        "config",
        "show",
        CHATPANE_TIMEZONE="Mars/Olympus",
        CHATPANE_WORKERS="0",
        CHATPANE_DEMO="perhaps",
        CHATPANE_PROXY_HOPS="-1",
        CHATPANE_PUBLIC_URL="pane.example.com",
        CHATPANE_DATABASE_URL="mysql://root@localhost/chatpane",
        CHATPANE_ACTIVITY_TYPES="engaged",
    )
    refused(run, "Mars/Olympus", "Europe/Berlin", "from 1 to 64", "postgresql://", "https://", "id=type")
    named = [re.split("[=:]", line)[0] for line in run.stderr.splitlines() if line.startswith("CHATPANE_")]
    assert named == [
        "CHATPANE_DATABASE_URL",
        "CHATPANE_DEMO",
        "CHATPANE_TIMEZONE",
        "CHATPANE_PUBLIC_URL",
        "CHATPANE_PROXY_HOPS",
        "CHATPANE_WORKERS",
        "CHATPANE_ACTIVITY_TYPES",
    ]


def test_a_database_that_does_not_answer_is_named_without_its_password(chatpane):
    url = "postgresql://chatpane:hunter2hunter2@127.0.0.1:1/chatpane"
    run = chatpane("switch", "status", CHATPANE_DATABASE_URL=url)
    refused(run, "127.0.0.1:1/chatpane", "cannot be used")
    assert "hunter2" not in run.stderr


SECRETS = {
    "CHATPANE_CANVAS_SECRET": "canvas-hunter2, canvas-hunter3, canvas-hunter4",
    "CHATPANE_REDIS_URL": "http://:redis-hunter2@localhost/0",
    "CHATPANE_EMBED_PUBLIC_KEY": "-----BEGIN PRIVATE KEY-----\nprivate-hunter2\n-----END PRIVATE KEY-----",
    "CHATPANE_DATABASE_URL": "mysql://root:database-hunter2@localhost/chatpane",
}


def test_settings_of_access_that_cannot_be_used_are_named_with_their_form(chatpane):
    bad = {
        "CHATPANE_EMBED_ADMIN": ("maybe", "1 or 0"),
        "CHATPANE_SHOW_ACCOUNT": ("sometimes", "1 or 0"),
        "CHATPANE_SESSION_IDLE_MINUTES": ("1441", "from 1 to 1440"),
        "CHATPANE_SESSION_HOURS": ("73", "from 1 to 72"),
        "CHATPANE_OIDC_ISSUER": ("http://login.example.com", "https://login.example.com"),
        "CHATPANE_LIMIT_REFUSED": ("many", "120 per minute"),
        "CHATPANE_LIMIT_SESSION": ("0", "120 per minute"),
        "CHATPANE_AUDIT_DAYS": ("0", "from 1 to 3650"),
    }
    run = chatpane("doctor", **{variable: value for variable, (value, _form) in bad.items()})
    refused(run)
    said = dict(line.split(": ", 1) for line in run.stderr.splitlines() if line.startswith("CHATPANE_"))
    assert list(said) == [f"{variable}={value!r}" for variable, (value, _form) in bad.items()]
    assert [form for form, told in zip(bad.values(), said.values(), strict=True) if form[1] not in told] == []


def test_a_secret_that_cannot_be_used_is_named_and_not_echoed(chatpane):
    run = chatpane("doctor", **SECRETS)
    refused(run, *(f"{variable}: write" for variable in SECRETS))
    assert "hunter" not in run.stdout + run.stderr


@pytest.mark.parametrize("bits_or_curve", [1024, ec.SECP256R1()])
def test_a_public_key_that_is_too_weak_or_of_another_kind_is_refused(chatpane, bits_or_curve):
    weak = isinstance(bits_or_curve, int)
    key = rsa.generate_private_key(65537, bits_or_curve) if weak else ec.generate_private_key(bits_or_curve)
    refused(chatpane("doctor", CHATPANE_EMBED_PUBLIC_KEY=pem(key)), "CHATPANE_EMBED_PUBLIC_KEY", "2048 bits")


def pem(key):
    """Return the public half of a key as PEM."""
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form).decode()


# Schema and counts


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_an_older_postgresql_schema_is_refused_until_it_is_migrated(settings, bare_app, tmp_path):
    chatpane = Chatpane(tmp_path / "instance", url=settings.database_url)
    schema.migrate(settings)
    db.session.remove()
    downgrade(directory=str(schema.MIGRATIONS), revision="-1")
    try:
        refused(chatpane("switch", "status"), str(schema.head()), "run `chatpane migrate`")
        assert chatpane("migrate").stdout == f"schema {schema.head()}\n"
        assert schema.revision() == schema.head()
    finally:
        schema.migrate(settings)


def test_an_older_sqlite_schema_is_brought_up_to_date_by_any_command(chatpane):
    chatpane.instance.mkdir()
    engine = create_engine(f"sqlite:///{chatpane.instance / 'chatpane.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    assert chatpane("switch", "status").stdout.splitlines()[0] == "off"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == schema.head()
    engine.dispose()


def test_two_first_commands_at_a_time_make_one_schema(chatpane):
    runs = [chatpane.start("config", "show") for _ in range(2)]
    ends = [(*run.communicate(timeout=60), run.returncode) for run in runs]
    assert [code for *_, code in ends] == [0, 0], ends


def test_a_recount_says_what_was_wrong_and_mends_it(ready):
    with ready.database() as connection:
        connection.execute(text("INSERT INTO installation_week VALUES ('2031-04-07', 'reached-goal', 5)"))
    assert ready("recount").stdout.splitlines() == [
        "person_week: 0 counts were wrong and are mended",
        "account_week: 0 counts were wrong and are mended",
        "installation_week: 1 counts were wrong and are mended",
    ]
    with ready.database() as connection:
        assert connection.execute(text("SELECT count(*) FROM installation_week")).scalar() == 0


def test_reindexing_writes_anew_what_is_searched(ready):
    with ready.database() as connection:
        kept = connection.execute(text("SELECT * FROM search_text ORDER BY key")).all()
        connection.execute(text("UPDATE search_text SET folded = 'wrong'"))
    assert ready("reindex").stdout == f"search_text: {len(kept)} texts\n"
    with ready.database() as connection:
        assert [row[:2] for row in connection.execute(text("SELECT * FROM search_text ORDER BY key"))] == [
            row[:2] for row in kept
        ]


def test_a_recount_moves_the_weeks_to_another_time_zone(ready):
    run = ready("recount", CHATPANE_TIMEZONE="Asia/Tokyo")
    assert run.stdout.splitlines()[0] == "weeks: UTC → Asia/Tokyo"
    with ready.database() as connection:
        weeks = connection.execute(text("SELECT week FROM activity")).scalars().all()
        zone = connection.execute(text("SELECT weeks_timezone FROM installation")).scalar()
    assert (weeks, zone) == (["2031-04-07"], "Asia/Tokyo")
