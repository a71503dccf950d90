"""What a person waits for in the browser: the largest paint, the slowest answer to a press, what moves under the hand.

    .venv/bin/python -m bench.paint [--at http://localhost:8000] [--times 5]

Six pages of the demo company in a real Chromium (HELPDESK_CHROMIUM names another), as their own people see them. LCP
is the moment at which the largest thing stands on the screen, in ms since the page was asked for: cold with an empty
cache, warm from then on. Both are the median of so many visits, and so are the ms until the server began to answer. INP
is the longest of all answers to keys and clicks, from the press to the next paint, and CLS the worst sum of what moved
by itself within five seconds, boxes that come later included. All are as the browser tells them (PerformanceObserver);
it reports no answer below 16 ms. What moved is named below the table where it was more than the goal.

Without `--at` it makes a demo company of its own by `manage.py up` in a throw-away folder, which takes a minute.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from bench.ground import PYTHON, ROOT
from config.demo.logins import LOGINS

LCP, INP, CLS = 1_000, 100, 0.02
WINDOW, GAP = (
    5_000,
    1_000,
)  # ms: what moves is added up over five seconds at most, and until nothing moves for one
STILL = 1_200  # ms without anything to come
NAMES = ("chromium", "chromium-browser", "google-chrome")
WATCH = """
    window.paint = {lcp: 0, largest: "", shifts: [], answer: 0};
    const named = (node) => node?.nodeType === 1
        ? [node.localName + (node.id ? "#" + node.id : ""), ...node.classList].join(".") : "text";
    const watch = (type, hear, more) => new PerformanceObserver((list) => list.getEntries().forEach(hear))
        .observe({type, buffered: true, ...more});
    watch("largest-contentful-paint", (entry) => {
        paint.lcp = entry.startTime; paint.largest = named(entry.element); });
    watch("layout-shift", (entry) => entry.hadRecentInput || paint.shifts.push(
        [entry.startTime, entry.value, entry.sources.map((source) => named(source.node)).join(" ")]));
    watch("event", (entry) => { if (entry.interactionId) paint.answer = Math.max(paint.answer, entry.duration); },
        {durationThreshold: 16});
"""


@dataclass(frozen=True)
class Look:
    """A page, who looks at it, and what they press there: keys, or `click:` and what is clicked."""

    name: str
    role: str
    place: str
    presses: Sequence[str]
    # The page is behind the first such link of the place.
    behind: str = ""


LOOKS = (
    Look("queue", "agent", "/queue/", ("j", "j", "k", "?", "Escape")),
    Look("ticket", "agent", "/queue/", ("click:#reply-body", "H", "i", "!"), behind='a[href^="/t/"]'),
    Look("board", "analyst", "/cases/", ("Tab", "Tab", "?", "Escape")),
    Look("case", "analyst", "/analysis/ledger/", ("click:.acts summary", "Tab"), behind='a[href^="/cases/"]'),
    Look("analysis", "analyst", "/analysis/", ("Tab", "Tab", "?", "Escape")),
    Look("portal", "", "/help/new/", ("click:#id_body", "H", "i", "!")),
)  # fmt: skip


@dataclass
class Seen:
    """What was measured of one page over all visits."""

    server: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    answer: float = 0.0
    moved: float = 0.0
    movers: str = ""
    largest: str = ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--at", default="", help="a demo company that is served already")
    options.add_argument("--times", type=int, default=5)
    asked = options.parse_args()
    with sync_playwright() as playwright, company(asked.at) as site:
        path = os.environ.get("HELPDESK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        measure(browser, site.rstrip("/"), asked.times)
        browser.close()


@contextmanager
def company(at: str) -> Iterator[str]:
    """The address of a demo company: the one that is given, or a new one."""
    if at:
        yield at
        return
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    up = subprocess.Popen(
        [str(PYTHON), str(ROOT / "manage.py"), "up", "--port", "0"], text=True, stdout=subprocess.PIPE,
        env=os.environ | {"HELPDESK_DATA": str(folder)},
    )  # fmt: skip
    try:
        said = up.stdout or ()
        yield next(found[0] for line in said if (found := re.search(r"http://localhost:\d+", line)))
    finally:
        up.send_signal(signal.SIGINT)
        up.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def measure(browser: Browser, site: str, times: int) -> None:
    print(f"{'':>10} {'server':>7} {'LCP cold':>9} {'LCP warm':>9} {'INP':>6} {'CLS':>7}  largest")
    print(f"{'goal':>10} {'':>7} {LCP:>9,} {LCP:>9,} {INP:>6} {CLS:>7.3f}")
    sessions = {look.role: signed_in(browser, site, look.role) for look in LOOKS}
    restless = []
    for look in LOOKS:
        place = place_of(browser, site, look, sessions[look.role])
        seen = visits(browser, place, look, sessions[look.role], times)
        answer = f"{seen.answer:.0f}" if seen.answer else "<16"
        print(
            f"{look.name:>10} {median(seen.server):>7,.0f} {median(seen.cold):>9,.0f} {median(seen.warm):>9,.0f}"
            f" {answer:>6} {seen.moved:>7.3f}  {seen.largest}",
            flush=True,
        )
        if seen.moved > CLS:
            restless.append(f"{look.name}: {seen.movers} moved")
    print("\n".join(["", *restless]))


def signed_in(browser: Browser, site: str, role: str) -> StorageState | None:
    login = next((one for one in LOGINS if one.role == role), None)
    if login is None:
        return None
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/login/")
    page.fill("input[name=username]", login.email)
    page.fill("input[name=password]", login.password)
    page.click("main button[type=submit]")
    page.wait_for_load_state("load")
    state = context.storage_state()
    context.close()
    return state


def place_of(browser: Browser, site: str, look: Look, session: StorageState | None) -> str:
    """The address of the page, looked for in a window of its own, whose cache is forgotten."""
    if not look.behind:
        return site + look.place
    context = browser.new_context(storage_state=session)
    page = context.new_page()
    page.goto(site + look.place)
    found = page.locator(f"main {look.behind}").first.get_attribute("href")
    context.close()
    return f"{site}{found}"


def visits(browser: Browser, place: str, look: Look, session: StorageState | None, times: int) -> Seen:
    """Each time in a new window: once with an empty cache, and once again, when everything is pressed."""
    seen = Seen()
    for _ in range(times):
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, storage_state=session, reduced_motion="reduce"
        )
        context.add_init_script(WATCH)
        page = context.new_page()
        seen.cold.append(visit(page, place, seen))
        seen.warm.append(visit(page, place, seen))
        for press in look.presses:
            done(page, press)
        seen.answer = max(seen.answer, page.evaluate("paint.answer"))
        context.close()
    return seen


def visit(page: Page, place: str, seen: Seen) -> float:
    page.goto(place, wait_until="load")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(STILL)
    found: dict[str, Any] = page.evaluate("paint")
    moved = shifted([(at, value) for at, value, _ in found["shifts"]])
    if moved > seen.moved:
        seen.moved, seen.movers = moved, ", ".join(one[2] for one in found["shifts"] if one[1] > CLS / 4)
    seen.largest = found["largest"]
    seen.server.append(page.evaluate("performance.getEntriesByType('navigation')[0].responseStart"))
    return float(found["lcp"])


def shifted(shifts: Sequence[tuple[float, float]]) -> float:
    """The largest sum of what moved in one go: (ms, share of the screen)."""
    worst = total = began = last = 0.0
    for at, value in shifts:
        if at - last > GAP or at - began > WINDOW:
            total, began = 0.0, at
        total, last = total + value, at
        worst = max(worst, total)
    return worst


def done(page: Page, press: str) -> None:
    if press.startswith("click:"):
        page.locator(press.removeprefix("click:")).first.click()
    else:
        page.keyboard.press(press)
    page.wait_for_timeout(150)  # until it is painted, and told


if __name__ == "__main__":
    main()
