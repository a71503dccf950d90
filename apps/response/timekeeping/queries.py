"""Time on a ticket, of a person, and about an issue."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from apps.response.timekeeping.models import RunningTimer, TimeEntry
from helpdesk.models import Ticket, User

SHOWN = 50


@dataclass(frozen=True)
class TimeBox:
    """What the box beside a ticket shows."""

    total: int
    entries: list[TimeEntry]
    running: RunningTimer | None


@dataclass(frozen=True)
class Total:
    """Minutes and tickets of a person or an issue; `name` is empty where no issue is known."""

    name: str
    minutes: int
    tickets: int


def time_box(ticket: Ticket, *, user: User) -> TimeBox:
    """Two queries."""
    rows = TimeEntry.objects.filter(ticket=ticket).select_related("user", "struck_by")
    running = RunningTimer.objects.filter(user=user).select_related("ticket").first()
    return TimeBox(ticket.handling_minutes, list(rows[:SHOWN]), running)


def totals(by: str, *, user: User, since: datetime, until: datetime) -> list[Total]:
    """Of the tickets this person may see, most first: by "person" or by "issue". One query."""
    name = {"person": "user__name", "issue": "ticket__primary_issue__path"}[by]
    rows = TimeEntry.objects.filter(
        struck_at=None, worked_at__gte=since, worked_at__lt=until, ticket__in=Ticket.objects.visible_to(user)
    )
    counted = rows.values(name).annotate(minutes=Sum("minutes"), tickets=Count("ticket", distinct=True))
    return [
        Total(row[name] or "", row["minutes"], row["tickets"]) for row in counted.order_by("-minutes", name)
    ]
