"""Work that was handed on: as conditions one can ask for."""

from datetime import datetime

from django.db.models import Q

from apps.control.models import Clock, Referral


def tickets_with_referral(value: str, *, at: datetime) -> Q:
    """Tickets of which one may ask `referral:open`, `referral:answered` (to be checked with the customer) or
    `referral:overdue`."""
    rows = Referral.objects.exclude(state=Referral.State.CLOSED)
    if value == "overdue":
        late = Clock.objects.unmet().filter(referral__isnull=False, due_at__lt=at)
        rows = rows.filter(pk__in=late.order_by().values("referral"))
    else:
        rows = rows.filter(state=value)
    return Q(pk__in=rows.order_by().values("ticket"))
