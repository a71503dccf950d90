from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.db.utils import DatabaseError

from apps.analysis import services
from apps.analysis.models import Case, EffectivenessPlan
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Event
from tests.analysis.stages import (
    SOON,
    add_action,
    add_cause,
    assessed,
    fixing,
    fresh,
    investigating,
    nothing_happens,
    planning,
    routed,
)
from tests.analysis.world import TODAY, sow_quiet
from tests.factories import NOW, make_ticket


@pytest.fixture(autouse=True)
def half_a_year_of_tickets(world):
    sow_quiet(world, days=230, rate=1.0)


# --- causes


def test_planning_begins_with_a_verified_cause_and_both_questions_asked(world):
    case = investigating(world)
    cause = add_cause(world, case)
    with nothing_happens(case), pytest.raises(services.CauseNotVerified):
        services.begin_planning(case=case, by=world.cast.omar, at=NOW)
    services.judge_cause(cause=cause, state="verified", evidence="The log", by=world.cast.omar, at=NOW)
    with nothing_happens(case), pytest.raises(services.CauseNotVerified, match="nobody catch it"):
        services.begin_planning(case=case, by=world.cast.omar, at=NOW)
    add_cause(world, case, path="escape")
    services.begin_planning(case=case, by=world.cast.omar, at=NOW)
    assert fresh(case).state == "planning"


def test_a_cause_is_not_verified_without_evidence(world):
    case = investigating(world)
    cause = add_cause(world, case)
    for state in ("verified", "refuted"):
        with nothing_happens(case), pytest.raises(Invalid):
            services.judge_cause(cause=cause, state=state, by=world.cast.omar, at=NOW)
    services.judge_cause(cause=cause, state="refuted", evidence="Not in the log", by=world.cast.omar, at=NOW)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.judge_cause(cause=cause, state="verified", evidence="x", by=world.cast.omar, at=NOW)


def test_a_cause_explains_one_of_its_own_case(world):
    case, other = investigating(world), investigating(world)
    theirs = add_cause(world, other)
    with nothing_happens(case), pytest.raises(Invalid):
        add_cause(world, case, parent=theirs)
    for wrong in ({"text": " "}, {"cause_class": "ghosts"}, {"path": "sideways"}):
        with nothing_happens(case), pytest.raises(Invalid):
            add_cause(world, case, **wrong)


def test_causes_are_looked_for_after_the_owner_accepted(world):
    case = routed(world)
    with nothing_happens(case), pytest.raises(services.WrongState):
        add_cause(world, case)


def test_an_agent_does_not_work_on_a_case(world):
    case = investigating(world)
    with nothing_happens(case), pytest.raises(NotAllowed):
        services.add_cause(case=case, text="x", cause_class="product", by=world.cast.ana, at=NOW)


# --- actions


def test_an_action_with_a_person_and_a_day_is_assigned_at_once(world):
    case = planning(world)
    assert add_action(world, case).state == "assigned"
    proposed = add_action(world, case, assignee=None)
    assert proposed.state == "proposed"
    services.assign_action(action=proposed, assignee=world.cast.ana, due_on=SOON, by=world.cast.omar, at=NOW)
    assert fresh(proposed).state == "assigned"


@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"strength": "heroic"}, {"promised_cut": 1.5}, {"due_on": TODAY - timedelta(days=1)}],
)
def test_an_action_that_makes_no_sense_is_refused(world, wrong):
    case = planning(world)
    with nothing_happens(case), pytest.raises(Invalid):
        add_action(world, case, **wrong)


def test_corrective_actions_wait_for_the_plan_but_containment_does_not(world):
    case = investigating(world)
    with nothing_happens(case), pytest.raises(services.WrongState):
        add_action(world, case)
    assert add_action(world, case, kind="containment").kind == "containment"


def test_whoever_did_it_or_owns_it_does_not_confirm_it(world):
    case, action = fixing(world)
    services.move_action(action=action, to="accepted", by=world.cast.ana, at=NOW)
    services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)
    Case.objects.filter(pk=case.pk).update(owner=world.cast.ada)
    with nothing_happens(case), pytest.raises(services.SameHands):
        services.confirm_action(action=action, by=world.cast.ada, at=NOW)
    with nothing_happens(case), pytest.raises(NotAllowed):
        services.confirm_action(action=action, by=world.cast.ana, at=NOW)
    services.confirm_action(action=action, by=world.cast.nils, at=NOW)
    assert (fresh(action).state, fresh(case).state) == ("observing", "monitoring")


def test_an_action_that_is_not_in_place_goes_back_to_work(world):
    case, action = fixing(world)
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)
    with nothing_happens(case), pytest.raises(Invalid):
        services.confirm_action(action=action, holds=False, by=world.cast.nils, at=NOW)
    services.confirm_action(action=action, holds=False, note="Only in one region", by=world.cast.nils, at=NOW)
    assert (fresh(action).state, fresh(case).state) == ("in_progress", "fixing")


def test_nobody_says_confirmed_or_effective(world):
    case, action = fixing(world)
    for state in ("confirmed", "observing", "effective"):
        with nothing_happens(case), pytest.raises(services.WrongState):
            services.move_action(action=action, to=state, by=world.cast.ana, at=NOW)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)  # not even begun


def test_a_blocked_action_is_not_implemented(world):
    case, action = fixing(world)
    services.move_action(action=action, to="in_progress", by=world.cast.ana, at=NOW)
    services.block_action(action=action, obstacle="No budget", by=world.cast.ana, at=NOW)
    with nothing_happens(case), pytest.raises(services.Blocked):
        services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)
    services.block_action(action=action, obstacle="", by=world.cast.ana, at=NOW)
    services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)


def test_a_due_date_moves_with_a_reason(world):
    case, action = fixing(world)
    later = SOON + timedelta(days=7)
    with nothing_happens(case), pytest.raises(Invalid):
        services.change_due(action=action, due_on=later, reason=" ", by=world.cast.omar, at=NOW)
    services.change_due(
        action=action, due_on=later, reason="The supplier is late", by=world.cast.omar, at=NOW
    )
    assert (fresh(action).due_on, action.due_changes.get().before) == (later, SOON)


def test_giving_an_action_up_needs_a_reason_and_can_leave_the_rest_to_be_measured(world):
    case, action = fixing(world)
    second = add_action(world, case, title="Train everybody", strength="weak")
    services.move_action(action=action, to="accepted", by=world.cast.ana, at=NOW)
    services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)
    services.confirm_action(action=action, by=world.cast.nils, at=NOW)
    assert fresh(case).state == "fixing"
    with nothing_happens(case), pytest.raises(Invalid):
        services.move_action(action=second, to="not_doing", by=world.cast.omar, at=NOW)
    services.move_action(action=second, to="not_doing", note="Not needed", by=world.cast.omar, at=NOW)
    assert fresh(case).state == "monitoring"


# --- the frozen plan


def test_a_plan_needs_work_with_a_person_and_a_day(world):
    case = planning(world)
    add_action(world, case, due_on=None)
    with nothing_happens(case), pytest.raises(services.NoWork):
        services.freeze_plan(case=case, expected_cut=0.5, second_source="x", by=world.cast.omar, at=NOW)


def test_weak_actions_alone_need_a_written_reason(world):
    case = planning(world)
    add_action(world, case, strength="weak")
    freeze = {"case": case, "expected_cut": 0.5, "second_source": "Ledger", "by": world.cast.omar, "at": NOW}
    with nothing_happens(case), pytest.raises(services.WeakOnly):
        services.freeze_plan(**freeze)
    services.freeze_plan(**freeze, override="The machine goes next month")
    assert case.plans.get().override


@pytest.mark.parametrize(
    "wrong", [{"expected_cut": 0.0}, {"expected_cut": 1.2}, {"window_days": 5}, {"second_source": ""}]
)
def test_a_plan_that_proves_nothing_is_refused(world, wrong):
    case = planning(world)
    add_action(world, case)
    given = {"expected_cut": 0.5, "window_days": 28, "second_source": "Ledger"} | wrong
    with nothing_happens(case), pytest.raises(Invalid):
        services.freeze_plan(case=case, **given, by=world.cast.omar, at=NOW)


def test_without_a_baseline_there_is_no_plan(world):
    case = planning(world)
    add_action(world, case)
    Case.objects.filter(pk=case.pk).update(detection_start=TODAY - timedelta(days=215))
    with nothing_happens(case), pytest.raises(services.NoBaseline):
        services.freeze_plan(case=case, expected_cut=0.5, second_source="x", by=world.cast.omar, at=NOW)


def test_the_database_refuses_to_change_a_frozen_plan_or_a_verdict(world):
    fixing(world)
    for change in (
        lambda: EffectivenessPlan.objects.update(expected_cut=0.1),
        EffectivenessPlan.objects.all().delete,
    ):
        with pytest.raises((InternalError, DatabaseError)), transaction.atomic():
            change()
    assert EffectivenessPlan.objects.get().expected_cut == 0.5


def test_the_database_refuses_a_state_that_can_not_follow(world):
    case = assessed(world)
    with pytest.raises((InternalError, DatabaseError)), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="fixing")


# --- ends


def test_only_the_test_calls_a_case_effective(world):
    case, action = fixing(world)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.close_case(case=case, outcome="effective", note="", by=world.cast.nils, at=NOW)
    services.move_action(action=action, to="accepted", by=world.cast.ana, at=NOW)
    services.move_action(action=action, to="implemented", by=world.cast.ana, at=NOW)
    services.confirm_action(action=action, by=world.cast.nils, at=NOW)
    with nothing_happens(case), pytest.raises(services.NotProven):
        services.close_case(case=case, outcome="effective", note="", by=world.cast.nils, at=NOW)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.close_case(case=case, outcome="cancelled", note="Enough", by=world.cast.nils, at=NOW)


def test_a_duplicate_hands_its_tickets_to_the_other(world):
    case, other = assessed(world), services.open_case(issue=world.late, by=world.cast.nils, at=NOW)
    close = {"case": case, "outcome": "duplicate", "note": "The same", "by": world.cast.nils, "at": NOW}
    with nothing_happens(case), pytest.raises(Invalid):
        services.close_case(**close)
    with nothing_happens(case), pytest.raises(Invalid):
        services.close_case(**close, duplicate_of=case)
    services.close_case(**close, duplicate_of=other)
    assert set(case.evidence.values_list("ticket", flat=True)) <= set(
        other.evidence.values_list("ticket", flat=True)
    )


def test_a_case_rests_with_a_reason_and_comes_back_where_it_was(world):
    case = investigating(world)
    with nothing_happens(case), pytest.raises(Invalid):
        services.hold_case(case=case, reason="", review_on=SOON, by=world.cast.nils, at=NOW)
    services.hold_case(case=case, reason="Supplier's move", review_on=SOON, by=world.cast.nils, at=NOW)
    assert (fresh(case).state, fresh(case).due_on) == ("on_hold", SOON)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.hold_case(case=case, reason="Again", review_on=SOON, by=world.cast.nils, at=NOW)
    services.resume_case(case=case, by=world.cast.nils, at=NOW)
    assert (fresh(case).state, fresh(case).hold_reason) == ("investigating", "")


def test_evidence_is_linked_once_and_taken_out_by_who_works_on_the_case(world):
    case = routed(world)
    ticket = make_ticket(world.cast)
    first = services.link_ticket(ticket=ticket, case=case, by=world.cast.ana, at=NOW)
    assert services.link_ticket(ticket=ticket, case=case, by=world.cast.ana, at=NOW) == first
    with pytest.raises(NotAllowed):
        services.exclude_ticket(evidence=first, by=world.cast.ana, at=NOW)
    services.exclude_ticket(evidence=first, by=world.cast.omar, at=NOW)
    assert fresh(first).excluded_by == world.cast.omar
    assert Event.objects.filter(kind="evidence.changed").count() == 2


def test_nothing_is_linked_to_a_closed_case(world):
    case = assessed(world)
    services.close_case(case=case, outcome="cancelled", note="x", by=world.cast.nils, at=NOW)
    ticket = make_ticket(world.cast)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.link_ticket(ticket=ticket, case=case, by=world.cast.ana, at=NOW)
    with pytest.raises(services.WrongState):
        services.publish_workaround(case=case, workaround="x", by=world.cast.nils, at=NOW)


def test_a_cause_lies_where_somebody_says_or_where_its_kind_does(world):
    case = investigating(world)
    assert add_cause(world, case).bone == "product"
    assert add_cause(world, case, category="measurement").bone == "measurement"
    with nothing_happens(case), pytest.raises(Invalid):
        add_cause(world, case, category="stars")


def test_the_fishbone_shows_both_questions_of_the_same_causes(world, sign_in):
    case = investigating(world)
    add_cause(world, case)
    client, url = sign_in(world.cast.omar), f"/cases/{case.pk}/"
    page = client.get(url).content.decode()
    assert "Why did it happen? Nothing verified yet; 5 of 6 kinds not looked at" in page
    assert "Why did nobody catch it? Nothing" not in page
    cause = add_cause(world, case, path="escape", category="measurement", text="No alarm")
    services.judge_cause(cause=cause, state="verified", evidence="The log", by=world.cast.omar, at=NOW)
    assert "Why did nobody catch it? Verified under: Checks and measures" in client.get(url).content.decode()


def test_what_was_done_and_confirmed_while_it_was_planned_is_measured_as_soon_as_the_plan_is_frozen(world):
    sow_quiet(world)
    case = planning(world)
    action = add_action(world, case)
    for state in ("accepted", "in_progress", "implemented"):
        services.move_action(action=action, to=state, by=world.cast.ana, at=NOW)
    services.confirm_action(action=fresh(action), by=world.cast.nils, at=NOW)
    services.freeze_plan(
        case=case, expected_cut=0.5, window_days=28, second_source="The ledger", by=world.cast.omar, at=NOW
    )
    assert fresh(case).state == "monitoring"
