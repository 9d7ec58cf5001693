"""What a rep waits for, in a real browser: the first paint, a detail, and the next paint after a click.

The demo company is served by one worker. A page and a file of its very content, from the same server, are
opened in turns, each in a browser that knows neither, with the CPU slowed down.
"""

import gzip
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.command import Failed
from tests.bench.databases import Database
from tests.bench.figures import Figure, compared
from tests.bench.server import HOST, serving
from tests.browser.serving import HEADLESS
from tests.browser.showcase import FIRST
from tests.browser.states import settle

SLOWED = 4
ROWS = 1_000
PAINT_TARGET = "≤ 1.3 times the file"
FIRST_VIEWS = {
    "dashboard": FIRST["accounts"],
    "Chat tab": f"{FIRST['accounts']}/chat",
    "panel that loads its Chat tab": f"{FIRST['accounts']}?tab=chat",
    "global tab's Chat": "/global/chat",
}
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)

PAINTS = """() => new Promise((resolve) => {
    let largest = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) largest = Math.max(largest, entry.startTime);
    }).observe({ type: "largest-contentful-paint", buffered: true });
    setTimeout(() => {
        const [first] = performance.getEntriesByName("first-contentful-paint");
        resolve([first ? first.startTime : 0, largest]);
    }, 100);
})"""

# From the click to the frame in which the detail is drawn.
TIMED_CLICK = """() => {
    document.addEventListener("click", (event) => {
        const began = event.timeStamp;
        const before = document.querySelectorAll("[data-activity-detail]").length;
        const look = () => {
            if (document.querySelectorAll("[data-activity-detail]").length > before) {
                requestAnimationFrame(() => { window.took = performance.now() - began; });
            } else requestAnimationFrame(look);
        };
        window.took = null;
        look();
    }, true);
}"""

# The Event Timing API: of each interaction its longest event, to the next paint after it.
INTERACTIONS = """() => {
    window.interactions = {};
    new PerformanceObserver((list) => {
        for (const { interactionId: id, duration } of list.getEntries()) {
            if (id) interactions[id] = Math.max(interactions[id] || 0, duration);
        }
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
}"""


def measure(database: Database, *, rounds: int, say: Callable[[str], None]) -> list[Figure]:
    """Measure the loaded demo company in Chromium; raises Failed where there is none."""
    executable = shutil.which(HEADLESS)
    if executable is None:
        raise Failed(f"no Chromium: apt-get install {HEADLESS}")
    with TemporaryDirectory() as folder:
        program = (sys.executable, "-m", "tests.bench.beside", folder)
        with serving(database, program=program) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable)
            base = f"http://{HOST}:{server.port}"
            say("first views")
            figures = list(_first_views(browser, base, Path(folder), rounds))
            say("details and interactions")
            figures += [*_details(browser, base), *_interactions(browser, base)]
            browser.close()
    return figures


@contextmanager
def opened(browser: Browser, base: str, slowed: int = 1) -> Iterator[Page]:
    """Give a page of a browser that knows nothing yet, ``slowed`` times as slow as it is."""
    context = browser.new_context(base_url=base, viewport={"width": 1000, "height": 720}, timezone_id="UTC")
    page = context.new_page()
    if slowed > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    yield page
    context.close()


def _first_views(browser: Browser, base: str, folder: Path, rounds: int) -> Iterator[Figure]:
    for name, path in FIRST_VIEWS.items():
        with opened(browser, base) as page:
            page.goto(path)
            settle(page)
            content = SCRIPT.sub("", page.content())
        (folder / "page.html.gz").write_bytes(gzip.compress(content.encode()))
        pairs = [
            (_paints(browser, base, path), _paints(browser, base, "/beside/page.html")) for _ in range(rounds)
        ]
        for place, paint in enumerate(("first contentful paint", "largest contentful paint")):
            yield compared(
                f"{name}: {paint}", [(ours[place], others[place]) for ours, others in pairs], PAINT_TARGET
            )


def _paints(browser: Browser, base: str, path: str) -> tuple[float, float]:
    """Return first and largest contentful paint of a page that is opened for the first time, in ms."""
    with opened(browser, base, SLOWED) as page:
        page.goto(path)
        settle(page)
        first, largest = page.evaluate(PAINTS)
    return first, largest


def _details(browser: Browser, base: str) -> list[Figure]:
    took = []
    with opened(browser, base) as page:
        page.goto(f"{FIRST['accounts']}?tab=chat")
        settle(page)
        page.evaluate(TIMED_CLICK)
        for link in page.locator("tr[data-activity] a[data-detail]").all()[:30]:
            link.click()
            while (milliseconds := page.evaluate("window.took")) is None:
                page.wait_for_timeout(5)
            took.append(float(milliseconds))
            page.locator("[data-close]").first.click()
    target = "≤ 100 ms"
    return [
        Figure("a detail, from the click to its frame: median", median(took), "ms", target),
        Figure("a detail: 95th percentile", quantiles(took, n=20)[-1], "ms", target),
    ]


def _interactions(browser: Browser, base: str) -> list[Figure]:
    """Open, step, search, filter and sort in a list of ``ROWS`` rows."""
    rows = "tr[data-activity]"
    with opened(browser, base) as page:
        page.goto("/global/chat")
        settle(page)
        while page.locator(rows).count() < ROWS:
            page.locator("[data-more]").last.scroll_into_view_if_needed()
            settle(page)
        page.evaluate(INTERACTIONS)
        for place in (ROWS // 2, ROWS // 2 + 5, ROWS - 10):
            page.locator(f"{rows} a[data-detail]").nth(place).click()
            settle(page)
        for key in "jjjkkj":
            page.keyboard.press(key)
            settle(page)
        page.locator("#filter-q").press_sequentially("demo", delay=80)
        page.wait_for_timeout(400)
        settle(page)
        page.locator("#clear-filter").click()
        settle(page)
        page.locator("#sort-date").click()
        settle(page)
        page.wait_for_timeout(200)
        durations = list(page.evaluate("Object.values(interactions)")) or [0]
    return [
        Figure(f"interaction to next paint, {ROWS:,} rows loaded: worst", max(durations), "ms", "< 200 ms")
    ]
