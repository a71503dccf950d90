"""Old words go by rules, each night, batch by batch; what is held stays.

What is left to do is told by the rows themselves, so a night that was killed is made good by the next one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from apps.output.privacy.models import LegalHold, RetentionRule, RetentionRun, held_tickets
from apps.output.privacy.reach import personal, rows_of
from apps.output.privacy.scrub import MARK
from apps.output.privacy.services.erasing import clear, empty_customer, scrub_events
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Customer, CustomerAddress, Department, Event, Ticket, User
from helpdesk.permissions import require

RETENTION = "output.retention"
BATCH, MOST_BATCHES = 200, 500
SHORTEST = 7  # days


class RuleExists(DomainError):
    """There is a rule of this kind for this department already. Change that one."""

    code = "rule-exists"


class HeldAlready(DomainError):
    """This is held already."""

    code = "held-already"


# --- rules ----------------------------------------------------------------------------------------------


@transaction.atomic
def set_rule(*, kind: str, department: Department | None, days: int, by: User, at: datetime) -> RetentionRule:
    """A new rule; it does nothing until it is switched on. Raises Invalid, NotAllowed, RuleExists."""
    require(by, RETENTION)
    if kind not in RetentionRule.Kind.values:
        raise Invalid(_("Say files, words, mails or customers."), pointer="kind")
    if not SHORTEST <= days <= 36_500:
        raise Invalid(_("At least %(shortest)s days.") % {"shortest": SHORTEST}, pointer="days")
    if kind == RetentionRule.Kind.CUSTOMERS:
        department = None
    if RetentionRule.objects.filter(kind=kind, department=department).exists():
        raise RuleExists
    row = RetentionRule.objects.create(kind=kind, department=department, days=days, set_by=by, set_at=at)
    _told(row, "set", by=by, at=at)
    return row


@transaction.atomic
def switch_rule(*, rule: RetentionRule, is_on: bool, by: User, at: datetime) -> RetentionRule:
    """From the next night on it does its work, or no longer. Raises NotAllowed."""
    require(by, RETENTION)
    rule.is_on, rule.set_by, rule.set_at = is_on, by, at
    rule.save(update_fields=["is_on", "set_by", "set_at"])
    _told(rule, "on" if is_on else "off", by=by, at=at)
    return rule


@transaction.atomic
def remove_rule(*, rule: RetentionRule, by: User, at: datetime) -> None:
    """Raises NotAllowed."""
    require(by, RETENTION)
    _told(rule, "removed", by=by, at=at)
    rule.delete()


def _told(rule: RetentionRule, act: str, *, by: User, at: datetime) -> None:
    data = {
        "rule": rule.pk,
        "kind": rule.kind,
        "days": rule.days,
        "department": rule.department_id,
        "act": act,
    }
    events.record("retention.changed", about=f"retention:{rule.pk}", by=by, at=at, data=data)


# --- holds ----------------------------------------------------------------------------------------------


@transaction.atomic
def place_hold(
    *, ticket: Ticket | None = None, customer: Customer | None = None, reason: str, by: User, at: datetime
) -> LegalHold:
    """Nothing of it may go until the hold is lifted. Raises HeldAlready, Invalid, NotAllowed."""
    require(by, RETENTION)
    if (ticket is None) == (customer is None):
        raise Invalid(_("Name a ticket or a customer."), pointer="ticket")
    if not reason.strip():
        raise Invalid(_("Say what it is needed for."), pointer="reason")
    if LegalHold.objects.filter(ticket=ticket, customer=customer, lifted_at=None).exists():
        raise HeldAlready
    row = LegalHold.objects.create(
        ticket=ticket, customer=customer, reason=reason.strip()[:200], placed_by=by, placed_at=at
    )
    events.record("hold.placed", about=f"hold:{row.pk}", by=by, at=at)
    return row


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User, at: datetime) -> LegalHold:
    """Raises NotAllowed."""
    require(by, RETENTION)
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by = at, by
        hold.save(update_fields=["lifted_at", "lifted_by"])
        events.record("hold.lifted", about=f"hold:{hold.pk}", by=by, at=at)
    return hold


# --- the night ------------------------------------------------------------------------------------------


def due(rule: RetentionRule, *, at: datetime) -> QuerySet[Any, Any]:
    """What the rule would take now: tickets, mails or customers."""
    cut = at - timedelta(days=rule.days)
    held = LegalHold.objects.filter(lifted_at=None)
    if rule.kind == RetentionRule.Kind.CUSTOMERS:
        return Customer.objects.filter(
            ~Exists(Ticket.objects.filter(customer=OuterRef("pk"))),
            ~Exists(held.filter(customer=OuterRef("pk"))),
            anonymised_at=None, merged_into=None, created_at__lt=cut,
        ).order_by("pk")  # fmt: skip
    free = Ticket.objects.exclude(pk__in=held_tickets()).exclude(
        customer__in=held.exclude(customer=None).values("customer")
    )
    if rule.department_id is not None:
        free = free.filter(department=rule.department_id)
    if rule.kind == RetentionRule.Kind.MAILS:
        old: QuerySet[Any] = apps.get_model("intake.InboundMail")._default_manager.filter(received_at__lt=cut)
        whose = Q(ticket__in=free) if rule.department_id is not None else Q(ticket=None) | Q(ticket__in=free)
        return old.exclude(raw=b"").filter(whose).exclude(_held_mail(held)).order_by("pk")
    closed = free.filter(closed_at__lt=cut).order_by("pk")
    if rule.kind == RetentionRule.Kind.WORDS:
        return closed.exclude(subject=MARK)
    files = apps.get_model("helpdesk.Attachment")._default_manager
    with_files = Q(pk__in=files.values("message__ticket")) | Q(pk__in=files.values("note__ticket"))
    return closed.filter(with_files)


def _held_mail(held: QuerySet[LegalHold]) -> Q:
    """Mail whose message is on a held ticket now, wherever it came in, and whatever a held customer sent."""
    customers = held.exclude(customer=None).values("customer")
    return (
        Q(message__ticket__in=held_tickets())
        | Q(message__ticket__customer__in=customers)
        | Q(sender__in=CustomerAddress.objects.filter(customer__in=customers).values("email"))
    )


def apply_rules(*, at: datetime) -> Mapping[int, int]:
    """Every rule that is on, batch by batch, each in a transaction of its own. Returns how many rows by rule."""
    done: dict[int, int] = {}
    for rule in RetentionRule.objects.filter(is_on=True):
        run = RetentionRun.objects.create(rule=rule, began_at=at)
        for _batch in range(MOST_BATCHES):
            if not (rows := _apply_batch(rule, run, at=at)):
                break
            done[rule.pk] = done.get(rule.pk, 0) + rows
    return done


@transaction.atomic
def _apply_batch(rule: RetentionRule, run: RetentionRun, *, at: datetime) -> int:
    numbers = list(due(rule, at=at).values_list("pk", flat=True)[:BATCH])
    if numbers:
        with pgtrigger.ignore():
            _take(rule, numbers, at=at)
        run.rows += len(numbers)
        run.save(update_fields=["rows"])
    return len(numbers)


def _take(rule: RetentionRule, numbers: list[int], *, at: datetime) -> None:
    if rule.kind == RetentionRule.Kind.CUSTOMERS:
        for customer in Customer.objects.filter(pk__in=numbers):
            empty_customer(customer, at)
            for label in personal():
                clear(label, rows_of(label, customer).values_list("pk", flat=True))
    elif rule.kind == RetentionRule.Kind.MAILS:
        apps.get_model("intake.InboundMail")._default_manager.filter(pk__in=numbers).update(raw=b"")
    elif rule.kind == RetentionRule.Kind.FILES:
        clear("helpdesk.Attachment", _of_tickets("helpdesk.Attachment", numbers))
    else:
        for label in personal():
            clear(label, _of_tickets(label, numbers))
        scrub_events(Event.objects.filter(ticket__in=numbers))


def _of_tickets(label: str, numbers: list[int]) -> QuerySet[Any, Any]:
    """Numbers of the rows of one table that belong to these tickets; none where a table knows customers alone."""
    asked = Q(pk__in=[])
    for path in personal()[label].reach:
        if path.endswith("__customer"):
            asked |= Q(**{f"{path.removesuffix('__customer')}__in": numbers})
        elif label == "helpdesk.Ticket":
            asked |= Q(pk__in=numbers)
    rows: QuerySet[Any] = apps.get_model(label)._default_manager.filter(asked)
    return rows.values_list("pk", flat=True)
