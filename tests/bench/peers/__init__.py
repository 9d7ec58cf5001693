"""What a user would pick instead: Flask-Admin and Datasette, from PyPI, in an environment of their own."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.data import DATA

HERE = Path(__file__).parent
WANTED = HERE / "requirements.txt"
ENVIRONMENT = DATA / "peers"


def program(script: str) -> Sequence[str]:
    """Return how a peer's script is started, installing the peers if they are not there."""
    python = ENVIRONMENT / "bin" / "python"
    installed = ENVIRONMENT / WANTED.name
    if not installed.exists() or installed.read_text() != WANTED.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "-r", str(WANTED)],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        installed.write_text(WANTED.read_text())
    return str(python), str(HERE / script)
