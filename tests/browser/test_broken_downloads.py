"""A download that may not go on, from a real server: it fails, and does not pass for whole."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import CHATPANE, serving

pytestmark = pytest.mark.browser

HEADINGS = (
    "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,"
    "primaryAttributeValue,attributes"
)
LONG = "A dialogue with a long name " * 160
MANY = 8_000  # more than the server keeps for a slow client: 16 MiB


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, demo_loaded: Path) -> Path:
    """A demo installation of its own: its switch is turned off."""
    folder = Path(shutil.copytree(demo_loaded, tmp_path_factory.mktemp("broken") / "instance"))
    lines = (f"many-{number},502157,2026-06-01T00:00:00Z,1001,null,112,{LONG},{{}}" for number in range(MANY))
    extract = folder / "many.csv"
    extract.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
    chatpane(folder, "import", str(extract))
    return folder


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[str]:
    """Its server."""
    with serving(folder) as url:
        yield url


def chatpane(folder: Path, *arguments: str) -> None:
    """Run the command."""
    environ = {**os.environ, "CHATPANE_INSTANCE": str(folder), "CHATPANE_DEMO": "1"}
    subprocess.run([CHATPANE, *arguments], env=environ, check=True, capture_output=True)


def test_a_file_breaks_off_where_the_switch_is_turned_off_meanwhile(base, folder):
    address = urlsplit(base)
    connection = HTTPConnection(address.hostname, address.port, timeout=20)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # lest the server be done at once
    connection.sock.connect((address.hostname, address.port))
    connection.request("GET", "/global/chat.csv")
    answer = connection.getresponse()
    assert answer.status == 200
    answer.read(2_000)

    chatpane(folder, "switch", "off")

    with pytest.raises(IncompleteRead):
        answer.read()
