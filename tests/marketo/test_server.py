"""The local Marketo keeps Marketo's rules, so that a test that passes here means something."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.servers.marketo import CLIENT_ID, CLIENT_SECRET

ROOT = Path(__file__).parents[2]
USAGE = "/rest/v1/stats/usage.json"
CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
}


@pytest.fixture
def client(marketo):
    """A client with a token, and no manners."""
    with httpx.Client(base_url=marketo.url) as one:
        token = one.post("/identity/oauth/token", data=CREDENTIALS).json()["access_token"]
        one.headers["Authorization"] = f"Bearer {token}"
        yield one


def code(answer):
    assert answer.status_code == 200
    said = answer.json()
    return "" if said["success"] else said["errors"][0]["code"]


def test_the_101st_call_within_20_seconds_is_one_too_many(marketo, client):
    marketo.door.calls_per_window = 100

    codes = [code(client.get(USAGE)) for _ in range(102)]

    assert codes == [""] * 100 + ["606"] * 2


def test_the_eleventh_call_at_once_is_one_too_many(marketo, client):
    marketo.fail_next(USAGE, slow=0.6, times=None)

    with ThreadPoolExecutor(12) as threads:
        codes = list(threads.map(lambda _: code(client.get(USAGE)), range(12)))

    assert "615" in codes


def test_the_calls_of_others_count_in_the_day(marketo, client):
    marketo.door.elsewhere = marketo.door.calls_per_day - 1

    assert [code(client.get(USAGE)) for _ in range(2)] == ["", "607"]
    marketo.door.elsewhere = 0
    marketo.forward(days=1)
    marketo.door.token_ends = marketo.now() + timedelta(hours=1)
    assert code(client.get(USAGE)) == ""


def test_the_same_token_is_given_until_it_ends(marketo, client):
    marketo.forward(minutes=50)
    answer = client.post("/identity/oauth/token", data=CREDENTIALS).json()

    assert client.headers["Authorization"] == f"Bearer {answer['access_token']}"
    assert 598 <= answer["expires_in"] <= 600


def test_a_token_works_for_an_hour_and_only_in_the_header(marketo, client):
    token = client.headers["Authorization"].removeprefix("Bearer ")
    marketo.forward(minutes=59)
    assert code(client.get(USAGE)) == ""
    assert code(client.get(f"{USAGE}?access_token={token}", headers={"Authorization": ""})) == "601"
    marketo.forward(minutes=1)
    assert code(client.get(USAGE)) == "602"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/rest/v1/nothing.json", "610"),
        ("/rest/v1/activities.json?activityTypeIds=1", "1002"),
        ("/rest/v1/activities.json?nextPageToken=A&activityTypeIds=1,2,3,4,5,6,7,8,9,10,11", "1003"),
        ("/rest/v1/activities.json?nextPageToken=A&activityTypeIds=one", "1001"),
        ("/rest/v1/activities/pagingtoken.json?sinceDatetime=2031-04-02", "704"),
        ("/rest/v1/leads.json?filterType=shoeSize&filterValues=1", "1011"),
        ("/rest/v1/leads.json?filterType=id&filterValues=" + ",".join(map(str, range(301))), "1003"),
        ("/rest/v1/leads.json?filterType=id&filterValues=1&batchSize=301", "1003"),
        ("/rest/v1/lead/501.json", "1004"),
    ],
)
def test_wrong_questions_are_refused_with_status_200(client, path, expected):
    assert code(client.get(path)) == expected


def test_an_address_over_8_kb_is_refused_by_its_length(client):
    assert client.get(f"{USAGE}?{'a' * 8_200}").status_code == 414


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2031-03-01T00:00:00.000Z", "2031-03-02T00:00:00Z"),
        ("2031-03-01T00:00:00Z", "2031-04-01T00:00:01Z"),
        ("2031-03-01T00:00:00Z", None),
    ],
)
def test_wrong_windows_of_extracts_are_refused(client, start, end):
    body = {"filter": {"createdAt": {"startAt": start, "endAt": end}}}
    assert code(client.post("/bulk/v1/activities/export/create.json", json=body)) == "1003"


def test_the_status_of_an_extract_is_looked_at_once_in_its_time(marketo, client):
    marketo.bulk.refresh = 0.1
    body = {"filter": {"createdAt": {"startAt": "2031-03-01T00:00:00Z", "endAt": "2031-03-02T00:00:00Z"}}}
    made = client.post("/bulk/v1/activities/export/create.json", json=body).json()["result"][0]
    base = f"/bulk/v1/activities/export/{made['exportId']}"
    client.post(f"{base}/enqueue.json")

    def status():
        return client.get(f"{base}/status.json").json()["result"][0]["status"]

    assert [status(), status()] == ["Queued", "Queued"]
    time.sleep(0.11)
    assert [status(), status()] == ["Processing", "Processing"]


def test_purged_and_deleted_peoples_activities_are_gone(marketo, client):
    now = datetime.now(UTC)
    marketo.add_activity(marketo.add_lead(), at=now - timedelta(days=100))
    marketo.add_activity(501, at=now)
    marketo.purge(before=now - timedelta(days=90))
    assert len(marketo.records.activities) == 1

    marketo.delete_lead(501)

    assert [one.type_id for one in marketo.records.activities] == [37]


def test_it_runs_as_a_process_of_its_own(tmp_path):
    scene = [
        ["add_lead", {"email": "ann@example.com"}],
        ["add_activity", {"lead_id": 501, "at": "2031-04-02T00:00Z"}],
    ]
    (tmp_path / "scene.json").write_text(json.dumps(scene))
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "tests.servers.marketo", port_file, tmp_path / "scene.json"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        try:
            deadline = time.monotonic() + 20
            while not port_file.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            answer = httpx.post(port_file.read_text() + "/identity/oauth/token", data=CREDENTIALS)
        finally:
            process.send_signal(signal.SIGTERM)
    assert answer.json()["token_type"] == "bearer"
