"""Who owns which cause, and the numbers of the money model, each with its source."""

from decimal import Decimal
from statistics import mean

from apps.analysis.models import OwnershipRule, Parameter
from apps.analysis.services import adopt_preset, set_assumption
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Role, SuspectedCause

PRESETS = ("loyalty-small-loss", "multiplier-mistreatment")


def set_ownership(world: World, house: House) -> None:
    """Each branch of the tree belongs to a department; what was promised wrongly belongs to Marketing."""
    for node in world.nodes:
        if node.parent is None:
            issue, department = house.issues[node.code], house.departments[node.owner_department]
            OwnershipRule.objects.create(issue=issue, department=department)
    OwnershipRule.objects.create(
        cause_class=SuspectedCause.PROMISE, department=house.departments["marketing"]
    )


def set_money(world: World, house: House) -> None:
    analyst = next(person for person in house.people.values() if person.role == Role.ANALYST)
    at = house.opened_at
    for name in PRESETS:
        adopt_preset(name=name, by=analyst, at=at)
    present = [row for row in world.customers if row.left_on is None]
    value = Decimal(f"{mean(row.value for row in present):.2f}")
    base = Decimal(len(present))
    own = (
        (Parameter.CUSTOMER_BASE, base, base, base, "customers", "Customer list"),
        (Parameter.CUSTOMER_VALUE, value * 9 / 10, value, value * 11 / 10, "GBP a year", "Accounting"),
        (Parameter.CONTACT_COST, Decimal("5.20"), Decimal("6.80"), Decimal("9.00"), "GBP", "Time study"),
    )
    for parameter, low, likely, high, unit, source in own:
        set_assumption(
            parameter=parameter, low=low, likely=likely, high=high, unit=unit, source=source, dated_on=world.start,
            population="All customers", by=analyst, at=at,
        )  # fmt: skip
