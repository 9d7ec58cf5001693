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
        "panel-tabs",
        "global-tabs",
        "families",
        "kept-days",
        "hidden-days",
    ]
    assert (lines["package-version"], lines["enable-dynamic-chat-data"], lines["weeks-time-zone"]) == (
        "2.4.0",
        "off",
        "UTC",
    )
    assert SECRET not in str(lines)


def changes(chatpane):
    """Return (what, from, to) of each change, newest first."""
    with chatpane.database() as connection:
        one = ConfigurationChange.__table__.c
        rows = connection.execute(select(one.what, one.was, one.became).order_by(one.id.desc()))
        return [tuple(row) for row in rows]


def test_tabs_and_families_are_shown_as_they_are_at_first(ready):
    lines = shown(ready)
    assert lines["panel-tabs"] == "dashboard moments web email score chat"
    assert lines["global-tabs"].startswith("chat ")
    assert lines["families"] == "moments web email score"
    assert (lines["kept-days"], lines["hidden-days"]) == ("for ever", "7")


def test_tabs_are_set_in_their_order_and_chat_is_never_left_out(ready):
    assert ready("config", "set", "panel-tabs", "moments", "dashboard").returncode == 0
    assert ready("config", "set", "global-tabs", "web chat").returncode == 0

    lines = shown(ready)
    assert (lines["panel-tabs"], lines["global-tabs"]) == ("moments dashboard chat", "web chat")
    assert changes(ready)[1] == (
        "panel-tabs",
        "dashboard moments web email score chat",
        "moments dashboard chat",
    )


def test_a_tab_that_there_is_not_is_refused_with_those_that_there_are(ready):
    refused(ready("config", "set", "panel-tabs", "dashboard", "fax"), "dashboard, moments, web", "chat")
    assert installation(ready).panel_tabs is None


def test_chat_alone_is_refused_as_the_tabs_of_a_panel(ready):
    refused(ready("config", "set", "panel-tabs", "chat"), "no tab left but chat")
    assert installation(ready).panel_tabs is None


def test_families_are_set_and_one_that_there_is_not_is_refused(ready):
    assert ready("config", "set", "families", "web", "score").returncode == 0
    assert installation(ready).families_off == "email moments"
    refused(ready("config", "set", "families", "fax"), "moments, web, email, score")
    assert installation(ready).families_off == "email moments"

    assert ready("config", "set", "families", "").returncode == 0
    assert shown(ready)["families"] == "none"


def test_how_long_families_are_kept_is_set_for_those_that_are_named(ready):
    ready("config", "set", "kept-days", "web=90", "chat=760")
    ready("config", "set", "kept-days", "web=", "email=31")
    assert installation(ready).kept_days == {"chat": 760, "email": 31}
    assert [what for what, *_ in changes(ready)[:2]] == ["kept-days", "kept-days"]


def test_days_that_are_none_are_refused_and_nothing_is_changed(ready):
    refused(ready("config", "set", "kept-days", "email=60", "web=30"), "kept-days-web", "from 31 to 36500")
    refused(ready("config", "set", "kept-days", "fax=60"), "choose among the families")
    refused(ready("config", "set", "kept-days", "web"), "pairs such as web=365", code=2)
    refused(ready("config", "set", "hidden-days", "366"), "from 1 to 365")
    assert (installation(ready).kept_days, installation(ready).hidden_days) == (None, 7)


def test_how_long_a_person_stays_hidden_is_set(ready):
    assert ready("config", "set", "hidden-days", "30").returncode == 0
    assert installation(ready).hidden_days == 30
    assert changes(ready)[0] == ("hidden-days", "7", "30")
