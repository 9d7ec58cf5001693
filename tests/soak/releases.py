"""The release before and this one. What runs first is the checkout as it was before its newest migration."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.command import CHATPANE, CHECKOUT, Failed
from tests.bench.data import DATA

VERSIONS = "webui/migrations/versions"
PARTS = ("webui", "templates", "static", "seeds")
MAIN = "import sys; sys.path.insert(0, {!r}); from webui.cli import main; main(prog_name='chatpane')"


@dataclass(frozen=True)
class Release:
    """A release: its git revision, the newest migration that it knows, and how its command is started."""

    revision: str
    schema: str
    program: tuple[str, ...]


def this_one() -> Release:
    """Return the checkout as it is."""
    return Release(_git("rev-parse", "--short=12", "HEAD"), _migrations()[-1].name[:4], (CHATPANE,))


def before() -> Release:
    """Return the release that does not know the newest migration, unpacked beside the bench's data.

    Raises Failed where git does not know when that came, as in a shallow clone.
    """
    *_, previous, newest = _migrations()
    added = _git("log", "--diff-filter=A", "--format=%H", "--", f"{VERSIONS}/{newest.name}").split()
    if not added:
        raise Failed(f"git does not know when {newest.name} came: the soak needs the whole history")
    revision = _git("rev-parse", "--short=12", f"{added[-1]}^")
    folder = DATA / f"release-{revision}"
    if not folder.is_dir():
        _unpack(revision, folder)
    return Release(revision, previous.name[:4], (sys.executable, "-c", MAIN.format(str(folder))))


def _migrations() -> list[Path]:
    return sorted((CHECKOUT / VERSIONS).glob("[0-9]*.py"))


def _unpack(revision: str, folder: Path) -> None:
    begun = folder.with_suffix(".begun")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True)
    archive = subprocess.Popen(["git", "archive", revision, *PARTS], cwd=CHECKOUT, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(begun)], stdin=archive.stdout, check=True)
    if archive.wait():
        raise Failed(f"git archive {revision} ended with {archive.returncode}")
    begun.rename(folder)


def _git(*arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Failed(f"git {' '.join(arguments)}: {run.stderr.strip()}")
    return run.stdout.strip()
