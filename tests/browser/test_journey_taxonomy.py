"""An administrator puts a branch of the taxonomy in order by keys alone: merge, split, move, look, publish, undo.

Work for a desk: on a phone its screens fit. Recoding is held midway: the page that stays open says how far it is, and
so it does where no script runs.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.journey_worlds import DISORDER, Disorder
from tests.browser.keyboard import Hands
from tests.browser.visitor import Visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.parametrize("width", ["desktop"], indirect=True),
]

Visit = Callable[..., Visitor]
Window = Callable[..., Hands]
HELD = 50  # tickets: a batch that leaves most of them for the next one
RECODE_SOME = f"""
from django.utils import timezone
from helpdesk.services import recode_next_batch
recode_next_batch(at=timezone.now(), size={HELD})
"""
RECODE = "from django.utils import timezone; from helpdesk.services import recode_waiting as go; go(at=timezone.now())"
DRAFT = "Put it into the draft"


def test_issues_are_merged_split_moved_published_and_given_back(journeys: Desk, visit: Visit, hands: Window):
    ada, found = hands(journeys, "ada"), DISORDER
    merge(ada, found)
    split(ada, found)
    move_by_the_tree(ada, found)
    losing = look_at_the_effect(ada, found)
    publish(ada, losing)
    watch_the_recoding(ada, journeys, visit, found)
    assert issues(ada) >= {found.kept, *found.parts}
    assert not issues(ada) & {found.twin, found.broad}

    page = ada.open("/admin/taxonomy/releases/")
    ada.follow(page.get_by_role("button", name=re.compile("Undo release")).first)
    expect(page.locator("#toasts")).to_contain_text("Recoded tickets get their codes back.")
    journeys.work(RECODE)
    assert issues(ada) >= {found.twin, found.kept, found.broad}
    assert not issues(ada) & {*found.parts}


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


def merge(hands: Hands, found: Disorder) -> None:
    page = change(hands, found.twin, "Merge into…")
    hands.choose(page.get_by_label("Into", exact=True), found.kept)
    hands.follow(page.get_by_role("button", name=DRAFT))
    expect(page.locator("#toasts")).to_contain_text("It is in the draft.")


def split(hands: Hands, found: Disorder) -> None:
    hands.visitor.expect(422)
    page = change(hands, found.broad, "Split into…")
    parts = page.get_by_label("New issues, one a line")
    hands.write(parts, found.parts[0])
    hands.follow(page.get_by_role("button", name=DRAFT))
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("A split needs two parts or more.")
    hands.reach(parts)
    hands.press("Control+End", "Enter")
    page.keyboard.type(found.parts[1])
    hands.follow(page.get_by_role("button", name=DRAFT))


def move_by_the_tree(hands: Hands, found: Disorder) -> None:
    page = hands.open("/admin/taxonomy/")
    walk_to(hands, found.stray)
    with page.expect_navigation():
        hands.press("m")
    hands.choose(page.get_by_label("Below"), "Delivery")
    hands.follow(page.get_by_role("button", name=DRAFT))


def look_at_the_effect(hands: Hands, found: Disorder) -> int:
    """Each change in words, with its tickets; how many lose their code stands above."""
    page = hands.page
    expect(page).to_have_url(re.compile("/admin/taxonomy/draft/"))
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    for words in (found.twin, found.broad, found.stray):
        expect(page.get_by_role("row", name=re.compile(words)).first).to_be_visible()
    hands.unfold(page.locator("summary", has_text="Every issue, before and after"))
    stat = page.locator(".stat", has_text="Tickets whose code goes out of use")
    losing = int(
        re.search(r"[\d,]+", stat.inner_text().replace("Tickets whose code", ""))[0].replace(",", "")
    )
    assert losing > 100
    assert hands.visitor.barriers() == []
    return losing


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


def watch_the_recoding(hands: Hands, desk: Desk, visit: Visit, found: Disorder) -> None:
    """The page is not loaded again; the hands rest on its *Stop*."""
    page, place = hands.page, "/admin/taxonomy/releases/"
    bar = progress(page, found)
    expect(bar.get_by_role("progressbar")).to_be_visible()
    expect(bar).to_contain_text("Waiting: 0 /")
    stop = page.locator("[id^=recoding-]").get_by_role("button", name="Stop")
    hands.reach(stop)
    page.evaluate("() => { window.stayed = true }")
    desk.work(RECODE_SOME)
    expect(bar).to_contain_text(f"Running: {HELD} /")
    expect(stop).to_be_focused()
    plain = visit(desk, "ada", javascript=False).open(place)
    expect(progress(plain, found)).to_contain_text(f"Running: {HELD} /")
    expect(plain.get_by_role("link", name="Look again")).to_be_visible()
    desk.work(RECODE)
    expect(bar).to_contain_text(re.compile(r"Done: (\d+) / \1"))
    expect(page.locator("#live")).to_contain_text(f"Recoding “{found.twin}” has ended")
    expect(stop).to_have_count(0)
    hands.must_hold_no_lost_focus()
    hands.must_fit()
    assert page.evaluate("() => window.stayed")
    plain.get_by_role("link", name="Look again").click()
    expect(progress(plain, found)).to_contain_text("Done:")


def progress(page: Page, found: Disorder) -> Locator:
    return page.locator(".progress", has_text=found.twin).first


def issues(hands: Hands) -> set[str]:
    hands.open("/admin/taxonomy/")
    return set(hands.page.locator("[data-tree-node]").all_inner_texts())
