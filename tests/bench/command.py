"""Running a command of the product as a child process: how long it took, and its peak of memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from tests.bench.data import DATA

CHECKOUT = Path(__file__).parents[2]
CHATPANE = str(Path(sys.executable).with_name("chatpane"))
LOOK_EVERY = 0.05


class Failed(Exception):
    """A command of the bench ended with an error; the message holds its last lines."""


@dataclass(frozen=True)
class Finished:
    """A command that went well: its time by the clock, its CPU time, its peak of memory, its output."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    output: str


def environment(url: str) -> dict[str, str]:
    """Return the environment of a demo with one worker on the database ``url``, other settings left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHATPANE_")}
    return kept | {
        "CHATPANE_DATABASE_URL": url,
        "CHATPANE_INSTANCE": str(DATA / "instance"),
        "CHATPANE_DEMO": "1",
        "CHATPANE_WORKERS": "1",
    }


def run(arguments: Sequence[str], environ: dict[str, str], given: str = "") -> Finished:
    """Run a command to its end; raise Failed if that is not well."""
    with TemporaryFile("w+") as given_file, TemporaryFile("w+") as output, TemporaryFile("w+") as errors:
        given_file.write(given)
        given_file.seek(0)
        begun, used = time.perf_counter(), _cpu_of_children()
        child = subprocess.Popen(
            arguments, env=environ, cwd=CHECKOUT, stdin=given_file, stdout=output, stderr=errors
        )
        peak = _peak_while_it_runs(child)
        seconds = time.perf_counter() - begun
        output.seek(0)
        errors.seek(0)
        if child.returncode:
            said = "\n".join((output.read() + errors.read()).splitlines()[-12:])
            raise Failed(f"{' '.join(arguments)[:300]} ended with {child.returncode}:\n{said}")
        return Finished(seconds, _cpu_of_children() - used, peak, output.read())


def _cpu_of_children() -> float:
    """Return the CPU time of all children that have ended and were waited for."""
    times = os.times()
    return times.children_user + times.children_system


def _peak_while_it_runs(child: subprocess.Popen[bytes]) -> float:
    """Wait for the end; return the peak of the memory of child and grandchildren, in MiB, as seen meanwhile.

    What processes share is counted once (PSS). 0 where the system does not tell.
    """
    peak = 0
    while child.poll() is None:
        peak = max(peak, sum(map(_kilobytes, _family(child.pid))))
        with suppress(subprocess.TimeoutExpired):
            child.wait(LOOK_EVERY)
    return peak / 1024


def _family(pid: int) -> Iterator[int]:
    """Give a process and its descendants; none where it is gone."""
    yield pid
    with suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for one in children.read_text().split():
                yield from _family(int(one))


def _kilobytes(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
