"""An analyst takes a signal to a frozen plan without touching the mouse, at a desk: on a phone its screens fit."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.analysis.world import TODAY
from tests.browser.desk import Desk
from tests.browser.keyboard import Hands

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.parametrize("width", ["desktop"], indirect=True),
]

Window = Callable[..., Hands]
SURGED_ON = TODAY - timedelta(days=9)


def act(hands: Hands, name: str) -> Locator:
    """Open the form behind one of the buttons of a case."""
    bar = hands.page.get_by_role("region", name="What you can do")
    summary = bar.locator("summary", has_text=re.compile(f"^{re.escape(name)}$"))
    hands.unfold(summary)
    return bar.locator("details[open]")


def send(hands: Hands, form: Locator) -> None:
    hands.follow(form.locator("button[type=submit]"))


def told(hands: Hands, words: str) -> None:
    expect(hands.page.locator("#toasts")).to_contain_text(words)


def test_a_signal_becomes_a_frozen_plan_by_keys_alone(journeys: Desk, hands: Window):
    nils = hands(journeys, "nils")
    page = nils.open("signal")
    nils.follow(page.get_by_role("button", name="Open a case"))
    address = page.url
    describe(nils)
    form = act(nils, "Route to the owner")
    send(nils, form)
    told(nils, "Routed.")

    accept(hands(journeys, "omar"), address)

    nils.open(address.removeprefix(journeys.site))
    add_causes(nils)
    predict_place(nils)
    predict_day(nils)
    judge(nils, "Refunds of the south wait for one person", "Verified")
    judge(nils, "The release of March", "Refuted")
    send(nils, act(nils, "The cause is known: plan"))
    told(nils, "Now: what will be done about it?")
    plan(nils)
    freeze(nils)
    expect(page.locator("main")).to_contain_text("Frozen")
    assert nils.visitor.barriers() == []


def describe(hands: Hands) -> None:
    """What is typed survives a reload, and is forgotten once it is sent."""
    form = act(hands, "Describe")
    hands.write(form.get_by_label("Statement"), "Refunds of the south, since 27 April, ten a day")
    hands.write(form.get_by_label("It is", exact=True), "South")
    hands.page.reload()
    hands.visitor.settle()
    form = act(hands, "Describe")
    expect(form.get_by_label("Statement")).to_have_value("Refunds of the south, since 27 April, ten a day")
    expect(form.get_by_label("It is", exact=True)).to_have_value("South")
    hands.write(form.get_by_label("It is not"), "North")
    send(hands, form)
    told(hands, "Saved.")
    hands.page.reload()
    expect(hands.page.locator("main")).to_contain_text("ten a day")
    assert "draft:" not in hands.page.evaluate("() => Object.keys(localStorage).join()")


def accept(hands: Hands, address: str) -> None:
    page = hands.open("/needs-you/")
    case = address.rstrip("/").rsplit("/", 1)[1]
    hands.follow(page.locator(f'.needs a[href$="/cases/{case}/"]'))
    send(hands, act(hands, "Accept"))
    told(hands, "Accepted: it is yours now.")


def add_causes(hands: Hands) -> None:
    for text, question in (
        ("Refunds of the south wait for one person", "Why did it happen"),
        ("The release of March", "Why did it happen"),
        ("No alarm on waiting refunds", "Why did nobody"),
    ):
        form = act(hands, "Add a cause")
        hands.write(form.get_by_label("Because ..."), text)
        hands.choose(form.get_by_label("Question"), question)
        send(hands, form)
        told(hands, "Added.")


def predict_place(hands: Hands) -> None:
    summary = hands.page.locator("summary", has_text="where must they be?")
    hands.unfold(summary)
    form = summary.locator("xpath=..")
    hands.choose(form.get_by_label("If this is the cause"), "Refunds of the south")
    hands.choose(form.get_by_label("the tickets must be in"), "Region")
    hands.write(form.get_by_label("Which one"), "south")
    hands.write_day(form.get_by_label("Since"), SURGED_ON)
    send(hands, form)
    told(hands, "The tickets were asked")
    expect(hands.page.locator(".trial", has_text="south")).to_contain_text("Supports")


def predict_day(hands: Hands) -> None:
    summary = hands.page.locator("summary", has_text="when must it have begun?")
    hands.unfold(summary)
    form = summary.locator("xpath=..")
    hands.choose(form.get_by_label("If this is the cause"), "The release of March")
    hands.write_day(form.get_by_label("or on"), TODAY - timedelta(days=50))
    send(hands, form)
    told(hands, "The tickets were asked")
    expect(hands.page.locator(".trial").nth(1)).to_contain_text("Speaks against it")


def judge(hands: Hands, cause: str, verdict: str) -> None:
    """Without words of one's own: what the tickets said stands as the evidence."""
    # By its own words: each row also names the others, as what it could stand under.
    row = hands.page.locator(f'.whys > li:has(> span:text-is("{cause}"))')
    hands.unfold(row.locator("summary", has_text="What does the evidence say?"))
    hands.choose(row.get_by_label("It is"), verdict)
    hands.follow(row.get_by_role("button", name="Save"))
    expect(row.locator(".pill").first).to_have_text(verdict)


def plan(hands: Hands) -> None:
    form = act(hands, "Add an action")
    hands.write(form.get_by_label("What will be done?"), "A second pair of eyes in the south")
    hands.choose(form.get_by_label("Against the cause"), "Refunds of the south")
    hands.choose(form.get_by_label("Who"), "Omar")
    hands.write_day(form.get_by_label("By (optional)", exact=True), TODAY + timedelta(days=14))
    send(hands, form)
    told(hands, "Added.")


def freeze(hands: Hands) -> None:
    hands.visitor.expect(422)
    form = act(hands, "Freeze the proof and begin")
    hands.write(form.get_by_label("Second source"), "The ledger of refunds")
    hands.write(form.get_by_label("Expected reduction, %"), "1")
    send(hands, form)
    # Refused: the form comes back open, with the words kept and the summary in focus.
    summary = hands.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Count longer, promise more, or say that you know.")
    form = hands.page.locator("details[open]", has=hands.page.get_by_label("Second source"))
    expect(form.get_by_label("Second source")).to_have_value("The ledger of refunds")
    hands.write(form.get_by_label("Expected reduction, %"), "60")
    send(hands, form)
    told(hands, "Frozen: nobody can change what counts as proof.")
