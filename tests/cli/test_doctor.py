"""``chatpane doctor``: lists every setting without a secret, and says what is wrong or may not be meant."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

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
    assert len(warnings(run)) == 2
    for command in ("chatpane config set allowed-origins", "chatpane config set api-secret-key"):
        assert command in run.stderr


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
