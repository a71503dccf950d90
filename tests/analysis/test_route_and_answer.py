from datetime import timedelta
from decimal import Decimal

import pytest

from apps.analysis import services
from apps.analysis.models import Case, OwnershipRule
from apps.output.models import Delivery
from helpdesk.errors import Invalid, NotAllowed, NotFound
from helpdesk.models import Event
from tests.analysis.stages import SAID, SOON, assessed, fresh, investigating, nothing_happens, routed
from tests.analysis.world import TODAY, sow
from tests.factories import NOW, make_user


@pytest.fixture(autouse=True)
def some_tickets(world):
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)


@pytest.fixture
def olga(cast):
    """Shipping's owner."""
    olga = make_user("olga", "owner", cast.shipping)
    cast.shipping.head = olga
    cast.shipping.save()
    return olga


# --- opening and describing


def test_a_case_begins_with_its_tickets_linked_and_three_working_days(world):
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    assert (case.state, case.due_on) == (
        "assess",
        TODAY + timedelta(days=5),
    )  # Wednesday, and a weekend between
    assert case.evidence.filter(how="rule").count() > 10
    assert [event.kind for event in Event.objects.about("case", case.pk)][:1] == ["case.opened"]


def test_a_case_needs_something_to_begin_with(world):
    with pytest.raises(Invalid):
        services.open_case(by=world.cast.nils, at=NOW)
    with pytest.raises(NotAllowed):
        services.open_case(issue=world.charged, by=world.cast.ana, at=NOW)
    assert not Case.objects.exists()


def test_money_at_risk_is_weighed_from_the_assumptions(world):
    for parameter, low, likely, high in (
        ("customer_value", 50, 60, 80),
        ("multiplier", 3, 5, 9),
        ("loss_silent", 0, ".1", ".2"),
    ):
        services.set_assumption(
            parameter=parameter, low=Decimal(low), likely=Decimal(likely), high=Decimal(high), source="Finance",
            dated_on=TODAY, by=world.cast.nils, at=NOW,
        )  # fmt: skip
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    assert 0 < case.money_low < case.money_likely < case.money_high


def test_without_assumptions_the_money_says_what_is_missing(world):
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    assert case.money_likely is None
    assert "Value of a customer" in str(case.money_note)


# --- routing


def test_without_names_the_head_of_the_issues_department_gets_it(world):
    case = routed(world)
    assert (case.state, case.owner, case.owner_department) == ("routed", world.cast.omar, world.cast.billing)
    assert Delivery.objects.count() == 1


def test_an_ownership_rule_comes_before_the_issues_owner_and_the_more_precise_one_first(world, olga):
    OwnershipRule.objects.create(issue=world.parent, department=world.cast.billing, person=world.cast.omar)
    OwnershipRule.objects.create(
        issue=world.charged, department=world.cast.shipping, person=olga, deputy=world.cast.omar
    )
    case = routed(world)
    assert (case.owner, case.deputy) == (olga, world.cast.omar)
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("missing", ["statement", "is_text", "is_not_text", "money_note"])
def test_a_case_is_not_routed_before_it_is_described(world, missing):
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    services.describe_case(case=case, **{**SAID, missing: ""}, by=world.cast.nils, at=NOW)
    with nothing_happens(case), pytest.raises(services.NotReady):
        services.route_case(case=case, by=world.cast.nils, at=NOW)


def test_a_case_nobody_owns_asks_for_a_name(world):
    type(world.charged).objects.filter(pk=world.charged.pk).update(owner_department=None)
    case = assessed(world)
    with nothing_happens(case), pytest.raises(services.NobodyOwnsIt):
        services.route_case(case=case, by=world.cast.nils, at=NOW)


def test_only_somebody_who_can_answer_becomes_owner(world):
    case = assessed(world)
    with nothing_happens(case), pytest.raises(Invalid):
        services.route_case(case=case, owner=world.cast.ana, by=world.cast.nils, at=NOW)


def test_a_lead_describes_but_an_analyst_routes(world):
    case = assessed(world)
    with nothing_happens(case), pytest.raises(NotAllowed):
        services.route_case(case=case, by=world.cast.lena, at=NOW)


# --- the owner's five answers


def test_the_owner_accepts_with_a_date(world):
    case = routed(world)
    services.accept_case(case=case, until=SOON, by=world.cast.omar, at=NOW)
    assert (fresh(case).state, fresh(case).due_on) == ("investigating", SOON)


@pytest.mark.parametrize("days", [-1, 60])
def test_an_acceptance_has_a_day_within_fifteen_working_days(world, days):
    case = routed(world)
    with nothing_happens(case), pytest.raises(Invalid):
        services.accept_case(case=case, until=TODAY + timedelta(days=days), by=world.cast.omar, at=NOW)


def test_nobody_else_answers_for_the_owner(world, olga):
    case = routed(world)
    for stranger, error in ((world.cast.nils, NotAllowed), (world.cast.ana, NotAllowed), (olga, NotFound)):
        with nothing_happens(case), pytest.raises(error):
            services.accept_case(case=case, by=stranger, at=NOW)


def test_a_case_is_accepted_once(world):
    case = investigating(world)
    with nothing_happens(case), pytest.raises(services.WrongState):
        services.accept_case(case=case, by=world.cast.omar, at=NOW)


def test_not_ours_names_whose_it_is(world):
    case = routed(world)
    with nothing_happens(case), pytest.raises(Invalid):
        services.reject_case(case=case, reason="not_ours", by=world.cast.omar, at=NOW)
    with nothing_happens(case), pytest.raises(Invalid):
        services.reject_case(
            case=case, reason="not_ours", propose=world.cast.billing, by=world.cast.omar, at=NOW
        )
    with nothing_happens(case), pytest.raises(Invalid):
        services.reject_case(case=case, reason="by_design", by=world.cast.omar, at=NOW)
    with nothing_happens(case), pytest.raises(Invalid):
        services.reject_case(case=case, reason="lazy", by=world.cast.omar, at=NOW)
    services.reject_case(
        case=case, reason="not_ours", propose=world.cast.shipping, by=world.cast.omar, at=NOW
    )
    assert (fresh(case).state, fresh(case).rejections, fresh(case).needs_arbitration) == ("assess", 1, False)


def test_after_two_rejections_the_case_manager_decides_and_that_holds(world, olga):
    case = routed(world)
    services.reject_case(
        case=case, reason="not_ours", propose=world.cast.shipping, by=world.cast.omar, at=NOW
    )
    services.route_case(case=case, owner=olga, by=world.cast.nils, at=NOW)
    services.reject_case(case=case, reason="not_ours", propose=world.cast.billing, by=olga, at=NOW)
    assert fresh(case).needs_arbitration
    services.route_case(case=case, owner=world.cast.omar, by=world.cast.nils, at=NOW)
    assert (fresh(case).needs_arbitration, fresh(case).is_arbitrated) == (False, True)
    with nothing_happens(case), pytest.raises(services.Decided):
        services.reject_case(
            case=case, reason="not_ours", propose=world.cast.shipping, by=world.cast.omar, at=NOW
        )


def test_a_question_goes_back_and_is_no_rejection(world):
    case = routed(world)
    with nothing_happens(case), pytest.raises(Invalid):
        services.need_information(case=case, question=" ", by=world.cast.omar, at=NOW)
    services.need_information(case=case, question="Which cards?", by=world.cast.omar, at=NOW)
    assert (fresh(case).state, fresh(case).question, fresh(case).rejections) == ("assess", "Which cards?", 0)


def test_a_claimed_fix_is_measured_without_a_detour(world):
    sow(world, world.charged, {(300, 40): 1.0}, seed=2)
    case = routed(world)
    with nothing_happens(case), pytest.raises(Invalid):
        services.already_fixed(case=case, fixed_on=SOON, note="Patch", by=world.cast.omar, at=NOW)
    services.already_fixed(
        case=case, fixed_on=TODAY - timedelta(days=9), note="Patch", by=world.cast.omar, at=NOW
    )
    services.freeze_plan(
        case=case, expected_cut=0.5, window_days=28, second_source="Ledger", by=world.cast.nils, at=NOW
    )
    case = fresh(case)
    assert (case.state, case.decision_on) == ("monitoring", TODAY + timedelta(days=26))


def test_a_risk_is_accepted_by_somebody_who_may_and_for_a_time(world):
    case = routed(world)
    answer = {"case": case, "note": "Cheaper than the fix", "by": world.cast.omar, "at": NOW}
    with nothing_happens(case), pytest.raises(Invalid):
        services.accept_risk(approver=world.cast.ana, expires_on=SOON, **answer)
    with nothing_happens(case), pytest.raises(Invalid):
        services.accept_risk(approver=world.cast.omar, expires_on=TODAY, **answer)
    with nothing_happens(case), pytest.raises(Invalid):
        services.accept_risk(approver=world.cast.omar, expires_on=SOON, **answer | {"note": ""})
    services.accept_risk(approver=world.cast.omar, expires_on=SOON, **answer)
    assert (fresh(case).state, fresh(case).outcome, fresh(case).risk_expires_on) == (
        "closed",
        "risk_accepted",
        SOON,
    )


def test_a_new_owner_makes_the_old_letters_worthless(world, olga):
    case = routed(world)
    key = services.make_link(case=case, user=world.cast.omar, at=NOW)
    services.route_case(case=case, owner=olga, by=world.cast.nils, at=NOW)
    with pytest.raises(services.LinkExpired):
        services.link_by_key(key=key, at=NOW)


def test_the_deputy_may_answer(world, olga):
    case = assessed(world)
    services.route_case(case=case, owner=world.cast.omar, deputy=olga, by=world.cast.nils, at=NOW)
    services.accept_case(case=case, by=olga, at=NOW)
    assert fresh(case).state == "investigating"


def test_a_case_handed_over_is_accepted_by_the_row_in_the_database_not_by_the_one_in_hand(world):
    stale = assessed(world)
    services.route_case(case=stale, by=world.cast.nils, at=NOW)
    services.accept_case(case=stale, by=world.cast.omar, at=NOW)  # `stale` knows of no owner
    assert fresh(stale).state == "investigating"
