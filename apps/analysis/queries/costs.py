"""What contacts cost directly: whose causes they are, how many are repeats, how many came to the wrong place."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from apps.analysis.deadlines import midnight
from helpdesk.models import Event, TicketIssue

# A customer who comes again with the same issue within this time was not helped the first time.
REPEAT_WITHIN = timedelta(days=30)

# One pass over the tickets of the window and the month before it. A ticket merged into another is a contact about
# that one's issue; attempts the customer made before count only where no earlier ticket stands for them. What a
# campaign asked for is no cause's doing.
CONTACTS = """
    SELECT issue, department, count(*), count(*) FILTER (WHERE is_repeat), sum(reopened_count),
           sum(attempts_before) FILTER (WHERE NOT is_repeat), sum(told_others)
    FROM (
        SELECT CASE WHEN ticket.merged_into_id IS NULL THEN ticket.primary_issue_id ELSE (
                   SELECT main.primary_issue_id FROM helpdesk_ticket main WHERE main.id = ticket.merged_into_id
               ) END AS issue, ticket.department_id AS department,
               ticket.opened_at, ticket.reopened_count, ticket.attempts_before, ticket.told_others,
               ticket.merged_into_id IS NOT NULL OR coalesce(
                   ticket.primary_issue_id IS NOT NULL AND ticket.opened_at - lag(ticket.opened_at) OVER (
                       PARTITION BY ticket.customer_id, ticket.primary_issue_id ORDER BY ticket.opened_at, ticket.id
                   ) <= %(within)s, false
               ) AS is_repeat
        FROM helpdesk_ticket ticket
        WHERE ticket.opened_at >= %(before)s AND ticket.opened_at < %(stop)s AND ticket.campaign = ''
    ) contact
    WHERE opened_at >= %(start)s
    GROUP BY issue, department ORDER BY issue, department
"""
CUSTOMERS = """
    SELECT count(*) FROM (
        SELECT DISTINCT customer_id FROM helpdesk_ticket
        WHERE opened_at >= %(start)s AND opened_at < %(stop)s AND campaign = ''
    ) customer
"""


@dataclass(frozen=True)
class Contacted:
    """Tickets with one (primary) issue answered by one department. A contact more is a repeat: a further ticket of
    the same customer, a reopening, or an attempt made before the ticket.
    """

    issue: int | None
    department: int
    tickets: int
    repeats: int

    @property
    def contacts(self) -> int:
        return self.tickets + self.repeats


@dataclass(frozen=True)
class Costs:
    """What the contacts of some days consist of."""

    rows: tuple[Contacted, ...]
    tickets: int
    # Tickets that begin something: not the same customer's same issue again.
    problems: int
    contacts: int
    customers: int
    told_others: int
    moves: int
    refunds: dict[int, float]


def read_costs(first: date, last: date) -> Costs:
    """Four statements, whatever the number of tickets, for the days `first` to `last`."""
    start, stop = midnight(first), midnight(last + timedelta(days=1))
    given: dict[str, Any] = {
        "start": start,
        "stop": stop,
        "before": start - REPEAT_WITHIN,
        "within": REPEAT_WITHIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(CONTACTS, given)
        found = cursor.fetchall()
        cursor.execute(CUSTOMERS, given)
        customers = int(cursor.fetchone()[0])
    rows = tuple(
        Contacted(issue, department, tickets, (again or 0) + (tried or 0))
        for issue, department, tickets, _, again, tried, _ in found
    )
    tickets = sum(row.tickets for row in rows)
    return Costs(
        rows=rows, tickets=tickets, problems=tickets - sum(row[3] for row in found),
        contacts=sum(row.contacts for row in rows), customers=customers,
        told_others=sum(row[6] or 0 for row in found),
        moves=Event.objects.filter(kind="ticket.moved", at__gte=start, at__lt=stop).count(),
        refunds=_refunds(first, last),
    )  # fmt: skip


def _refunds(first: date, last: date) -> dict[int, float]:
    """Money given back, by issue."""
    given = TicketIssue.objects.filter(
        at__gte=midnight(first), at__lt=midnight(last + timedelta(days=1)), remedy_amount__isnull=False
    )
    rows = given.values_list("issue").annotate(money=Sum("remedy_amount")).order_by("issue")
    return {issue: float(money) for issue, money in rows}
