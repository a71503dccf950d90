"""Whom an outreach is for, what can be seen beforehand, and what it prevented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.analysis.deadlines import today
from apps.analysis.models import Assumption, Parameter
from apps.awareness.holdout import Arm, Prevented, compare, needed_customers, visible_cut
from apps.awareness.merge_fields import put_in
from apps.awareness.models.holdout import OptOut, Outreach, OutreachCustomer
from apps.awareness.models.notice import Notice
from apps.intake.models import InboundMail, MailState
from helpdesk.links import absolute
from helpdesk.models import Customer, Issue, Ticket, TicketIssue

HAD_IT_WITHIN = timedelta(days=365)
RATE_OVER = timedelta(days=84)
CUTS = (0.2, 0.3, 0.5)
SAMPLES = 2
ARMS = """
    SELECT drawn.held, count(*), coalesce(sum(contact.n), 0), coalesce(sum(contact.n * contact.n), 0)
    FROM awareness_outreachcustomer drawn
    LEFT JOIN (
        SELECT ticket.customer_id, count(DISTINCT ticket.id) AS n
        FROM helpdesk_ticketissue coded JOIN helpdesk_ticket ticket ON ticket.id = coded.ticket_id
        WHERE coded.issue_id = ANY(%(issues)s) AND coded.at >= %(start)s AND coded.at < %(stop)s
            AND ticket.merged_into_id IS NULL AND ticket.campaign = ''
        GROUP BY 1
    ) contact ON contact.customer_id = drawn.customer_id
    WHERE drawn.outreach_id = %(outreach)s
    GROUP BY 1
"""


@dataclass(frozen=True)
class Feasibility:
    """What can be seen with so many customers: the smallest cut, and how many it would take for others."""

    customers: int
    held: int
    expected: float  # contacts of those held back, in the window
    visible: float | None
    needed: list[tuple[float, int | None]]


@dataclass(frozen=True)
class Money:
    low: Decimal
    likely: Decimal
    high: Decimal


@dataclass(frozen=True)
class OutreachPage:
    """One outreach: before it starts whom it would be for, afterwards how far it is and what it prevented."""

    outreach: Outreach
    feasibility: Feasibility | None
    prevented: Prevented | None
    money: Money | None
    days_left: int
    sent: int
    waiting: int
    unsent: dict[str, int]
    samples: list[tuple[str, str, str]]

    @property
    def addressed(self) -> int:
        return self.sent + self.waiting


def audience(outreach: Outreach, at: datetime) -> QuerySet[Customer]:
    """Customers it is for, who can be written to and want to be, and have not asked already."""
    about = TicketIssue.objects.filter(issue__in=issues_of(outreach.issue), ticket__customer=OuterRef("pk"))
    known = InboundMail.objects.filter(state=MailState.QUARANTINED, sender=OuterRef("email"))
    rows = Customer.objects.filter(email__isnull=False, anonymised_at=None, left_on=None).exclude(
        undeliverable_until__gt=at
    )
    rows = rows.filter(
        ~Exists(OptOut.objects.filter(customer=OuterRef("pk"))), ~Exists(known),
        ~Exists(about.filter(ticket__in=Ticket.objects.open())),
    )  # fmt: skip
    if outreach.segment:
        rows = rows.filter(segment=outreach.segment)
    if outreach.region:
        rows = rows.filter(region=outreach.region)
    if outreach.product_id:
        rows = rows.filter(
            Exists(Ticket.objects.filter(customer=OuterRef("pk"), product=outreach.product_id))
        )
    if outreach.had_it_before:
        rows = rows.filter(Exists(about.filter(at__gte=at - HAD_IT_WITHIN)))
    return rows.order_by("pk")


def issues_of(issue: Issue) -> list[int]:
    """The issue and those below it."""
    below = Issue.objects.filter(Q(pk=issue.pk) | Q(path__startswith=f"{issue.path}/"))
    return list(below.values_list("pk", flat=True))


def feasibility(outreach: Outreach, at: datetime) -> Feasibility:
    """Three queries: how many, how often they wrote of it in the last quarter, and the issues."""
    chosen = audience(outreach, at)
    customers = chosen.count()
    held = round(customers * outreach.held_back)
    contacts = TicketIssue.objects.filter(
        issue__in=issues_of(outreach.issue), at__gte=at - RATE_OVER, at__lt=at,
        ticket__customer__in=chosen.order_by().values("pk"),
    ).count()  # fmt: skip
    rate = contacts / customers * outreach.window_days / RATE_OVER.days if customers else 0.0
    return Feasibility(
        customers, held, rate * held, visible_cut(customers - held, held, rate),
        [(cut, needed_customers(cut, rate, outreach.held_back)) for cut in CUTS],
    )  # fmt: skip


def outreach_page(outreach: Outreach, *, at: datetime) -> OutreachPage:
    """A fixed number of queries."""
    counted = outreach.drawn.aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        waiting=Count("pk", filter=Q(held=False, sent_at=None, unsent="")),
    )
    unsent = outreach.drawn.exclude(unsent="").order_by().values_list("unsent").annotate(Count("pk"))
    found = None if outreach.is_draft else prevented(outreach, at)
    ends = outreach.window_ends
    return OutreachPage(
        outreach=outreach,
        feasibility=feasibility(outreach, at) if outreach.is_draft else None,
        prevented=found,
        money=_money(found, at) if found else None,
        days_left=_days_left(ends, at),
        sent=counted["sent"], waiting=counted["waiting"], unsent=dict(unsent),
        samples=[
            (one.email or "", words(outreach.subject, outreach, one), words(outreach.body, outreach, one))
            for one in _some(outreach, at)
        ],
    )  # fmt: skip


def prevented(outreach: Outreach, at: datetime) -> Prevented:
    """What it prevented by now; two queries."""
    start, ends = outreach.started_at, outreach.window_ends
    assert start is not None and ends is not None  # noqa: S101, PT018 (it has started)
    given: dict[str, Any] = {
        "issues": issues_of(outreach.issue), "start": start, "stop": min(ends, at), "outreach": outreach.pk
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ARMS, given)
        arms = {
            held: Arm(customers, int(n), int(squares)) for held, customers, n, squares in cursor.fetchall()
        }
    nobody = Arm(0, 0)
    return compare(arms.get(False, nobody), arms.get(True, nobody), days_left=_days_left(ends, at))


def results_of(notice: Notice, at: datetime) -> list[tuple[Outreach, Prevented | None]]:
    """The outreaches of a notice, with what each prevented."""
    rows = Outreach.objects.filter(notice=notice).select_related("issue")
    return [(row, None if row.is_draft else prevented(row, at)) for row in rows]


def words(text: str, outreach: Outreach, customer: Customer) -> str:
    """The text as one customer reads it."""
    return put_in(
        text,
        {"name": customer.name or "customer", "issue": outreach.issue.label, "help": absolute("new_request")},
    )


def _days_left(ends: datetime | None, at: datetime) -> int:
    return max(ceil((ends - at) / timedelta(days=1)), 0) if ends else 0


def _some(outreach: Outreach, at: datetime) -> list[Customer]:
    if outreach.is_draft:
        return list(audience(outreach, at)[:SAMPLES])
    told = OutreachCustomer.objects.filter(outreach=outreach, held=False).select_related("customer")
    return [row.customer for row in told.order_by("pk")[:SAMPLES]]


def _money(found: Prevented, at: datetime) -> Money | None:
    """Contacts that did not come, at what one costs; None while nobody has said what one costs."""
    cost = Assumption.objects.in_force(today(at), known_at=at).filter(
        parameter=Parameter.CONTACT_COST, issue=None
    )
    row = next((one for one in cost if not one.channel and not one.segment), None)
    if row is None:
        return None
    low, likely, high = (Decimal(str(round(number, 6))) for number in found.avoided)
    ends = [number * each for number in (low, high) for each in (row.low, row.high)]
    return Money(min(ends), likely * row.likely, max(ends))
