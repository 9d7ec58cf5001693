"""Serving the demo company by ``chatpane serve`` in a process of its own."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.loaded import CHATPANE

HEADLESS = "chromium-headless-shell"  # Debian's Chromium without a window: half of the processor's time
STARTS_WITHIN = 20


@contextmanager
def serving(instance: Path, command: Sequence[str] = (CHATPANE,), **settings: str) -> Iterator[str]:
    """Serve the database of ``instance``, as a demo unless the settings say otherwise; give the base URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "CHATPANE_INSTANCE": str(instance), "CHATPANE_DEMO": "1", **settings}
    with subprocess.Popen([*command, "serve", "--port", str(port)], env=environ) as process:
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{base}/healthz")
            yield base
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
