import pytest

from apps.evaluation import services
from apps.evaluation.models import Goal, Measure
from helpdesk import events
from helpdesk.errors import Invalid, NotAllowed
from tests.factories import NOW


def set_goal(by, *, measure="resolve", target=0.9, department=None):
    return services.set_goal(measure=measure, target=target, department=department, by=by, at=NOW)


def test_a_new_house_has_a_goal_for_every_measure(cast, deliver_news):
    events.record("house.opened", by=cast.system, at=NOW)
    deliver_news()
    assert set(Goal.objects.values_list("measure", flat=True)) == set(Measure.values)


def test_presets_leave_goals_alone_that_somebody_set(cast):
    set_goal(cast.ada, target=0.42)
    services.lay_out_goals(by=cast.system, at=NOW)
    assert [goal.target for goal in Goal.objects.all()] == [0.42]


def test_the_same_goal_again_changes_it_and_the_history_keeps_what_it_was(cast):
    set_goal(cast.ada, target=0.8)
    goal = set_goal(cast.ada, target=0.9)
    assert Goal.objects.get().target == 0.9
    assert [row.target for row in goal.events.order_by("pgh_id")] == [0.8, 0.9]


def test_a_lead_sets_the_goals_of_their_own_department(cast):
    assert set_goal(cast.lena, department=cast.billing).department == cast.billing


@pytest.mark.parametrize("whose", ["shipping", None])
def test_a_lead_does_not_set_the_goals_of_others(cast, whose):
    with pytest.raises(NotAllowed):
        set_goal(cast.lena, department=cast.shipping if whose else None)
    assert not Goal.objects.exists()


def test_a_lead_does_not_withdraw_the_goals_of_others(cast):
    goal = set_goal(cast.ada)
    with pytest.raises(NotAllowed):
        services.withdraw_goal(goal=goal, by=cast.lena)
    assert Goal.objects.exists()


@pytest.mark.parametrize("name", ["ana", "omar", "nils", "robot"])
def test_only_leads_and_administrators_set_goals(cast, name):
    with pytest.raises(NotAllowed):
        set_goal(getattr(cast, name), department=cast.billing)


@pytest.mark.parametrize("target", [0, -0.1, 1.01])
def test_a_goal_is_a_share(cast, target):
    with pytest.raises(Invalid):
        set_goal(cast.ada, target=target)


def test_fewer_complaints_are_no_measure(cast):
    with pytest.raises(Invalid):
        set_goal(cast.ada, measure="complaints")


def test_a_withdrawn_goal_is_gone(cast):
    services.withdraw_goal(goal=set_goal(cast.ada), by=cast.ada)
    assert not Goal.objects.exists()
