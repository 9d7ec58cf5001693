"""Lighthouse, from npm: the median of three runs on each kind of page."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.command import Failed
from tests.bench.databases import Database
from tests.bench.figures import Figure
from tests.bench.server import HOST, serving
from tests.browser.showcase import FIRST

LIGHTHOUSE = "lighthouse@12.8.2"
RUNS = 3
TARGETS = {"performance": "≥ 95", "accessibility": "100", "best-practices": "100"}
PAGES = {
    "dashboard": FIRST["contacts"],
    "Chat tab": f"{FIRST['accounts']}?tab=chat",
    "Chat tab, its page": f"{FIRST['accounts']}/chat",
    "detail": "/chat/activities/1",
    "global tab": "/global",
    "configuration": "/config",
}
FLAGS = "--headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu"


def measure(database: Database, *, say: Callable[[str], None]) -> list[Figure]:
    """Let Lighthouse judge the loaded demo company; raises Failed without npx or Chromium."""
    chromium, npx = shutil.which("chromium"), shutil.which("npx")
    if not chromium or not npx:
        raise Failed("Lighthouse needs node's npx, and chromium: apt-get install chromium")
    figures = []
    with serving(database) as server, TemporaryDirectory() as folder:
        for name, path in PAGES.items():
            say(f"Lighthouse: {name}")
            url = f"http://{HOST}:{server.port}{path}"
            scores = [_scores(npx, chromium, url, Path(folder) / "report.json") for _ in range(RUNS)]
            for category, target in TARGETS.items():
                value = median(one[category] for one in scores)
                figures.append(Figure(f"{name}: {category}", value, "points", target))
    return figures


def _scores(npx: str, chromium: str, url: str, report: Path) -> dict[str, float]:
    """Return the score of each category, of 100."""
    command = [npx, "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--only-categories={','.join(TARGETS)}", f"--chrome-flags={FLAGS}"]
    environ = {**os.environ, "CHROME_PATH": chromium}
    run = subprocess.run(command, check=False, env=environ, capture_output=True, text=True)
    if run.returncode:
        raise Failed(f"{LIGHTHOUSE} failed on {url}:\n{run.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    for one in found["audits"].values():
        if one["score"] == 0 and one["scoreDisplayMode"] == "binary":
            print(f"  {url}: {one['id']}: {one['title']}")  # noqa: T201 - what a bench has to say
    return {name: one["score"] * 100 for name, one in found["categories"].items()}
