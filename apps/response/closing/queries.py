"""Which tickets a rule is about, and what it would do to them at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from apps.response.closing.models import ClosingRule, ClosingStep, DayKind, Due, StepKind
from helpdesk.asked import SinceDays, since_working_days
from helpdesk.models import Status, Ticket

SHOWN = 50


def letters() -> Q:
    """The reminders and warnings that were sent, as a condition of messages: their customer finds them again."""
    return Q(Exists(ClosingStep.objects.filter(message=OuterRef("pk"))))


def rules() -> QuerySet[ClosingRule]:
    return ClosingRule.objects.select_related("department", "status")


def _scope(rule: ClosingRule) -> Q:
    scope = Q(status=Status.WAITING_CUSTOMER)
    if rule.department_id is not None:
        scope &= Q(department=rule.department_id)
    if rule.status_id is not None:
        scope &= Q(own_status=rule.status_id)
    return scope


@dataclass(frozen=True)
class Moments:
    """Since when the days of rules have passed at a moment: worked out once, whatever the number of tickets."""

    at: datetime
    # By the number of working days.
    working: Mapping[int, SinceDays] = field(default_factory=dict)

    def passed(self, name: str, days: int, rule: ClosingRule) -> Q:
        """Those for which so many days of this rule have passed since the moment of this name."""
        if rule.counted_in == DayKind.CALENDAR:
            return Q(**{f"{name}__lte": self.at - timedelta(days=days)})
        since = self.working[days]
        return Q(**{f"{name}__lte": since.latest}) & Q(**{f"{name}__lte": since.own})


def moments(known: Iterable[ClosingRule], *, at: datetime) -> Moments:
    """One query where a rule counts working days, none where all count every day."""
    counting = [rule for rule in known if rule.counted_in == DayKind.WORKING]
    days = {
        number for rule in counting for step in rule.steps() for number in (step.after, step.gap) if number
    }
    return Moments(at, since_working_days(days, at=at)) if days else Moments(at)


def due(rule: ClosingRule, step: Due, *, others: Iterable[ClosingRule], when: Moments) -> QuerySet[Ticket]:
    """Tickets whose time for this step has come, those that wait longest first; none that a more particular rule is
    about. Index: ticket_waiting."""
    waiting = Ticket.objects.filter(_scope(rule), closes_itself=True, merged_into=None)
    waiting = waiting.filter(when.passed("status_since", step.after, rule))
    for other in others:
        if other.pk != rule.pk and other.rank > rule.rank:
            waiting = waiting.exclude(_scope(other))
    done = ClosingStep.objects.filter(ticket=OuterRef("pk"), since=OuterRef("status_since")).order_by(
        "-at", "-pk"
    )
    waiting = waiting.annotate(
        last_step=Subquery(done.values("kind")[:1]), last_at=Subquery(done.values("at")[:1])
    )
    if step.before is None:
        return waiting.filter(last_step=None).order_by("status_since", "pk")
    ripe = waiting.filter(when.passed("last_at", step.gap, rule), last_step=step.before)
    return ripe.order_by("status_since", "pk")


@dataclass(frozen=True)
class Planned:
    """One step of a rule at this moment: how many tickets, and the first of them."""

    kind: StepKind
    count: int
    tickets: list[Ticket]


def preview(rule: ClosingRule, *, at: datetime) -> list[Planned]:
    """What the rule would do now if it were on. One query and two for each step; one more for working days."""
    others, when, planned = list(rules()), moments([rule], at=at), []
    for step in rule.steps():
        found = due(rule, step, others=others, when=when)
        shown = found.select_related("customer", "department", "own_status").defer("search")
        planned.append(Planned(step.kind, found.count(), list(shown[:SHOWN])))
    return planned
