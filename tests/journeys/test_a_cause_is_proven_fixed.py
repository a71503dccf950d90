"""The whole loop through every real door: complaint, signal, case, owner, fix, and ten weeks later the proof."""

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from apps.analysis.models import Action, Case, CaseState, Cause, Signal
from helpdesk.models import Role, Ticket
from tests.factories import PASSWORD, make_cast, make_issue, make_user
from tests.journeys.house import Browser, House, eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
WEEKS_LATER = 75  # days: the lag, eight weeks of counting, and some days for the work itself


def write_table(
    path: Path, today: datetime, rates: dict[str, dict[tuple[int, int], float]], *, seed: int
) -> int:
    """Tickets by the hour, so many a day for days `(from, to)` ago; returns how many."""
    dice = np.random.default_rng(seed)
    rows = []
    for issue, spans in rates.items():
        for (begin, end), rate in spans.items():
            for ago in range(begin, end, -1):
                for _ in range(dice.poisson(rate)):
                    at = today - timedelta(days=ago, minutes=int(dice.integers(0, 600)))
                    person = int(dice.integers(0, 3000))
                    rows.append(
                        [f"{issue} {len(rows)}", "It happened again.", f"c{person}@customer.test", at, issue]
                    )
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["subject", "body", "customer_email", "opened_at", "issue", "channel"])
        table.writerows([*row[:3], row[3].isoformat(), row[4], "form"] for row in rows)
    return len(rows)


def act(browser: Browser, page: str, name: str, **fields: object) -> None:
    """Press a button on a case's page, the owner's or the colleagues' own."""
    browser.get(page)
    assert browser.status == 200, browser.page
    browser.post(f"{page}{name}/", fields)
    assert browser.status == 200, f"{name}: {browser.status} {re.sub(r'<[^>]+>|  +', ' ', browser.page)}"


def test_a_complaint_becomes_a_proven_fix(house: House, tmp_path: Path):
    cast = make_cast()
    make_user("sven", Role.OWNER, cast.shipping)
    invoice = make_issue("invoice", owner=cast.billing)
    make_issue("charged-twice", owner=cast.billing, parent=invoice)
    for code in ("refund-late", "late-parcel", "login-code"):
        make_issue(code, owner=cast.billing if code == "refund-late" else cast.shipping)
    now = datetime.now(UTC)
    quiet = {code: {(420, 0): 2.0} for code in ("refund-late", "late-parcel", "login-code")}

    # A year of tickets comes with the company; in the last ten days one complaint has tripled.
    table = tmp_path / "history.csv"
    count = write_table(table, now, {**quiet, "charged-twice": {(420, 10): 2.0, (10, 0): 8.0}}, seed=1)
    house.manage("import_tickets", str(table))
    assert Ticket.objects.count() == count

    # The analyst has it analysed, and promotes the signal.
    nils = house.browser()
    nils.sign_in("nils@desk.test", PASSWORD)
    nils.get("/signals/")
    nils.post("/signals/run/")
    assert nils.status == 200, nils.page
    signal = eventually(lambda: Signal.objects.filter(issue__code="charged-twice").first())
    assert not Signal.objects.exclude(issue__code__in=["charged-twice", "invoice"]).exists()
    nils.get("/signals/")
    nils.post(f"/signals/{signal.pk}/promote/")
    assert nils.status == 200, nils.page
    case = Case.objects.get()
    ours = f"/cases/{case.pk}/"
    act(
        nils, ours, "describe", title="Invoices are charged twice", statement=case.statement, severity=2,
        is_text="Card payments since the release", is_not_text="Bank transfers", money_note="No figures yet",
    )  # fmt: skip
    act(nils, ours, "route")

    # The owner gets a letter; the link in it opens this case without an account, and looking changes nothing.
    letter = eventually(lambda: house.letters(to="omar@desk.test"))[0]
    link = re.search(r"https?://[^\s>]+(/o/[^\s>/]+/)", letter.get_body(("plain",)).get_content())[1]
    omar = house.browser()
    omar.get(link)
    assert "charged twice" in omar.page
    case.refresh_from_db()
    assert case.state == CaseState.ROUTED
    act(omar, link, "accept")

    # He finds the cause, plans the fix, and freezes what will count as proof.
    act(omar, link, "add-cause", text="The retry charges again", path="occurrence", cause_class="product")
    act(omar, link, "add-cause", text="No alarm on double bookings", path="escape", cause_class="process")
    cause = Cause.objects.get(path="occurrence")
    act(omar, link, "judge-cause", cause=cause.pk, state="verified", evidence="The log of 3 May")
    act(omar, link, "plan")
    act(
        omar, link, "add-action", title="One charge for one key", cause=cause.pk, strength="strong",
        kind="corrective", route="fix_cause", assignee=cast.omar.pk, due_on=now.date().isoformat(), promised_cut=50,
    )  # fmt: skip
    act(omar, link, "freeze-plan", expected_cut=50, window_days=56, second_source="The ledger")
    action = Action.objects.get()
    act(omar, link, "move-action", action=action.pk, to="accepted")
    act(omar, link, "move-action", action=action.pk, to="implemented", on=now.date().isoformat())
    act(nils, ours, "confirm-action", action=action.pk, holds="yes")
    case.refresh_from_db()
    assert case.state == CaseState.MONITORING
    for name in house.names:
        house.kill(name)

    # Ten weeks later the complaint has become rare, the others are as ever, and the verdict falls by itself.
    with House(tmp_path, days_later=WEEKS_LATER) as later:
        table = tmp_path / "since.csv"
        then = now + timedelta(days=WEEKS_LATER)
        since = {code: {(WEEKS_LATER, 0): 2.0} for code in quiet}
        write_table(table, then, {**since, "charged-twice": {(WEEKS_LATER, 0): 0.4}}, seed=2)
        later.manage("import_tickets", str(table))
        later.manage("judge_cases")
        verdict = case.verdicts.get()
        assert verdict.verdict == "effective", verdict.reason
        nils = later.browser()
        nils.sign_in("nils@desk.test", PASSWORD)
        act(nils, ours, "tell")
        case.refresh_from_db()
        assert (case.state, case.outcome) == (CaseState.CLOSED, "effective")

        # "You said, we did": drafted by the worker, published by a person, read by everybody.
        later.settle()
        page = nils.get("/notices/")
        publish = re.search(r'action="(/notices/\d+/publish/)"', page) or re.search(
            r'href="(/notices/\d+/)"', page
        )
        assert publish, page
        nils.post(publish[1] if publish[1].endswith("publish/") else publish[1] + "publish/")
        stranger = later.browser()
        assert "charged twice" in stranger.get("/changes/").lower()
