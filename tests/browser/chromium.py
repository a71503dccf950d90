"""A real browser, in a thread of its own.

Playwright keeps an event loop running in its thread for as long as the browser lives. In the main thread that
would forbid the database, and `asyncio.run`, to every test that comes after; so whole tests run in this thread.
"""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts"
# The first, which has no windows, does the same in half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--force-prefers-reduced-motion",
    "--renderer-process-limit=1",  # a process anew for every page would be a third of all the work
)  # fmt: skip
ADVICE = (
    "There is no Chromium to look at the pages with. Install one (Debian: apt-get install chromium-headless-shell), "
    "or set HELPDESK_CHROMIUM to the path of one."
)


def find_chromium() -> str:
    """The path of a browser; without one the tests are skipped, but on the build server they fail."""
    given = os.environ.get("HELPDESK_CHROMIUM")
    if found := given or next(filter(None, map(shutil.which, NAMES)), None):
        return found
    if os.environ.get("CI"):
        pytest.fail(ADVICE, pytrace=False)
    pytest.skip(ADVICE)


class Chromium:
    """One browser for all tests of this process."""

    def __init__(self, path: str) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="chromium")
        self.playwright: Playwright
        self.browser: Browser
        self.thread.submit(self._start, path).result()

    def _start(self, path: str) -> None:
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=path, args=list(FLAGS))

    def stop(self) -> None:
        self.thread.submit(self.browser.close).result()
        self.thread.submit(self.playwright.stop).result()
        self.thread.shutdown()

    def in_thread(self, test: Any) -> Any:
        """The same function, run where the browser may be spoken to."""

        @wraps(test)
        def run(**given: Any) -> None:
            try:
                self.thread.submit(test, **given).result()
            except Exception:
                self.thread.submit(self._picture_all, test.__name__).result()
                raise

        return run

    def _picture_all(self, name: str) -> None:
        """What could be seen when a test failed."""
        pages = [
            page for context in self.browser.contexts for page in context.pages if page.url != "about:blank"
        ]
        for number, page in enumerate(pages, 1):
            keep_picture(page, f"failed {name} {number}")


def keep_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    page.screenshot(path=PICTURES / f"{file}.jpg", quality=60)
