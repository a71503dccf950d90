"""What control knows: which promise fits a ticket, which run, what was handed over, what customers said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower

from apps.control.clock import open_until, working_minutes
from apps.control.fitting import Facts
from apps.control.models import Clock, Referral, ServicePolicy
from helpdesk.models import Issue, IssueKind, Outcome, Ticket, TicketIssue, User
from helpdesk.statements import Lookup

PROBLEMS_OF = timedelta(days=365)
MOST_GIVEN = 200
PROBLEMS_KEPT = 9  # one more than is shown: that of the ticket is left out

# Asked for by every piece of news about a ticket. `fitting.misfits` is the same rule, with its reasons,
# and `fitting_policies` that for many tickets.
_fitting_policy = Lookup(
    ServicePolicy,
    """WHERE own.retired_at IS NULL
         AND (own.department_id IS NULL OR own.department_id = %s) AND (own.severity IS NULL OR own.severity = %s)
         AND (own.segment = '' OR own.segment = %s) AND (own.channel = '' OR own.channel = %s)
         AND (own.customer_id IS NULL OR own.customer_id = %s)
         AND (own.organisation = '' OR lower(own.organisation) = (
           SELECT lower(organisation) FROM helpdesk_customer WHERE id = %s))
         AND (own.issue_id IS NULL OR EXISTS (
           SELECT FROM helpdesk_issue top, helpdesk_issue has WHERE top.id = own.issue_id AND has.id = %s
             AND (has.path = top.path OR starts_with(has.path, top.path || '/'))))
       ORDER BY own."order", own.name, own.id""",
    follow="calendar",
)


def policy_for(ticket: Ticket) -> ServicePolicy | None:
    """The first policy, in order, whose conditions all fit the ticket."""
    return _fitting_policy(
        ticket.department_id, ticket.severity, ticket.segment, ticket.channel, ticket.customer_id,
        ticket.customer_id, ticket.primary_issue_id,
    )  # fmt: skip


def fitting_policies() -> QuerySet[ServicePolicy]:
    """Those that fit, in order: for a subquery beside tickets, where they are too many to ask of each."""

    def like(field: str, of: str, nothing: object) -> Q:
        return Q(**{field: nothing}) | Q(**{field: OuterRef(of)})

    organisation = Lower(OuterRef("customer__organisation"))
    # Asked of the issue by itself: a join would leave out tickets without any.
    has = Issue.objects.filter(pk=OuterRef(OuterRef("primary_issue")))
    below = Concat(OuterRef("issue__path"), Value("/"))
    under = Func(F("path"), below, function="starts_with", output_field=BooleanField())
    return (
        ServicePolicy.objects.filter(
            like("department", "department", None), like("severity", "severity", None), like("segment", "segment", ""),
            like("channel", "channel", ""), like("customer", "customer", None), retired_at=None,
        )
        .alias(theirs=Lower("organisation"))
        .filter(Q(organisation="") | Q(theirs=organisation))
        .filter(Q(issue=None) | Exists(has.filter(Q(path=OuterRef("issue__path")) | Q(under))))
        .order_by("order", "name", "id")
    )  # fmt: skip


def policies_in_force() -> list[ServicePolicy]:
    """In the order in which they are tried, with all that a page shows of them; two queries."""
    rows = ServicePolicy.objects.filter(retired_at=None).order_by("order", "name", "id")
    related = rows.select_related("calendar", "department", "issue", "customer")
    return list(related.prefetch_related("rungs__person", "rungs__department"))


def facts_of(ticket: Ticket) -> Facts:
    """What of a ticket decides its promise; its customer and issue are read with it."""
    return Facts(
        department=ticket.department_id,
        severity=ticket.severity,
        segment=ticket.segment,
        issue=ticket.primary_issue.path if ticket.primary_issue else "",
        customer=ticket.customer_id,
        organisation=ticket.customer.organisation,
        channel=ticket.channel,
    )


def referrals_of(ticket: Ticket) -> QuerySet[Referral]:
    related = Referral.objects.filter(ticket=ticket).select_related("department", "asked_by", "answered_by")
    return related.prefetch_related("clocks")


def referrals_for(user: User) -> QuerySet[Referral]:
    """What this person's department has been asked and has not answered, the oldest first."""
    rows = Referral.objects.filter(department__isnull=False, department=user.department_id)
    return rows.filter(state=Referral.State.OPEN).select_related("ticket", "asked_by", "department")


def referrals_given(user: User) -> QuerySet[Referral]:
    """What people of the tickets this person sees have asked of others, as long as it is not settled."""
    seen = Ticket.objects.visible_to(user).order_by().values("pk")
    rows = Referral.objects.filter(ticket__in=seen).exclude(state=Referral.State.CLOSED)
    return rows.select_related("ticket", "asked_by", "department").prefetch_related("clocks")[:MOST_GIVEN]


@dataclass(frozen=True)
class PromisesKept:
    """How many promises of one kind were kept: met in time, of all that were decided."""

    kind: str
    met: int
    late: int

    @property
    def share(self) -> float | None:
        decided = self.met + self.late
        return self.met / decided if decided else None


def promises_kept(*, since: datetime, until: datetime, department: int | None = None) -> list[PromisesKept]:
    """Promises decided between two moments, by kind; a clock that is overdue and unmet counts as late."""
    clocks = Clock.objects.filter(started_at__gte=since, started_at__lt=until)
    if department is not None:
        clocks = clocks.filter(ticket__department=department)
    rows = clocks.values("kind").annotate(
        met=Count("id", filter=Q(state=Clock.State.MET)),
        late=Count("id", filter=Q(state__in=[Clock.State.MET_LATE, Clock.State.BREACHED])),
    )
    return [PromisesKept(**row) for row in rows.order_by("kind")]


@dataclass(frozen=True)
class Satisfaction:
    """What customers said after solving, as shares of those who answered; None where nobody did."""

    answered: int
    satisfied: int
    mollified: int
    dissatisfied: int

    def share(self, count: int) -> float | None:
        return count / self.answered if self.answered else None


def satisfaction(*, since: datetime, until: datetime, department: int | None = None) -> Satisfaction:
    """The answers on tickets solved between two moments."""
    tickets = Ticket.objects.filter(solved_at__gte=since, solved_at__lt=until).exclude(outcome="")
    if department is not None:
        tickets = tickets.filter(department=department)
    counts = tickets.aggregate(
        answered=Count("id"), **{value: Count("id", filter=Q(outcome=value)) for value in Outcome.values}
    )
    return Satisfaction(**counts)


def usual_problems(*, at: datetime) -> list[int]:
    """The issues customers tell us of most within a year, the most frequent first: what a survey asks about. A reason
    of which we hear no more stays in the list for that long; one query."""
    coded = TicketIssue.objects.filter(
        at__gte=at - PROBLEMS_OF, at__lte=at, issue__kind=IssueKind.REASON, issue__valid_to=None
    )
    rows = coded.order_by().values("issue").annotate(tickets=Count("id")).order_by("-tickets", "issue")
    return list(rows.values_list("issue", flat=True)[:PROBLEMS_KEPT])


@dataclass(frozen=True)
class Face:
    """What a badge shows of one clock: working time left of the promise, and how it stands."""

    label: str
    kind: str
    # As the badge names it: fine, soon, overdue, paused, met.
    state: str
    left: timedelta
    target: timedelta
    due_at: datetime | None
    met_at: datetime | None
    # How long the count runs on: until the office closes.
    closes: timedelta


def due_faces(numbers: Sequence[int], *, user: User, at: datetime) -> list[tuple[int, Face]]:
    """Of each of these tickets the clock that runs out first, the one whose due time lists show; one query."""
    tickets = Ticket.objects.visible_to(user).filter(pk__in=numbers)
    clocks = Clock.objects.unmet().filter(ticket__in=tickets, due_at__isnull=False)
    first = (
        clocks.order_by("ticket_id", "due_at", "id").distinct("ticket_id").select_related("policy__calendar")
    )
    return [(clock.ticket_id, _face(clock, at=at)) for clock in first]


def faces_of(ticket: Ticket, *, at: datetime) -> list[Face]:
    """The clocks of a ticket as badges, in two queries."""
    clocks = Clock.objects.filter(ticket=ticket).exclude(state=Clock.State.CANCELLED)
    return [
        _face(clock, at=at)
        for clock in clocks.select_related("policy__calendar").order_by("started_at", "id")
    ]


def _face(clock: Clock, *, at: datetime) -> Face:
    hours = clock.policy.calendar.hours(around=at.date())
    left, closes = clock.minutes_left or 0.0, open_until(at, hours)
    if clock.due_at is not None:
        left = working_minutes(at, clock.due_at, hours) or -working_minutes(clock.due_at, at, hours)
    return Face(
        label=clock.get_kind_display(),
        kind=clock.kind,
        state=_badge_state(clock, at=at),
        left=timedelta(minutes=left),
        target=timedelta(minutes=clock.minutes),
        due_at=clock.due_at,
        met_at=clock.met_at,
        closes=closes - at if closes else timedelta(),
    )


def _badge_state(clock: Clock, *, at: datetime) -> str:
    match clock.state:
        case Clock.State.MET | Clock.State.MET_LATE:
            return "met"
        case Clock.State.PAUSED:
            return "paused"
    if clock.due_at is not None and clock.due_at < at:
        return "overdue"
    return "soon" if clock.warn_at is not None and clock.warn_at <= at else "fine"
