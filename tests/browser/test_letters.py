"""The weekly letter and the monthly report, as mail programs show them: on a phone, in a pane, by day and by night.

Who reads the text part reads the same: every word and every link of the letter stands there too.
"""

import re
from collections.abc import Callable

import pytest

from tests.browser.desk import Desk
from tests.browser.visitor import COLOURS, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]
WIDTHS = (390, 600)
SMALL = """() => [...document.querySelectorAll("body *")]
    .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim()))
    .filter((node) => node.checkVisibility() && parseFloat(getComputedStyle(node).fontSize) < 13)
    .map((node) => node.textContent.trim().slice(0, 60))"""
CUT_OFF = """() => [...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
        && getComputedStyle(node).display !== "inline")
    .map((node) => node.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("name", ["digest", "report"])
def test_a_letter_is_read_on_a_phone_and_in_a_pane_by_day_and_by_night(
    journeys: Desk, visit: Visit, name: str
):
    visitor = visit(journeys)
    page = visitor.read(name)
    for width in WIDTHS:
        visitor.resize((width, 844))
        for is_dark in (False, True):
            visitor.dark(on=is_dark)
            visitor.photograph(f"letter {name} {width} {'dark' if is_dark else 'light'}")
            assert visitor.overflow() == 0, f"{name} is wider than {width}"
            assert page.evaluate(CUT_OFF) == []
            assert visitor.barriers(COLOURS) == []
        assert page.evaluate(SMALL) == [], "smaller than 13 pixels"


@pytest.mark.parametrize("name", ["digest", "report"])
def test_the_text_part_says_all_that_the_letter_says(journeys: Desk, visit: Visit, name: str):
    page = visit(journeys).read(name)
    text = journeys.places[f"{name}:text"].replace("http://testserver", journeys.site)
    said = {word for line in page.locator("body").all_inner_texts() for word in words(line)}
    assert said - words(text) == set()
    links = page.locator("a").evaluate_all("(nodes) => nodes.map((node) => node.href)")
    assert [link for link in links if link not in text] == []


def words(text: str) -> set[str]:
    """Each once, and figures as they stand there."""
    return set(re.findall(r"[\w$%][\w$%.,:-]*(?<![.,:])", text.casefold()))
