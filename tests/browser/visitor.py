"""Somebody in front of the screen, who notices everything that a page does wrong by itself."""

import os
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.browser.chromium import keep_picture
from tests.browser.desk import Desk
from tests.browser.pseudo import UNMARKED, of_the_house

DESKTOP, PHONE = (1440, 900), (360, 780)
PATIENCE = 20_000  # ms
# To describe every node that is as it should be costs as much again.
VIOLATIONS = {"resultTypes": ["violations"], "preload": False}
# The themes differ in colours only, and the directions in what lies where: the later looks ask about nothing else.
COLOURS = ("color-contrast", "link-in-text-block")
PLACES = ("target-size", "scrollable-region-focusable")
AXE = """([options, places]) => {
    const there = places.filter((place) => document.querySelector(place));
    return axe.run(there.length ? { include: there } : document, options).then(({ violations }) => violations);
}"""
# What the page itself puts off until nobody waits for it, the number at *Needs you* among it, nobody waits for here.
SETTLED = """() => document.readyState === "complete"
    && ![...document.querySelectorAll("[hx-trigger^=load]:not([hx-trigger^='load delay'])")].some((node) =>
        !node["htmx-internal-data"]?.loaded && !node.childElementCount && node.getAttribute("hx-swap") !== "none")
    && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")"""
# The panes of a page scroll by themselves: what is too wide for one widens no document.
PANES = ".app > *, .app > .main > .scroll"
WIDER = f"""() => Math.max(...[document.documentElement, ...document.querySelectorAll("{PANES}")]
    .map((pane) => pane.scrollWidth - pane.clientWidth))"""


class Visitor:
    """A window of its own, with or without a session; `page` is Playwright's."""

    def __init__(self, browser: Browser, desk: Desk, person: str = "", *, javascript: bool = True) -> None:
        self.desk = desk
        self.context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
            locale="en-GB", timezone_id="UTC", reduced_motion="reduce", color_scheme="light",
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        if person:
            name, place = ("customer", "/help/") if person == "customer" else ("sessionid", "/")
            cookie = {"name": name, "value": desk.session(person), "url": desk.site + place}
            self.context.add_cookies([cookie])
        self.javascript = javascript
        self.complaints: list[str] = []
        self.expected: set[int] = {200}
        self.page = self._watched(self.context.new_page())

    def _watched(self, page: Page) -> Page:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script failed: {error}"))
        page.on("request", self._see)
        page.on("response", self._weigh)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        """An answer that is an error is told by `_weigh`, with its address."""
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and f"{url.scheme}://{url.netloc}" != self.desk.site:
            self.complaints.append(f"asked a third party: {request.url}")

    def _weigh(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            said = self.desk.last_words() if response.status >= 500 else ""
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}\n{said}")

    # What a visitor does

    def open(self, place: str) -> Page:
        self.page.goto(self.desk.address(place), wait_until="load")
        self.settle()
        return self.page

    def read(self, letter: str) -> Page:
        """A letter that the world sent, as the reader's mail program shows it: there are no rules of ours."""
        self.page.goto("about:blank")
        self.page.set_content(self.desk.places[letter].replace("http://testserver", self.desk.site))
        return self.page

    def settle(self) -> None:
        """Wait until the boxes of the page have come too."""
        if self.javascript:
            self.page.wait_for_function(SETTLED)

    def expect(self, *statuses: int) -> None:
        """These are answers that this visitor provokes."""
        self.expected |= set(statuses)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """The id, or else the text, of what has the focus."""
        return str(
            self.page.evaluate("() => document.activeElement.id || document.activeElement.textContent.trim()")
        )

    # What a visitor finds

    def barriers(self, rules: tuple[str, ...] = (), within: tuple[str, ...] = ()) -> list[str]:
        """What axe finds on the page as it is now, in words; by these rules or in these places where some are named."""
        options = VIOLATIONS | ({"runOnly": {"type": "rule", "values": rules}} if rules else {})
        if not self.page.evaluate("() => !!window.axe?.run"):
            self.page.evaluate(AXE_SCRIPT)
        return [
            f"{rule['id']}: {rule['help']} | {' '.join(map(str, node['target']))} | {node['html'][:160]} | "
            + " ".join(item["message"] for item in node["any"] + node["all"] + node["none"])[:300]
            for rule in self.page.evaluate(AXE, [options, list(within)])
            for node in rule["nodes"]
        ]

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate(WIDER))

    def resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def dark(self, *, on: bool = True) -> None:
        self.page.emulate_media(color_scheme="dark" if on else "light")

    def mirror(self, *, on: bool = True) -> None:
        """Right to left, as it would be in Arabic."""
        self.page.evaluate("(dir) => { document.documentElement.dir = dir }", "rtl" if on else "ltr")

    def unmarked(self) -> list[str]:
        """What our own source says on this page, and not in the language that nobody speaks."""
        return of_the_house(self.page.evaluate(UNMARKED))

    def speak(self, language: str) -> None:
        cookie = {"name": "django_language", "value": language, "url": self.desk.site}
        self.context.add_cookies([cookie])

    def photograph(self, name: str) -> None:
        """Keep a picture: in CI one of every screen on a desk, all of them where somebody asks. That takes minutes."""
        if os.environ.get("HELPDESK_SCREENSHOTS") or (os.environ.get("CI") and name.endswith(" light")):
            keep_picture(self.page, name)

    def look_away(self) -> None:
        """The window is as it was for the next one. Fails the test for whatever went wrong, as `leave` does."""
        complaints = dict.fromkeys(self.complaints)
        self.page.goto("about:blank")
        self.context.clear_cookies(name="django_language")
        self.dark(on=False)
        self.resize(DESKTOP)
        self.complaints.clear()
        self.expected = {200}
        assert not complaints, "\n".join(complaints)

    def leave(self) -> None:
        """Close the window. Fails the test for whatever went wrong on the way, even if nobody looked."""
        self.context.close()
        assert not self.complaints, "\n".join(dict.fromkeys(self.complaints))
