"""``chatpane serve`` among clients that are slow, endless or too large: the others are answered as ever."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Chatpane
from tests.reading import one, parsed, texts
from webui.config import shipped

SERVE = "import sys, webui.cli.worker as worker; {}; from webui.cli import main; main()"
HASTY = "worker.REQUEST_WITHIN = worker.ANSWER_WITHIN = 0.3"
AT_ONCE = 3.0  # what holds a thread holds it for five seconds and more
MANY = 12  # three for each thread
FOREVER = 20.0
FORM = (
    b"POST /config/switch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
SCRIPT = b"GET /static/vendor/htmx-4.0.1.min.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
CLOSING = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@dataclass
class Server:
    """A server in a process of its own."""

    port: int
    process: subprocess.Popen[str]
    log: Path

    def connect(self, said: bytes = b"", room: int | None = None) -> socket.socket:
        """Open a connection and say this; ``room`` bounds what the client takes unread."""
        client = socket.socket()
        if room is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        client.settimeout(FOREVER)
        client.connect(("127.0.0.1", self.port))
        client.sendall(said)
        return client

    def ask(self, path: str) -> bytes:
        """Ask as any client does; return the answer's status, or raise TimeoutError."""
        with self.connect() as client:
            client.settimeout(AT_ONCE)
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            return status(client.recv(4096))


def status(answer: bytes) -> bytes:
    """Return the code of an answer's status line."""
    return answer[:12].partition(b" ")[2]


def everything(client: socket.socket) -> bytes:
    """Read until the server closes; a connection that is reset fails."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def read_until(client: socket.socket, end: bytes) -> None:
    """Read until an answer ends so; fail if the server closes before."""
    read = b""
    while not read.endswith(end):
        got = client.recv(4096)
        assert got, read
        read += got


@contextmanager
def serving(folder: Path, change: str = "pass") -> Iterator[Server]:
    """Serve an installation as a demo, in one process."""
    chatpane = Chatpane(folder / "instance")
    chatpane.variables |= {"CHATPANE_DEMO": "1", "CHATPANE_WORKERS": "1"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log"
    command = [sys.executable, "-c", SERVE.format(change), "serve", "--port", str(port)]
    with (
        log.open("w") as said,
        subprocess.Popen(command, env=chatpane.environment(), stderr=said, text=True) as process,
    ):
        try:
            server = Server(port, process, log)
            until = time.monotonic() + FOREVER
            while True:
                try:
                    server.ask("/healthz")
                    break
                except ConnectionRefusedError:
                    assert time.monotonic() < until
                    time.sleep(0.1)
            yield server
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def installation(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Make the folder of an installation that is served."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("served")
        shutil.copytree(prepared, folder / "instance")
        return folder

    return make


@pytest.fixture(scope="module")
def server(installation: Callable[[], Path]) -> Iterator[Server]:
    """The server as it is."""
    with serving(installation()) as served:
        yield served


@pytest.fixture(scope="module")
def hasty(installation: Callable[[], Path]) -> Iterator[Server]:
    """The server with less patience than it has."""
    with serving(installation(), HASTY) as served:
        yield served


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /healthz HTTP/1.1\r\nX-Slow: a", id="half a head"),
        pytest.param(FORM + b"Content-Length: 60000\r\n\r\nswitch", id="half a body"),
        pytest.param(FORM + b"Transfer-Encoding: chunked\r\n\r\n6\r\nswitch\r\n", id="chunks without end"),
        pytest.param(SCRIPT * 200, id="questions without taking the answers"),
        pytest.param(CLOSING, id="a question without closing after the answer"),
    ],
)
def test_whoever_is_slow_the_others_are_answered_at_once(server, said):
    with ExitStack() as slow:
        for _ in range(MANY):
            slow.enter_context(server.connect(said, room=2048))

        assert [server.ask(path) for path in ("/healthz", "/config", "/healthz")] == [b"200"] * 3


@pytest.mark.parametrize(
    ("begun", "more"),
    [(b"GET /healthz HTTP/1.1\r\nX-Slow: ", b"a"), (FORM + b"Content-Length: 60000\r\n\r\n", b"a")],
    ids=["head", "body"],
)
def test_a_request_that_trickles_in_is_ended_with_408_however_busy_it_looks(hasty, begun, more):
    with hasty.connect(begun) as client:
        client.settimeout(0.1)
        until = time.monotonic() + FOREVER
        answer = b""
        while not answer and time.monotonic() < until:
            try:
                answer = client.recv(4096)
            except TimeoutError:
                client.sendall(more)
        assert status(answer) == b"408"


def test_an_answer_that_is_not_taken_is_cut_off(hasty):
    with hasty.connect(SCRIPT * 200, room=2048) as client:
        time.sleep(2)
        taken = 0
        with suppress(ConnectionResetError):
            while got := client.recv(65536):
                taken += len(got)

    assert 0 < taken < 200 * (shipped("static") / "vendor/htmx-4.0.1.min.js").stat().st_size


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param(
            b"GET /healthz HTTP/1.1\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n", b"431", id="head"
        ),
        pytest.param(b"GET /healthz HTTP/1.1\r\n" + b"X-Many: a\r\n" * 100_000, b"431", id="lines"),
        pytest.param(FORM + b"Content-Length: 20000000\r\n\r\n", b"413", id="body that is announced"),
        pytest.param(
            FORM + b"Content-Length: 20000000\r\n\r\n" + b"a" * 20_000_000, b"413", id="body that is sent"
        ),
        pytest.param(
            FORM + b"Transfer-Encoding: chunked\r\n\r\n" + (b"ffff\r\n" + b"a" * 65535 + b"\r\n") * 300,
            b"413",
            id="chunks without end",
        ),
    ],
)
def test_what_is_too_large_is_refused_and_the_client_can_read_why(server, said, code):
    with server.connect(said) as client:
        answer = everything(client)

    assert (status(answer), server.ask("/healthz")) == (code, b"200")
    assert "Traceback" not in server.log.read_text()


WAITS = b"waits for more"
CHUNK = b"ffff\r\n" + b"a" * 65535 + b"\r\n"


def said_to(server: Server, request: bytes) -> bytes:
    """Return the status of the answer to a request that is not complete, or that more is waited for."""
    with server.connect(request) as client:
        client.settimeout(1)
        try:
            return status(client.recv(4096))
        except TimeoutError:
            return WAITS


@pytest.mark.parametrize(
    ("path", "length", "answer"),
    [
        pytest.param("/hooks/marketo-activities", 16_000_001, WAITS, id="pushed activities"),
        pytest.param("/hooks/marketo-activities", 17_000_000, b"413", id="too many pushed activities"),
        pytest.param("/hooks/adobe-io", 4_194_305, WAITS, id="events"),
        pytest.param("/hooks/adobe-io", 5_000_000, b"413", id="too many events"),
        pytest.param("/config/switch", 1_000_000, WAITS, id="a form"),
        pytest.param("/config/switch", 2_000_000, b"413", id="too large a form"),
        pytest.param("/hooks/marketo-activities/", 2_000_000, b"413", id="nearly a hook"),
    ],
)
def test_a_body_may_be_as_large_as_its_path_is_meant_for(server, path, length, answer):
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
    assert said_to(server, head.encode()) == answer


@pytest.mark.parametrize(("path", "answer"), [("/hooks/adobe-io", WAITS), ("/config/switch", b"413")])
def test_chunks_may_together_be_as_large_as_their_path_is_meant_for(server, path, answer):
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert said_to(server, head.encode() + CHUNK * 30) == answer


def test_a_request_whose_length_is_said_in_two_ways_is_refused_and_nothing_behind_it_is_read(server):
    said = FORM + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + CLOSING
    with server.connect(said) as client:
        answer = everything(client)

    assert status(answer) == b"400"
    assert answer.count(b"HTTP/1.1") == 1


def test_a_form_that_is_too_large_is_refused_in_a_sentence(server):
    with server.connect(
        FORM + b"Connection: close\r\nContent-Length: 70000\r\n\r\n" + b"a" * 70_000
    ) as client:
        answer = everything(client)

    assert status(answer) == b"413"
    page = parsed(answer.partition(b"\r\n\r\n")[2])
    assert texts(one(page, "[data-error]"), "strong") == ["That is too large to be sent."]


def test_a_server_that_is_stopped_finishes_what_has_begun(installation):
    whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving(installation()) as server, server.connect(whole + whole[:30]) as client:
        read_until(client, b"ok\n")  # so the half behind it has arrived
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(whole[30:])
        read_until(client, b"ok\n")
        assert server.process.wait(FOREVER) == 0
