"""A ticket on a phone: what a desk does by keys is found by buttons, and nothing takes the place of its subject."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]
WIDTH_OF_SUBJECT = "() => document.querySelector('#ticket-bar h1').clientWidth"


def test_a_ticket_is_worked_on_with_a_thumb(desk: Desk, visit: Visit):
    ana, lena = visit(desk, "ana"), visit(desk, "lena")
    ana.resize(PHONE)
    page = ana.open("ticket")
    ana.settle()
    alone = page.evaluate(WIDTH_OF_SUBJECT)

    # Somebody else is here: it is said below the subject, which stays as wide as it was.
    lena.open("ticket")
    lena.settle()
    page = ana.open("ticket")
    expect(page.locator("#here .pill")).to_be_visible()
    assert page.evaluate(WIDTH_OF_SUBJECT) >= alone
    assert ana.overflow() == 0

    more = page.locator('[popovertarget="more"]')
    more.click()
    expect(page.locator('#more a[data-key="b"]')).to_be_visible()
    expect(page.locator("#more kbd").first).to_be_hidden()  # a phone has no keys
    page.locator('#more a[data-key="b"]').click()
    expect(page.locator("#change-body input[type=radio]").first).to_be_visible()
    assert ana.overflow() == 0
    page.locator("#change-dialog [data-closes]").click()

    page.locator(".opens-context").click()
    page.locator('#context [data-key="c"]').click()
    rows = page.locator("#issue-rows .choices-list .btn:has(> .small)")
    expect(rows.first).to_be_visible()
    label, path = (rows.first.locator("span").nth(place).bounding_box() for place in (0, 1))
    assert (path["x"], path["y"] >= label["y"] + label["height"]) == (label["x"], True)  # one below the other
    assert ana.overflow() == 0
