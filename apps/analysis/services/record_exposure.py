from datetime import date, datetime

from django.db import transaction

from apps.analysis.deadlines import today
from apps.analysis.models import Exposure
from helpdesk.errors import Invalid
from helpdesk.models import User
from helpdesk.permissions import require


@transaction.atomic
def record_exposure(*, day: date, kind: str, value: int, by: User, at: datetime) -> Exposure:
    """Note how many customers were active, or orders made, on a day; a later number for the day replaces it.

    Raises Invalid for a day to come, an unknown kind, or nothing at all.
    """
    require(by, "analysis.assume")
    if kind not in Exposure.Kind.values:
        raise Invalid(f"Known kinds: {', '.join(Exposure.Kind.values)}.", pointer="kind")
    if value < 1:
        raise Invalid("A rate needs at least one to divide by.", pointer="value")
    if day > today(at):
        raise Invalid("That day is still to come.", pointer="day")
    row, _ = Exposure.objects.update_or_create(day=day, kind=kind, defaults={"value": value})
    return row
