"""Worlds of months that many tests look at: each is built once for a file (`module_wide`), and every test has its own
copy of the objects. In such a file `world` and `cast` are not asked for: they are there already."""

from copy import deepcopy

import pytest
from django.utils import timezone

from apps.analysis import services
from helpdesk.models import Ticket
from tests.analysis.assumptions import assume
from tests.analysis.test_the_walk import FIXED, SURGE, walk_to_monitoring
from tests.analysis.world import World, day_before, make_world, sow, sow_quiet
from tests.factories import NOW, make_cast

NUMBERS = {
    "customer_base": (9000, 9000, 9000), "customer_value": (50, 60, 80), "multiplier": (2, 3, 5),
    "loss_silent": ("0.05", "0.10", "0.20"), "loss_satisfied": (0, "0.02", "0.04"),
    "loss_mollified": ("0.04", "0.08", "0.12"), "loss_dissatisfied": ("0.12", "0.20", "0.32"),
    "contact_cost": (4, 5, 9), "misroute_cost": (2, 3, 4),
}  # fmt: skip


def assume_all(world, at=NOW):
    for parameter, values in NUMBERS.items():
        assume(world, parameter, *values, at=at)


def judged_by_customers(satisfied=60, mollified=20, dissatisfied=20):
    """Enough of the sown tickets carry what customers said."""
    pks = list(Ticket.objects.order_by("-opened_at", "-pk").values_list("pk", flat=True)[:100])
    for outcome, count in (
        ("satisfied", satisfied),
        ("mollified", mollified),
        ("dissatisfied", dissatisfied),
    ):
        Ticket.objects.filter(pk__in=pks[:count]).update(outcome=outcome)
        pks = pks[count:]


def count_days(days=200):
    services.count_days(first=day_before(days), last=day_before(1), at=NOW)


# --- a complaint that surged, was fixed, and became rare


def sow_years(body="") -> World:
    world = make_world(make_cast())
    sow_quiet(world, days=420, but=(world.charged,))
    rates = {(420, SURGE["begins"]): 2.0, (SURGE["begins"], FIXED): 6.0, (FIXED, 0): 0.6}
    sow(world, world.charged, rates, seed=1, body=body)
    return world


@pytest.fixture(scope="module")
def years_of_the_file(module_wide):
    return sow_years()


@pytest.fixture
def years(years_of_the_file, db):
    """A complaint that surged, was fixed, and became rare."""
    return deepcopy(years_of_the_file)


@pytest.fixture(scope="module")
def proven_in_the_file(module_wide):
    world = sow_years(
        "My name is Zoe Miller, charged twice on card 4111 1111 1111 1111, call zoe@customer.test"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        services.judge_case(case=walk_to_monitoring(world), by=world.cast.system, at=NOW)
        assume_all(world)
    return world


@pytest.fixture
def proven(proven_in_the_file, db):
    """A complaint that surged, was fixed and proven to be gone."""
    return deepcopy(proven_in_the_file)


# --- quiet months with all that the money needs


@pytest.fixture(scope="module")
def weighed_in_the_file(module_wide):
    world = make_world(make_cast())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        sow_quiet(world, days=200)
        sow(world, None, {(60, 0): 1.0}, seed=3)
        judged_by_customers()
        count_days()
        assume_all(world)
    return world


@pytest.fixture
def weighed(weighed_in_the_file, db):
    """Two hundred days of four issues, with all that the money needs."""
    return deepcopy(weighed_in_the_file)
