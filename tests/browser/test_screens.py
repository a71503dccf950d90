"""Every screen, light and dark: no barrier for anybody, nothing wider than its window, no complaint of the browser."""

from collections.abc import Callable, Mapping, Sequence
from inspect import getclosurevars, isfunction
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from tests.browser.desk import Desk
from tests.browser.pseudo import LANGUAGE
from tests.browser.screens import EMPTY, EVERYDAY, FULL, LONGER, MISSING, NO_SCREENS, Screen
from tests.browser.visitor import COLOURS, DESKTOP, PHONE, PLACES, Visitor
from tests.house.test_strangers import addresses

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]  # the first one builds the desk

Visit = Callable[..., Visitor]
NARROW, WIDE = (390, 844), (1280, 800)
# The screens with a form that asks for something: it is sent without that, and refused.
REFUSING = (
    "login", "portal form", "request", "sign in by mail", "my details", "owner evidence", "asked by a campaign",
    "queue views", "queue view", "ticket", "ticket with suggestions", "ticket solved", "ticket put off",
    "a question outside", "offers", "an offer", "checklists", "a checklist", "rule", "new rule",
    "a recurring ticket", "new recurring ticket", "child for a department", "answer to all children", "macros",
    "macro", "write to somebody else", "guidance", "phone note", "phone note of a caller", "customer",
    "retention", "erase customer", "organisation", "new organisation", "edit organisation",
    "ticket of an organisation", "article", "new article", "article in another language", "topics", "topic",
    "referral", "evidence", "what happened when", "calendar", "wave in another language", "new case", "saved views",
    "analysis with numbers tried out", "ownership", "assumptions", "exposure", "notice", "told before they ask",
    "campaigns", "edit campaign", "new suggestion", "standards", "prevention", "quality", "review to settle",
    "scorecards", "scorecard", "criterion", "new criterion", "calibrations", "person", "absence",
    "staffing rules", "own page", "new course", "edit course", "training rules", "fields", "field",
    "fields of a ticket", "effect of recoding", "add issue", "issue", "tokens", "surveys", "states", "state",
    "tag", "ticket written to too late", "closing by itself", "closing rule", "policy", "new policy",
    "new calendar", "webhooks", "webhook", "trackers", "tracker", "style guide",
    "accounts", "account", "departments of the desk", "department of the desk", "change password",
    "forgotten password", "choose a password",
)  # fmt: skip
# Some browsers check before they send: what the page itself says is what is looked at here.
SEND_NOTHING = """() => {
    const asked = (form) => [...form.querySelectorAll("[required]")].filter((node) =>
        node.checkVisibility() && !["radio", "checkbox", "file"].includes(node.type));
    const form = [...document.querySelectorAll("main form[method=post]")].find((one) => asked(one).length);
    if (!form) return false;
    for (const node of asked(form)) node.value = "";
    form.noValidate = true;
    form.requestSubmit(form.querySelector("button:not([type=button])"));
    return true;
}"""
SAID = ("main form", ".error-summary", "[role=alert]:not(:empty)", ".toast-bad")
REFUSED = ", ".join(SAID[1:])


def look_at(visitor: Visitor, name: str) -> None:
    """Light from the left and dark from the right, with a picture of each theme; then as narrow as a phone."""
    visitor.photograph(f"{name} light")
    assert visitor.barriers() == []
    visitor.dark()
    visitor.photograph(f"{name} dark")
    visitor.mirror()
    assert visitor.barriers(COLOURS + PLACES) == [], "dark, from right to left"
    assert visitor.overflow() == 0, f"{name} is wider than its window from right to left"
    visitor.dark(on=False)
    visitor.resize(PHONE)
    assert visitor.overflow() == 0, f"{name} is wider than a phone from right to left"
    visitor.mirror(on=False)
    visitor.photograph(f"{name} phone")
    assert visitor.overflow() == 0, f"{name} is wider than a phone"


def look_at_a_refusal(visitor: Visitor, name: str) -> None:
    """The first form on the page that asks for something is sent without it: what is wrong is said, in both themes."""
    visitor.expect(422)
    assert visitor.page.evaluate(SEND_NOTHING) == (name in REFUSING), (
        "Say above whether it asks for something."
    )
    if name not in REFUSING:
        return
    visitor.page.wait_for_selector(REFUSED)
    visitor.settle()
    visitor.photograph(f"{name} refused")
    assert visitor.barriers(within=SAID) == []
    visitor.dark()
    assert visitor.barriers(COLOURS, within=SAID) == []
    assert visitor.overflow() == 0, f"{name} refused is wider than a phone"


def look_from_the_right(visitor: Visitor, name: str) -> None:
    """On the phone as it is, then mirrored; then mirrored on a desk."""
    assert visitor.barriers() == []
    visitor.mirror()
    visitor.photograph(f"{name} phone mirrored")
    assert visitor.overflow() == 0
    visitor.resize(DESKTOP)
    visitor.photograph(f"{name} mirrored")
    assert visitor.overflow() == 0
    assert visitor.barriers() == []


@pytest.mark.parametrize("screen", FULL, ids=str)
def test_a_screen_is_open_to_everybody(desk: Desk, look: Visit, screen: Screen):
    visitor = look(desk, screen.person)
    if screen.name in MISSING:
        visitor.expect(404)
    visitor.open(screen.place)
    look_at(visitor, screen.name)
    if screen.name in EVERYDAY:
        look_from_the_right(visitor, screen.name)
    look_at_a_refusal(visitor, screen.name)


@pytest.mark.parametrize("screen", [one for one in FULL if one.name in LONGER], ids=str)
def test_a_screen_has_room_for_longer_words_from_the_right(desk: Desk, look: Visit, screen: Screen):
    visitor = look(desk, screen.person)
    visitor.speak(LANGUAGE)
    visitor.resize(NARROW)
    page = visitor.open(screen.place)
    visitor.photograph(f"{screen.name} longer phone")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert visitor.overflow() == 0, f"{screen.name} is wider than a phone"
    visitor.resize(WIDE)
    visitor.photograph(f"{screen.name} longer")
    assert visitor.overflow() == 0, f"{screen.name} is wider than a small desk"
    assert visitor.barriers() == []
    assert not (unmarked := visitor.unmarked()), f"Mark for translation: {unmarked}"


@pytest.mark.parametrize("screen", EMPTY, ids=str)
def test_an_empty_screen_says_what_to_do(empty_desk: Desk, look: Visit, screen: Screen):
    visitor = look(empty_desk, screen.person)
    visitor.open(screen.place)
    look_at(visitor, screen.name)


def test_every_page_of_the_house_is_looked_at(desk: Desk):
    """A page that nobody put on the list is looked at by nobody."""
    shown = {resolve(urlsplit(desk.address(screen.place)).path).url_name for screen in (*FULL, *EMPTY)}
    named = {name for names in NO_SCREENS.values() for name in names}
    pages = {
        pattern.name
        for route, pattern in addresses()
        if not route.startswith("api/v1/") and "GET" in methods(pattern.callback)
    }
    assert pages - shown - named == set(), "Add them to FULL in screens.py, or to NO_SCREENS with why not."
    assert named & shown == set(), "They are looked at: strike them from NO_SCREENS."
    assert named - pages == set(), "There is no such page any more: strike them from NO_SCREENS."


def methods(view: Any) -> Sequence[str]:
    """What a view answers, as its decorators say (`require_GET` and the like); all that a page can where they don't."""
    while view is not None:
        if allowed := held_by(view).get("request_method_list"):
            return allowed
        view = getattr(view, "__wrapped__", None)
    return ("GET", "POST")


def held_by(view: Any) -> Mapping[str, Any]:
    return getclosurevars(view).nonlocals if isfunction(view) else {}
