"""Who owns which cause, and the numbers of the money model, each with its source."""

from decimal import Decimal
from statistics import mean

from apps.analysis.models import OwnershipRule, Parameter
from apps.analysis.services import set_assumption
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Role, SuspectedCause


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
    present = [row for row in world.customers if row.left_on is None]
    value = Decimal(f"{mean(row.value for row in present):.2f}")
    base = Decimal(len(present))
    own = (
        (Parameter.CUSTOMER_BASE, base, base, base, "customers", "Customer list"),
        (Parameter.CUSTOMER_VALUE, value * 9 / 10, value, value * 11 / 10, "USD a year", "Accounting"),
        (
            Parameter.MULTIPLIER,
            Decimal("1.30"),
            Decimal("1.60"),
            Decimal("2.20"),
            "customers",
            "Churn survey",
        ),
        (
            Parameter.LOSS_SILENT,
            Decimal("0.060"),
            Decimal("0.110"),
            Decimal("0.170"),
            "share",
            "Churn survey",
        ),
        (
            Parameter.LOSS_SATISFIED,
            Decimal("0.010"),
            Decimal("0.020"),
            Decimal("0.040"),
            "share",
            "Churn survey",
        ),
        (
            Parameter.LOSS_MOLLIFIED,
            Decimal("0.040"),
            Decimal("0.080"),
            Decimal("0.130"),
            "share",
            "Churn survey",
        ),
        (
            Parameter.LOSS_DISSATISFIED,
            Decimal("0.120"),
            Decimal("0.210"),
            Decimal("0.320"),
            "share",
            "Churn survey",
        ),
        (Parameter.CONTACT_COST, Decimal("5.20"), Decimal("6.80"), Decimal("9.00"), "USD", "Time study"),
    )
    for parameter, low, likely, high, unit, source in own:
        set_assumption(
            parameter=parameter, low=low, likely=likely, high=high, unit=unit, source=source, dated_on=world.start,
            population="All customers", by=analyst, at=at,
        )  # fmt: skip
