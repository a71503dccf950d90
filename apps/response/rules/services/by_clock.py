"""Rules that look by the clock, and traces that are old enough to be forgotten."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Value

from apps.response.queries.finding import narrowed
from apps.response.rules.conditions import whole_node
from apps.response.rules.models import (
    KEPT_FITTING,
    KEPT_OTHERS,
    Rule,
    RuleEntry,
    RuleHealth,
    RuleQuerySet,
    RuleRun,
)
from apps.response.rules.moments import TIMED
from apps.response.rules.services.firing import let_look
from helpdesk.each import each
from helpdesk.models import Status, Ticket, User
from helpdesk.models.ticket import TicketQuerySet

AT_ONCE = 500  # tickets of a look; the rest comes with the next


def look_by_the_clock(*, by: User, at: datetime) -> int:
    """Timed rules whose time has come look at the tickets that came to fit, in their order. Returns on how many they
    acted; raises the faults once each had its turn."""
    stopped: set[int] = set()
    numbers = list(_due(at).values_list("pk", flat=True))
    return sum(each(numbers, lambda number: _look(number, stopped, by, at)))


def _due(at: datetime) -> RuleQuerySet:
    minute = timedelta(minutes=1)
    waited = (
        Q(health=None)
        | Q(health__looked_at=None)
        | Q(health__looked_at__lte=Value(at) - F("every_minutes") * Value(minute))
    )
    found: RuleQuerySet = Rule.objects.filter(waited, is_active=True, when=TIMED)
    return found


def _look(number: int, stopped: set[int], by: User, at: datetime) -> int:
    rule = _claim(number, at)
    if rule is None:
        return 0
    _leave(rule, at)
    fresh = [pk for pk in _fresh(rule, at) if pk not in stopped]
    done = each(fresh, lambda pk: act_on_entry(rule=rule, number=pk, by=by, at=at))
    if rule.stops:
        stopped.update(pk for pk, acted in zip(fresh, done, strict=True) if acted)
    return sum(done)


@transaction.atomic
def _claim(number: int, at: datetime) -> Rule | None:
    """Of two schedulers one looks."""
    RuleHealth.objects.bulk_create([RuleHealth(rule_id=number)], ignore_conflicts=True)
    rows = RuleHealth.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    health = rows.filter(rule__in=_due(at), rule=number).first()
    if health is None:
        return None
    health.looked_at = at
    health.save(update_fields=["looked_at"])
    rule: Rule = Rule.objects.select_related("acts_as").get(pk=number)
    return rule


def fitting(*, rule: Rule, at: datetime) -> TicketQuerySet:
    """The tickets that fit a timed rule now: within its reach, neither closed nor merged."""
    found = narrowed(whole_node(rule.group, at=at), user=rule.acts_as)
    return found.exclude(status=Status.CLOSED).filter(merged_into=None)


def _leave(rule: Rule, at: datetime) -> None:
    """Who no longer fits may come to fit again."""
    entered = RuleEntry.objects.filter(rule=rule)
    if entered.exists():
        entered.exclude(ticket__in=fitting(rule=rule, at=at).order_by().values("pk")).delete()


def _fresh(rule: Rule, at: datetime) -> list[int]:
    entered = RuleEntry.objects.filter(rule=rule, ticket=OuterRef("pk"))
    found = fitting(rule=rule, at=at).filter(~Exists(entered)).order_by("pk")
    return list(found.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def act_on_entry(*, rule: Rule, number: int, by: User, at: datetime) -> bool:
    """Once for each time that the ticket comes to fit: a constraint says so. Returns whether it looked."""
    ticket = Ticket.objects.select_for_update(of=("self",), no_key=True).filter(pk=number).first()
    if ticket is None or RuleEntry.objects.filter(rule=rule, ticket=ticket).exists():
        return False
    if not fitting(rule=rule, at=at).filter(pk=number).exists():
        return False
    RuleEntry.objects.create(rule=rule, ticket=ticket, at=at)
    run = RuleRun.objects.create(ticket=ticket, when=TIMED, at=at)
    let_look(rules=[rule], ticket=ticket, run=run, happening=None, by=by, at=at)
    return True


@transaction.atomic
def forget_runs(*, at: datetime) -> int:
    """Drop traces: where rules acted after thirty days, the others after three."""
    old = Q(fitted=True, at__lt=at - KEPT_FITTING) | Q(fitted=False, at__lt=at - KEPT_OTHERS)
    gone, _each = RuleRun.objects.filter(old).delete()
    return gone
