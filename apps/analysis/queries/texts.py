"""The second source: how often the text model reads an issue in a ticket, whether or not anybody coded it."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from apps.analysis.deadlines import midnight
from apps.analysis.places import Place
from apps.analysis.series import Floats
from apps.intake.models import Suggestion
from helpdesk.models import Ticket

COVERED = 0.9  # share of the tickets that were read, before and after, or it says nothing
_FIELDS = {
    "product": "product__code", "department": "department__slug", "region": "region", "segment": "segment",
    "channel": "channel",
}  # fmt: skip


def read_texts(
    issues: Collection[int], place: Place, first: date, days: int, *, parts: tuple[tuple[int, int], ...]
) -> tuple[int, ...] | None:
    """Tickets a day whose likeliest issue is one of these; None where in one of the `parts` (index ranges) too few
    tickets were read, or the place is a version. Three queries.
    """
    if not place.is_everywhere and place.dimension not in _FIELDS:
        return None
    where = {} if place.is_everywhere else {_FIELDS[place.dimension]: place.value}
    tickets = Ticket.objects.filter(
        opened_at__gte=midnight(first), opened_at__lt=midnight(first + timedelta(days=days)),
        merged_into=None, campaign="", **where,
    )  # fmt: skip
    read = Suggestion.objects.filter(rank=1, ticket__in=tickets)
    all_read = _daily(read, "ticket__opened_at", first, days)
    if not all_read.any():
        return None
    there = _daily(tickets, "opened_at", first, days)
    for start, stop in parts:
        if all_read[start:stop].sum() < COVERED * there[start:stop].sum():
            return None
    said = _daily(read.filter(Q(issue__in=list(issues))), "ticket__opened_at", first, days)
    return tuple(map(int, said))


def _daily(rows: Any, field: str, first: date, days: int) -> Floats:
    counts = np.zeros(days)
    zone = ZoneInfo(settings.TIME_ZONE)
    found = rows.order_by().annotate(day=TruncDate(field, tzinfo=zone)).values("day").annotate(n=Count("pk"))
    for row in found:
        counts[(row["day"] - first).days] = row["n"]
    return counts
