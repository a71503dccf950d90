"""A case from the first signal to the proof, and the other ways it can end, over synthetic months."""

from datetime import timedelta

import pytest

from apps.analysis import services
from apps.analysis.models import Action, Case, CaseState, Signal, SignalState
from apps.analysis.queries.case_page import case_page
from apps.output.models import Delivery
from helpdesk.models import Event
from tests.analysis.world import TODAY, noon, sow, sow_quiet
from tests.factories import NOW

SURGE = {"begins": 110, "found": 100}  # days ago
FIXED = 75


def ago(days):
    return noon(TODAY - timedelta(days=days))


def on(days):
    return TODAY - timedelta(days=days)


def walk_to_routed(world, *, at, by_hand=False):
    if by_hand:
        case = services.open_case(issue=world.charged, by=world.cast.nils, at=at)
    else:
        services.find_signals(by=world.cast.system, at=at)
        case = services.promote_signal(
            signal=Signal.objects.get(issue=world.charged), by=world.cast.nils, at=at
        )
    services.describe_case(
        case=case,
        title="Invoices are charged twice",
        statement=case.statement or "Now and then",
        is_text="Card payments, since the release",
        is_not_text="Bank transfers",
        severity=2,
        money_note="No figures yet",
        by=world.cast.nils,
        at=at,
    )
    services.route_case(case=case, by=world.cast.nils, at=at)
    return Case.objects.get(pk=case.pk)


def walk_to_fixing(world, *, at, cut=0.5, until=FIXED, by_hand=False):
    cast, case = world.cast, walk_to_routed(world, at=at, by_hand=by_hand)
    services.accept_case(case=case, by=cast.omar, at=at)
    why = services.add_cause(
        case=case, text="The retry charges again", cause_class="product", by=cast.omar, at=at
    )
    services.add_cause(
        case=case,
        text="No alarm on double bookings",
        cause_class="process",
        path="escape",
        by=cast.omar,
        at=at,
    )
    services.judge_cause(cause=why, state="verified", evidence="Log of 3 May", by=cast.omar, at=at)
    services.begin_planning(case=case, by=cast.omar, at=at)
    services.add_action(
        case=case,
        title="Idempotency key on charges",
        strength="strong",
        cause=why,
        assignee=cast.omar,
        due_on=on(until),
        promised_cut=cut,
        by=cast.omar,
        at=at,
    )
    services.freeze_plan(
        case=case,
        expected_cut=cut,
        window_days=56,
        second_source="Ledger of double bookings",
        by=cast.omar,
        at=at,
    )
    return Case.objects.get(pk=case.pk)


def walk_to_monitoring(world, *, cut=0.5, by_hand=False):
    cast, case = world.cast, walk_to_fixing(world, at=ago(SURGE["found"]), cut=cut, by_hand=by_hand)
    action = Action.objects.get(case=case)
    services.move_action(action=action, to="accepted", by=cast.omar, at=ago(FIXED + 10))
    services.move_action(action=action, to="implemented", by=cast.omar, at=ago(FIXED))
    services.confirm_action(action=action, by=cast.nils, at=ago(FIXED))
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def years(world):
    """Quiet issues around one that surged; the tests say what became of it."""
    sow_quiet(world, days=420, but=(world.charged, world.refund))
    sow(world, world.charged, {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0}, seed=1)
    sow(world, world.refund, {(420, FIXED): 2.0}, seed=2)
    return world


def judged(world, after, *, neighbour=2.0, cut=0.5):
    sow(world, world.charged, {(FIXED, 0): after}, seed=3)
    sow(world, world.refund, {(FIXED, 0): neighbour}, seed=4)
    case = walk_to_monitoring(world, cut=cut)
    verdict = services.judge_case(case=case, by=world.cast.system, at=NOW)
    return Case.objects.get(pk=case.pk), verdict


def test_a_complaint_walks_from_signal_to_proof(years):
    case, verdict = judged(years, 0.6)
    assert verdict.verdict == "effective", verdict.reason
    assert case.state == CaseState.MONITORING  # until the customers are told
    services.tell_customers(case=case, by=years.cast.nils, at=NOW)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.CLOSED, "effective")
    assert Action.objects.get(case=case).state == "effective"
    kinds = list(Event.objects.about("case", case.pk).values_list("kind", flat=True))
    for kind in ("case.opened", "case.routed", "case.accepted", "cause.judged", "plan.frozen", "case.judged"):
        assert kind in kinds
    assert kinds[-1] == "case.moved"


def test_the_owner_gets_a_letter_with_a_way_in(years):
    sow(years, years.charged, {(FIXED, 0): 2}, seed=3)
    case = walk_to_routed(years, at=ago(SURGE["found"]))
    letter = Delivery.objects.get()
    assert "/o/" in str(vars(letter))
    assert case.owner == years.cast.omar
    assert case.due_on > on(SURGE["found"])


def test_the_baseline_of_the_plan_ends_before_the_detection(years):
    sow(years, years.charged, {(FIXED, 0): 2}, seed=3)
    case = walk_to_fixing(years, at=ago(SURGE["found"]))
    plan = case.plans.get()
    assert plan.baseline_end < plan.detection_start
    assert case.state == CaseState.FIXING
    assert 0.5 < plan.power <= 1
    assert len(plan.digest) == 64


def test_a_complaint_that_only_moved_is_called_displaced(years):
    case, verdict = judged(years, 0.4, neighbour=4.0)
    assert verdict.verdict == "displaced", verdict.reason
    assert case.state == CaseState.ASSESS


def test_a_fix_without_effect_goes_back_to_investigation(years):
    case, verdict = judged(years, 2.0, cut=0.7)
    assert verdict.verdict in ("ineffective", "back to normal only"), verdict.reason
    assert case.state == CaseState.INVESTIGATING
    assert Action.objects.get(case=case).state == "ineffective"


def test_too_few_tickets_extend_the_monitoring_and_the_next_look_must_be_surer(world):
    sow_quiet(world, days=420, but=(world.charged,))
    sow(world, world.charged, {(420, 0): 0.25}, seed=1)
    case = walk_to_monitoring(world, cut=0.2, by_hand=True)
    verdict = services.judge_case(case=case, by=world.cast.system, at=NOW)
    case.refresh_from_db()
    assert verdict.verdict == "inconclusive", verdict.reason
    assert case.state == CaseState.MONITORING
    assert case.decision_on > TODAY
    assert [plan.look for plan in case.plans.all()] == [1, 2]


def test_no_verdict_before_the_decision_date(years):
    sow(years, years.charged, {(FIXED, 0): 0.6}, seed=3)
    case = walk_to_monitoring(years)
    events = Event.objects.count()
    with pytest.raises(services.TooEarly):
        services.judge_case(case=case, by=years.cast.system, at=ago(20))
    assert Event.objects.count() == events
    assert not case.verdicts.exists()


def test_the_night_judges_what_is_due_once(years):
    sow(years, years.charged, {(FIXED, 0): 0.6}, seed=3)
    walk_to_monitoring(years)
    assert len(services.judge_due_cases(by=years.cast.system, at=NOW)) == 1
    assert services.judge_due_cases(by=years.cast.system, at=NOW) == []


def test_a_proven_fix_that_comes_undone_opens_its_case_again(years):
    sow(years, years.refund, {(FIXED, -60): 2.0}, seed=4)
    sow(years, years.late, {(0, -60): 2.0}, seed=11)
    sow(years, years.login, {(0, -60): 2.0}, seed=12)
    sow(years, years.charged, {(FIXED, -20): 0.6, (-20, -50): 5.0}, seed=3)
    case = walk_to_monitoring(years)
    services.tell_customers(case=case, waived="Everybody was told in May", by=years.cast.nils, at=NOW)
    services.judge_case(case=case, by=years.cast.system, at=NOW)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert services.watch_proven(by=years.cast.system, at=NOW + timedelta(days=18)) == []
    [signal] = services.watch_proven(by=years.cast.system, at=NOW + timedelta(days=50))
    case.refresh_from_db()
    assert (signal.kind, signal.case, signal.state) == ("regression", case, SignalState.PROMOTED)
    assert (case.state, case.regressions) == (CaseState.ASSESS, 1)
    assert case_page(case, at=NOW).old_proof.verdict == case.verdicts.get()
    assert services.watch_proven(by=years.cast.system, at=NOW + timedelta(days=50)) == []
    assert Event.objects.filter(kind="case.regressed", about=case.ref).count() == 1
