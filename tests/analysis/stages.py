"""A case at each stage, reached by the services."""

from contextlib import contextmanager
from datetime import timedelta

from apps.analysis import services
from apps.analysis.models import Action, Case, Cause
from apps.output.models import Delivery
from helpdesk.models import Event
from tests.analysis.world import TODAY, World, sow
from tests.factories import NOW, make_user

SOON = TODAY + timedelta(days=7)
SAID = {
    "title": "Invoices are charged twice",
    "statement": "Since May, all regions, two a day",
    "is_text": "Card payments",
    "is_not_text": "Bank transfers",
    "severity": 2,
    "money_note": "No figures yet",
}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def assessed(world: World) -> Case:
    case = services.open_case(issue=world.charged, by=world.cast.nils, at=NOW)
    services.describe_case(case=case, **SAID, by=world.cast.nils, at=NOW)
    return fresh(case)


def routed(world: World) -> Case:
    case = assessed(world)
    services.route_case(case=case, by=world.cast.nils, at=NOW)
    return fresh(case)


def routed_to(world: World, owner) -> Case:
    """Beside the head of the department, with Dora as deputy; the letters of it are gone."""
    sow(world, world.charged, {(40, 0): 1.0}, seed=1)
    deputy = make_user("dora", "owner", world.cast.billing)
    case = assessed(world)
    services.route_case(case=case, owner=owner, deputy=deputy, by=world.cast.nils, at=NOW)
    Delivery.objects.all().delete()
    return fresh(case)


def investigating(world: World) -> Case:
    case = routed(world)
    services.accept_case(case=case, by=world.cast.omar, at=NOW)
    return fresh(case)


def add_cause(world: World, case: Case, **fields) -> Cause:
    given = {"text": "The retry charges again", "cause_class": "product"} | fields
    return services.add_cause(case=case, **given, by=world.cast.omar, at=NOW)


def planning(world: World) -> Case:
    case = investigating(world)
    cause = add_cause(world, case)
    add_cause(world, case, path="escape", text="No alarm")
    services.judge_cause(cause=cause, state="verified", evidence="The log", by=world.cast.omar, at=NOW)
    services.begin_planning(case=case, by=world.cast.omar, at=NOW)
    return fresh(case)


def add_action(world: World, case: Case, **fields) -> Action:
    given = {
        "title": "A key on each charge",
        "strength": "strong",
        "assignee": world.cast.ana,
        "due_on": SOON,
    } | fields
    return services.add_action(case=case, **given, by=world.cast.omar, at=NOW)


def fixing(world: World) -> tuple[Case, Action]:
    case = planning(world)
    action = add_action(world, case)
    services.freeze_plan(
        case=case, expected_cut=0.5, window_days=28, second_source="The ledger", by=world.cast.omar, at=NOW
    )
    return fresh(case), action


@contextmanager
def nothing_happens(case: Case):
    """What is refused changes no row of the case and writes no event."""
    before = (
        Case.objects.filter(pk=case.pk).values().get(),
        Event.objects.count(),
        list(case.actions.values()),
        list(case.causes.values()),
        case.plans.count(),
        case.evidence.values_list("pk", "excluded_at").count(),
    )
    yield
    after = (
        Case.objects.filter(pk=case.pk).values().get(),
        Event.objects.count(),
        list(case.actions.values()),
        list(case.causes.values()),
        case.plans.count(),
        case.evidence.values_list("pk", "excluded_at").count(),
    )
    assert before == after
