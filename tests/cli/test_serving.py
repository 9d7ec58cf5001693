"""``chatpane serve`` and ``chatpane demo``: what they refuse, and what the demo prepares."""

import os
import shutil
import signal
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from tests.cli.conftest import refused
from tests.loaded import load_demo, loaded_once
from webui.database import UtcDateTime
from webui.models import Account, Activity, Installation, Rejected


@pytest.mark.parametrize("secret", ["", "abcabcabc" * 5])
def test_serving_without_a_good_secret_is_refused_with_the_reason(chatpane, secret):
    run = chatpane("serve", "--port", "1", CHATPANE_SECRET_KEY=secret)
    refused(run, "CHATPANE_SECRET_KEY", "32 random bytes")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_demo_is_served_to_this_machine_only_and_otherwise_loads_nothing(chatpane, command):
    run = chatpane(command, "--host", "0.0.0.0", CHATPANE_DEMO="1")
    refused(run, "this machine only", "0.0.0.0")
    with chatpane.database() as connection:
        assert connection.execute(select(func.count()).select_from(Account)).scalar() == 0


def test_a_demo_is_not_loaded_into_somebodys_records(ready):
    refused(ready("demo", "--load-only"), "CHATPANE_DATABASE_URL", "CHATPANE_DEMO=1 chatpane serve")


def test_the_demo_loads_whole_within_the_last_day_with_the_switch_on_and_once(chatpane, tmp_path_factory):
    folder = loaded_once(tmp_path_factory, "demo-loaded", load_demo)
    loaded = datetime.fromtimestamp((folder / "chatpane.sqlite").stat().st_mtime, UTC)
    shutil.copytree(folder, chatpane.instance)
    again = chatpane("demo", "--load-only")

    assert (again.returncode, again.stdout) == (0, "")
    with chatpane.database() as connection:
        newest = connection.execute(select(func.max(Activity.at, type_=UtcDateTime()))).scalar()
        rejected = connection.execute(select(func.count()).select_from(Rejected)).scalar()
        row = connection.execute(select(Installation.__table__)).one()
    assert timedelta(0) <= loaded - newest < timedelta(days=1, minutes=2)
    assert (rejected, row.chat_enabled, row.package_version) == (0, True, "2.4.0")


def serving(ready):
    """Serve by one worker, as a demo; return the process and the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ready.variables |= {"CHATPANE_DEMO": "1", "CHATPANE_WORKERS": "1"}
    return ready.start("serve", "--port", str(port)), port


def test_a_demo_serves_what_the_database_holds_until_it_is_stopped(ready):
    run, port = serving(ready)
    try:
        assert status(f"http://127.0.0.1:{port}/healthz") == 200
        assert status(f"http://127.0.0.1:{port}/config") == 200
    finally:
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=20)
    assert run.returncode == 0


def test_a_worker_that_was_killed_is_replaced_and_the_next_request_answered(ready):
    run, port = serving(ready)
    try:
        assert status(f"http://127.0.0.1:{port}/global") == 200
        for worker in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split():
            os.kill(int(worker), signal.SIGKILL)
        began = time.monotonic()
        assert status(f"http://127.0.0.1:{port}/global") == 200
        assert time.monotonic() - began < 10
    finally:
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=20)


def status(url):
    """Return the status of an answer, waiting for the server to come up."""
    until = time.monotonic() + 20
    while True:
        try:
            with urlopen(url, timeout=5) as answer:
                return answer.status
        except HTTPError as error:
            return error.code
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
