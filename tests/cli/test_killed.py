"""Kill -9 at any moment, under load: what was acknowledged is there, once, and the counts are right.

Events are pushed, Marketo is read and files are imported at the same time; one after another of the three
processes is killed without warning, at a random moment, and started again.
"""

import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from tests.cli.conftest import Chatpane
from tests.ingest.files import TYPE_NAMES, chat_row, write_crm_file, write_extract, write_types
from tests.servers import adobe as adobes
from tests.servers.adobe import Adobe, chat_event
from webui.models import Activity

KILLS = 6  # on each of two databases
AT_ONCE = 20  # events of a delivery
ROWS = 400
POLLED = 60
PEOPLE = range(501, 541)
LONGEST_START = 30  # seconds
LONGEST_LIFE = 1.2  # seconds


class Deliveries:
    """Adobe delivering events, one list after another, until it is told to stop."""

    def __init__(self, adobe: Adobe, address: str) -> None:
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self._adobe, self._address = adobe, address
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        numbers = random.Random(9)
        with httpx.Client(base_url=self._address, timeout=10) as client:

            def post(path, data, headers):
                return client.post(path, content=data, headers=headers)

            while not self._stop.is_set():
                events = [
                    chat_event(leadId=str(numbers.choice(PEOPLE)), activityDate="2031-04-02T08:15:30Z")
                    for _ in range(AT_ONCE)
                ]
                ids = {event["id"] for event in events}
                self.sent |= ids
                with suppress(httpx.HTTPError):
                    if self._adobe.deliver(post, events).statuses == [200]:
                        self.acknowledged |= ids
                        continue
                time.sleep(0.2)  # nobody is there, or not ready; Adobe waits for a minute

    def wait_for_one(self) -> None:
        """Wait until something was acknowledged: on a busy machine a server takes long to start."""
        latest = time.monotonic() + LONGEST_START
        while not self.acknowledged and time.monotonic() < latest:
            time.sleep(0.1)


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    """An Adobe of the test's own."""
    one = Adobe()
    yield one
    one.stop()


@pytest.fixture
def machine(new, marketo, marketo_variables, adobe, tmp_path: Path) -> Chatpane:
    """An installation that is connected to both, with people in two accounts."""
    chatpane = new()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    chatpane.variables |= marketo_variables | {
        "CHATPANE_ADOBE_CLIENT_ID": adobes.CLIENT_ID,
        "CHATPANE_ADOBE_KEYS_URL": adobe.address,
        "CHATPANE_SYNC_SINCE": "2026-01-01",
        "CHATPANE_WORKERS": "1",
        "PORT": port,
    }
    for number, name in TYPE_NAMES.items():
        marketo.add_type(number, name)
    for number in PEOPLE:
        marketo.add_lead(id=number, firstName="P", lastName=str(number), sfdcLeadId=f"00Q{number}")
    contacts = (
        {"kind": "contact", "crm_id": f"C{number}", "marketo_id": number, "account_crm_id": f"A{number % 2}"}
        for number in PEOPLE
    )
    types = write_types(tmp_path / "activity_types.json", TYPE_NAMES)
    chatpane("import", "--types", types, write_crm_file(tmp_path / "people.csv", *contacts))
    return chatpane


def killed(run: "subprocess.Popen[str]") -> None:
    """Kill a command with all of its processes."""
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=30)


def started(chatpane: Chatpane, *arguments: str | Path) -> "subprocess.Popen[str]":
    """Start a command as the leader of its own group of processes."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return chatpane.start(*arguments, start_new_session=True, **quiet)


def test_nothing_that_was_acknowledged_is_lost_and_nothing_doubled(machine, marketo, adobe, tmp_path):
    moments = random.Random()
    address = f"http://127.0.0.1:{machine.variables['PORT']}"
    commands = {"serve": ("serve",), "sync": ("sync",)}
    running = {"serve": started(machine, *commands["serve"])}
    deliveries = Deliveries(adobe, address)
    wanted: set[str] = set()
    files: list[Path] = []
    try:
        for number in range(KILLS):
            wanted |= {
                marketo.add_activity(moments.choice(PEOPLE), 1001, primary="Pricing") for _ in range(POLLED)
            }
            guids = [f"file-{number}-{row}" for row in range(ROWS)]
            wanted |= set(guids)
            rows = [chat_row(marketoGUID=guid, leadId=str(moments.choice(PEOPLE))) for guid in guids]
            files.append(write_extract(tmp_path / f"extract-{number}.csv", rows))
            commands["import"] = ("import", *files)
            victim = ("serve", "sync", "import")[number % 3]
            for name, arguments in commands.items():
                if name not in running or running[name].poll() is not None:
                    running[name] = started(machine, *arguments)
            if not deliveries.acknowledged and victim == "serve":
                deliveries.wait_for_one()
            time.sleep(moments.uniform(0.3, LONGEST_LIFE) + (0.7 if victim != "serve" else 0))
            killed(running.pop(victim))
    finally:
        deliveries.stop()
        for run in running.values():
            killed(run)

    assert machine("import", *files).returncode == 0
    assert machine("sync").returncode == 0

    with machine.database() as connection:
        stored = list(connection.scalars(select(Activity.guid)))
        owned = connection.scalar(select(func.count()).where(Activity.person_id.is_not(None)))
    assert len(deliveries.acknowledged) > AT_ONCE, "hardly anything was pushed"
    assert wanted | deliveries.acknowledged <= set(stored), "something is lost"
    assert set(stored) <= wanted | deliveries.sent
    assert len(stored) == len(set(stored)) == owned
    counted = machine("recount").stdout.splitlines()
    assert [line.split()[1] for line in counted] == ["0", "0", "0"]
