"""The tasks people do all day, by keys alone: no more presses than promised. Words typed do not count."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]


# What this desk wants to know before a ticket is solved.
WITH_ORDER = """
from helpdesk.models import Ticket
Ticket.objects.filter(pk={number}).update(custom={{"order-id": "4711"}})
"""
# Its issue has an open case, and nobody has said that it is that one.
OF_A_CASE = """
from apps.analysis.models import Case
from helpdesk.models import Ticket
case = Case.objects.open().exclude(issue=None).exclude(evidence__ticket={number}).first()
Ticket.objects.filter(pk={number}).update(primary_issue=case.issue)
"""


class Counting:
    """A visitor whose presses are counted."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self.presses = visitor, visitor.page, 0

    def open(self, place: str) -> None:
        self.page = self.visitor.open(place)
        self.visitor.settle()
        self.presses = 0

    def press(self, *keys: str) -> None:
        self.presses += len(keys)
        self.visitor.press(*keys)

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)


def test_what_is_done_all_day_takes_few_keys(desk: Desk, visit: Visit):
    """One after the other: each goes on where the one before it ended."""
    ana = Counting(visit(desk, "ana"))

    ana.open("/queue/?view=unassigned")
    ana.press("p")  # the next ticket that nobody has
    expect(ana.page).to_have_url(re.compile(r"/t/\d+/"))
    assert ana.presses == 1
    ana.visitor.settle()
    here = ana.page.url

    ana.presses = 0
    ana.press("i")  # it is mine
    expect(ana.page.locator("#assignee")).to_have_value(re.compile(r"\d+"))
    assert ana.presses == 1

    ana.presses = 0
    ana.press("n")  # a note
    ana.write("Called back.")
    ana.press("Control+Enter")
    expect(ana.page.locator(".msg-note").get_by_text("Called back.")).to_be_visible()
    assert ana.presses == 2

    ana.visitor.settle()
    ana.presses = 0
    ana.press("c")  # what it is about: the likeliest
    expect(ana.page.locator("#issue-rows button").first).to_be_visible()
    ana.press("Enter")
    expect(ana.page.locator(".suggestion")).to_have_count(0)
    assert ana.presses == 2

    ana.visitor.settle()
    desk.work(WITH_ORDER.format(number=re.search(r"/t/(\d+)/", here)[1]))
    ana.presses = 0
    ana.press("r")  # answer, solve, next
    ana.write("We took it back.")
    ana.press("Control+Shift+Enter")
    expect(ana.page).not_to_have_url(here)
    assert ana.presses == 2
    ana.visitor.settle()

    ana.presses = 0
    ana.press("z")  # not yet
    expect(ana.page).to_have_url(re.compile(re.escape(here.split("?")[0])))
    expect(ana.page.locator("#reply-body")).to_have_value("We took it back.")
    assert ana.presses == 1


def test_a_ticket_is_found_by_its_customers_address(desk: Desk, visit: Visit):
    ana = Counting(visit(desk, "ana"))
    ana.open("/queue/?view=my-open")
    ana.press("/")
    ana.page.keyboard.press("Control+a")  # typed over: words do not count
    ana.write("mariam@customer.test")
    ana.press("Enter")
    expect(ana.page.locator("[data-list] [data-open]").first).to_contain_text("Still waiting for my refund")
    assert ana.presses == 2


def test_g_goes_places_and_a_point_copies_the_number(desk: Desk, visit: Visit):
    nils = Counting(visit(desk, "nils"))
    nils.visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for key, place in (("b", "/cases/"), ("a", "/analysis/"), ("q", "/queue/"), ("h", "/signals/")):
        nils.open("/suggestions/")
        nils.press("g", key)
        expect(nils.page).to_have_url(re.compile(re.escape(place)))
    nils.open("ticket")
    nils.press(".")
    expect(nils.page.get_by_text("The number is copied.")).to_be_visible()
    number = re.search(r"/t/(\d+)/", nils.page.url)[1]
    assert nils.page.evaluate("() => navigator.clipboard.readText()") == f"#{number}"


def test_l_says_which_case_it_is_or_raises_one(desk: Desk, visit: Visit):
    desk.work(OF_A_CASE.format(number=re.search(r"/t/(\d+)/", desk.address("known"))[1]))
    ana = Counting(visit(desk, "ana"))
    ana.open("known")
    panel = ana.page.locator("#rca-panel")
    offered = panel.get_by_role("button", name="This is it")
    expect(offered.last).to_be_visible()
    there = offered.count()
    ana.press("l")
    expect(offered).to_have_count(there - 1)
    assert ana.presses == 1

    ana.open("suggested")
    expect(panel).to_contain_text("No case is open about this issue.")
    ana.press("l")
    ana.write("Two charges for one order")
    ana.press("Enter")
    expect(panel).to_contain_text("Two charges for one order")
    assert ana.presses == 2
