"""A customer with an old telephone: no script runs, and everything works."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]


def test_a_request_is_written_corrected_followed_and_solved_without_javascript(desk: Desk, visit: Visit):
    visitor = visit(desk, javascript=False)
    visitor.expect(422)
    visitor.resize(PHONE)
    page = visitor.open("/help/")
    page.get_by_role("link", name="Write to us").click()

    page.get_by_label("Your e-mail address").fill("zoe@")
    page.get_by_role("button", name="Send").click()
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text("There is a problem")
    problems.get_by_role("link").first.click()
    assert page.url.partition("#")[2] == "id_body", "the summary leads to the field"

    page.get_by_label("What happened?").fill("My lamp arrived broken.")
    page.get_by_label("Your e-mail address").fill("zoe@customer.test")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We have received your request")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("My lamp arrived broken.")

    page.get_by_label("Message").or_(page.locator("textarea")).first.fill("It is the tall one.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("It is the tall one.")).to_be_visible()

    page.get_by_role("button", name="It is solved").click()
    expect(page.get_by_text(re.compile("Not solved after all"))).to_be_visible()
    expect(page.get_by_role("button", name="It is solved")).to_have_count(0)


def test_a_rating_link_asks_before_it_counts_without_javascript(desk: Desk, visit: Visit):
    """Two clicks: the link in the letter, and the button on its page."""
    visitor = visit(desk, javascript=False)
    page = visitor.open("survey")
    page.goto(page.url + "?outcome=mollified")
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(1)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("thank", re.IGNORECASE))
