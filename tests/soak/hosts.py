"""Hosts: long-running commands of the product, as two machines of an installation run them.

Each is the leader of a group of processes, so that it can be killed with all of them, as a machine that
loses its power.
"""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from tests.bench.command import Failed
from tests.bench.server import free_port, gets_ready
from tests.soak.memory import children
from tests.soak.releases import Release

STOPS_WITHIN = 40.0
CHECKOUT = Path(__file__).parents[2]


class Service:
    """A command that runs until it is stopped, such as ``chatpane sync --every 5s``."""

    def __init__(self, name: str, arguments: tuple[str, ...], environ: dict[str, str]) -> None:
        self.name, self._arguments, self._environ = name, arguments, environ
        self._process: subprocess.Popen[str] | None = None
        self._said = TemporaryFile("w+")  # noqa: SIM115 - as long as the service

    def start(self, release: Release) -> None:
        """Start it, of this release."""
        self._process = subprocess.Popen(
            [*release.program, *self._arguments],
            env=self._environ,
            cwd=CHECKOUT,
            stdout=self._said,
            stderr=self._said,
            text=True,
            start_new_session=True,
        )

    @property
    def pid(self) -> int | None:
        """Its first process, None while it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def kill(self) -> None:
        """Kill it with all of its processes, without warning."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Stop it as a service manager does; kill it where that takes too long."""
        if self.pid is None:
            return
        os.kill(self.pid, signal.SIGTERM)
        assert self._process is not None
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.name} did not stop within {STOPS_WITHIN:.0f} s") from None

    def said(self) -> list[str]:
        """Return the lines that it has written."""
        self._said.seek(0)
        return self._said.read().splitlines()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            self._process.wait()


class Host(Service):
    """A web server with one worker, at ``port``."""

    def __init__(self, name: str, environ: dict[str, str]) -> None:
        self.port = free_port()
        super().__init__(name, ("serve", "--port", str(self.port)), environ)

    def serve(self, release: Release) -> None:
        """Start it and wait until it answers; raise Failed if it does not."""
        self.start(release)
        assert self._process is not None
        if not gets_ready(self._process, self.port):
            raise Failed(f"{self.name} is not ready:\n" + "\n".join(self.said()[-20:]))

    def kill_worker(self) -> None:
        """Kill its worker; the server starts another."""
        for one in children(self.pid or 0):
            os.kill(one, signal.SIGKILL)
