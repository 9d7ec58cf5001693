"""The wheel carries all it needs: it works outside the checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
RUN = "import sys; from webui.cli import main; main()"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the wheel is installed in, by itself."""
    built, folder = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    wheel = next(built.glob("*.whl"))
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    return folder


def test_the_demo_runs_from_the_wheel_outside_the_checkout(installed: Path, tmp_path: Path):
    environ = {**os.environ, "PYTHONPATH": str(installed)}
    demo = [sys.executable, "-c", RUN, "demo", "--load-only"]
    ran = subprocess.run(demo, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "instance" / "chatpane.sqlite").exists()


def test_the_wheel_has_templates_static_files_migrations_translations_and_seeds(installed: Path):
    for path in (
        "templates/base.html",
        "static/pane.css",
        "static/vendor/htmx-4.0.1.min.js",
        "migrations/versions/0001_the_first_tables.py",
        "translations/ja/LC_MESSAGES/messages.mo",
        "seeds/accounts.csv",
    ):
        assert (installed / "webui" / path).is_file(), path
