"""``chatpane config`` and ``chatpane switch``: the configuration tab for operators, as strict as the tab."""

import re

from sqlalchemy import select

from tests.cli.conftest import SECRET, refused
from tests.conftest import API_KEY
from webui.models import ConfigurationChange, Installation

ANOTHER_KEY = "fedcba9876543210-another-long-key!"
PREREQUISITES = ("package-version", "dynamic-chat-connection", "api-secret-key")


def installation(chatpane):
    """Return the installation's row."""
    with chatpane.database() as connection:
        return connection.execute(select(Installation.__table__)).one()


def change(chatpane, **values):
    """Change the installation's row behind the command's back."""
    with chatpane.database() as connection:
        connection.execute(Installation.__table__.update().values(values))


def shown(chatpane):
    """Return the lines of ``config show`` by their names."""
    lines = chatpane("config", "show").stdout.splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_the_switch_stays_off_while_prerequisites_are_unmet_and_each_is_named(chatpane):
    refused(chatpane("switch", "on"), *PREREQUISITES, "2.4.0", "chatpane import")
    status = chatpane("switch", "status").stdout.splitlines()
    assert status[0] == "off"
    assert [line.partition(": ")[0] for line in status[1:]] == list(PREREQUISITES)
    assert not [line for line in status[1:] if line.endswith(": met")]


def test_one_unmet_prerequisite_alone_is_named_alone(ready):
    change(ready, api_key=None)
    run = ready("switch", "on")
    refused(run, "- api-secret-key:", "chatpane config set api-secret-key")
    assert [key for key in PREREQUISITES if f"- {key}:" in run.stderr] == ["api-secret-key"]
    assert not installation(ready).chat_enabled


def test_the_switch_goes_on_and_off_and_keeps_its_history(ready):
    assert [ready("switch", word).stdout for word in ("on", "off")] == ["on\n", "off\n"]

    status = ready("switch", "status").stdout.splitlines()

    assert status[0] == "off"
    assert status[1:4] == [f"{key}: met" for key in PREREQUISITES]
    assert [line.split("\t")[2] for line in status[4:]] == ["on → off", "off → on"]
    when, who, _ = status[4].split("\t")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", when)
    assert who.endswith("(command line)")


def test_the_package_version_is_set_and_compared_as_a_version(ready):
    assert ready("config", "set", "package-version", "2.10.0").returncode == 0
    assert installation(ready).package_version == "2.10.0"
    assert ready("switch", "on").stdout == "on\n"


def test_what_is_no_version_is_refused(ready):
    refused(ready("config", "set", "package-version", "two"), "2.4.0")
    assert installation(ready).package_version == "2.4.0"


def test_the_package_version_cannot_be_lowered_while_the_switch_is_on(ready):
    change(ready, chat_enabled=True)
    refused(ready("config", "set", "package-version", "2.3.9"), "turn it off first")
    assert installation(ready).package_version == "2.4.0"


def test_the_api_secret_key_is_read_from_standard_input_and_never_shown(ready):
    before = installation(ready)
    run = ready("config", "set", "api-secret-key", stdin=ANOTHER_KEY + "\n")
    after = installation(ready)
    config = ready("config", "show").stdout

    assert run.returncode == 0
    assert after.api_key != before.api_key == after.previous_api_key
    assert re.search(r"^api-secret-key: set, last changed .*Z by .* \(command line\)$", config, re.MULTILINE)
    stored = b"".join(path.read_bytes() for path in ready.instance.iterdir())
    for key in (ANOTHER_KEY, API_KEY):
        assert key not in run.stdout + run.stderr + config
        assert key.encode() not in stored
    with ready.database() as connection:
        changes = ConfigurationChange.__table__
        newest = connection.execute(select(changes).order_by(changes.c.id.desc())).first()
    assert newest.what == "api-secret-key"
    assert newest.who.endswith("(command line)")


def test_a_short_key_is_refused_and_the_old_one_stays(ready):
    before = installation(ready)
    refused(ready("config", "set", "api-secret-key", stdin="x" * 31 + " \n"), "32 bytes")
    assert installation(ready) == before


def test_the_key_is_never_encrypted_by_an_empty_secret(ready):
    run = ready("config", "set", "api-secret-key", stdin=ANOTHER_KEY, CHATPANE_SECRET_KEY="")
    assert run.returncode == 0
    assert "CHATPANE_SECRET_KEY" in run.stderr
    made = ready.instance / "secret"
    assert len(made.read_text()) >= 32
    assert made.stat().st_mode & 0o077 == 0


def test_the_configuration_is_shown_a_line_each(ready):
    lines = shown(ready)
    assert list(lines) == [
        "package-version",
        "api-secret-key",
        "allowed-origins",
        "dynamic-chat-connection",
        "enable-dynamic-chat-data",
        "weeks-time-zone",
    ]
    assert (lines["package-version"], lines["enable-dynamic-chat-data"], lines["weeks-time-zone"]) == (
        "2.4.0",
        "off",
        "UTC",
    )
    assert SECRET not in str(lines)
