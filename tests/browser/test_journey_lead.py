"""A lead opens every number of the weekly letter and of the monthly report: what is behind it adds up to it.

At a desk: on a phone its screens fit. The letters are looked at in the browser as a mail program would show them.
"""

import re
from collections.abc import Callable
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.keyboard import Hands
from tests.browser.visitor import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.parametrize("width", ["desktop"], indirect=True),
]

Window = Callable[..., Hands]


def letter(hands: Hands, name: str) -> Page:
    """As it was sent, in the browser of the reader."""
    page = hands.visitor.read(name)
    hands.must_fit()
    return page


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace(" %", "%")


def test_every_line_of_the_digest_opens_what_it_says(journeys: Desk, hands: Window):
    lena = hands(journeys, "lena")
    page = letter(lena, "digest")
    lines = [plain(one) for one in page.locator(".edge:has(a.button)").all_inner_texts()]
    assert len(lines) == 7
    counted: set[str] = set()
    for number, line in enumerate(lines):
        page = letter(lena, "digest")
        lena.follow(page.locator("a.button").nth(number))
        shown = plain(page.locator("main").text_content() or "")
        for figure in re.findall(r"[\d,]+\d%?|\d%?", line.partition(" ")[2]):
            assert figure in shown, f"{figure} of {line!r} is not in {shown}"
        counted.add(must_add_up(lena.visitor))
    assert len(counted) > 1
    page = letter(lena, "digest")
    more = page.get_by_role("link", name=re.compile("And .+ more"))
    lena.follow(more)
    expect(page).to_have_url(re.compile("/cases/"))
    shown = page.locator("main").text_content() or ""
    assert all(re.match(r"RC-\d+", line)[0] in shown for line in lines if "Your week" not in line)


def test_every_number_of_the_report_opens_what_it_is_made_of(journeys: Desk, hands: Window):
    lena = hands(journeys, "lena")
    page = letter(lena, "report")
    title = page.get_by_role("heading", level=1).inner_text()
    lena.follow(page.get_by_role("link", name="reads it in the helpdesk"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    rows = page.locator("main .card li:has(a)")
    found = [(plain(row.inner_text()), str(row.locator("a").get_attribute("href"))) for row in rows.all()]
    assert len(found) > 8
    for said, address in found:
        if address.startswith("/queue/"):
            tickets = re.search(r"([\d,]+) tickets", said)
            assert tickets, said
            assert listed(lena.visitor, address) == number_in(tickets[1]), said
        else:
            must_show(lena.visitor, said, address)
    lena.reach(rows.first.get_by_role("link"))


def must_show(visitor: Visitor, said: str, address: str) -> None:
    """Money stands there as it does here; of a department there are as many cards as it has cases."""
    page = visitor.context.new_page()
    answer = page.goto(visitor.desk.address(address))
    assert getattr(answer, "status", 0) == 200, address
    shown = plain(page.locator("main").text_content() or "")
    value = said.partition(": ")[2]
    if said.startswith("Shipping: "):  # Billing answers its cases in other journeys
        waiting = page.locator(".board-column").filter(has=page.get_by_role("heading", name="Routed"))
        assert waiting.locator(".board-card").count() == number_in(value), said
    elif amount := re.match(r"(?:saves )?(\$ [\d,]+)", value):
        assert amount[1] in shown, f"{said} at {address}"
    page.close()


def must_add_up(visitor: Visitor) -> str:
    """The tickets that a case counts are the rows behind the link on their number."""
    link = visitor.page.locator(".headline a").first
    said, address = link.inner_text(), str(link.get_attribute("href"))
    assert listed(visitor, address) == number_in(said)
    return said


def listed(visitor: Visitor, address: str) -> int:
    """All rows of a list, page after page."""
    rows, place = 0, address
    while place:
        answer = visitor.page.request.get(visitor.desk.address(place))
        assert answer.status == 200, place
        text = answer.text()
        rows += len(re.findall(r"<a[^>]* data-open[ >=]", text))
        further = re.search(r'<a class="btn" rel="next" href="([^"]+)"', text)
        place = unescape(further[1]) if further else ""
        place = f"/queue/{place}" if place.startswith("?") else place
    return rows


def number_in(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    assert found, text
    return int(found[0].replace(",", ""))
