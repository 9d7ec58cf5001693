"""``chatpane sync``, ``replay`` and ``reconcile`` as an operator runs them, against a local Marketo."""

import json
import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cli.conftest import Chatpane, refused, run_sql
from tests.servers.marketo import CLIENT_SECRET, Marketo
from webui.sync.turn import turn

PATIENCE = 30
EMAIL = "ann@larkspur.example"


@pytest.fixture
def instance(marketo: Marketo) -> Marketo:
    """A Marketo instance with a lead who has chatted three times."""
    for number, name in ((1001, "Engage with a Dialogue"), (1004, "Reach Dialogue Goal")):
        marketo.add_type(number, name)
    marketo.add_lead(id=501, firstName="Ann", lastName="Lee", email=EMAIL, sfdcLeadId="00Q1")
    for number in range(3):
        marketo.add_activity(501, guid=f"g{number}", at=marketo.now() - timedelta(days=3))
    return marketo


@pytest.fixture
def live(shared: Chatpane, instance: Marketo, marketo_variables: dict[str, str]) -> Chatpane:
    """The command on the test's database, with that instance's credentials."""
    shared.variables |= marketo_variables
    return shared


def guids(chatpane: Chatpane) -> list[str]:
    """Return what is stored."""
    with chatpane.database() as connection:
        return [guid for (guid,) in connection.exec_driver_sql("SELECT guid FROM activity ORDER BY guid")]


def until(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def polls(instance: Marketo) -> int:
    return len(instance.asked_for("/activities.json"))


def test_a_sync_says_what_it_brought_and_the_next_one_brings_nothing_new(live):
    run = live("sync")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[0] == (
        "activities: 3 read, 3 added, 0 updated, 0 unchanged, 0 ignored, 0 rejected"
    )
    assert guids(live) == ["g0", "g1", "g2"]
    assert live("sync").stdout.startswith("activities: 0 read, 0 added")
    assert all(": 0 counts were wrong" in line for line in live("recount").stdout.splitlines())


def test_a_sync_deletes_once_a_day_what_is_older_than_it_is_kept(live, instance):
    instance.add_activity(501, 1, guid="visit", primary="/", at=instance.now() - timedelta(days=40))
    assert live("sync").returncode == 0
    assert "visit" in guids(live)
    live("config", "set", "kept-days", "web=31")

    run = live("sync")

    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "pruned: 1")
    assert guids(live) == ["g0", "g1", "g2"]
    assert "pruned" not in live("sync").stdout


def test_what_is_too_old_goes_though_marketo_cannot_be_read(live, instance):
    instance.add_activity(501, 1, guid="visit", primary="/", at=instance.now() - timedelta(days=40))
    live("sync")
    live("config", "set", "kept-days", "web=31")
    instance.fail_next("/rest/v1/", code="607", times=None)

    run = live("sync")

    assert (run.returncode, run.stdout.splitlines()[-1]) == (1, "pruned: 1")
    assert "visit" not in guids(live)


def test_what_is_rejected_is_told_by_the_exit_code(live, instance):
    instance.add_activity(501, guid="bad", attributes={"Conversation Status": "Paused"})
    run = live("sync")
    assert (run.returncode, guids(live)) == (3, ["g0", "g1", "g2"])
    assert live("sync").returncode == 0


@pytest.mark.parametrize("command", [("sync",), ("replay", "--since", "1d"), ("reconcile",)])
def test_without_credentials_each_that_is_missing_is_named(ready, command):
    run = ready(*command, CHATPANE_MARKETO_CLIENT_ID="known")
    refused(run, "CHATPANE_MARKETO_URL, CHATPANE_MARKETO_CLIENT_SECRET are not set", code=2)
    assert "CLIENT_ID" not in run.stderr


def test_history_by_bulk_falls_back_to_rest_with_a_sentence(live, instance):
    instance.fail_next("/create.json", code="603", times=None)
    run = live("sync", "--bulk")
    assert run.returncode == 0
    assert "Marketo denies access to this call (POST /bulk/v1/activities/export/create.json" in run.stderr
    assert guids(live) == ["g0", "g1", "g2"]


def test_a_used_up_quota_is_waited_out_without_a_call_and_then_reading_goes_on(live, instance):
    instance.rest.page_sizes = [1, 1, 1]
    instance.fail_next("/activities.json", code="607", after=2)  # the first call asks for merges
    refused(live("sync"), "Marketo's calls of the day are used up")
    assert guids(live) == ["g0"]

    calls = len(instance.asked) + len(instance.identified)
    refused(live("sync"), "Marketo's calls of the day are used up: reading goes on at ")
    assert len(instance.asked) + len(instance.identified) == calls

    past = "1" if live.settings().database.startswith("sqlite") else "now() - interval '1 minute'"
    run_sql(live, f"UPDATE source_state SET paused_until = {past}")
    assert live("sync").returncode == 0
    assert guids(live) == ["g0", "g1", "g2"]


def test_only_one_sync_runs_at_a_time_and_one_that_is_killed_frees_the_turn(live, instance):
    instance.fail_next("/activities.json", slow=3)
    first = live.start("sync")
    until(lambda: polls(instance))
    second = live("sync")
    assert (second.returncode, second.stdout) == (0, "")
    assert "another sync is running" in second.stderr
    refused(live("replay", "--since", "1d", "--from", "rest"), "a sync is running")
    first.kill()
    first.communicate(timeout=PATIENCE)
    assert guids(live) == []
    assert live("sync").returncode == 0
    assert guids(live) == ["g0", "g1", "g2"]


def test_a_sync_that_is_killed_between_two_pages_goes_on_after_the_first(live, instance):
    instance.rest.page_sizes = [1, 1, 1]
    instance.fail_next("/activities.json", slow=3, after=2)  # the first call asks for merges
    run = live.start("sync")
    until(lambda: polls(instance) == 3)
    run.kill()
    run.communicate(timeout=PATIENCE)
    assert guids(live) == ["g0"]
    instance.be_well()
    assert "2 added" in live("sync").stdout
    assert guids(live) == ["g0", "g1", "g2"]


def test_sync_again_and_again_ends_promptly_when_it_is_told_to(live, instance):
    run = live.start("sync", "--every", "1s")
    assert "3 added" in run.stdout.readline()
    instance.add_activity(501, guid="g3")
    until(lambda: "g3" in guids(live))
    began = time.monotonic()
    run.send_signal(signal.SIGTERM)
    _, err = run.communicate(timeout=PATIENCE)
    assert time.monotonic() - began < 10
    assert run.returncode == 0
    assert "stopped; the next sync goes on from here" in err


def test_a_sync_that_waits_for_marketo_ends_promptly_too(live, instance):
    instance.fail_next("/activities.json", code="606", times=None)
    run = live.start("sync", "--every", "1h")
    until(lambda: polls(instance))
    time.sleep(0.2)
    began = time.monotonic()
    run.send_signal(signal.SIGTERM)
    _, err = run.communicate(timeout=PATIENCE)
    assert time.monotonic() - began < 10
    assert "stopped" in err
    with turn():  # which is free
        pass


def test_what_is_logged_is_structured_and_names_no_person_and_no_secret(live, instance):
    instance.fail_next("/activities.json", code="611", message=f"for {EMAIL}")
    instance.add_activity(501, guid="bad", attributes={"Conversation Status": "Paused", "Page URL": EMAIL})
    run = live("sync")
    lines = [json.loads(line) for line in run.stderr.splitlines() if line.startswith("{")]
    assert {"a call to Marketo failed", "Marketo was read"} <= {line["event"] for line in lines}
    assert all(line["level"] and line["timestamp"] for line in lines)
    said = run.stdout + run.stderr
    for private in (EMAIL, "Ann", "Lee", "00Q1", CLIENT_SECRET, instance.door.token, "nextPageToken"):
        assert private not in said


def test_replay_brings_back_what_an_outage_lost(live, instance):
    live("sync")
    run_sql(live, *(f"DELETE FROM {table}" for table in ("conversation", "activity_detail", "activity")))
    assert "0 added" in live("sync").stdout
    run = live("replay", "--since", "7d")
    assert run.returncode == 0, run.stderr
    assert "3 added" in run.stdout
    assert "3 unchanged" in live("replay", "--since", "7d").stdout
    assert guids(live) == ["g0", "g1", "g2"]


@pytest.mark.parametrize("value", ["yesterday", "7", "-1d", "9999999d", "2026-13-01"])
def test_a_time_that_is_none_is_refused(ready, value):
    refused(ready("replay", "--since", value), "write a date such as", code=2)


def test_reconcile_agrees_when_all_is_there(live):
    live("sync")
    run = live("reconcile")
    assert (run.returncode, run.stdout) == (0, "no difference: 3 activities agree\n")


def test_reconcile_names_what_is_not_stored_rejected_or_purged_by_marketo(live, instance):
    live("sync")
    day = (instance.now() - timedelta(days=3)).date()
    instance.purge(instance.now())
    instance.add_activity(501, guid="bad", attributes={"Conversation Status": "Paused"})
    live("sync")
    instance.add_activity(501, 1004, guid="new", attributes={"Goal Name": "Demo"})
    today = instance.now().date()
    time.sleep(1.1)  # Marketo's seconds

    run = live("reconcile")

    assert run.returncode == 1
    assert run.stdout.splitlines() == [
        f"{day}\tengaged-dialogue\t3\t0\t3 that Marketo does not have (any more): g0, g1, g2",
        f"{today}\tengaged-dialogue\t0\t1\t1 not stored, 1 of them kept as rejected: bad",
        f"{today}\treached-goal\t0\t1\t1 not stored: new",
    ]
    assert guids(live) == ["g0", "g1", "g2"]
    assert live("reconcile", "--since", f"{today}").returncode == 1


def test_reconcile_leaves_out_whom_marketo_deleted(live, instance):
    live("sync")
    instance.delete_lead(501)
    live("sync", CHATPANE_KEEP_DELETED="1")
    assert guids(live) == ["g0", "g1", "g2"]
    assert live("reconcile").returncode == 0


def test_reconcile_says_when_marketo_cannot_be_read(live, instance):
    live("sync")
    instance.fail_next("/activities.json", code="603", times=None)
    refused(live("reconcile"), "Marketo denies access to this call")
