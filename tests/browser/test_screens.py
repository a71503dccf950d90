"""Every screen, light and dark: no barrier for anybody, nothing wider than its window, no complaint of the browser."""

from collections.abc import Callable

import pytest

from tests.browser.desk import Desk
from tests.browser.screens import EMPTY, EVERYDAY, FULL, MISSING, Screen
from tests.browser.visitor import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]  # the first one builds the desk

Visit = Callable[..., Visitor]


def look_at(visitor: Visitor, name: str) -> None:
    """In both themes, with a picture of each; then as narrow as a phone."""
    visitor.photograph(f"{name} light")
    assert visitor.barriers() == []
    visitor.dark()
    visitor.photograph(f"{name} dark")
    assert visitor.barriers(only_colours=True) == []
    visitor.dark(on=False)
    visitor.resize(PHONE)
    visitor.photograph(f"{name} phone")
    assert visitor.overflow() == 0, f"{name} is wider than a phone"


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
def test_a_screen_is_open_to_everybody(desk: Desk, visit: Visit, screen: Screen):
    visitor = visit(desk, screen.person)
    if screen.name in MISSING:
        visitor.expect(404)
    visitor.open(screen.place)
    look_at(visitor, screen.name)
    if screen.name in EVERYDAY:
        look_from_the_right(visitor, screen.name)


@pytest.mark.parametrize("screen", EMPTY, ids=str)
def test_an_empty_screen_says_what_to_do(empty_desk: Desk, visit: Visit, screen: Screen):
    visitor = visit(empty_desk, screen.person)
    visitor.open(screen.place)
    look_at(visitor, screen.name)


FORMS = (  # a form that is sent as it stands, and is refused
    (Screen("portal form with errors", "/help/new/"), "Send"),
    (Screen("request with errors", "request"), "Send"),
    (Screen("phone note with errors", "/intake/phone/", "ana"), "Open the ticket"),
    (Screen("add issue with errors", "/admin/taxonomy/add/", "ada"), "Put it into the draft"),
)


@pytest.mark.parametrize(("screen", "button"), FORMS, ids=[str(screen) for screen, _ in FORMS])
def test_a_refused_form_says_what_to_correct(desk: Desk, visit: Visit, screen: Screen, button: str):
    visitor = visit(desk, screen.person)
    visitor.expect(422)
    page = visitor.open(screen.place)
    page.locator("main").get_by_role("button", name=button).last.click()
    page.wait_for_selector(".error-summary, [role=alert]")
    look_at(visitor, screen.name)
