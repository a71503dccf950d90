"""Somebody who has no mouse: every control is reached by Tab, seen to have the focus, and pressed by a key.

Journeys are walked in a window as wide as a desk's and in one as narrow as a phone's: on every page of the way
nothing is wider than the window, and no control is too small for a finger or stands beside the screen.
"""

from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import DESKTOP, Visitor

WIDTHS = {"desktop": DESKTOP, "phone": (390, 844)}
SKIP = "Skip to the content"
MOST = 160  # presses; a page on which more are needed is walked by nobody
# After a swap the focus is where it was, or on what came; on the body it would begin again at the top of the page.
WATCH_SWAPS = """() => {
    let held = false;
    window.focusLost = [];
    const is_lost = () => document.activeElement === document.body;
    document.addEventListener("htmx:beforeSwap", () => { held = !is_lost(); });
    document.addEventListener("htmx:afterSettle", ({ target }) => setTimeout(() => {
        if (held && is_lost()) window.focusLost.push(target.id || target.tagName);
    }));
}"""
# What of the focus a person sees: "" where it is plain to see, else what is wrong with it.
SEEN = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return "";
    const name = node.getAttribute("aria-label") || node.textContent || node.name || "";
    const said = `<${node.tagName.toLowerCase()}> ${name.trim().slice(0, 60)}: `;
    const marks = (one) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    };
    if (!marks(node)) return said + "nothing shows that it has the focus";
    const box = node.getBoundingClientRect();
    if (box.width <= innerWidth && (box.left < -1 || box.right > innerWidth + 1))
        return said + "a part of it stands beside the screen";
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth - 1);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight - 1);
    if (right <= left || bottom <= top) return said + "it has the focus outside the window";
    const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]];
    const found = points.map(([x, y]) =>
        document.elementFromPoint(left + x * (right - left), top + y * (bottom - top)));
    if (found.some((one) => one && (node.contains(one) || one.contains(node)))) return "";
    return said + `<${found[0]?.tagName.toLowerCase()} class="${found[0]?.className}"> lies over it`;
}"""

# WCAG asks for 24 pixels of everything that is no word in a sentence.
TOO_SMALL = """() => [...document.querySelectorAll("main :is(button, input, select, textarea, summary)")]
    .filter((node) => node.checkVisibility() && !["hidden", "checkbox", "radio"].includes(node.type))
    .map((node) => [node, node.getBoundingClientRect()])
    .filter(([node, box]) => box.width < 24 || box.height < 24
        || (box.left < 0 || box.right > innerWidth) && !node.closest(".table-scroll"))
    .map(([node, box]) => `${node.tagName} ${node.textContent.trim().slice(0, 40)} ${box.width}x${box.height}`)"""


class Hands:
    """Ten fingers and a keyboard in front of a visitor's window; `page` is Playwright's."""

    def __init__(self, visitor: Visitor, width: str = "desktop") -> None:
        self.visitor, self.page, self.width = visitor, visitor.page, width
        visitor.resize(WIDTHS[width])
        self.page.add_init_script(f"({WATCH_SWAPS})()")
        self.presses = 0

    def open(self, place: str) -> Page:
        page = self.visitor.open(place)
        self.must_fit()
        return page

    # Keys

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def reach(self, wanted: Locator, *, key: str = "Tab") -> Locator:
        """Go from control to control until this one has the focus."""
        expect(wanted).to_be_visible()
        self.must_hold_no_lost_focus()
        self._skip_what_is_on_every_page()
        node = wanted.element_handle()
        for _ in range(MOST):
            if node.evaluate("(node) => node === document.activeElement"):
                self.must_see_the_focus()
                return wanted
            self.press(key)
        raise AssertionError(
            f"{MOST} presses of {key} do not reach {wanted}; it stands at {self.visitor.focused()[:80]!r}"
        )

    def back_to(self, wanted: Locator) -> Locator:
        return self.reach(wanted, key="Shift+Tab")

    def _skip_what_is_on_every_page(self) -> None:
        """From the top of a page: its first control leads past the navigation."""
        if not self.page.evaluate(
            "() => document.activeElement === document.body && !!document.querySelector('.skip')"
        ):
            return
        self.press("Tab")
        assert self.visitor.focused() == SKIP
        self.must_see_the_focus()
        self.press("Enter")
        self.page.wait_for_function("() => document.activeElement.id === 'main'")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.press("Control+a")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def write_day(self, field: Locator, day: date) -> None:
        """Into a field of the browser's own, segment by segment; in which order, the browser's language says."""
        self.reach(field)
        for order in ("%m%d%Y", "%d%m%Y", "%Y%m%d"):
            self.press("ArrowLeft", "ArrowLeft", "Delete", "ArrowRight", "Delete", "ArrowRight", "Delete")
            self.press("ArrowLeft", "ArrowLeft")
            self.page.keyboard.type(day.strftime(order))
            if field.input_value() == day.isoformat():
                return
        raise AssertionError(f"{day} could not be typed: {field.input_value()!r}")

    def choose(self, field: Locator, label: str) -> None:
        """One of a list, by its first letters."""
        self.reach(field)
        self.page.keyboard.type(label)
        chosen = field.evaluate("(node) => node.selectedOptions[0]?.textContent.trim()")
        assert chosen.startswith(label), f"{label!r} is not chosen by its letters, but {chosen!r}"

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.press("Space")

    def unfold(self, summary: Locator) -> None:
        self.reach(summary)
        if summary.evaluate("(node) => !node.parentElement.open"):
            self.press("Enter")
        assert summary.evaluate("(node) => node.parentElement.open")
        self.must_fit()

    def follow(self, control: Locator) -> Page:
        """Press a link or a button that leads to another page."""
        self.reach(control)
        with self.page.expect_navigation(wait_until="load"):
            self.press("Enter")
        self.visitor.settle()
        self.must_fit()
        return self.page

    # What must hold

    def must_see_the_focus(self) -> None:
        wrong = self.page.evaluate(SEEN)
        assert not wrong, wrong

    def must_fit(self) -> None:
        """The page as it is now, in this window."""
        assert self.visitor.overflow() == 0, f"{self.page.url} is wider than a {self.width}"
        assert missed_by_a_finger(self.page) == [], self.page.url

    def must_hold_no_lost_focus(self) -> None:
        lost = self.page.evaluate("() => window.focusLost || []")
        assert not lost, f"after a swap of {lost} the focus fell to the body"


def missed_by_a_finger(page: Page) -> list[str]:
    """Controls that are too small to be touched, or stand beside the screen."""
    return list(page.evaluate(TOO_SMALL))
