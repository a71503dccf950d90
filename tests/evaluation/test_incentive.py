"""The prevention score and its guards: tables of cases, and simulated ways to win by hearing less."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from apps.evaluation import incentive
from apps.evaluation.incentive import Bonus, Deeds, Facts, Guard, State
from apps.evaluation.tally import Tally

FULL = Deeds(
    tried=2, promised=1.0, proven=0.8, saved=30_000.0, dearest=10_000.0, handed_over=Tally(3, 4),
    actions=Tally(1, 2), fixes=Tally(4, 4),
)  # fmt: skip


@pytest.mark.parametrize(
    ("deeds", "points"),
    [
        # 30 * .8 + 30 * .75 + 15 * .75 + 15 * .5 + 10 * 1
        (FULL, 75.2),
        (replace(FULL, proven=0.0, tried=2), 51.2),
        # More than was promised is no more than what was promised.
        (replace(FULL, proven=1.5), 81.2),
        # Saved without anything left open is all of it.
        (replace(FULL, dearest=None), 82.8),
        # Nothing saved while something waits is nothing.
        (replace(FULL, saved=None), 52.8),
        # What is unknown leaves the others their weight: (30 * .8 + 30 * .75) / 60
        (Deeds(tried=2, promised=1.0, proven=0.8, saved=30_000.0, dearest=10_000.0), 77.5),
        # Less than half of the weight is no score.
        (Deeds(handed_over=Tally(4, 4), actions=Tally(2, 2), fixes=Tally(1, 1)), None),
        (Deeds(), None),
    ],
)
def test_the_score_is_the_weighted_mean_of_what_is_known(deeds, points):
    assert incentive.score(deeds).value == points


def test_the_weights_are_a_hundred():
    assert sum(part.weight for part in incentive.score(FULL).parts) == 100


@pytest.mark.parametrize(
    ("points", "bonus", "pays"),
    [
        (80.0, None, None),
        (80.0, Bonus("", 60, Decimal(5000)), Decimal("4000.00")),
        (59.9, Bonus("", 60, Decimal(5000)), Decimal("0.00")),
        (None, Bonus("", 0, Decimal(5000)), Decimal("0.00")),
        (33.3, Bonus("", 0, Decimal("0.50")), Decimal("0.17")),
    ],
)
def test_a_bonus_is_paid_in_proportion_from_its_threshold_on(points, bonus, pays):
    assert incentive.would_pay(points, bonus) == pays


# --- the guards ---------------------------------------------------------------------------------------

USUAL = {
    "uncoded": 0.05, "other": 0.08, "milder": 0.10, "reopened": 0.08, "unanswered": 0.02, "asked": 0.6,
    "response": 0.35, "satisfied": 0.65, "moved_away": 0.03, "found": 0.10,
}  # fmt: skip
CUSTOMER_DAYS = 90 * 10_000.0


def draw(random, *, contacts=400, **changed) -> Facts:
    """A quarter as it may come; a share that is not named is the usual one."""
    share = USUAL | changed
    own = int(random.poisson(contacts))
    solved = int(random.poisson(400))
    uncoded = int(random.binomial(solved, share["uncoded"]))
    coded = solved - uncoded
    asked = int(random.binomial(solved, share["asked"]))
    told = int(random.binomial(asked, share["response"]))
    away = int(random.binomial(own, share["moved_away"]))
    offered = 3 * told
    return Facts(
        solved=solved, uncoded=uncoded, other=int(random.binomial(coded, share["other"])),
        milder=int(random.binomial(coded, share["milder"])), reopened=int(random.binomial(solved, share["reopened"])),
        written=solved, unanswered=int(random.binomial(solved, share["unanswered"])), asked=asked, told=told,
        satisfied=int(random.binomial(told, share["satisfied"])), own=own - away, moved_away=away,
        exposure=CUSTOMER_DAYS, offered=offered, found=int(random.binomial(offered, share["found"])),
    )  # fmt: skip


def read(random, **changed):
    before = [draw(random) for _ in range(4)]
    return {reading.guard: reading for reading in incentive.guards(draw(random, **changed), before)}


def broken(times, **changed) -> dict[Guard, float]:
    """How often each guard breaks."""
    random = np.random.default_rng(7)
    count = dict.fromkeys(Guard, 0)
    for _ in range(times):
        for guard, reading in read(random, **changed).items():
            count[guard] += reading.state == State.BROKEN
    return {guard: number / times for guard, number in count.items()}


def test_every_guard_has_a_reading_in_plain_words():
    readings = read(np.random.default_rng(1))
    assert list(readings) == list(Guard)
    assert all(str(reading.says).endswith(".") for reading in readings.values())


def test_a_quarter_in_which_nothing_was_done_seldom_breaks_a_guard():
    random = np.random.default_rng(11)
    with_one = sum(
        any(reading.state == State.BROKEN for reading in read(random).values()) for _ in range(300)
    )
    assert with_one / 300 <= 0.06


@pytest.mark.parametrize(
    ("trick", "caught_by"),
    [
        # Tickets are given to another department's issues.
        ({"moved_away": 0.20}, Guard.RECODED),
        # The form is hidden: fewer tell us, and more have it when they are asked.
        ({"contacts": 240, "found": 0.20}, Guard.INTAKE),
        ({"milder": 0.25}, Guard.SEVERITY),
        # Whoever will be unhappy is not asked.
        ({"asked": 0.40}, Guard.ASKED),
        ({"uncoded": 0.15}, Guard.UNCODED),
        ({"other": 0.20}, Guard.OTHER),
        # Closed to look fast.
        ({"unanswered": 0.10}, Guard.UNANSWERED),
        ({"reopened": 0.18}, Guard.REOPENED),
        ({"satisfied": 0.35}, Guard.SATISFACTION),
    ],
    ids=lambda value: str(value) if isinstance(value, Guard) else "",
)
def test_a_way_to_win_by_hearing_less_is_caught(trick, caught_by):
    assert broken(60, **trick)[caught_by] >= 0.9


def test_a_cure_breaks_nothing():
    """Half as many contacts because the cause is gone: of those who are asked fewer have it too."""
    assert broken(60, contacts=200, found=0.05)[Guard.INTAKE] == 0


def test_fewer_contacts_without_anybody_asked_are_in_doubt():
    before = [Facts(own=400, exposure=CUSTOMER_DAYS)] * 4
    found = incentive.guards(Facts(own=200, exposure=CUSTOMER_DAYS), before)
    assert [(reading.guard, reading.state) for reading in found if reading.guard == Guard.INTAKE] == [
        (Guard.INTAKE, State.IN_DOUBT)
    ]


def test_no_contact_at_all_is_never_held():
    before = [Facts(own=400, exposure=CUSTOMER_DAYS)] * 4
    states = {r.guard: r.state for r in incentive.guards(Facts(exposure=CUSTOMER_DAYS), before)}
    assert states[Guard.INTAKE] == State.IN_DOUBT


def test_too_few_are_in_doubt_and_not_broken():
    before = [Facts(solved=5, uncoded=0)] * 4
    found = incentive.guards(Facts(solved=5, uncoded=5), before)
    assert {reading.state for reading in found} == {State.IN_DOUBT}


def test_a_department_without_tickets_has_nothing_to_guard():
    assert incentive.guards(Facts(), [Facts()] * 4) == ()


def test_quarters_that_always_differ_widen_what_counts_as_chance():
    steady = [Facts(solved=1000, reopened=100)] * 4
    moody = [Facts(solved=1000, reopened=number) for number in (40, 160, 60, 140)]
    now = Facts(solved=1000, reopened=140)
    state = {name: incentive.guards(now, before) for name, before in (("steady", steady), ("moody", moody))}
    reopened = {
        name: next(r.state for r in found if r.guard == Guard.REOPENED) for name, found in state.items()
    }
    assert reopened == {"steady": State.BROKEN, "moody": State.HELD}
