"""Which tickets a rule is about, and what it would do to them at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from apps.response.closing.models import ClosingRule, ClosingStep, Due, StepKind
from helpdesk.models import Status, Ticket

SHOWN = 50


def rules() -> QuerySet[ClosingRule]:
    return ClosingRule.objects.select_related("department", "status")


def _scope(rule: ClosingRule) -> Q:
    scope = Q(status=Status.WAITING_CUSTOMER)
    if rule.department_id is not None:
        scope &= Q(department=rule.department_id)
    if rule.status_id is not None:
        scope &= Q(own_status=rule.status_id)
    return scope


def due(rule: ClosingRule, step: Due, *, others: Iterable[ClosingRule], at: datetime) -> QuerySet[Ticket]:
    """Tickets whose time for this step has come, those that wait longest first; none that a more particular rule is
    about. Index: ticket_waiting."""
    waiting = Ticket.objects.filter(_scope(rule), closes_itself=True, merged_into=None)
    waiting = waiting.filter(status_since__lte=at - timedelta(days=step.after))
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
    ripe = at - timedelta(days=step.gap)
    return waiting.filter(last_step=step.before, last_at__lte=ripe).order_by("status_since", "pk")


@dataclass(frozen=True)
class Planned:
    """One step of a rule at this moment: how many tickets, and the first of them."""

    kind: StepKind
    count: int
    tickets: list[Ticket]


def preview(rule: ClosingRule, *, at: datetime) -> list[Planned]:
    """What the rule would do now if it were on. Three queries and two for each step."""
    others, planned = list(rules()), []
    for step in rule.steps():
        found = due(rule, step, others=others, at=at)
        shown = found.select_related("customer", "department", "own_status").defer("search")
        planned.append(Planned(step.kind, found.count(), list(shown[:SHOWN])))
    return planned
