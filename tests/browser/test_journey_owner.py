"""An owner who never logged in answers cases from the letters alone, by keyboard, on a desk and on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.analysis.world import TODAY
from tests.browser.desk import Desk
from tests.browser.keyboard import Hands
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Visit = Callable[..., Visitor]
Window = Callable[..., Hands]
OLD = "This link has expired or was replaced by a newer one."


def links(desk: Desk, case: str) -> list[str]:
    """The addresses in the letter, as the reader's mail program makes links of them."""
    found = re.findall(r"https?://[^/\s]+(/o/\S+)", desk.places[f"letter:{case}"])
    assert len(found) == 6, "the case, and one for each answer"
    return found


def link(desk: Desk, case: str, name: str = "") -> str:
    return next(link for link in links(desk, case) if link.endswith(f"/{name}/" if name else "/"))


def words(page: Page) -> str:
    """Folded or not."""
    return page.locator("main").text_content() or ""


def seen_by_a_colleague(desk: Desk, visit: Visit, case: str) -> str:
    return words(visit(desk, "nils").open(f"case:{case}"))


# --- by keyboard


def answer(desk: Desk, hands: Window, name: str) -> tuple[Hands, str]:
    """The page behind one of a letter's links: one form, nothing else of the house. Each width has a case."""
    owner = hands(desk)
    case = f"{name} {owner.width}"
    owner.visitor.expect(422)
    page = owner.open(link(desk, case, name))
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(1)
    return owner, case


def send(hands: Hands, name: str) -> Page:
    return hands.follow(hands.page.get_by_role("main").get_by_role("button", name=name))


def must_be_refused(hands: Hands, said: str) -> None:
    """The summary has the focus, says what to do, and leads to the field."""
    summary = hands.page.locator(".error-summary")
    expect(summary).to_contain_text(said)
    expect(summary).to_be_focused()


def test_a_case_is_accepted_with_a_date(journeys: Desk, visit: Visit, hands: Window):
    omar, case = answer(journeys, hands, "accept")
    day = omar.page.get_by_label("You will know the cause by")
    omar.write_day(day, TODAY + timedelta(days=90))
    send(omar, "Accept it, with a date")
    must_be_refused(omar, "The cause must be known by")
    omar.write_day(day, TODAY + timedelta(days=7))
    page = send(omar, "Accept it, with a date")
    expect(page.get_by_role("status")).to_have_text("Accepted: it is yours now.")
    assert "accepted it" in seen_by_a_colleague(journeys, visit, case)
    # The same letter again: nothing waits for that answer any more.
    page = omar.open(link(journeys, case, "accept"))
    expect(page.get_by_text("It does not wait for this answer")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    omar.follow(page.get_by_role("link", name="Everything about it"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Charged twice, {case}")


def test_a_case_is_accepted_with_two_clicks(journeys: Desk, visit: Visit):
    """The link in the letter, and the button on its page: the days there are usually will do."""
    page = visit(journeys).open(link(journeys, "promptly", "accept"))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("Accepted: it is yours now.")


def test_a_case_that_is_not_ours_names_whose_it_is(journeys: Desk, visit: Visit, hands: Window):
    omar, case = answer(journeys, hands, "reject")
    omar.choose(omar.page.get_by_label("Why is it not for you?"), "Not ours")
    send(omar, "It is not ours")
    must_be_refused(omar, "Name the department that owns it instead.")
    omar.choose(omar.page.get_by_label("Whose is it?"), "Shipping")
    page = send(omar, "It is not ours")
    expect(page.get_by_role("status")).to_have_text("Sent back.")
    assert "Shipping" in seen_by_a_colleague(journeys, visit, case)


def test_a_question_goes_back(journeys: Desk, visit: Visit, hands: Window):
    omar, case = answer(journeys, hands, "ask")
    omar.write(omar.page.get_by_label("What do you need to know?"), "Since which release?")
    page = send(omar, "I need information")
    expect(page.get_by_role("status")).to_have_text("Your question is on its way.")
    assert "Since which release?" in seen_by_a_colleague(journeys, visit, case)


def test_what_is_fixed_already_says_since_when(journeys: Desk, visit: Visit, hands: Window):
    omar, case = answer(journeys, hands, "fixed")
    omar.write_day(omar.page.get_by_label("Fixed on"), TODAY - timedelta(days=2))
    omar.write(omar.page.get_by_label("What was fixed?"), "The retry has a key now")
    page = send(omar, "It is fixed already")
    expect(page.get_by_role("status")).to_have_text("Noted. It will be measured.")
    assert "The retry has a key now" in seen_by_a_colleague(journeys, visit, case)


def test_a_risk_is_accepted_by_somebody_until_a_day(journeys: Desk, visit: Visit, hands: Window):
    omar, case = answer(journeys, hands, "risk")
    omar.choose(omar.page.get_by_label("Approved by"), "Omar")
    omar.write_day(omar.page.get_by_label("Until"), TODAY + timedelta(days=60))
    omar.write(omar.page.get_by_label("Why is the risk acceptable?"), "Two a year, refunded by hand")
    page = send(omar, "Accept the risk")
    expect(page.get_by_role("status")).to_have_text("Closed: the risk is accepted.")
    assert "Two a year, refunded by hand" in seen_by_a_colleague(journeys, visit, case)


def test_the_whole_case_is_worked_on_from_its_page(journeys: Desk, hands: Window):
    """Every button that the page offers is reached by Tab, in the order in which it stands there."""
    omar = hands(journeys)
    page = omar.open(link(journeys, "secret"))
    bar = page.get_by_role("region", name="What you can do")
    for name in ("Accept", "Not ours", "Need information", "Already fixed", "Accept the risk"):
        omar.unfold(bar.locator("summary", has_text=re.compile(f"^{name}$")))
    omar.write(bar.get_by_label("Why is the risk acceptable?"), "No harm")
    assert omar.visitor.barriers() == []


# --- refused, and nothing is changed


def test_nothing_else_opens_by_a_letter(journeys: Desk, visit: Visit):
    visitor = visit(journeys)
    visitor.expect(403, 404)
    page = visitor.open(link(journeys, "secret"))
    assert not page.locator(f'a[href^="{journeys.places["case:accept desktop"]}"]').count()
    for elsewhere in ("/cases/", "/queue/", "/needs-you/", journeys.places["case:secret"]):
        visitor.open(elsewhere)
        expect(page).to_have_url(re.compile("/login/"))
    # Another act of the house under the same key.
    assert page.goto(journeys.address(link(journeys, "secret") + "route/")).status == 404
    expect(page.get_by_role("navigation")).to_have_count(0)


@pytest.mark.parametrize("case", ["expired", "withdrawn", "forged"])
def test_a_link_that_does_not_hold_is_refused_with_words(journeys: Desk, visit: Visit, case: str):
    visitor = visit(journeys)
    visitor.expect(403)
    forged = link(journeys, "secret", "accept").replace("/o/", "/o/x", 1)
    page = visitor.open(forged if case == "forged" else link(journeys, case, "accept"))
    expect(page.get_by_text(OLD)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    assert "Charged twice" not in words(page)
    assert visitor.barriers() == []


def test_a_forwarded_letter_is_not_answered_by_who_is_somebody_else(journeys: Desk, visit: Visit):
    visitor = visit(journeys, "ana")
    visitor.expect(403)
    page = visitor.open(link(journeys, "secret", "accept"))
    expect(page.get_by_text("This link was sent to Omar, and you are signed in as Ana.")).to_be_visible()
    assert "accepted it" not in seen_by_a_colleague(journeys, visit, "secret")


def test_an_answer_that_stayed_open_in_another_window_is_told_so(journeys: Desk, visit: Visit):
    """The form is open twice; what the first window said stands, the second changes nothing and keeps its words."""
    first, second = Hands(visit(journeys)), Hands(visit(journeys))
    second.visitor.expect(422)
    for hands in (first, second):
        hands.open(link(journeys, "twice", "ask"))
    first.write(first.page.get_by_label("What do you need to know?"), "First question")
    second.write(second.page.get_by_label("What do you need to know?"), "Second question")
    send(first, "I need information")
    send(second, "I need information")
    must_be_refused(second, "asking is for cases in: routed")
    expect(second.page.get_by_label("What do you need to know?")).to_have_value("Second question")
    assert "Second question" not in seen_by_a_colleague(journeys, visit, "twice")
