from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from apps.analysis.models import Assumption, Parameter
from apps.analysis.presets import PRESETS
from apps.analysis.services.access import must_be_said
from helpdesk.errors import Invalid
from helpdesk.models import Issue, User
from helpdesk.permissions import require

SHARES = frozenset(name for name in Parameter.values if name.startswith("loss_"))


@transaction.atomic
def set_assumption(*, parameter: str, low: Decimal, likely: Decimal, high: Decimal, source: str, dated_on: date,
                   population: str = "", unit: str = "", issue: Issue | None = None, by: User,
                   at: datetime) -> Assumption:  # fmt: skip
    """Set one number of the money model, with its source and its range. Raises Invalid."""
    require(by, "analysis.assume")
    if parameter not in Parameter.values:
        raise Invalid(f"Choose one of: {', '.join(Parameter.labels)}.", pointer="parameter")
    if not 0 <= low <= likely <= high:
        raise Invalid("Low, likely and high must be in order, and not negative.", pointer="likely")
    if parameter in SHARES and high > 1:
        raise Invalid("A share lies between 0 and 1.", pointer="high")
    if parameter == Parameter.MULTIPLIER and low < 1:
        raise Invalid(
            "At least the customer who tells us has the problem: the multiplier is 1 or more.", pointer="low"
        )
    row, _ = Assumption.objects.update_or_create(
        parameter=parameter, issue=issue,
        defaults={
            "low": low, "likely": likely, "high": high, "source": must_be_said(source, "source", "The source"),
            "dated_on": dated_on, "population": population, "unit": unit, "set_by": by, "set_at": at,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def adopt_preset(*, name: str, by: User, at: datetime) -> list[Assumption]:
    """Take over a published set of numbers, with its source; each can be replaced by our own. Raises Invalid."""
    require(by, "analysis.assume")
    preset = PRESETS.get(name)
    if preset is None:
        raise Invalid(f"There is no such preset. Known: {', '.join(PRESETS)}.", pointer="name")
    return [
        set_assumption(
            parameter=row.parameter, low=row.low, likely=row.likely, high=row.high, unit=row.unit,
            source=preset.source, dated_on=preset.dated_on, population=preset.population, by=by, at=at,
        )
        for row in preset.rows
    ]  # fmt: skip
