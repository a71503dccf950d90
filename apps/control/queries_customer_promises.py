"""What was promised to customers: of a ticket, of a person, as conditions one can ask for, and how many were kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.control.models import CustomerPromise, PromiseState
from apps.control.models.customer_promise import NOW_ON
from helpdesk.models import Ticket, User

MOST = 200
YEAR = timedelta(days=365)


def customer_promises_of(ticket: Ticket) -> QuerySet[CustomerPromise]:
    """Those of a ticket, the earliest first; one query."""
    return CustomerPromise.objects.on(ticket).select_related("owner", "settled_by", "ticket")


def customer_promises_for(user: User, *, everybody: bool = False) -> QuerySet[CustomerPromise]:
    """What this person has to keep, or all that people of the tickets they see have to; due first."""
    rows = CustomerPromise.objects.unsettled().select_related("ticket__customer", "owner")
    if everybody:
        return rows.filter(ticket__in=Ticket.objects.visible_to(user).order_by().values("pk"))[:MOST]
    return rows.filter(owner=user)[:MOST]


def tickets_with_promise(value: str, *, at: datetime) -> Q:
    """Tickets of which one may ask `promise:open`, `promise:due` (today, or overdue) or `promise:broken`."""
    rows = CustomerPromise.objects.unsettled()
    if value == "broken":
        rows = CustomerPromise.objects.filter(Q(state=PromiseState.BROKEN) | Q(state=PromiseState.LATE))
    if value == "due":
        rows = rows.filter(due_at__lt=at.replace(hour=23, minute=59, second=59))
    return Q(pk__in=rows.order_by().values_list(NOW_ON, flat=True))


def shown_to_customer(ticket: Ticket) -> list[tuple[str, str]]:
    """What the page of a request says of promises: those marked for it that still have to be kept, or were."""
    rows = CustomerPromise.objects.on(ticket).filter(is_public=True).exclude(state=PromiseState.WITHDRAWN)
    return [(_("We promised you"), _said(row)) for row in rows]


def _said(row: CustomerPromise) -> str:
    if row.settled_at is not None:
        return _("%(text)s (done)") % {"text": row.text}
    return _("%(text)s, until %(when)s") % {"text": row.text, "when": date_format(row.due_at, "j F, H:i")}


@dataclass(frozen=True)
class PromisesOfMonth:
    """Promises that were due in one month, by the department that answered."""

    month: date
    department: str
    kept: int
    broken: int
    open: int
    withdrawn: int

    @property
    def share(self) -> float | None:
        decided = self.kept + self.broken
        return self.kept / decided if decided else None


def promises_by_month(*, user: User, since: datetime, until: datetime) -> list[PromisesOfMonth]:
    """By department and month in which they were due, the newest first: kept in time, broken (kept late too), open,
    withdrawn; one query."""
    rows = CustomerPromise.objects.filter(due_at__gte=since, due_at__lt=until)
    seen = rows.filter(ticket__in=Ticket.objects.visible_to(user).order_by().values("pk"))
    grouped = seen.order_by().annotate(month=TruncMonth("due_at")).values("month", "ticket__department__name")
    counted = grouped.annotate(
        kept=Count("pk", filter=Q(state=PromiseState.KEPT)),
        broken=Count("pk", filter=Q(state__in=[PromiseState.BROKEN, PromiseState.LATE])),
        open=Count("pk", filter=Q(state=PromiseState.OPEN)),
        withdrawn=Count("pk", filter=Q(state=PromiseState.WITHDRAWN)),
    ).order_by("-month", "ticket__department__name")
    return [
        PromisesOfMonth(
            row["month"].date(), row["ticket__department__name"], row["kept"], row["broken"], row["open"],
            row["withdrawn"],
        )
        for row in counted
    ]  # fmt: skip
