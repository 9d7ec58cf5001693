"""What the figures were taken on, and of which revision: they mean nothing without."""

import os
import platform
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests.bench import load
from tests.bench.command import CHECKOUT
from tests.bench.databases import SERVER

Description = dict[str, str | int | float]


def describe(backends: tuple[str, ...]) -> Description:
    """Describe machine, programs and revision; of PostgreSQL only where it takes part."""
    found: Description = {
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "revision": _revision(),
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "client": load.tool(),
        "load_before": round(os.getloadavg()[0], 2),
    }
    if "postgresql" in backends:
        with psycopg.connect(SERVER) as connection:
            found["postgresql"] = str(connection.info.parameter_status("server_version"))
    return found


def load_now() -> float:
    """Return how many processes wanted to run in the last minute: others' too."""
    return round(os.getloadavg()[0], 2)


def _revision() -> str:
    """Return the git revision, with a + where files differ from it; unknown outside a checkout."""
    if not shutil.which("git"):
        return "unknown"
    head, status = (
        _git("rev-parse", "--short=12", "HEAD"),
        _git("status", "--porcelain", "--", "webui", "templates"),
    )
    return f"{head}{'+' if status else ''}" if head else "unknown"


def _git(*arguments: str) -> str:
    command = ["git", "--no-optional-locks", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False).stdout.strip()


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )
