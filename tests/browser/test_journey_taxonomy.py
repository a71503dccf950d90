"""An administrator puts a branch of the taxonomy in order by keys alone: merge, split, move, look, publish, undo."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.keyboard import Hands, missed_by_a_finger
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]
NARROW = (390, 844)
RECODE = "from django.utils import timezone; from helpdesk.services import recode_waiting as go; go(at=timezone.now())"
DRAFT = "Put it into the draft"


def test_issues_are_merged_split_moved_published_and_given_back(journeys: Desk, visit: Visit):
    ada = Hands(visit(journeys, "ada"))
    page = ada.page
    merge(ada)
    split(ada)
    move_by_the_tree(ada)
    losing = look_at_the_effect(ada)
    on_a_phone(journeys, visit)
    publish(ada, losing)

    recoding = page.get_by_role("progressbar", name=re.compile("Label lost"))
    expect(recoding).to_be_visible()
    before = progress(page)
    assert before.startswith("Waiting: 0 /")
    journeys.work(RECODE)
    page.reload()
    assert re.match(r"Done: (\d+) / \1$", progress(page)), progress(page)
    assert issues(ada) >= {"Label missing", "Box torn", "Box wet"}
    assert not issues(ada) & {"Label lost", "Box broken"}

    ada.open("/admin/taxonomy/releases/")
    ada.follow(page.get_by_role("button", name=re.compile("Undo release")).first)
    expect(page.locator("#toasts")).to_contain_text("Recoded tickets get their codes back.")
    journeys.work(RECODE)
    assert issues(ada) >= {"Label lost", "Label missing", "Box broken"}
    assert not issues(ada) & {"Box torn", "Box wet"}


def change(hands: Hands, issue: str, act: str) -> Page:
    """From the tree to the page of an issue, and to what is to be done with it."""
    page = hands.open("/admin/taxonomy/")
    walk_to(hands, issue)
    with page.expect_navigation():
        hands.press("Enter")
    return hands.follow(page.get_by_role("link", name=act))


def walk_to(hands: Hands, issue: str) -> None:
    """Into the tree by Tab, and down by the arrow key."""
    nodes = hands.page.locator("[data-tree-node]")
    hands.reach(nodes.first)
    for _ in range(nodes.count()):
        if hands.visitor.focused() == issue:
            hands.must_see_the_focus()
            return
        hands.press("ArrowDown")
    raise AssertionError(f"{issue} is not in the tree")


def merge(hands: Hands) -> None:
    page = change(hands, "Label lost", "Merge into…")
    hands.choose(page.get_by_label("Into", exact=True), "Label missing")
    hands.follow(page.get_by_role("button", name=DRAFT))
    expect(page.locator("#toasts")).to_contain_text("It is in the draft.")


def split(hands: Hands) -> None:
    hands.visitor.expect(422)
    page = change(hands, "Box broken", "Split into…")
    parts = page.get_by_label("New issues, one a line")
    hands.write(parts, "Box torn")
    hands.follow(page.get_by_role("button", name=DRAFT))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("A split needs two parts or more.")
    hands.reach(parts)
    hands.press("Control+End", "Enter")
    page.keyboard.type("Box wet")
    hands.follow(page.get_by_role("button", name=DRAFT))


def move_by_the_tree(hands: Hands) -> None:
    page = hands.open("/admin/taxonomy/")
    walk_to(hands, "Courier rude")
    with page.expect_navigation():
        hands.press("m")
    hands.choose(page.get_by_label("Below"), "Delivery")
    hands.follow(page.get_by_role("button", name=DRAFT))


def look_at_the_effect(hands: Hands) -> int:
    """Each change in words, with its tickets; how many lose their code stands above."""
    page = hands.page
    expect(page).to_have_url(re.compile("/admin/taxonomy/draft/"))
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    for words in ("Label lost", "Box broken", "Courier rude"):
        expect(page.get_by_role("row", name=re.compile(words)).first).to_be_visible()
    hands.unfold(page.locator("summary", has_text="Every issue, before and after"))
    stat = page.locator(".stat", has_text="Tickets whose code goes out of use")
    losing = int(
        re.search(r"[\d,]+", stat.inner_text().replace("Tickets whose code", ""))[0].replace(",", "")
    )
    assert losing > 100
    assert hands.visitor.barriers() == []
    return losing


def on_a_phone(desk: Desk, visit: Visit) -> None:
    visitor = visit(desk, "ada")
    visitor.resize(NARROW)
    for place in ("/admin/taxonomy/", "/admin/taxonomy/draft/", "/admin/taxonomy/releases/"):
        visitor.open(place)
        assert visitor.overflow() == 0, place
        assert missed_by_a_finger(visitor.page) == [], place


def publish(hands: Hands, losing: int) -> None:
    """More than a hundred tickets: their number is typed, and a wrong one is refused."""
    page = hands.page
    hands.write(page.get_by_label("What is new, in a sentence"), "Returns in order")
    number = page.get_by_label(re.compile(f"Type {losing}"))
    hands.write(number, "7")
    hands.follow(page.get_by_role("button", name="Publish this release"))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_url(re.compile("/draft/"))
    hands.write(page.get_by_label(re.compile(f"Type {losing}")), str(losing))
    hands.follow(page.get_by_role("button", name="Publish this release"))
    expect(page.locator("#toasts")).to_contain_text("is published.")


def progress(page: Page) -> str:
    return page.locator(".progress", has_text="Label lost").inner_text().split("\n")[-1].strip()


def issues(hands: Hands) -> set[str]:
    hands.open("/admin/taxonomy/")
    return set(hands.page.locator("[data-tree-node]").all_inner_texts())
