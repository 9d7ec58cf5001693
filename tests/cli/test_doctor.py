"""``chatpane doctor``: lists every setting without a secret, and says what is wrong or may not be meant."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from tests.cli.conftest import SECRET, refused
from tests.cli.test_upkeep import pem
from webui.config import Settings

SOUND = {"CHATPANE_PUBLIC_URL": "https://pane.example.com"}
HIDDEN = {
    "CHATPANE_SECRET_KEY": "hunter2-correct-horse-battery-staple",
    "CHATPANE_PREVIOUS_SECRET_KEY": "hunter3-correct-horse-battery-staple",
    "CHATPANE_CANVAS_SECRET": "hunter4,hunter5",
    "CHATPANE_OIDC_CLIENT_SECRET": "hunter6",
    "CHATPANE_REDIS_URL": "redis://:hunter7@127.0.0.1:1/0",
    "CHATPANE_DATABASE_URL": "postgresql://chatpane:hunter8@127.0.0.1:1/chatpane",
}


def warnings(run):
    """Return the warnings of a run."""
    return [line for line in run.stderr.splitlines() if line.startswith("warning: ")]


def listed(run):
    """Return the values of the settings as they are shown."""
    lines = [line.partition("  # ")[0] for line in run.stdout.splitlines() if line.startswith("CHATPANE_")]
    return dict(line.split("=", 1) for line in lines)


def test_the_doctor_finds_a_ready_installation_sound_and_lists_every_setting(ready):
    assert ready("config", "set", "allowed-origins", "https://crm.example.com").returncode == 0
    run = ready("doctor", **SOUND)
    assert (run.returncode, run.stdout.splitlines()[-1], run.stderr) == (0, "sound", "")
    assert list(listed(run)) == [variable for _, variable, _ in Settings.described()]
    assert SECRET not in run.stdout


def test_the_doctor_finds_a_new_installation_sound_and_says_what_embedding_still_needs(chatpane):
    run = chatpane("doctor", **SOUND)
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "sound"), run.stderr
    assert len(warnings(run)) == 5
    for command in ("allowed-origins", "api-secret-key", "package-version"):
        assert f"chatpane config set {command}" in run.stderr
    for key in ("package-version", "dynamic-chat-connection", "api-secret-key"):
        assert f"prerequisite {key}: " in run.stderr


def test_the_doctor_says_everything_that_is_wrong(ready):
    run = ready("doctor", CHATPANE_SECRET_KEY="short", CHATPANE_TIMEZONE="Asia/Tokyo")
    refused(run, "CHATPANE_SECRET_KEY has fewer than 32 bytes", "chatpane recount")
    assert run.stdout.splitlines()[-1] == "2 to mend"


def test_the_doctor_shows_no_secret(chatpane):
    run = chatpane("doctor", **HIDDEN)
    refused(run, "cannot be used")
    assert "hunter" not in run.stdout + run.stderr
    shown = listed(run)
    assert {shown[variable] for variable in list(HIDDEN)[:-1]} == {"(set)"}
    assert shown["CHATPANE_DATABASE_URL"].endswith("@127.0.0.1:1/chatpane")


def test_the_doctor_counts_public_keys(chatpane):
    keys = "\n".join(pem(Ed25519PrivateKey.generate()) for _ in range(2))
    run = chatpane("doctor", CHATPANE_EMBED_PUBLIC_KEY=keys)
    assert listed(run)["CHATPANE_EMBED_PUBLIC_KEY"] == "(2 public keys)"
    assert "no embed link" not in run.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"CHATPANE_PREVIOUS_SECRET_KEY": "short"}, ["CHATPANE_PREVIOUS_SECRET_KEY has fewer than 32 bytes"]),
        ({"CHATPANE_PREVIOUS_SECRET_KEY": SECRET[::-1]}, ["CHATPANE_PREVIOUS_SECRET_KEY is still set"]),
        ({"CHATPANE_PUBLIC_URL": "http://pane.example.com"}, ["CHATPANE_PUBLIC_URL is not an https address"]),
        ({"CHATPANE_PUBLIC_URL": ""}, ["CHATPANE_PUBLIC_URL is not an https address"]),
        ({"CHATPANE_PUBLIC_URL": "http://127.0.0.1:8000"}, []),
        (
            {"CHATPANE_OIDC_ISSUER": "https://login.example.com"},
            ["no CHATPANE_OIDC_CLIENT_ID", "nobody is an admin"],
        ),
        (
            {
                "CHATPANE_OIDC_ISSUER": "https://login.example.com",
                "CHATPANE_OIDC_CLIENT_ID": "chatpane",
                "CHATPANE_OIDC_EMAILS": "kim@example.com",
            },
            [],
        ),
    ],
)
def test_what_a_start_accepts_and_nobody_may_have_meant(variables, words):
    doubts = Settings.from_environment({"CHATPANE_SECRET_KEY": SECRET} | SOUND | variables).doubts()
    assert len(doubts) == len(words)
    assert [word for word, doubt in zip(words, doubts, strict=True) if word not in doubt] == []


def test_warnings_leave_an_installation_sound(ready):
    run = ready("doctor", CHATPANE_PUBLIC_URL="http://pane.example.com")
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "sound")
    assert [word for word in ("CHATPANE_PUBLIC_URL", "allowed-origins") if word not in run.stderr] == []


def test_a_key_that_another_secret_encrypted_is_said_to_be_unreadable(ready):
    run = ready("doctor", CHATPANE_SECRET_KEY=SECRET[::-1])
    assert "encrypted by another CHATPANE_SECRET_KEY" in "".join(warnings(run))


def test_a_demo_is_not_warned_about_embedding(ready):
    run = ready("doctor", CHATPANE_DEMO="1")
    assert (run.returncode, warnings(run)) == (0, [])


def complaints(run):
    """Return what a run says is wrong."""
    return [line for line in run.stderr.splitlines() if line.startswith("wrong: ")]


def test_a_marketo_that_answers_is_sound_and_asked_twice(ready, marketo, marketo_variables):
    run = ready("doctor", **SOUND, **marketo_variables)

    assert (run.returncode, complaints(run)) == (0, [])
    assert len(marketo.asked_for("/rest")) == 2


def test_credentials_that_marketo_refuses_are_wrong_and_not_shown(ready, marketo, marketo_variables):
    secret = {"CHATPANE_MARKETO_CLIENT_SECRET": "hunter2-is-not-the-secret"}
    run = ready("doctor", **SOUND, **(marketo_variables | secret))

    assert run.returncode == 1
    assert "does not accept the credentials" in complaints(run)[0]
    assert "hunter2" not in run.stdout + run.stderr


def test_offline_nobody_is_called(ready, marketo, marketo_variables):
    marketo.fail_next(http=502, times=None)
    run = ready("doctor", "--offline", **SOUND, **marketo_variables)

    assert run.returncode == 0
    assert marketo.asked_for("/") == []


@pytest.mark.parametrize(("seconds", "words"), [(50, ""), (300, "behind"), (-300, "ahead of")])
def test_a_clock_that_is_more_than_a_minute_off_is_wrong(ready, marketo, marketo_variables, seconds, words):
    marketo.forward(seconds=seconds)
    run = ready("doctor", **SOUND, **marketo_variables)

    assert [words in line and "clock" in line for line in complaints(run)] == ([True] if words else [])


def test_a_host_of_keys_that_cannot_be_reached_is_wrong(ready):
    adobe = {"CHATPANE_ADOBE_CLIENT_ID": "adobe", "CHATPANE_ADOBE_KEYS_URL": "http://127.0.0.1:1"}
    run = ready("doctor", **SOUND, **adobe)

    assert run.returncode == 1
    assert "http://127.0.0.1:1 cannot be reached" in complaints(run)[0]
    assert "no journal is configured" in run.stderr


def test_what_failed_and_what_is_late_is_a_warning_with_its_time(ready):
    with ready.database() as connection:
        at = 1_700_000_000_000_000
        columns = "(source, succeeded_at, error, error_at)"
        for source, error, error_at in (("marketo-rest", None, None), ("adobe-io", "No key.", at)):
            connection.execute(
                text(f"INSERT INTO source_state {columns} VALUES (:source, :at, :error, :error_at)"),
                {"source": source, "at": at, "error": error, "error_at": error_at},
            )
    run = ready("doctor", **SOUND)

    assert run.returncode == 0
    assert "marketo-rest is late: it was last read to its end at 2023-11-14T22:13:20Z" in run.stderr
    assert "adobe-io failed at 2023-11-14T22:13:20Z: No key." in run.stderr
