"""What takes long to load, and is loaded once for all processes of a run of the tests."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHATPANE = str(Path(sys.executable).with_name("chatpane"))


def loaded_once(factory: pytest.TempPathFactory, name: str, load: Callable[[Path], None]) -> Path:
    """Return a folder of this run of the tests that ``load`` filled, once for all of its processes."""
    processes = "PYTEST_XDIST_WORKER" in os.environ
    folder = (factory.getbasetemp().parent if processes else factory.getbasetemp()) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            loading = folder.with_suffix(".loading")
            shutil.rmtree(loading, ignore_errors=True)
            loading.mkdir()
            load(loading)
            loading.rename(folder)
    return folder


def load_demo(instance: Path) -> None:
    """Load the demo company into the instance's database."""
    command = [CHATPANE, "demo", "--load-only"]
    subprocess.run(
        command, env={**os.environ, "CHATPANE_INSTANCE": str(instance)}, check=True, capture_output=True
    )
